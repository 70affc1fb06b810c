internal import ClusterModel
internal import IncidentModel

/// Services that keep traffic on the node it enters, where that node has no endpoint (N7): packets are dropped there without a word.
enum TrafficPolicyRules {
    static func finding(_ service: Service, behind: [Workload], _ context: CaseContext) -> Finding? {
        let isInternal = service.internalTrafficPolicy == "Local"
        let isExternal = service.externalTrafficPolicy == "Local" && service.type == "NodePort"
        guard isInternal || isExternal, !behind.isEmpty, !behind.allSatisfy({ $0.reference.kind == "DaemonSet" }) else { return nil }
        let serving = Set(context.view.pods(selectedBy: service).filter { $0.isReady && !$0.isTerminating }.compactMap(\.spec.nodeName))
        guard !serving.isEmpty else { return nil }
        if isInternal { return inside(service, serving, context) }
        let bare = nodes(context).subtracting(serving).sorted()
        // A load balancer asks each node whether it has an endpoint; whoever calls a node port directly does not.
        return bare.isEmpty ? nil : make(service, "externalTrafficPolicy", bare, 0.7, .degraded, "the node port is dead on the others")
    }

    private static func inside(_ service: Service, _ serving: Set<String>, _ context: CaseContext) -> Finding? {
        let callers = (context.topology.callers[service.reference] ?? []).compactMap { context.topology[$0] }
        let places = Set(callers.flatMap(\.livePods).compactMap(\.spec.nodeName))
        guard !places.isEmpty else {
            let bare = nodes(context).subtracting(serving).sorted()
            return bare.isEmpty ? nil : make(service, "internalTrafficPolicy", bare, 0.7, .degraded, "not every node has an endpoint")
        }
        let bare = places.subtracting(serving).sorted()
        guard !bare.isEmpty else { return nil }
        let stranded = callers.filter { $0.livePods.contains { bare.contains($0.spec.nodeName ?? "") } }.map(\.reference.description)
        return make(
            service, "internalTrafficPolicy", bare, 0.84, places.isSubset(of: bare) ? .outage : .degraded,
            "pods of \(Phrase.list(stranded)) call it from there")
    }

    private static func make(
        _ service: Service, _ field: String, _ bare: [String], _ confidence: Double, _ impact: Finding.Impact, _ reason: String
    ) -> Finding {
        ServiceRules.make(
            service, .serviceTrafficPolicy,
            "Service \(service.name) has \(field) Local and no ready endpoint on \(Phrase.list(bare)): traffic from there is dropped.",
            confidence, ["field": field, "found": "Local", "expected": "Cluster", "node": bare[0]],
            [
                .field(service.reference, "spec.\(field)", "Local"),
                .absence(service.reference, "no ready endpoint on \(Phrase.list(bare))"),
            ], impact: impact, reasons: [reason], fields: [field])
    }

    // Where nodes were not read, those that run pods are known.
    private static func nodes(_ context: CaseContext) -> Set<String> {
        let ready = context.view.nodes.items.filter { !$0.isUnschedulable && $0.isReady && $0.taints.isEmpty }.map(\.name)
        return Set(ready.isEmpty ? context.view.pods.items.compactMap(\.spec.nodeName) : ready)
    }
}
