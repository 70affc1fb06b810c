internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods of a node that is gone keep the state they had; nothing about them is their own fault.
enum LostNodeRules {
    static func findings(_ pod: Pod, in workload: Workload, context: CaseContext) -> [Finding] {
        guard !pod.isReady, let name = pod.spec.nodeName, !name.isEmpty else { return [] }
        let known = context.view.nodes[name].flatMap { NodeRules.finding($0, context: context) }
        guard var finding = known ?? HostServiceRules.finding(name, context: context) ?? marked(pod, name, context) else { return [] }
        finding.sufferer = workload.reference
        finding.impact = max(workload.impact, .degraded)
        return [finding]
    }

    // Without a list of nodes, what the node controller wrote on the pod tells of its node.
    private static func marked(_ pod: Pod, _ node: String, _ context: CaseContext) -> Finding? {
        guard context.view.nodes[node] == nil else { return nil }
        let event = context.view.events(about: pod).last { ["NodeNotReady", "TaintManagerEviction"].contains($0.reason) }
        let areContainersReady = !pod.statuses.isEmpty && pod.statuses.values.allSatisfy { $0.isReady || $0.terminated != nil }
        guard let event, (context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds, areContainersReady else { return nil }
        let reference = ObjectReference(kind: "Node", namespace: nil, name: node)
        return Finding(
            cause: .nodeNotReady, object: reference, sufferer: reference,
            statement: "Node \(node) is not Ready: \(Citation.cut(event.message)).",
            details: ["node": node, "reason": event.reason], citations: [.event(event)], confidence: 0.84,
            reasons: ["the node controller marked its pods, whose containers were ready"], impact: .degraded, onset: event.firstTime)
    }
}
