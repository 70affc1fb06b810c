internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that no node takes, or that their node refuses (group S).
enum SchedulingRules {
    /// The scheduler looks at a new pod within seconds; what is younger is on its way.
    private static let settledSeconds = 60.0

    static func finding(_ pod: Pod, in workload: Workload, context: CaseContext) -> Finding? {
        guard pod.phase == "Pending", (pod.spec.nodeName ?? "").isEmpty, !pod.isTerminating else {
            return rejected(pod, workload, context) ?? unknownNode(pod, workload, context)
        }
        let condition = pod.condition("PodScheduled")
        if condition?.isTrue ?? false { return nil }
        if condition?.reason == "SchedulingGated" || (condition == nil && !pod.spec.schedulingGates.isEmpty) {
            return gated(pod, workload, condition)
        }
        let event = context.view.events(about: pod).last { $0.reason == "FailedScheduling" }
        let text = [condition?.message, event?.message].compactMap { $0 }.first { !$0.isEmpty } ?? ""
        let isSettled = (context.age(pod.metadata.creationTime) ?? .infinity) > settledSeconds
        guard !text.isEmpty || isSettled else { return nil }
        if text.isEmpty, pod.spec.schedulerName != "default-scheduler" { return otherScheduler(pod, workload, context) }
        let verdict = SchedulingVerdict(
            pod: pod, workload: workload, context: context, message: SchedulingMessage(text), hasCondition: condition != nil, event: event)
        return verdict.finding ?? (condition == nil && event == nil ? noScheduler(pod, workload, context) : nil)
    }

    private static func base(
        _ workload: Workload, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation]
    ) -> Finding {
        Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations, confidence: confidence, impact: max(workload.impact, .degraded))
    }

    private static func gated(_ pod: Pod, _ workload: Workload, _ condition: Condition?) -> Finding {
        let gates = Phrase.list(pod.spec.schedulingGates)
        let text = condition?.message ?? gates
        var finding = base(
            workload, .schedulerMissing, "Pods of \(workload.reference) wait for scheduling gate \(gates), which nobody lifts.", 0.85,
            ["field": "schedulingGates", "found": gates, "reference": gates],
            [
                .field(pod.reference, "spec.schedulingGates", gates),
                .field(pod.reference, "status.conditions[PodScheduled].message", text),
            ])
        finding.changedFields = ["schedulingGates"]
        return finding
    }

    // MARK: Nobody looks at the pod

    // A scheduler that has placed others is there; one that has not, and says nothing, is not.
    private static func otherScheduler(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let name = pod.spec.schedulerName
        let works = context.view.pods.items.contains { other in
            other.spec.schedulerName == name && !(other.spec.nodeName ?? "").isEmpty
                && (other.metadata.creationTime ?? .distantPast) > (pod.metadata.creationTime ?? .distantFuture).addingTimeInterval(-86_400)
        }
        var finding = base(
            workload, .schedulerMissing,
            "Pods of \(workload.reference) ask for scheduler \(name), and no scheduler of that name takes them.", works ? 0.45 : 0.92,
            ["field": "schedulerName", "found": name, "reference": name, "expected": "default-scheduler"],
            [.field(pod.reference, "spec.schedulerName", name)])
        finding.reasons = ["no scheduler has written a condition or an event for the pod"]
        if works { finding.against = ["scheduler \(name) has placed other pods"] }
        finding.changedFields = ["schedulerName"]
        return finding
    }

    // Without a condition no scheduler has looked at the pod at all.
    private static func noScheduler(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard var finding = ControlPlaneRules.finding("kube-scheduler", context) else { return nil }
        finding.sufferer = workload.reference
        finding.impact = max(workload.impact, .degraded)
        return finding
    }

    // MARK: The node refuses

    // The kubelet may refuse a pod that was bound to its node.
    private static func rejected(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard pod.phase == "Failed", let reason = pod.reason, reason != "Evicted" else { return nil }
        let citation = Citation.field(pod.reference, "status.message", pod.message ?? reason)
        let node = pod.spec.nodeName ?? ""
        switch reason {
        case _ where reason.hasPrefix("OutOf"):
            let resource = String(reason.dropFirst("OutOf".count))
            var details = ["resource": resource, "node": node, "reason": reason]
            details["found"] = PodDemand(pod.spec).text(of: resource)
            return base(
                workload, .insufficientResources, "Node \(node) refused a pod of \(workload.reference): out of \(resource).", 0.8, details,
                [citation])
        case "NodeAffinity", "NodeName":
            let field = reason == "NodeName" ? "nodeName" : pod.spec.nodeSelector.isEmpty ? "nodeAffinity" : "nodeSelector"
            return base(
                workload, .nodeSelectorMismatch, "Node \(node) refused a pod of \(workload.reference): its labels do not fit.", 0.8,
                ["node": node, "reason": reason, "field": field], [citation])
        case "AppArmor", "SysctlForbidden":
            return base(
                workload, .securityContextConflict, "Node \(node) refused a pod of \(workload.reference): \(pod.message ?? reason).", 0.9,
                ["node": node, "reason": reason], [citation])
        case "UnexpectedAdmissionError": return device(pod, workload, node, citation)
        default: return nil
        }
    }

    // `Allocate failed due to …, which is unexpected`: the extended resource is the one whose name the message holds.
    private static func device(_ pod: Pod, _ workload: Workload, _ node: String, _ citation: Citation) -> Finding {
        let message = pod.message ?? "UnexpectedAdmissionError"
        let extended = PodDemand(pod.spec).amounts.keys.filter { $0.contains("/") }.sorted()
        var details = ["node": node, "reason": "UnexpectedAdmissionError"]
        details["resource"] = extended.first { message.contains($0) } ?? extended.first
        return base(
            workload, .deviceUnavailable,
            "Node \(node) could not give a pod of \(workload.reference) its devices: \(Citation.cut(message)).", 0.82, details, [citation])
    }

    private static func unknownNode(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard pod.phase == "Pending", let node = pod.spec.nodeName, !node.isEmpty, context.view.wasRead(.nodes),
            context.view.nodes[node] == nil
        else { return nil }
        // Only a template can pin a pod to a node that never was; otherwise the node has gone since.
        let isPinned = workload.template.map { $0.spec.nodeName == node } ?? true
        let near = context.view.nodes.items.compactMap { other in
            EditDistance.between(other.name, node, atMost: max(2, node.count / 4)).map { (other.name, $0) }
        }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
        var details = ["field": "nodeName", "found": node, "node": node]
        details["expected"] = near
        var finding = base(
            workload, .nodeSelectorMismatch,
            "Pods of \(workload.reference) are pinned to node \(node), which does not exist\(near.map { " (\($0) does)" } ?? "").",
            isPinned ? 0.94 : 0.6, details,
            [
                .field(pod.reference, "spec.nodeName", node),
                .absence(ObjectReference(kind: "Node", namespace: nil, name: node), "the list of Nodes has no \(node)"),
            ])
        finding.changedFields = ["nodeName"]
        return finding
    }
}
