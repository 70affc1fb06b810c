public import ClusterModel
public import IncidentModel
import KnowledgeGraph

/// An investigation that is being worked on: the incident, its state, and what is at hand but in no checkpoint.
public struct OpenInvestigation: Sendable {
    public internal(set) var incident: Incident
    public internal(set) var state: InvestigationState
    /// What exists, of the last `inventory`.
    var inventory: Inventory?
    /// The evidence of the last `collect`.
    public internal(set) var view: ClusterView?
    /// The same as it was read, while it may have to be looked into.
    var evidence: ClusterEvidence?
    var graph: KnowledgeGraph?

    /// An incident that nobody has begun to investigate.
    public init(_ incident: Incident, in graph: StateGraph) {
        self.incident = incident
        state = InvestigationState(graph)
    }

    /// Resumes an investigation where an earlier process left it.
    /// - Parameter checkpoint: the state after its last finished step.
    public init(_ incident: Incident, resuming checkpoint: InvestigationState, in graph: StateGraph) {
        self.incident = incident
        state = checkpoint
        state.position.rewindVolatileSteps(in: graph)
    }

    mutating func noteModelUse(_ usage: ModelUsage?) {
        if let usage { state.modelUse = (state.modelUse ?? ModelUsage()) + usage }
    }

    /// The report names the first failure; the others are in the journal.
    mutating func noteModelFailure(_ error: ModelError) { noteModelFailure(error.explanation) }
    mutating func noteModelFailure(_ reason: String) { state.modelGap = state.modelGap ?? reason }

    /// Whether no step is left.
    public var isComplete: Bool { state.position.next.isEmpty }
}

/// What a step found out, and how that changes the investigation. Steps that run beside one another never see each other's changes.
struct StepOutcome: Sendable {
    let messages: [String]
    let apply: @Sendable (inout OpenInvestigation) -> Void

    init(_ messages: String..., apply: @escaping @Sendable (inout OpenInvestigation) -> Void = { _ in }) {
        self.messages = messages
        self.apply = apply
    }
}
