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
        // Events that carry no time at all count as recent.
        for event in container.podEvents.reversed() where (context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds {
            if let finding = read(event, container) { return finding }
        }
        guard (context.age(pod.metadata.creationTime) ?? 0) > settledSeconds else { return nil }
        return AbsentReferences(container: container).volumes
    }

    /// Volumes of configuration are set up within seconds.
    private static let settledSeconds = 90.0

    private static func read(_ event: Event, _ container: ContainerCase) -> Finding? {
        switch event.reason {
        case "FailedMount": return mount(event, container)
        case "FailedAttachVolume": return attach(event, container)
        case "FailedCreatePodSandBox", "NetworkNotReady": return SandboxRules.finding(event, container)
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
        guard event.message.contains("Multi-Attach") else {
            return volume(.volumeAttachFailed, event, container, "its volume cannot be attached")
        }
        let name = Phrase.between(event.message, "for volume \"", "\"") ?? ""
        let holder = VolumeHolder.of(name, besides: container.pod, container.context)
        // A node that is gone never lets go of its volumes by itself.
        if let node = holder?.node.flatMap({ container.context.view.nodes[$0] }), !node.isReady,
            var finding = NodeRules.finding(node, context: container.context)
        {
            finding.sufferer = container.workload.reference
            finding.impact = max(container.workload.impact, .degraded)
            finding.citations.append(.event(event))
            finding.reasons.append("it still holds volume \(name) of \(container.workload.reference)")
            return finding
        }
        var finding = volume(.volumeAttachFailed, event, container, "its volume is still attached \(holder?.words ?? "elsewhere")")
        finding.details["reason"] = "Multi-Attach"
        finding.details["found"] = holder?.node
        if let pod = holder?.pod { finding.citations.append(.field(pod.reference, "spec.nodeName", pod.spec.nodeName ?? "")) }
        if let deployment = container.context.view.deployments[container.pod.namespace, container.workload.reference.name],
            deployment.strategy == "RollingUpdate", deployment.replicas == 1
        {
            finding.against.append("strategy RollingUpdate starts the new pod before the old one lets go of the volume")
        }
        return finding
    }

    private static func volume(_ cause: CauseCode, _ event: Event, _ container: ContainerCase, _ words: String) -> Finding {
        var details = ["reason": event.reason]
        details["reference"] = Phrase.between(event.message, "for volume \"", "\"") ?? Phrase.between(event.message, "volume \"", "\"")
        details["node"] = container.pod.spec.nodeName
        // A claim is what people know; the volume's own name is in the event.
        let claims = container.context.volumes(of: container.pod).filter { $0.volume.name == details["reference"] }
        if let claim = claims.first?.claim.name { details["reference"] = claim }
        return container.finding(
            cause, "Pods of \(container.workload.reference) cannot start: \(words) (\(Citation.cut(event.message))).", confidence: 0.88,
            details: details, citations: [.event(event)], reasons: ["the kubelet or the attach controller says so"], fields: ["volumes"])
    }
}

/// Who has a volume attached besides the pod that waits for it.
private struct VolumeHolder {
    let node: String?
    let pod: Pod?

    var words: String {
        "to node \(node ?? "unknown")\(pod.map { " by pod \($0.name)" } ?? "")"
    }

    static func of(_ volume: String, besides waiting: Pod, _ context: CaseContext) -> VolumeHolder? {
        let claims = context.volumes(of: waiting).filter { $0.volume.name == volume }.map(\.claim.name)
        let wanted = claims.isEmpty ? context.claimNames(of: waiting) : claims
        let pod = context.view.pods.inNamespace(waiting.namespace).first { other in
            other.name != waiting.name && !other.isFinished && other.spec.nodeName != nil && other.spec.nodeName != waiting.spec.nodeName
                && context.claimNames(of: other).contains(where: wanted.contains)
        }
        let attachment = context.view.volumeAttachments.items.first {
            $0.persistentVolume == volume && $0.isAttached && $0.node != waiting.spec.nodeName
        }
        guard let node = attachment?.node ?? pod?.spec.nodeName else { return nil }
        return VolumeHolder(node: node, pod: pod?.spec.nodeName == node ? pod : nil)
    }
}
