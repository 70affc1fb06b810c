public import Correlation
public import IncidentModel

/// What an investigation knows after a step, and where it stands: the checkpoint that a killed process resumes from.
///
/// The evidence itself is not part of it: it is large, and a resumed investigation had better look at the cluster as it is now. So a
/// resume between `collect` and `correlate` collects again.
public struct InvestigationState: Codable, Sendable, Hashable {
    /// Where in the graph the investigation stands.
    public internal(set) var position: GraphPosition
    public internal(set) var reading: DescriptionReading?
    public internal(set) var resolution: SubjectResolution?
    /// Namespaces in scope, those that were added included; empty means all.
    public internal(set) var namespaces: [String] = []
    /// Namespaces that the causal chain of the last diagnosis leads into and that are not in scope.
    public internal(set) var further: [String] = []
    public internal(set) var evidence = EvidenceSummary()
    public internal(set) var report: Report?
    /// What a model was asked for so far; nil where none was.
    public internal(set) var modelUse: ModelUsage?
    /// Why a model could not be used, where one is configured; the first reason.
    public internal(set) var modelGap: String?
    /// What a model holds for the cause, not yet verified; nil where none was asked.
    public internal(set) var proposals: [CauseProposal]?
    /// What was read beyond `namespaces` while a model looked further; nil where nothing was.
    public internal(set) var consulted: EvidenceScope?
    /// What a person said of the causes.
    public internal(set) var review: Review?

    /// The state of an investigation that has not begun.
    public init(_ graph: StateGraph) {
        position = GraphPosition(graph)
    }
}

/// Where in a graph an investigation stands.
public struct GraphPosition: Codable, Sendable, Hashable {
    /// Steps to do next, at once; empty when all is done. In alphabetical order, so that equal positions are equal text.
    public private(set) var next: [InvestigationStep]
    /// Branches that wait for others at a join.
    public private(set) var arrived: [InvestigationStep] = []
    /// How often each edge with a bound was taken.
    public private(set) var taken: [String: Int] = [:]

    init(_ graph: StateGraph) {
        next = graph.start.sorted()
    }

    /// Moves on from a step that is done, along the edges that hold in `state`.
    mutating func finish(_ step: InvestigationStep, in graph: StateGraph, state: InvestigationState) {
        next.removeAll { $0 == step }
        let ways = graph.edges.filter { $0.from == step && (taken[$0.key] ?? 0) < $0.atMost ?? .max }
        let chosen =
            ways.first { $0.condition != .always && $0.condition.holds(in: state) }.map { [$0] }
            ?? ways.filter { $0.condition == .always }
        for edge in chosen {
            if edge.atMost != nil { taken[edge.key, default: 0] += 1 }
            enter(edge.to, from: step, in: graph)
        }
        next.sort()
        arrived.sort()
    }

    private mutating func enter(_ step: InvestigationStep, from source: InvestigationStep, in graph: StateGraph) {
        let joins = graph.nodes[step]?.joins ?? []
        guard joins.contains(source) else { return next.append(step) }
        arrived.append(source)
        guard joins.isSubset(of: arrived) else { return }
        arrived.removeAll(where: joins.contains)
        next.append(step)
    }

    /// Goes back to the steps whose products a checkpoint does not hold, for an investigation that was read from one.
    mutating func rewindVolatileSteps(in graph: StateGraph) {
        var rewound: Set<InvestigationStep> = []
        var kept: Set<InvestigationStep> = []
        for step in next {
            let lost = graph.edges.filter { $0.to == step && graph.nodes[$0.from]?.isVolatile == true }.map(\.from)
            guard !lost.isEmpty else {
                kept.insert(step)
                continue
            }
            rewound.formUnion(lost)
            // The other branches of a join have arrived, and stay so.
            arrived += (graph.nodes[step]?.joins ?? []).subtracting(lost)
        }
        let lost = Set(arrived.filter { graph.nodes[$0]?.isVolatile == true })
        arrived.removeAll(where: lost.contains)
        next = kept.union(rewound).union(lost).sorted()
        arrived.sort()
    }
}
