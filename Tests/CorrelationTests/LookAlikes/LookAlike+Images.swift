import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Images that do not come: one back-off, and many reasons.
    static let images: [LookAlike] = [
        LookAlike(
            cause: .imageNotFound, object: web, details: ["container": "web", "image": image],
            fault: { pulling(image, unresolved(image, "\(image): not found", code: "NotFound")) },
            twinIs: "an image behind a login", twinCause: .imagePullUnauthorized,
            twin: { pulling(image, unresolved(image, "\(token): 401 Unauthorized")) }),
        LookAlike(
            cause: .imageNotFound, object: web, details: ["image": "registry.example.com/shop/wbe:2.4.1"],
            fault: {
                let wrong = "registry.example.com/shop/wbe:2.4.1"
                let error = "initializing source docker://\(wrong): reading manifest 2.4.1 in registry.example.com/shop/wbe: name unknown"
                return pulling(wrong, "\(error): repository name not known to registry")
            },
            twinIs: "a registry whose own name is not found", twinCause: .registryUnavailable,
            twin: {
                let wrong = "registry.exmaple.com/shop/web:2.4.1"
                let request = "failed to do request: Head \"https://registry.exmaple.com/v2/shop/web/manifests/2.4.1\""
                return pulling(wrong, unresolved(wrong, "\(request): dial tcp: lookup registry.exmaple.com on 192.0.2.53:53: no such host"))
            }),
        LookAlike(
            cause: .imagePullUnauthorized, object: web, details: ["image": image, "reference": "regcred"],
            fault: { pulling(image, unresolved(image, "\(token): 401 Unauthorized"), missing: "regcred") },
            twinIs: "a pull Secret that is missing while the pull works without", twinCause: nil,
            twin: {
                var cluster = ClusterBuilder()
                let pods = cluster.deployment("web", template(image, secret: "regcred"), pods: [.running])
                cluster.service("web", port: 8080)
                withoutSecret("regcred", pods[0], &cluster)
                return cluster
            }),
        LookAlike(
            cause: .imagePullUnauthorized, object: web, details: ["image": "docker.io/acme/web:2.4.1"],
            fault: {
                let refusal = "failed to authorize: failed to fetch oauth token: unexpected status from POST request to"
                return pulling(hubImage, unresolved(hubImage, "\(refusal) https://auth.docker.io/token: 401 Unauthorized"))
            },
            twinIs: "a registry that limits pulls without a login", twinCause: .registryUnavailable,
            twin: {
                let limit = "toomanyrequests: You have reached your unauthenticated pull rate limit."
                let status = "unexpected status from HEAD request to https://registry-1.docker.io/v2/acme/web/manifests/2.4.1"
                let words = "\(status): 429 Too Many Requests - Server message: \(limit) https://www.docker.com/increase-rate-limit"
                return pulling(hubImage, unresolved(hubImage, words))
            }),
        LookAlike(
            cause: .registryUnavailable, object: web, details: ["image": image, "registry": "registry.example.com"],
            fault: {
                let request = "failed to fetch anonymous token: Get \"https://registry.example.com/token?service=registry\""
                return pulling(image, unresolved(image, "failed to authorize: \(request): dial tcp 203.0.113.7:443: i/o timeout"))
            },
            twinIs: "a token that the registry refuses", twinCause: .imagePullUnauthorized,
            twin: { pulling(image, unresolved(image, "\(token): 403 Forbidden")) }),
        LookAlike(
            cause: .imageArchitectureMismatch, object: web, details: ["image": image],
            fault: {
                let error = "failed to pull and unpack image \"\(image)\": no match for platform in manifest: not found"
                return pulling(image, "rpc error: code = NotFound desc = \(error)", architecture: "arm64")
            },
            twinIs: "a tag that is absent for every platform", twinCause: .imageNotFound,
            twin: { pulling(image, unresolved(image, "\(image): not found", code: "NotFound"), architecture: "arm64") }),
        LookAlike(
            cause: .imageArchitectureMismatch, object: web, details: ["container": "web"],
            fault: { executing("exec /usr/local/bin/web: exec format error", architecture: "arm64") },
            twinIs: "a command that is not in the image", twinCause: .commandNotRunnable,
            twin: { executing("exec /usr/local/bin/web: no such file or directory", architecture: "arm64") }),
        LookAlike(
            cause: .invalidImageName, object: web, details: ["image": "registry.example.com/shop/web:${VERSION}"],
            fault: {
                let wrong = "registry.example.com/shop/web:${VERSION}"
                let error = "couldn't parse image name \"\(wrong)\": invalid reference format"
                return pulling(wrong, "Failed to apply default image tag \"\(wrong)\": \(error)", waiting: "InvalidImageName")
            },
            twinIs: "a placeholder that happens to be a valid tag", twinCause: .imageNotFound,
            twin: {
                let wrong = "registry.example.com/shop/web:VERSION"
                return pulling(wrong, unresolved(wrong, "\(wrong): not found", code: "NotFound"))
            }),
        LookAlike(
            cause: .imageNeverPull, object: web, details: ["image": "web:dev"],
            fault: {
                let error = "Container image \"web:dev\" is not present with pull policy of Never"
                return pulling("web:dev", error, waiting: "ErrImageNeverPull", policy: "Never")
            },
            twinIs: "a local image that the node goes and asks Docker Hub for", twinCause: .imageNotFound,
            twin: {
                let denied = "pull access denied, repository does not exist or may require authorization"
                let words = "\(denied): server message: insufficient_scope: authorization failed"
                return pulling("web:dev", unresolved("docker.io/library/web:dev", words))
            }),
    ]
}

private let web = "Deployment shop/web"
private let image = "registry.example.com/shop/web:2.4.1"
private let hubImage = "docker.io/acme/web:2.4.1"
private let token =
    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://registry.example.com/token"

/// The words of containerd around the answer of a registry.
private func unresolved(_ image: String, _ answer: String, code: String = "Unknown") -> String {
    let reference = "failed to pull and unpack image \"\(image)\": failed to resolve reference \"\(image)\""
    return "rpc error: code = \(code) desc = \(reference): \(answer)"
}

private func template(_ image: String, secret: String? = nil, policy: String = "IfNotPresent") -> TemplateShape {
    let container = ContainerShape("web", image: image, ports: [8080], more: ["imagePullPolicy": .string(policy)])
    var template = TemplateShape([container])
    if let secret { template.more["imagePullSecrets"] = [["name": .string(secret)]] }
    return template
}

private func withoutSecret(_ name: String, _ pod: String, _ cluster: inout ClusterBuilder) {
    cluster.event(
        "FailedToRetrieveImagePullSecret", about: ObjectReference(kind: "Pod", namespace: "shop", name: pod),
        "Unable to retrieve some image pull secrets (\(name)); attempting to pull the image may not succeed.", count: 12)
}

/// A Deployment `web` whose pod waits for its image, with all that the kubelet says of it.
/// - Parameter missing: name of a pull Secret that does not exist.
private func pulling(
    _ image: String, _ error: String, waiting reason: String = "ImagePullBackOff", missing: String? = nil,
    policy: String = "IfNotPresent", architecture: String = "amd64"
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.change(.nodes, "worker-1", ["status": ["nodeInfo": ["architecture": .string(architecture)]]])
    let backOff = "Back-off pulling image \"\(image)\""
    let isPull = reason == "ImagePullBackOff"
    let pods = cluster.deployment(
        "web", template(image, secret: missing, policy: policy),
        pods: [.waiting(reason, isPull ? "\(backOff): ErrImagePull: \(error)" : error)])
    cluster.service("web", port: 8080)
    let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
    if let missing { withoutSecret(missing, pods[0], &cluster) }
    let event = isPull ? "Failed" : reason == "InvalidImageName" ? "InspectFailed" : reason
    cluster.event(event, about: pod, isPull ? "Failed to pull image \"\(image)\": \(error)" : error, count: 4, container: "web")
    cluster.event("Failed", about: pod, "Error: \(isPull ? "ErrImagePull" : reason)", count: 4, container: "web")
    if isPull { cluster.event("BackOff", about: pod, backOff, type: "Normal", count: 20, container: "web") }
    return cluster
}

/// A Deployment `web` whose image comes, and whose command ends at once with these words.
private func executing(_ words: String, architecture: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.change(.nodes, "worker-1", ["status": ["nodeInfo": ["architecture": .string(architecture)]]])
    let container = ContainerShape("web", image: image, command: ["/usr/local/bin/web"], ports: [8080])
    cluster.deployment("web", TemplateShape([container]), pods: [.crashLooping(.init(255, afterSeconds: 0))])
    cluster.service("web", port: 8080)
    cluster.log("web", previous: true, words)
    return cluster
}
