internal import ClusterModel
internal import IncidentModel

/// The workload that a Service which finds nothing, or somebody else, was most likely made for.
struct LikelyWorkload {
    let workload: Workload
    /// Whether it has the Service's name, but for an ending such as `-svc`.
    let isNamesake: Bool
    /// Whether no Service leads to it.
    let isOrphan: Bool

    init?(of service: Service, _ context: CaseContext) {
        let candidates = context.topology.workloads(in: service.namespace).filter {
            (!$0.isBatch && $0.reference.kind != "Pod") || $0.metadata.name == service.name
        }
        let stem = ServiceName.stem(service.name)
        let named =
            candidates.first { $0.reference.name == service.name } ?? candidates.first { ServiceName.stem($0.reference.name) == stem }
        guard let found = named ?? Self.close(to: service, candidates, context) else { return nil }
        workload = found
        isNamesake = named != nil
        isOrphan = Self.isOrphan(found, context)
    }

    private static func isOrphan(_ workload: Workload, _ context: CaseContext) -> Bool {
        context.topology.services(selecting: workload).isEmpty
    }

    // The one workload that shares all but one of the selector's labels, or whose value is a typing error away. Of several, the one
    // that no Service leads to.
    private static func close(to service: Service, _ candidates: [Workload], _ context: CaseContext) -> Workload? {
        let close = candidates.filter { workload in
            let carried = workload.template?.labels ?? workload.pods.first?.metadata.labels ?? [:]
            let agreeing = service.selector.filter { carried[$0.key] == $0.value }.count
            return (agreeing > 0 && agreeing == service.selector.count - 1) || Set(carried.values).contains(service.name)
                || service.selector.contains { pair in
                    carried[pair.key].map { ServiceName.areRelated($0, pair.value) || ServiceName.isTypo($0, pair.value) } ?? false
                }
        }
        if close.count == 1 { return close.first }
        let orphans = close.filter { isOrphan($0, context) }
        return orphans.count == 1 ? orphans.first : nil
    }
}

/// What names of Services and workloads say about whether they belong together.
enum ServiceName {
    /// Endings that a Service carries and its workload does not.
    private static let endings = [
        "-service", "-svc", "-headless", "-internal", "-external", "-public", "-lb", "-loadbalancer", "-nodeport", "-clusterip", "-np",
        "-deployment", "-deploy",
    ]

    static func stem(_ name: String) -> String {
        endings.first { name.hasSuffix($0) && name.count > $0.count }.map { String(name.dropLast($0.count)) } ?? name
    }

    /// Whether one name is the other's with something behind or in front: a canary, a colour, a role, a release.
    static func areRelated(_ left: String, _ right: String) -> Bool {
        let first = stem(left)
        let second = stem(right)
        func extends(_ long: String, _ short: String) -> Bool { long.hasPrefix(short + "-") || long.hasSuffix("-" + short) }
        return first == second || extends(first, second) || extends(second, first)
    }

    static func isTypo(_ left: String, _ right: String) -> Bool {
        EditDistance.between(left, right, atMost: min(left.count, right.count) > 4 ? 2 : 1) != nil
    }
}

/// Where a selector and the labels of pods part.
struct LabelDifference {
    /// Keys whose value differs or is absent.
    let keys: [String]
    let wanted: String
    /// What the pods carry there; all their labels where they have none of the keys.
    let carried: String

    init(selector: [String: String], labels: [String: String]) {
        keys = selector.keys.filter { labels[$0] != selector[$0] }.sorted()
        wanted = Self.text(selector.filter { labels[$0.key] != $0.value })
        let same = labels.filter { selector[$0.key] != nil && selector[$0.key] != $0.value }
        carried = Self.text(same.isEmpty ? labels : same)
    }

    var details: [String: String] {
        ["field": "selector", "label": keys.joined(separator: ","), "found": wanted, "expected": carried]
    }

    /// Labels that controllers add say nothing about what was meant.
    private static let added: Set = ["pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name"]

    static func text(_ labels: [String: String]) -> String {
        let own = labels.filter { !added.contains($0.key) }
        return LabelSelector(matchLabels: own.isEmpty ? labels : own).description
    }
}
