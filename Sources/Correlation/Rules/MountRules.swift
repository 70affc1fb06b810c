internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that are bound to a node but whose volumes, network or devices cannot be set up (V8-V15, B16-B21).
enum MountRules {
    static func finding(_ pod: Pod, in workload: Workload, context: CaseContext) -> Finding? {
        guard pod.spec.nodeName != nil, !pod.isFinished, !pod.isTerminating,
            pod.statuses.values.allSatisfy({ !$0.isRunning && $0.waiting != nil }),
            pod.statuses.values.contains(where: { ["ContainerCreating", "PodInitializing"].contains($0.waiting?.reason) }),
            let container = context.cases(of: pod, in: workload).first
        else { return nil }
        for event in container.podEvents.reversed() {
            guard let age = context.age(event.lastTime), age < ContainerCase.recentSeconds else { continue }
            if let finding = read(event, container) { return finding }
        }
        return nil
    }

    private static func read(_ event: Event, _ container: ContainerCase) -> Finding? {
        switch event.reason {
        case "FailedMount": return mount(event, container)
        case "FailedAttachVolume": return attach(event, container)
        case "FailedCreatePodSandBox", "NetworkNotReady": return sandbox(event, container)
        case "FailedPrepareDynamicResources", "FailedResourceClaimCreation", "UnexpectedAdmissionError":
            return container.finding(
                .deviceUnavailable,
                "A device or resource claim of \(container.workload.reference) cannot be served: \(Citation.cut(event.message)).",
                confidence: 0.88, details: ["reason": event.reason], citations: [.event(event)], reasons: ["the node's driver refuses it"])
        default: return nil
        }
    }

    private static func mount(_ event: Event, _ container: ContainerCase) -> Finding? {
        let text = event.message
        // A token can fail once while a pod starts; only a missing ServiceAccount lasts.
        if text.contains("failed to fetch token") && !text.contains("not found") { return nil }
        if text.contains("failed to sync") || text.contains("not registered") { return nil }
        if let finding = ReferenceRules.finding(container, message: text, citations: [.event(event)]) { return finding }
        if let driver = Phrase.between(text, "driver name ", " not found in the list of registered CSI drivers") {
            return volume(
                .volumeMountFailed, event, container, "CSI driver \(driver) is not running on node \(container.pod.spec.nodeName ?? "")")
        }
        // The summary event only repeats that something else failed.
        if text.hasPrefix("Unable to attach or mount volumes") { return nil }
        return volume(.volumeMountFailed, event, container, "a volume cannot be mounted")
    }

    private static func attach(_ event: Event, _ container: ContainerCase) -> Finding? {
        let isShared = event.message.contains("Multi-Attach")
        let words = isShared ? "its volume is still attached elsewhere" : "its volume cannot be attached"
        var finding = volume(.volumeAttachFailed, event, container, words)
        finding.details["reason"] = isShared ? "Multi-Attach" : "FailedAttachVolume"
        return finding
    }

    private static func volume(_ cause: CauseCode, _ event: Event, _ container: ContainerCase, _ words: String) -> Finding {
        var details = ["reason": event.reason]
        details["reference"] = Phrase.between(event.message, "for volume \"", "\"") ?? Phrase.between(event.message, "volume \"", "\"")
        details["node"] = container.pod.spec.nodeName
        return container.finding(
            cause, "Pods of \(container.workload.reference) cannot start: \(words) (\(Citation.cut(event.message))).", confidence: 0.88,
            details: details, citations: [.event(event)], reasons: ["the kubelet or the attach controller says so"], fields: ["volumes"])
    }

    private static func sandbox(_ event: Event, _ container: ContainerCase) -> Finding? {
        let text = event.message
        if let name = Phrase.between(text, "no runtime for \"", "\"") ?? Phrase.between(text, "RuntimeClass \"", "\"") {
            return container.finding(
                .runtimeClassNotFound, "Runtime \(name) of \(container.workload.reference) is not configured on the node.",
                confidence: 0.92,
                details: ["reference": name], citations: [.event(event)], reasons: ["the runtime does not know the handler"],
                fields: ["runtimeClassName"])
        }
        if text.contains("OOM-killed") {
            return CreationRules.startFailure(container, message: text, citations: [.event(event)], reason: event.reason)
        }
        let node = container.pod.spec.nodeName ?? ""
        var details = ["node": node, "reason": event.reason]
        details["found"] = Phrase.between(text, "plugin type=\"", "\"")
        var finding = container.finding(
            .podNetworkSetupFailed, "The network of new pods cannot be set up on node \(node): \(Citation.cut(text)).", confidence: 0.86,
            details: details, citations: [.event(event)], reasons: ["the pod sandbox cannot be made"])
        finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
        return finding
    }
}
