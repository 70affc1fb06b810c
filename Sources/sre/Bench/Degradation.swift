import ClusterModel
import IncidentModel

/// Ways to make a recorded incident harder, the same way each time: evidence is dropped that a real agent may not get to see.
enum Degradation: String, CaseIterable, Sendable {
    case whole
    case events, logs, replicaSets = "replica-sets", configMaps = "config-maps", secrets, endpoints, nodes, deployments, services
    /// No logs of earlier runs, no last state, no managed fields, no EndpointSlices: what `kubectl describe` leaves.
    case described
    /// No words of the kubelet: waiting and termination messages.
    case messages
    /// No state of containers at all.
    case states
    case half
    case eventsAndLogs = "events-and-logs"
    /// The description says nothing, only the namespace is known.
    case vague
    /// What the answer before cites, thrice over: see `rounds`.
    case decisive

    /// How often the decisive evidence is taken away; each time what the answer of the time before cited.
    static let rounds = 3

    /// What is sent instead of the reporter's words.
    static let vagueDescription = "Partial Service Unreachability."

    func apply(to evidence: ClusterEvidence) -> ClusterEvidence {
        switch self {
        case .whole, .vague, .decisive: evidence
        case .events: evidence.without(.events)
        case .logs: evidence.withoutLogs()
        case .replicaSets: evidence.without(.replicaSets)
        case .configMaps: evidence.without(.configMaps)
        case .secrets: evidence.without(.secrets)
        case .endpoints: evidence.without(.endpointSlices, .endpoints)
        case .nodes: evidence.without(.nodes)
        case .deployments: evidence.without(.deployments)
        case .services: evidence.without(.services)
        case .described: described(evidence)
        case .messages:
            evidence.without(fields: Self.statuses.flatMap { Self.states($0, ["*", "message"]) }, of: .pods)
        case .states: evidence.without(fields: Self.statuses.flatMap { Self.states($0, []) }, of: .pods)
        case .half: evidence.halved()
        case .eventsAndLogs: evidence.without(.events).withoutLogs()
        }
    }

    private func described(_ evidence: ClusterEvidence) -> ClusterEvidence {
        evidence.withoutManagedFields().withoutLogs(previousOnly: true).without(.endpointSlices)
            .without(fields: Self.statuses.flatMap { [["status", $0, "*", "lastState"], ["status", $0, "*", "containerID"]] }, of: .pods)
    }

    private static let statuses = ["containerStatuses", "initContainerStatuses"]

    private static func states(_ list: String, _ rest: [String]) -> [[String]] {
        ["state", "lastState"].map { ["status", list, "*", $0] + rest }
    }
}
