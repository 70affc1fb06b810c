internal import ClusterModel
internal import IncidentModel

/// Images that cannot be pulled (group A).
enum ImageRules {
    private static let reasons: Set<String> = [
        "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "RegistryUnavailable",
        "SignatureValidationFailed",
    ]

    static func finding(_ container: ContainerCase) -> Finding? {
        guard let waiting = container.status?.waiting, reasons.contains(waiting.reason) else { return nil }
        let image = container.container.image
        // Older kubelets put the real error only into the event.
        let event = container.events("Failed", "InspectFailed", "ErrImageNeverPull").last { $0.message.contains("image") }
        let message = waiting.message ?? ""
        let text = (message + "\n" + (event?.message ?? "")).lowercased()
        var citations = [container.cite("state.waiting.message", message.isEmpty ? waiting.reason : message)]
        if let event { citations.append(.event(event)) }
        let verdict = classify(reason: waiting.reason, text: text, container: container)
        var details = ["image": image, "reason": waiting.reason]
        details["registry"] = registry(of: image)
        if let secret = verdict.secret { details["reference"] = secret }
        var finding = container.finding(
            verdict.cause, "Image \(image) of \(container.place) \(verdict.words).", confidence: verdict.confidence, details: details,
            citations: citations, reasons: [verdict.reason], fields: ["image", "imagePullSecrets", "imagePullPolicy"])
        if let against = verdict.against { finding.against.append(against) }
        return finding
    }

    private struct Verdict {
        var cause: CauseCode
        var words: String
        var confidence: Double
        var reason: String
        var against: String?
        var secret: String?
    }

    private static func classify(reason: String, text: String, container: ContainerCase) -> Verdict {
        switch reason {
        case "InvalidImageName":
            return Verdict(
                cause: .invalidImageName, words: "is no valid image reference", confidence: 0.97,
                reason: "the kubelet cannot parse the reference")
        case "ErrImageNeverPull":
            return Verdict(
                cause: .imageNeverPull, words: "is not on the node, and its pull policy is Never", confidence: 0.96,
                reason: "the kubelet refuses to pull")
        default: return classify(text: text, container: container)
        }
    }

    private static func classify(text: String, container: ContainerCase) -> Verdict {
        let missingSecret = missingPullSecret(container)
        if Phrase.containsAny(text, ["no match for platform", "no matching manifest", "exec format error"]) {
            return Verdict(
                cause: .imageArchitectureMismatch, words: "has no build for the node's architecture", confidence: 0.93,
                reason: "the registry has no manifest for this platform")
        }
        if Phrase.containsAny(text, ["toomanyrequests", "429 too many requests", "pull rate limit"]) {
            return Verdict(
                cause: .registryUnavailable, words: "cannot be pulled: the registry limits the rate of pulls", confidence: 0.92,
                reason: "the registry answers 429")
        }
        if Phrase.containsAny(text, ["repository does not exist or may require", "insufficient_scope", "pull access denied"]) {
            return deniedOrAbsent(container, missingSecret: missingSecret)
        }
        if Phrase.containsAny(
            text,
            [
                "401 unauthorized", "403 forbidden", "unauthorized", "no basic auth credentials", "authentication required", "denied:",
                "authorization failed", "access forbidden", "status: 403", "status: 401", "access denied",
            ])
        {
            let words = missingSecret.map { "is refused by the registry: pull secret \($0) does not exist" }
            return Verdict(
                cause: .imagePullUnauthorized, words: words ?? "is refused by the registry: the pull credentials are missing or wrong",
                confidence: 0.94, reason: "the registry rejects the pull as unauthorized",
                secret: missingSecret ?? container.pod.spec.imagePullSecrets.first)
        }
        if Phrase.containsAny(text, ["x509:", "server gave http response to https client", "certificate"]) {
            return Verdict(
                cause: .registryUnavailable, words: "cannot be pulled: the node does not trust the registry", confidence: 0.9,
                reason: "the TLS connection to the registry fails")
        }
        if Phrase.containsAny(
            text, [": not found", "manifest unknown", "name unknown", "not found: manifest", "name_unknown", "manifest_unknown"])
            && !text.contains("no such host")
        {
            return Verdict(
                cause: .imageNotFound, words: "is not in the registry (wrong name or tag)", confidence: 0.96,
                reason: "the registry answers that it does not have it")
        }
        if Phrase.containsAny(
            text,
            [
                "dial tcp", "i/o timeout", "connection refused", "no such host", "context deadline exceeded", "tls handshake timeout",
                "server misbehaving", "registryunavailable", "registry is unavailable", "502 bad gateway", "503 service unavailable",
                "500 internal server error", "connection reset", "unexpected eof", "no route to host", "network is unreachable",
            ])
        {
            return Verdict(
                cause: .registryUnavailable, words: "cannot be pulled: registry \(registry(of: container.container.image)) does not answer",
                confidence: 0.93, reason: "the connection to the registry fails")
        }
        if text.contains("no space left on device") {
            return Verdict(
                cause: .nodeDiskPressure, words: "cannot be stored: the node's disk is full", confidence: 0.7,
                reason: "the node has no space for images")
        }
        return Verdict(
            cause: .imageNotFound, words: "cannot be pulled", confidence: 0.5, reason: "the pull fails",
            against: "the text of the pull error is not in the evidence, so it may be a matter of credentials or network")
    }

    // Public registries hide whether a repository is absent or private behind one answer.
    private static func deniedOrAbsent(_ container: ContainerCase, missingSecret: String?) -> Verdict {
        let hasSecrets = !container.pod.spec.imagePullSecrets.isEmpty
        if !hasSecrets, let earlier = earlierImage(of: container), repository(earlier) != repository(container.container.image),
            registry(of: earlier) == registry(of: container.container.image)
        {
            return Verdict(
                cause: .imageNotFound, words: "is not in the registry: the repository differs from the earlier \(earlier)",
                confidence: 0.75,
                reason: "the earlier revision pulled from another repository of the same registry without credentials",
                against: "the registry gives the same answer for a private repository")
        }
        return Verdict(
            cause: .imagePullUnauthorized, words: "is refused by the registry: it is private, or does not exist", confidence: 0.7,
            reason: "the registry denies access", against: "the registry gives the same answer for a repository that does not exist",
            secret: missingSecret)
    }

    private static func missingPullSecret(_ container: ContainerCase) -> String? {
        let namespace = container.pod.namespace
        let view = container.context.view
        guard view.wasRead(.secrets, in: namespace) else { return nil }
        return container.pod.spec.imagePullSecrets.first { view.secrets[namespace, $0] == nil }
    }

    private static func earlierImage(of container: ContainerCase) -> String? {
        let namespace = container.workload.namespace
        guard let deployment = container.context.view.deployments[namespace, container.workload.reference.name] else { return nil }
        return container.context.view.replicaSets(of: deployment).dropFirst().lazy
            .compactMap { set in set.template.spec.containers.first { $0.name == container.name }?.image }
            .first { $0 != container.container.image }
    }

    /// The registry host of an image reference; images without one come from Docker Hub.
    static func registry(of image: String) -> String {
        let first = image.split(separator: "/").first.map(String.init) ?? ""
        return image.contains("/") && (first.contains(".") || first.contains(":") || first == "localhost") ? first : "docker.io"
    }

    private static func repository(_ image: String) -> String {
        let name = image.split(separator: "@").first.map(String.init) ?? image
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return name }
        return String(name[..<colon])
    }
}
