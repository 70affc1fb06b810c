internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that were thrown off their node (group E). A program that ends with 0 on SIGTERM leaves no trace in the pod but the event.
enum EvictionRules {
    static func finding(_ pod: Pod, in workload: Workload, context: CaseContext) -> Finding? {
        let event = context.view.events(about: pod).last { ["Evicted", "Preempting", "Preempted"].contains($0.reason) }
        if let event, (context.age(event.lastTime) ?? 0) > ContainerCase.recentSeconds { return nil }
        if pod.reason == "Evicted" || event?.reason == "Evicted" { return evicted(pod, event, workload, context) }
        return preempted(pod, event, workload, context)
    }

    private static func make(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], _ citations: [Citation],
        _ workload: Workload
    ) -> Finding {
        Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations,
            confidence: confidence, reasons: ["the kubelet records the eviction"], impact: max(workload.impact, .degraded),
            onset: citations.first?.time)
    }

    private static func evicted(_ pod: Pod, _ event: Event?, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let message = [pod.message ?? "", event?.message ?? ""].max { $0.count < $1.count } ?? ""
        var citations: [Citation] = event.map { [.event($0)] } ?? []
        if let text = pod.message, pod.reason == "Evicted" { citations.append(.field(pod.reference, "status.message", text)) }
        let isOwnLimit = Phrase.containsAny(
            message, ["exceeds the limit", "exceeded its local ephemeral storage limit", "exceeds the total limit"])
        if isOwnLimit {
            let volume = Phrase.between(message, "EmptyDir volume \"", "\"")
            let limit = Phrase.between(message, "limit \"", "\"")
            var details = ["resource": "ephemeral-storage", "reason": "Evicted"]
            details["found"] = limit
            details["reference"] = volume
            let what = volume.map { "emptyDir \($0)" } ?? "its ephemeral storage"
            var finding = make(
                .ephemeralStorageExceeded, "\(workload.reference) writes more than the limit \(limit ?? "") of \(what) and is evicted.",
                0.95, details, citations, workload)
            finding.changedFields = ["volumes", "resources", "env", "args", "image"]
            return finding
        }
        guard message.contains("low on resource") || message.contains("had condition") else { return nil }
        let resource = Phrase.between(message, "low on resource: ", ".") ?? ""
        let cause: CauseCode =
            resource.contains("memory") || message.contains("MemoryPressure")
            ? .nodeMemoryPressure : resource.contains("pid") ? .nodePIDPressure : .nodeDiskPressure
        let node = pod.spec.nodeName ?? ""
        var finding = make(
            cause, "Node \(node) is short of \(resource) and evicted a pod of \(workload.reference).", 0.88,
            ["node": node, "resource": resource, "reason": "Evicted"], citations, workload)
        finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
        return finding
    }

    private static func preempted(_ pod: Pod, _ event: Event?, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let condition = pod.condition("DisruptionTarget")
        guard event != nil || condition?.reason == "PreemptionByScheduler" || pod.reason == "Preempting" else { return nil }
        var citations: [Citation] = event.map { [.event($0)] } ?? []
        if let condition {
            citations.append(.field(pod.reference, "status.conditions[DisruptionTarget]", condition.message ?? condition.reason ?? ""))
        }
        return make(
            .podPreempted, "A pod of \(workload.reference) was displaced by a workload of higher priority.", 0.88, ["reason": "Preempted"],
            citations, workload)
    }
}
