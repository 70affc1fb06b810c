internal import ClusterModel
internal import IncidentModel

/// What a runtime's pull error says, as data: first that fits wins.
///
/// Sources: the errors of dockershim and Docker Engine, containerd 1.x and 2.x (`remotes/docker`), CRI-O (`containers/image`), and the
/// error codes of the OCI distribution specification.
enum PullError: CaseIterable {
    case malformed, platform, rateLimit, ambiguous, unauthorized, untrusted, absent, unreachable, nodeDisk

    var needles: [String] {
        switch self {
        case .malformed: ["invalid reference format", "couldn't parse image", "invalid image name", "must be lowercase"]
        case .platform:
            [
                "no match for platform", "no matching manifest", "exec format error", "no image found in manifest list",
                "no image found in image index", "does not match the specified platform",
            ]
        case .rateLimit: ["toomanyrequests", "too many requests", "pull rate limit", "status: 429", "rate exceeded"]
        case .ambiguous: ["repository does not exist or may require", "insufficient_scope", "pull access denied"]
        case .unauthorized:
            [
                "401 unauthorized", "403 forbidden", "unauthorized", "no basic auth credentials", "authentication required", "denied:",
                "authorization failed", "access forbidden", "status: 403", "status: 401", "access denied", "unable to retrieve auth token",
                "invalid username/password", "failed to authorize", "permission_denied", "permissiondenied", "not authorized",
            ]
        case .untrusted: ["x509:", "server gave http response to https client", "certificate", "tls: "]
        case .absent:
            [
                ": not found", "manifest unknown", "name unknown", "not found: manifest", "name_unknown", "manifest_unknown", "notfound",
                "404 not found", "manifest for", "repository name not known", "tag does not exist",
            ]
        case .unreachable:
            [
                "dial tcp", "i/o timeout", "connection refused", "no such host", "context deadline exceeded", "tls handshake timeout",
                "server misbehaving", "registryunavailable", "registry is unavailable", "bad gateway", "service unavailable",
                "internal server error", "gateway timeout", "connection reset", "unexpected eof", ": eof", "no route to host",
                "network is unreachable", "client.timeout", "temporary failure", "request canceled", "pinging container registry",
            ]
        case .nodeDisk: ["no space left on device"]
        }
    }

    /// The connection failed before the registry could answer, whatever the words for it look like.
    private static let connection = [
        "dial tcp", "no such host", "i/o timeout", "connection refused", "tls handshake timeout", "no route to host", "server misbehaving",
    ]

    private static let refusals = ["no basic auth credentials", "authorization token has expired", "invalid username/password"]

    static func read(_ text: String) -> PullError? {
        if Phrase.containsAny(text, nodeDisk.needles) { return .nodeDisk }
        // A token that cannot be fetched because its server is away is no question of credentials.
        if Phrase.containsAny(text, connection) && !Phrase.containsAny(text, malformed.needles) { return .unreachable }
        // Some registries say both that it may not exist and, further on, that the credentials are none.
        if Phrase.containsAny(text, refusals) { return .unauthorized }
        return allCases.first { Phrase.containsAny(text, $0.needles) }
    }

    /// The error in lower case, without the name of the image.
    static func words(_ text: String, image: String) -> String {
        var result = text.lowercased()
        let name = ImageName(image)
        let path = name.repository.split(separator: "/").dropFirst(name.registry == "docker.io" ? 0 : 1).joined(separator: "/")
        for part in [image, name.repository, path] where part.count > 3 { result = result.replacing(part.lowercased(), with: "<image>") }
        return result
    }
}

/// Decides why an image does not come, from the words of the error and what stands around them.
struct PullVerdict {
    struct Answer {
        var cause: CauseCode
        var words: String
        var confidence: Double
        var reason: String
        var against: String?
        var secret: String?
        /// What would fit.
        var expected: String?
        var isOfNode = false
    }

    let container: ContainerCase
    let reason: String
    let text: String
    let missingSecret: String?

    private var image: ImageName { ImageName(container.container.image) }
    private var earlierImage: String? {
        container.earlier.map(\.image).flatMap { $0 == container.container.image ? nil : $0 }
    }

    var answer: Answer {
        switch reason {
        case "InvalidImageName": return malformed
        case "ErrImageNeverPull":
            return Answer(
                cause: .imageNeverPull, words: "is not on the node, and its pull policy is Never", confidence: 0.96,
                reason: "the kubelet refuses to pull")
        case "SignatureValidationFailed":
            return Answer(
                cause: .admissionDenied, words: "fails the node's signature policy", confidence: 0.7,
                reason: "the runtime refuses the image's signature")
        default: break
        }
        guard let error = PullError.read(text) else { return reason == "RegistryUnavailable" ? unreachable : withoutText }
        return answer(error)
    }

    private func answer(_ error: PullError) -> Answer {
        switch error {
        case .malformed: malformed
        case .platform:
            Answer(
                cause: .imageArchitectureMismatch, words: "has no build for the node's architecture", confidence: 0.93,
                reason: "the registry has no manifest for this platform")
        case .rateLimit:
            Answer(
                cause: .registryUnavailable, words: "cannot be pulled: the registry limits the rate of pulls", confidence: 0.92,
                reason: "the registry answers 429")
        case .ambiguous: deniedOrAbsent
        case .unauthorized: unauthorized
        case .untrusted:
            Answer(
                cause: .registryUnavailable, words: "cannot be pulled: the node does not trust the registry", confidence: 0.9,
                reason: "the TLS connection to the registry fails")
        case .absent:
            Answer(
                cause: .imageNotFound, words: "is not in the registry (wrong name or tag)", confidence: 0.96,
                reason: "the registry answers that it does not have it", expected: earlierImage)
        case .unreachable: unreachable
        case .nodeDisk:
            Answer(
                cause: .nodeDiskPressure, words: "cannot be stored: the node's disk is full", confidence: 0.8,
                reason: "the node has no space for images", isOfNode: true)
        }
    }

    private var malformed: Answer {
        Answer(
            cause: .invalidImageName, words: "is no valid image reference", confidence: 0.97,
            reason: "the kubelet cannot parse the reference", expected: earlierImage)
    }

    private var unreachable: Answer {
        Answer(
            cause: .registryUnavailable, words: "cannot be pulled: registry \(image.registry) does not answer", confidence: 0.93,
            reason: "the connection to the registry fails")
    }

    private var unauthorized: Answer {
        let words = missingSecret.map { "is refused by the registry: pull secret \($0) does not exist" }
        return Answer(
            cause: .imagePullUnauthorized, words: words ?? "is refused by the registry: the pull credentials are missing or wrong",
            confidence: 0.94, reason: "the registry rejects the pull as unauthorized",
            secret: missingSecret ?? container.pod.spec.imagePullSecrets.first)
    }

    // Public registries hide whether a repository is absent or private behind one answer.
    private var deniedOrAbsent: Answer {
        let secrets = container.pod.spec.imagePullSecrets
        if image.isOfficial {
            return Answer(
                cause: .imageNotFound, words: "is not in the registry: Docker Hub has no official image of this name", confidence: 0.9,
                reason: "images without a user are public, so a refusal means that there is none", expected: earlierImage)
        }
        if secrets.isEmpty, let earlier = earlierImage.map(ImageName.init), earlier.repository != image.repository,
            earlier.registry == image.registry
        {
            return Answer(
                cause: .imageNotFound, words: "is not in the registry: the repository differs from the earlier \(earlier.text)",
                confidence: 0.75, reason: "the earlier revision pulled from another repository of the same registry without credentials",
                against: "the registry gives the same answer for a private repository", expected: earlier.text)
        }
        return Answer(
            cause: .imagePullUnauthorized, words: "is refused by the registry: it is private, or does not exist",
            confidence: missingSecret == nil ? 0.7 : 0.9,
            reason: missingSecret.map { "pull secret \($0) does not exist" } ?? "the registry denies access",
            against: "the registry gives the same answer for a repository that does not exist", secret: missingSecret ?? secrets.first)
    }

    /// Nothing but `Back-off pulling image`: what stands around it has to tell.
    private var withoutText: Answer {
        let unknown = "the text of the pull error is not in the evidence, so it may be a matter of credentials or network"
        if reason == "ImageInspectError" {
            return Answer(
                cause: .containerRuntimeDown, words: "cannot be inspected by the node's runtime", confidence: 0.5,
                reason: "the runtime cannot read its image store", isOfNode: true)
        }
        if let missingSecret {
            return Answer(
                cause: .imagePullUnauthorized, words: "cannot be pulled, and its pull secret \(missingSecret) does not exist",
                confidence: 0.75, reason: "the pull secret is missing", against: unknown, secret: missingSecret)
        }
        if let earlier = earlierImage, ImageName(earlier).registry == image.registry {
            return Answer(
                cause: .imageNotFound, words: "cannot be pulled, while the revision before ran \(earlier)", confidence: 0.7,
                reason: "the image reference was changed, and the same registry served the earlier one", against: unknown,
                expected: earlier)
        }
        if isRegistryShared {
            return Answer(
                cause: .registryUnavailable, words: "cannot be pulled, and no other image of registry \(image.registry) either",
                confidence: 0.55, reason: "different images of the same registry fail alike", against: unknown)
        }
        return Answer(cause: .imageNotFound, words: "cannot be pulled", confidence: 0.5, reason: "the pull fails", against: unknown)
    }

    /// Whether another workload waits for another image of the same registry too.
    private var isRegistryShared: Bool {
        container.context.view.pods.items.contains { pod in
            container.context.view.workload(of: pod) != container.workload.reference
                && pod.spec.allContainers.contains { other in
                    let waiting = pod.status(of: other)?.waiting?.reason
                    return (waiting == "ImagePullBackOff" || waiting == "ErrImagePull")
                        && ImageName(other.image).registry == image.registry && ImageName(other.image).repository != image.repository
                }
        }
    }
}
