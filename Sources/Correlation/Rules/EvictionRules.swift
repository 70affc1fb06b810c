internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that were thrown off their node (group E). A program that ends with 0 on SIGTERM leaves no trace in the pod but the event.
enum EvictionRules {
    /// A workload that serves again this long after its last eviction is over it.
    private static let recoverySeconds = 900.0

    static func finding(_ pod: Pod, in workload: Workload, context: CaseContext) -> Finding? {
        let event = context.view.events(about: pod).last { ["Evicted", "Preempting", "Preempted"].contains($0.reason) }
        let time = event?.lastTime ?? endTime(pod)
        if (context.age(time) ?? 0) > ContainerCase.recentSeconds { return nil }
        guard var finding = read(pod, event, workload, context) else { return nil }
        finding.onset = finding.onset ?? time
        guard workload.impact == .latent, !workload.isBatch else { return finding }
        // Replicas were replaced and serve. Evictions that go on are a fault all the same; one that is over is history.
        let last = context.displacedPods.events(of: workload, ["Evicted", "Preempted", "Preempting"]).compactMap(\.lastTime).max()
        let age = context.age([last, time].compactMap { $0 }.max()) ?? .infinity
        guard age > recoverySeconds || !isRepeated(pod, workload, context) else { return finding }
        finding.impact = .latent
        finding.confidence = min(finding.confidence, 0.45)
        finding.against.append("the workload has all its replicas again")
        return finding
    }

    /// What the pods of a workload tell, without evictions that matter no more: the pods that took the place of the evicted ones run on
    /// nodes without pressure and fail for a reason of their own.
    static func outlived(_ found: [(pod: Pod, findings: [Finding])], _ context: CaseContext) -> [Finding] {
        let pressures: Set<CauseCode> = [.nodeMemoryPressure, .nodeDiskPressure, .nodePIDPressure]
        let hasOwnFault = found.contains { pod, findings in
            !pod.isFinished && findings.contains { !$0.isSymptom && $0.confidence >= 0.5 && !pressures.contains($0.cause) }
        }
        return found.flatMap { pod, findings in
            findings.map { finding in
                let node = finding.object.kind == "Node" ? context.view.nodes[finding.object.name] : nil
                let conditions = ["MemoryPressure", "DiskPressure", "PIDPressure"]
                let isOver = node.map { node in !conditions.contains { node.condition($0)?.isTrue ?? false } } ?? false
                guard hasOwnFault, pod.isFinished, pressures.contains(finding.cause), isOver else { return finding }
                var finding = finding
                finding.impact = .latent
                finding.confidence = min(finding.confidence, 0.4)
                finding.against.append("the pressure is over, and the pod that took its place fails for a reason of its own")
                return finding
            }
        }
    }

    private static func read(_ pod: Pod, _ event: Event?, _ workload: Workload, _ context: CaseContext) -> Finding? {
        if let stopped = stoppedNode(pod, workload, context) { return stopped }
        if pod.reason == "Evicted" || event?.reason == "Evicted" { return evicted(pod, event, workload, context) }
        return preempted(pod, event, workload, context)
    }

    // Two within the hour, or a limit of the pod's own that its successor will break too.
    private static func isRepeated(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Bool {
        let events = context.displacedPods.events(of: workload, ["Evicted"]).filter {
            (context.age($0.lastTime) ?? .infinity) < ContainerCase.recentSeconds
        }
        let left = workload.pods.filter { $0.reason == "Evicted" && (context.age(endTime($0)) ?? 0) < ContainerCase.recentSeconds }
        return max(Set(events.map(\.regarding)).count, left.count) > 1
    }

    /// When a pod ended, by whatever tells: its containers, or the conditions that turned with it.
    static func endTime(_ pod: Pod) -> Date? {
        let ends = pod.statuses.values.compactMap { $0.terminated?.finishedAt }
        let turned = pod.conditions.filter { $0.type == "DisruptionTarget" || ($0.type == "Ready" && !$0.isTrue) }.compactMap(
            \.lastTransitionTime)
        return (ends + turned).max()
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

    // Texts of the kubelet's eviction manager; the words are the same since 1.9, the thresholds in them since 1.21.
    private static func evicted(_ pod: Pod, _ event: Event?, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let message = [pod.message ?? "", event?.message ?? ""].max { $0.count < $1.count } ?? ""
        var citations: [Citation] = event.map { [.event($0)] } ?? []
        if let text = pod.message, pod.reason == "Evicted" { citations.append(.field(pod.reference, "status.message", text)) }
        let isOwnLimit = Phrase.containsAny(
            message, ["exceeds the limit", "exceeded its local ephemeral storage limit", "exceeds the total limit"])
        if isOwnLimit { return ownLimit(pod, message, citations, workload) }
        guard message.contains("low on resource") || message.contains("had condition") else { return nil }
        let resource = Phrase.between(message, "low on resource: ", ".") ?? Phrase.between(message, "had condition: [", "]") ?? ""
        let cause: CauseCode =
            resource.lowercased().contains("memory")
            ? .nodeMemoryPressure : resource.lowercased().contains("pid") ? .nodePIDPressure : .nodeDiskPressure
        let node = pod.spec.nodeName ?? ""
        var details = ["node": node, "resource": resource, "reason": "Evicted"]
        details["container"] = Phrase.between(message, "Container ", " was using")
        details["found"] = Phrase.between(message, " was using ", ", ")
        details["expected"] = details["found"] == nil ? nil : Phrase.between(message, "request is ", ",")
        var finding = make(
            cause, "Node \(node) is short of \(resource) and evicted a pod of \(workload.reference).", 0.88, details, citations, workload)
        finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
        return finding
    }

    private static func ownLimit(_ pod: Pod, _ message: String, _ citations: [Citation], _ workload: Workload) -> Finding {
        let volume = Phrase.between(message, "EmptyDir volume \"", "\"")
        let container = Phrase.between(message, "Container ", " exceeded its local ephemeral storage limit")
        // The total over all containers stands without quotes: `exceeds the total limit of containers 100Mi. `
        let total = Phrase.after(message, "total limit of containers ").map { String($0.prefix { !$0.isWhitespace }) }
        let limit = Phrase.between(message, "limit \"", "\"") ?? total.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
        var details = ["resource": "ephemeral-storage", "reason": "Evicted"]
        details["found"] = limit
        details["reference"] = volume
        details["container"] = container ?? (pod.spec.containers.count == 1 ? pod.spec.containers.first?.name : nil)
        details["field"] = volume == nil ? "limits" : "sizeLimit"
        let what = volume.map { "emptyDir \($0)" } ?? container.map { "container \($0)" } ?? "its ephemeral storage"
        var finding = make(
            .ephemeralStorageExceeded, "\(workload.reference) writes more than the limit \(limit ?? "") of \(what) and is evicted.",
            0.95, details, citations, workload)
        finding.changedFields = ["volumes", "resources", "env", "args", "image"]
        return finding
    }

    private static func preempted(_ pod: Pod, _ event: Event?, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let condition = pod.condition("DisruptionTarget")
        guard event != nil || condition?.reason == "PreemptionByScheduler" || pod.reason == "Preempting" else { return nil }
        var citations: [Citation] = event.map { [.event($0)] } ?? []
        if let condition {
            citations.append(.field(pod.reference, "status.conditions[DisruptionTarget]", condition.message ?? condition.reason ?? ""))
        }
        return PreemptionRules.finding(workload, message: event?.message ?? "", citations: citations, context)
    }

    // The node went down in good order and ended its pods (K10); pods of a lost node are ended by the garbage collector (E7).
    private static func stoppedNode(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let reasons = ["NodeShutdown", "Terminated", "NodeLost", "Shutdown"]
        let condition = pod.condition("DisruptionTarget")
        let isCollected = condition?.reason == "DeletionByPodGC"
        guard let node = pod.spec.nodeName, isCollected || pod.reason.map(reasons.contains) ?? false else { return nil }
        let reason = pod.reason ?? condition?.reason ?? ""
        var finding = make(
            .nodeNotReady, "Node \(node) \(isCollected ? "is gone" : "shut down") and took a pod of \(workload.reference) with it.", 0.74,
            ["node": node, "reason": reason],
            [.field(pod.reference, "status.message", pod.message ?? condition?.message ?? reason)], workload)
        finding.reasons = ["the pod records it"]
        finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
        return finding
    }
}
