import IncidentModel

/// Which steps an investigation takes, as data that one runner executes: steps with their deadlines and retries, and the edges between
/// them, conditional ones and bounded loops included.
///
/// The state after each step is a checkpoint. What a step makes that is too large for one (`isVolatile`) is made again after a restart.
public struct StateGraph: Sendable {
    /// A step and the terms under which it runs.
    public struct Node: Sendable {
        public var step: InvestigationStep
        /// Longest time in seconds, its retries included.
        public var deadlineSeconds: Double
        public var retry: RetryDelays
        /// Parallel branches that must all have arrived before the step starts; empty where one is enough.
        public var joins: Set<InvestigationStep>
        /// Whether its product is too large for a checkpoint, so that steps which need it run it again after a restart.
        public var isVolatile: Bool
        /// What the step waits for; the incident holds no lease and takes no place of work meanwhile.
        public var pause: Pause?

        public init(
            _ step: InvestigationStep, deadlineSeconds: Double, retry: RetryDelays = RetryDelays(attempts: 1),
            joins: Set<InvestigationStep> = [], isVolatile: Bool = false, pause: Pause? = nil
        ) {
            self.step = step
            self.deadlineSeconds = deadlineSeconds
            self.retry = retry
            self.joins = joins
            self.isVolatile = isVolatile
            self.pause = pause
        }
    }

    /// A way from one step to another.
    public struct Edge: Sendable, Hashable {
        public var from: InvestigationStep
        public var to: InvestigationStep
        public var condition: Condition
        /// How often it may be taken in one investigation; nil for as often as it is met.
        public var atMost: Int?

        public init(_ from: InvestigationStep, _ to: InvestigationStep, when condition: Condition = .always, atMost: Int? = nil) {
            self.from = from
            self.to = to
            self.condition = condition
            self.atMost = atMost
        }

        /// Its name in checkpoints.
        var key: String { "\(from.rawValue)>\(to.rawValue)" }
    }

    /// When an edge is taken. Of the conditional edges of a step the first that holds is taken, and nothing else; where none holds, all
    /// that have no condition are taken, each of them a branch.
    public enum Condition: String, Sendable, Hashable, CaseIterable {
        case always
        /// The causal chain leads into namespaces that were not read.
        case trailLeadsOn = "the trail leads on"
        /// No cause, or one with a close rival.
        case notSure = "the rules are not sure"
        /// There is something to put into words, and for a person to look at.
        case causeFound = "there is a cause"
        case rejected

        func holds(in state: InvestigationState) -> Bool {
            switch self {
            case .always: true
            case .trailLeadsOn: !state.further.isEmpty
            case .notSure: state.report?.isUnsure ?? false
            case .causeFound: !(state.report?.rootCauses.isEmpty ?? true)
            case .rejected: state.review?.decision == .rejected
            }
        }
    }

    /// What an investigation can wait for.
    public enum Pause: String, Codable, Sendable, Hashable, CaseIterable {
        /// `PATCH /api/v1/incidents/{id}/review`.
        case review
    }

    /// Where an investigation begins: one step, or several branches.
    public let start: [InvestigationStep]
    public let nodes: [InvestigationStep: Node]
    public let edges: [Edge]

    /// - Precondition: every edge and the start name steps that have a node; `problems` says where they do not.
    public init(start: [InvestigationStep], nodes: [Node], edges: [Edge]) {
        self.start = start
        self.nodes = Dictionary(nodes.map { ($0.step, $0) }) { first, _ in first }
        self.edges = edges
    }

    /// The investigation of an incident.
    /// - Parameters:
    ///   - stepSeconds: longest time of a step.
    ///   - modelSeconds: longest time of a step that asks a model.
    ///   - rounds: most rounds of collecting evidence while the trail leads into namespaces that were not read.
    ///   - retry: how calls of the agent are tried again.
    ///   - asksForReview: whether a person has to accept a cause before it is reported.
    ///   - reasons: whether a model looks further where the rules are not sure.
    ///   - explains: whether a model puts causes into words.
    public static func investigation(
        stepSeconds: Double = 30, modelSeconds: Double = 75, rounds: Int = 3, retry: RetryDelays = RetryDelays(),
        asksForReview: Bool = false, reasons: Bool = false, explains: Bool = false
    ) -> StateGraph {
        let nodes = [
            Node(.parse, deadlineSeconds: reasons ? modelSeconds : stepSeconds),
            Node(.inventory, deadlineSeconds: stepSeconds, retry: retry, isVolatile: true),
            Node(.resolve, deadlineSeconds: stepSeconds, joins: [.parse, .inventory]),
            Node(.collect, deadlineSeconds: stepSeconds, retry: retry, isVolatile: true),
            Node(.correlate, deadlineSeconds: stepSeconds),
            Node(.reason, deadlineSeconds: modelSeconds + stepSeconds),
            Node(.verify, deadlineSeconds: stepSeconds),
            Node(.explain, deadlineSeconds: modelSeconds),
            Node(.review, deadlineSeconds: stepSeconds, pause: .review),
            Node(.report, deadlineSeconds: stepSeconds),
            Node(.withdraw, deadlineSeconds: stepSeconds),
        ]
        var edges = [
            Edge(.parse, .resolve), Edge(.inventory, .resolve), Edge(.resolve, .collect), Edge(.collect, .correlate),
            Edge(.correlate, .collect, when: .trailLeadsOn, atMost: max(0, rounds - 1)),
        ]
        // Only the ways to reasoning, explaining and the review are optional: an incident that stands there goes on whatever is configured by
        // then.
        if reasons { edges.append(Edge(.correlate, .reason, when: .notSure, atMost: 1)) }
        edges.append(Edge(.reason, .verify))
        for diagnosis in [InvestigationStep.correlate, .verify] {
            if explains {
                edges.append(Edge(diagnosis, .explain, when: .causeFound))
            } else if asksForReview {
                edges.append(Edge(diagnosis, .review, when: .causeFound))
            }
            edges.append(Edge(diagnosis, .report))
        }
        if asksForReview { edges.append(Edge(.explain, .review, when: .causeFound)) }
        edges += [Edge(.explain, .report), Edge(.review, .withdraw, when: .rejected), Edge(.review, .report)]
        return StateGraph(start: [.parse, .inventory], nodes: nodes, edges: edges)
    }

    /// What is wrong with the graph, in words; empty for one that can be executed to its end.
    public var problems: [String] {
        var problems: [String] = []
        let named = Set(start + edges.flatMap { [$0.from, $0.to] })
        problems += named.filter { nodes[$0] == nil }.sorted().map { "\($0.rawValue) has no node" }
        problems += nodes.keys.filter { !named.contains($0) }.sorted().map { "\($0.rawValue) is never reached" }
        for node in nodes.values.sorted(by: { $0.step < $1.step }) {
            let sources = Set(edges.filter { $0.to == node.step }.map(\.from))
            problems += node.joins.subtracting(sources).sorted().map {
                "\(node.step.rawValue) waits for \($0.rawValue), which leads elsewhere"
            }
        }
        for edge in edges where edge.atMost == nil && reaches(edge.from, from: edge.to, without: { $0.atMost != nil }) {
            problems.append("\(edge.from.rawValue) to \(edge.to.rawValue) is a loop without a bound")
        }
        return problems
    }

    /// The steps that an investigation can come to.
    var reachable: Set<InvestigationStep> {
        var open = start
        var seen: Set<InvestigationStep> = []
        while let step = open.popLast() {
            guard seen.insert(step).inserted else { continue }
            open += edges.filter { $0.from == step }.map(\.to)
        }
        return seen
    }

    private func reaches(_ goal: InvestigationStep, from start: InvestigationStep, without isCut: (Edge) -> Bool) -> Bool {
        var open = [start]
        var seen: Set<InvestigationStep> = []
        while let step = open.popLast() {
            if step == goal { return true }
            guard seen.insert(step).inserted else { continue }
            open += edges.filter { $0.from == step && !isCut($0) }.map(\.to)
        }
        return false
    }
}
