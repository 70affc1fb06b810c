internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods whose sandbox cannot be made (B16-B19, A13, K3, K8). The event is one, the causes are many: the text of the runtime or of the
/// network plugin tells them apart.
enum SandboxRules {
    static func finding(_ event: Event, _ container: ContainerCase) -> Finding? {
        let text = event.message
        if let runtimeClass = runtimeClass(event, container) { return runtimeClass }
        if text.contains("OOM-killed") {
            return CreationRules.startFailure(container, message: text, citations: [.event(event)], reason: event.reason)
        }
        return host(event, container) ?? network(event, container)
    }

    private static func runtimeClass(_ event: Event, _ container: ContainerCase) -> Finding? {
        let text = event.message
        guard
            let handler = Phrase.between(text, "no runtime for \"", "\"") ?? Phrase.between(text, "RuntimeHandler \"", "\" not supported")
                ?? Phrase.between(text, "RuntimeClass \"", "\"")
        else { return nil }
        let name = container.pod.spec.runtimeClassName ?? handler
        return container.finding(
            .runtimeClassNotFound, "Runtime \(name) of \(container.workload.reference) is not configured on the node.",
            confidence: 0.92, details: ["reference": name, "found": handler, "field": "runtimeClassName"], citations: [.event(event)],
            reasons: ["the runtime does not know the handler"], fields: ["runtimeClassName"])
    }

    /// What the host lacks before any network is set up.
    private static func host(_ event: Event, _ container: ContainerCase) -> Finding? {
        let text = event.message
        let node = container.pod.spec.nodeName ?? ""
        func make(_ cause: CauseCode, _ words: String, _ confidence: Double, _ details: [String: String]) -> Finding {
            var finding = container.finding(
                cause, "Node \(node) \(words): \(Citation.cut(text)).", confidence: confidence,
                details: ["node": node].merging(details) { $1 }, citations: [.event(event)], reasons: ["the pod sandbox cannot be made"])
            finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
            finding.details["container"] = nil
            return finding
        }
        if text.contains("no space left on device") {
            return make(.nodeDiskPressure, "has no disk space left", 0.88, ["resource": "ephemeral-storage", "reason": event.reason])
        }
        if text.contains("too many open files") {
            return make(.processLimitReached, "is out of file handles", 0.84, ["reason": "too many open files"])
        }
        if Phrase.containsAny(
            text, ["resource temporarily unavailable", "failed to create new OS thread", "pthread_create failed", "cannot fork"])
        {
            return make(.nodePIDPressure, "cannot start another process", 0.84, ["resource": "pids", "reason": event.reason])
        }
        let sockets = ["containerd.sock", "crio.sock", "docker.sock", "cri-dockerd.sock", "Cannot connect to the Docker daemon"]
        if Phrase.containsAny(text, sockets), Phrase.containsAny(text, ["connect:", "connection refused", "no such file", "daemon"]) {
            return make(.containerRuntimeDown, "has no working container runtime", 0.92, ["reason": event.reason])
        }
        if Phrase.containsAny(text, ["failed to get sandbox image", "failed to pull image", "error pulling image"]) {
            let image = Phrase.between(text, "sandbox image \"", "\"") ?? Phrase.between(text, "pull image \"", "\"") ?? ""
            return make(
                .registryUnavailable, "cannot get the image that every pod needs", 0.82, ["image": image, "reason": event.reason])
        }
        return nil
    }

    private static func network(_ event: Event, _ container: ContainerCase) -> Finding? {
        let text = event.message
        let node = container.pod.spec.nodeName ?? ""
        let isTimeout = text.contains("DeadlineExceeded") || text.contains("context deadline exceeded")
        let plugin = Phrase.between(text, "plugin type=\"", "\"") ?? Phrase.between(text, "NetworkPlugin ", " failed")
        if isTimeout, plugin == nil, !Phrase.containsAny(text, ["network", "cni", "CNI"]) { return nil }
        let isFull = Phrase.containsAny(
            text,
            [
                "no IP addresses available", "failed to assign an IP address", "no available IP", "No more IPs", "no more IPs", "exhausted",
                "not enough IP", "range is full", "no free IP", "Insufficient IP", "insufficient IP",
            ])
        let agents = NetworkAgents.failing(on: node, container.context)
        var details = ["node": node, "reason": isFull ? "no free pod address" : event.reason]
        details["found"] = plugin
        details["reference"] = agents.first?.reference.name
        let words = isFull ? "has no free address for new pods" : "cannot set up the network of new pods"
        var finding = container.finding(
            .podNetworkSetupFailed, "Node \(node) \(words): \(Citation.cut(text)).", confidence: isFull ? 0.92 : 0.86,
            details: details, citations: [.event(event)] + agents.prefix(1).map { agentCitation($0, node) },
            reasons: ["the pod sandbox cannot be made"] + (agents.isEmpty ? [] : ["the network agent of the node does not serve"]))
        finding.carriers = agents.map(\.reference)
        if isOwnWish(text) || (agents.isEmpty && !isFull && othersGetNetwork(on: node, since: event, container)) {
            finding.confidence = isOwnWish(text) ? 0.86 : 0.62
            finding.changedFields = ["annotations", "ports"]
            return finding
        }
        finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
        finding.details["container"] = nil
        return finding
    }

    private static func agentCitation(_ agent: Workload, _ node: String) -> Citation {
        let pod = agent.livePods.first { $0.spec.nodeName == node }
        return pod.map { .field($0.reference, "status.conditions[Ready]", "False") }
            ?? .absence(agent.reference, "no pod of it on node \(node)")
    }

    // A network, bandwidth or host port that the pod itself asks for.
    private static func isOwnWish(_ text: String) -> Bool {
        Phrase.containsAny(
            text,
            [
                "network-attachment-definition", "NetworkAttachmentDefinition", "k8s.v1.cni.cncf.io", "ingress-bandwidth",
                "egress-bandwidth",
                "type=\"portmap\"", "type=\"bandwidth\"", "requested IP", "cni.projectcalico.org/ipAddrs",
            ])
    }

    // Pods of others that were made on the node since then have their network.
    private static func othersGetNetwork(on node: String, since event: Event, _ container: ContainerCase) -> Bool {
        guard let since = event.firstTime else { return false }
        return container.context.view.pods.items.contains { pod in
            pod.spec.nodeName == node && !pod.spec.isHostNetwork && pod.podIP != nil && (pod.metadata.creationTime ?? .distantPast) > since
                && container.context.topology.workload(of: pod) != container.workload.reference
        }
    }
}
