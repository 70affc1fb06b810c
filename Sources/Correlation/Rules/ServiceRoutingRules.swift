internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// kube-proxy as a workload of the cluster (N23): without it Services stop to be routed, and only where it is missing.
enum ServiceRoutingRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        guard let proxy = proxy(context) else { return [] }
        if let switchedOff = switchedOff(proxy, context) { return [switchedOff] }
        return context.view.nodes.items.compactMap { missing(proxy, on: $0, context) }
    }

    /// Living kube-proxy pods of a node.
    static func proxyPods(on node: String, _ context: CaseContext) -> [Pod] {
        (proxy(context)?.livePods ?? []).filter { $0.spec.nodeName == node }
    }

    private static func proxy(_ context: CaseContext) -> Workload? {
        context.topology.workloads.first {
            $0.reference.kind == "DaemonSet" && ($0.reference.name == "kube-proxy" || $0.metadata.labels["k8s-app"] == "kube-proxy")
        }
    }

    // A node selector that fits no node is how a DaemonSet is switched off.
    private static func switchedOff(_ proxy: Workload, _ context: CaseContext) -> Finding? {
        guard proxy.livePods.isEmpty, proxy.desired == 0, !context.view.nodes.isEmpty else { return nil }
        let selector = (proxy.template?.spec.nodeSelector ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var details = ["reason": "no pods wished", "field": "nodeSelector"]
        details["found"] = selector.isEmpty ? nil : selector.joined(separator: ",")
        var finding = Finding(
            cause: .serviceRoutingBroken, object: proxy.reference, sufferer: proxy.reference,
            statement: "kube-proxy runs on no node, so Services are not routed: \(proxy.reference) wishes no pods.", details: details,
            citations: [.field(proxy.reference, "status.desiredNumberScheduled", "0")], confidence: 0.86,
            reasons: ["nodes exist, and none is wished to run it"], impact: .degraded, changedObjects: [proxy.reference])
        finding.isClusterWide = true
        return finding
    }

    private static func missing(_ proxy: Workload, on node: Node, _ context: CaseContext) -> Finding? {
        guard node.isReady, node.metadata.labels["kubernetes.io/os"] != "windows" else { return nil }
        let pods = proxy.livePods.filter { $0.spec.nodeName == node.name }
        guard !pods.contains(where: \.isReady), proxy.readyPods.contains(where: { $0.spec.nodeName != node.name }) || !pods.isEmpty,
            isSettled(pods, context), HostServiceRules.finding(node.name, context: context) == nil
        else { return nil }
        let failing = ConnectivityRules.failures(from: node.name, context)
        let state = pods.isEmpty ? "has no kube-proxy pod" : "has a kube-proxy pod that is not Ready"
        let place = pods.first.map { Citation.field($0.reference, "status.conditions[Ready]", "False") }
        var finding = Finding(
            cause: .serviceRoutingBroken, object: node.reference, sufferer: proxy.reference,
            statement: "Node \(node.name) \(state), so changes of Services do not reach it.",
            details: [
                "node": node.name, "reason": pods.isEmpty ? "kube-proxy missing" : "kube-proxy not Ready", "reference": "kube-proxy",
            ],
            citations: [place ?? .absence(proxy.reference, "no pod of it on node \(node.name)")] + failing.prefix(3).map(\.citation),
            confidence: failing.isEmpty ? pods.isEmpty ? 0.55 : 0.72 : 0.92, reasons: ["other nodes run it"], impact: .degraded)
        finding.sufferers = failing.map(\.target.reference) + NodePods.workloads(on: node.name, context).map(\.reference)
        finding.carriers = pods.isEmpty ? [] : [proxy.reference]
        return finding
    }

    // A pod that has only just been made is on its way.
    private static func isSettled(_ pods: [Pod], _ context: CaseContext) -> Bool {
        pods.allSatisfy { (context.age($0.metadata.creationTime) ?? .infinity) > 120 }
    }
}
