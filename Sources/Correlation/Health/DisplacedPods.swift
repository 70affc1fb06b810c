internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Events about pods that were put out, by the workload whose name is in the pod's: the pods themselves are often gone.
struct DisplacedPods: Sendable {
    private static let reasons: Set<String> = ["Preempted", "Preempting", "TaintManagerEviction", "NodeNotReady", "Evicted"]

    private let eventsByStem: [String: [Event]]

    init(_ view: ClusterView) {
        var result: [String: [Event]] = [:]
        for event in view.events.items where event.regarding.kind == "Pod" && Self.reasons.contains(event.reason) {
            let parts = event.regarding.name.split(separator: "-", omittingEmptySubsequences: false)
            // The random ending of a pod, and before it the template hash of a ReplicaSet.
            for dropped in 1...2 where parts.count > dropped {
                let stem = parts.dropLast(dropped).joined(separator: "-")
                result["\(event.regarding.namespace ?? "")/\(stem)/\(dropped)", default: []].append(event)
            }
        }
        eventsByStem = result
    }

    /// Events of the given reasons about pods of a workload, living and gone, oldest first.
    func events(of workload: Workload, _ reasons: Set<String>) -> [Event] {
        let dropped = ["Deployment", "CronJob"].contains(workload.reference.kind) ? 2 : 1
        let found = (eventsByStem["\(workload.namespace)/\(workload.reference.name)/\(dropped)"] ?? []).filter {
            reasons.contains($0.reason)
        }
        return found.sorted { ($0.lastTime ?? .distantPast, $0.name) < ($1.lastTime ?? .distantPast, $1.name) }
    }
}
