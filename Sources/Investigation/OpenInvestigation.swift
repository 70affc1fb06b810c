public import ClusterModel
public import IncidentModel
import KnowledgeGraph

/// An investigation that is being worked on: the incident, its state, and the evidence at hand.
public struct OpenInvestigation: Sendable {
    public internal(set) var incident: Incident
    public internal(set) var state: InvestigationState
    /// The evidence of the last `collect`; not part of the checkpoint.
    public internal(set) var view: ClusterView?
    var graph: KnowledgeGraph?

    /// - Parameter state: the checkpoint of an earlier process, or a fresh state.
    public init(_ incident: Incident, state: InvestigationState = InvestigationState()) {
        self.incident = incident
        self.state = state
        if state.next == .correlate { self.state.next = .collect }
    }

    /// Whether no step is left.
    public var isComplete: Bool { state.next == nil }
}
