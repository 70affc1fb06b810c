internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Images that cannot be pulled (group A).
enum ImageRules {
    private static let reasons: Set<String> = [
        "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "RegistryUnavailable",
        "SignatureValidationFailed",
    ]

    static func finding(_ container: ContainerCase) -> Finding? {
        guard let reason = reason(container) else { return nil }
        let image = container.container.image
        let message = container.status?.waiting?.message ?? ""
        let event = event(container)
        // An image may be called `unauthorized-proxy`: its name is no part of the error.
        let text = PullError.words(message + "\n" + (event?.message ?? ""), image: image)
        var citations = [container.cite("state.waiting.message", message.isEmpty ? reason : message)]
        if let event { citations.append(.event(event)) }
        let missing = missingSecret(container)
        if let missing { citations.append(missing.citation) }
        let verdict = PullVerdict(container: container, reason: reason, text: text, missingSecret: missing?.name).answer
        var details = ["image": image, "reason": reason]
        details["registry"] = ImageName(image).registry
        details["reference"] = verdict.secret
        details["expected"] = verdict.expected
        var finding = container.finding(
            verdict.cause, "Image \(image) of \(container.place) \(verdict.words).", confidence: verdict.confidence, details: details,
            citations: citations, reasons: [verdict.reason], fields: ["image", "imagePullSecrets", "imagePullPolicy"],
            onset: event?.firstTime)
        if verdict.cause == .imageArchitectureMismatch, let node = container.pod.spec.nodeName,
            let architecture = container.context.view.nodes[node]?.architecture, !architecture.isEmpty
        {
            finding.statement = finding.statement.trimmed + ", \(architecture)."
            finding.details["node"] = node
            finding.details["expected"] = finding.details["expected"] ?? architecture
            finding.citations.append(
                .field(ObjectReference(kind: "Node", namespace: nil, name: node), "status.nodeInfo.architecture", architecture))
        }
        if let against = verdict.against { finding.against.append(against) }
        if verdict.isOfNode, let node = container.pod.spec.nodeName {
            finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
            finding.details["node"] = node
        }
        return finding
    }

    /// The waiting reason; where the status gives none, the word of an event that no successful pull follows.
    private static func reason(_ container: ContainerCase) -> String? {
        if let reason = container.status?.waiting?.reason, reasons.contains(reason) { return reason }
        let waiting = container.status?.waiting?.reason ?? ""
        guard !container.pod.isFinished, container.status?.isRunning != true, container.status?.terminated == nil,
            container.status?.lastTermination == nil, ["", "ContainerCreating"].contains(waiting), let failed = event(container)
        else { return nil }
        let pulled = container.events("Pulled", "Started", "Created").last { $0.container == container.name }
        if let pulled, (pulled.lastTime ?? .distantPast) >= (failed.lastTime ?? .distantPast) { return nil }
        return "ErrImagePull"
    }

    /// Older kubelets put the real error only into the event.
    private static func event(_ container: ContainerCase) -> Event? {
        let image = container.container.image
        return container.events("Failed", "InspectFailed", "ErrImageNeverPull").last { event in
            guard event.message.contains("image") else { return false }
            // Events without a container may be about another one of the pod.
            return event.container == container.name || event.message.contains(image) || container.pod.spec.allContainers.count == 1
        }
    }

    private static func missingSecret(_ container: ContainerCase) -> (name: String, citation: Citation)? {
        let named = container.pod.spec.imagePullSecrets
        let said = container.podEvents.last { $0.reason == "FailedToRetrieveImagePullSecret" }
        if let said, let names = Phrase.between(said.message, "secrets (", ")") {
            let first = names.split(separator: ",").first.map { String($0).trimmed }
            if let first, !first.isEmpty { return (first, .event(said)) }
        }
        let namespace = container.pod.namespace
        let view = container.context.view
        guard view.wasRead(.secrets, in: namespace), let missing = named.first(where: { view.secrets[namespace, $0] == nil }) else {
            return nil
        }
        let reference = ObjectReference(kind: "Secret", namespace: namespace, name: missing)
        return (missing, .absence(reference, "no Secret \(missing) in namespace \(namespace)"))
    }
}

/// The parts of an image reference.
struct ImageName {
    let text: String

    init(_ text: String) { self.text = text }

    /// The registry host; images without one come from Docker Hub.
    var registry: String {
        let first = text.split(separator: "/").first.map(String.init) ?? ""
        return text.contains("/") && (first.contains(".") || first.contains(":") || first == "localhost") ? first : "docker.io"
    }

    /// Without tag and digest.
    var repository: String {
        let name = text.split(separator: "@").first.map(String.init) ?? text
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return name }
        return String(name[..<colon])
    }

    /// Docker Hub's own images stand without a user or under `library`; all of them are public.
    var isOfficial: Bool {
        guard registry == "docker.io" else { return false }
        var path = repository
        for prefix in ["docker.io/", "index.docker.io/"] where path.hasPrefix(prefix) { path = String(path.dropFirst(prefix.count)) }
        return !path.contains("/") || path.hasPrefix("library/")
    }
}
