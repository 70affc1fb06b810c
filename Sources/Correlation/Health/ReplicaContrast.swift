internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// What sets the failing replicas of a workload apart from those that serve: their revision, node, zone or age.
///
/// The cheapest strong test there is: replicas of one template that differ in a single thing fail because of that thing.
struct ReplicaContrast: Sendable {
    let failing: [Pod]
    let serving: [Pod]
    /// Revision of all failing replicas, which none that serves has.
    let revision: String?
    /// Node of all failing replicas, which none that serves runs on.
    let node: String?
    let zone: String?
    /// Moment after which all failing replicas were made, and before which all that serve were.
    let since: Date?

    /// - Returns: `nil` where all fail, or none.
    init?(_ workload: Workload, context: CaseContext) {
        let failing = workload.livePods.filter { !$0.isReady && $0.spec.nodeName != nil }
        let serving = workload.readyPods.filter {
            $0.restartCount == 0
                || ($0.condition("Ready")?.lastTransitionTime).map {
                    context.now.timeIntervalSince($0) > 600
                } ?? false
        }
        guard !failing.isEmpty, !serving.isEmpty else { return nil }
        self.failing = failing
        self.serving = serving
        func only(_ key: (Pod) -> String?) -> String? {
            let bad = Set(failing.map(key))
            guard bad.count == 1, let value = bad.first ?? nil, !serving.contains(where: { key($0) == nil || key($0) == value }) else {
                return nil
            }
            return value
        }
        revision = only { $0.metadata.labels["pod-template-hash"] ?? $0.metadata.labels["controller-revision-hash"] }
        node = only { $0.spec.nodeName }
        zone = only { pod in
            pod.spec.nodeName.flatMap { context.view.nodes[$0] }?.metadata.labels["topology.kubernetes.io/zone"]
        }
        let oldest = failing.compactMap(\.metadata.creationTime).min()
        let youngest = serving.compactMap(\.metadata.creationTime).max()
        since = oldest.flatMap { old in youngest.flatMap { $0 < old ? old : nil } }
    }

    /// Whether the roll-out of a revision sets them apart, the younger one failing.
    var isOnlyNewRevision: Bool { revision != nil && since != nil }

    /// Whether the node rather than the program is to be looked at: enough replicas on both sides, and no other difference.
    var pointsAtNode: Bool { node != nil && revision == nil && failing.count >= 2 && serving.count >= 2 }

    /// What tells them apart, in words; the strongest difference alone.
    var words: String? {
        let others = serving.count == 1 ? "1 other replica serves" : "\(serving.count) other replicas serve"
        if let revision {
            return "only pods of \(isOnlyNewRevision ? "the new " : "")revision \(revision) fail, and \(others)"
        }
        if let node, serving.count >= 2 { return "all failing pods are on node \(node), and \(others) on other nodes" }
        if let zone, serving.count >= 2 { return "all failing pods are in zone \(zone), and \(others) elsewhere" }
        if let since, failing.count + serving.count > 2 {
            return "the pods that fail were made at \(RFC3339.format(since)) or later, those that serve before"
        }
        return nil
    }
}
