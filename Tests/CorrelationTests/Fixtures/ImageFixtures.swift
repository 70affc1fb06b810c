import IncidentModel
import TestSupport
import Testing

/// Images that cannot be pulled, in the words of dockershim, containerd 1.x and 2.x and CRI-O.
@Suite struct ImageFixtures {
    struct Pull: Sendable, CustomTestStringConvertible {
        let cause: CauseCode
        let image: String
        let message: String
        var waiting = "ErrImagePull"
        var details: [String: String] = [:]
        var testDescription: String { "\(cause.rawValue): \(message.prefix(110))" }
    }

    static let pulls: [Pull] = [
        // Not there.
        .init(
            cause: .imageNotFound, image: "redis:7.2.99",
            message:
                #"rpc error: code = Unknown desc = Error response from daemon: manifest for redis:7.2.99 not found: manifest unknown: manifest unknown"#
        ),
        .init(
            cause: .imageNotFound, image: "docker.io/library/redis:7.2.99",
            message:
                #"rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/redis:7.2.99": failed to resolve reference "docker.io/library/redis:7.2.99": docker.io/library/redis:7.2.99: not found"#
        ),
        .init(
            cause: .imageNotFound, image: "quay.io/acme/cart:v9",
            message: #"reading manifest v9 in quay.io/acme/cart: manifest unknown: manifest unknown"#),
        .init(
            cause: .imageNotFound, image: "quay.io/acme/cart:v9",
            message: #"rpc error: code = Unknown desc = Error reading manifest v9 in quay.io/acme/cart: manifest unknown: manifest unknown"#
        ),
        .init(
            cause: .imageNotFound, image: "ghcr.io/acme/cart:v9",
            message:
                #"initializing source docker://ghcr.io/acme/cart:v9: reading manifest v9 in ghcr.io/acme/cart: name unknown: repository name not known to registry"#
        ),
        .init(
            cause: .imageNotFound, image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cart:v9",
            message:
                #"rpc error: code = NotFound desc = failed to pull and unpack image "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cart:v9": failed to resolve reference "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cart:v9": 123456789012.dkr.ecr.eu-west-1.amazonaws.com/cart:v9: not found"#,
            waiting: "ImagePullBackOff"),
        .init(
            cause: .imageNotFound, image: "gcr.io/acme/cart:v9",
            message:
                #"rpc error: code = Unknown desc = Error response from daemon: manifest for gcr.io/acme/cart:v9 not found: manifest unknown: Failed to fetch "v9" from request "/v2/acme/cart/manifests/v9"."#
        ),
        .init(
            cause: .imageNotFound,
            image: "registry.example.com/cart@sha256:0000000000000000000000000000000000000000000000000000000000000000",
            message:
                #"rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/cart@sha256:0000000000000000000000000000000000000000000000000000000000000000": failed to resolve reference: not found"#
        ),
        .init(
            cause: .imageNotFound, image: "redis:7.2.99",
            message:
                #"Back-off pulling image "redis:7.2.99": ErrImagePull: failed to pull and unpack image "docker.io/library/redis:7.2.99": failed to resolve reference "docker.io/library/redis:7.2.99": docker.io/library/redis:7.2.99: not found"#,
            waiting: "ImagePullBackOff"),
        // Refused.
        .init(
            cause: .imagePullUnauthorized, image: "registry.example.com/acme/cart:1",
            message:
                #"rpc error: code = Unknown desc = failed to pull and unpack image "registry.example.com/acme/cart:1": failed to resolve reference "registry.example.com/acme/cart:1": unexpected status from HEAD request to https://registry.example.com/v2/acme/cart/manifests/1: 401 Unauthorized"#,
            details: ["registry": "registry.example.com"]),
        .init(
            cause: .imagePullUnauthorized, image: "registry.example.com/acme/cart:1",
            message:
                #"failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://registry.example.com/token?scope=repository%3Aacme%2Fcart%3Apull: 403 Forbidden"#,
            details: ["registry": "registry.example.com"]),
        .init(
            cause: .imagePullUnauthorized, image: "acme/cart:1",
            message:
                #"rpc error: code = Unknown desc = Error response from daemon: Get https://registry-1.docker.io/v2/acme/cart/manifests/1: unauthorized: incorrect username or password"#
        ),
        .init(
            cause: .imagePullUnauthorized, image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cart:1",
            message:
                #"rpc error: code = Unknown desc = Error response from daemon: Get "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/v2/cart/manifests/1": no basic auth credentials"#
        ),
        .init(
            cause: .imagePullUnauthorized, image: "ghcr.io/acme/cart:1",
            message:
                #"initializing source docker://ghcr.io/acme/cart:1: reading manifest 1 in ghcr.io/acme/cart: denied: requested access to the resource is denied"#,
            details: ["registry": "ghcr.io"]),
        .init(
            cause: .imagePullUnauthorized, image: "gcr.io/acme/cart:1",
            message:
                #"failed to resolve reference "gcr.io/acme/cart:1": failed to authorize: failed to fetch oauth token: unexpected status: 403 Forbidden"#
        ),
        .init(
            cause: .imagePullUnauthorized, image: "quay.io/acme/cart:1",
            message:
                #"unable to retrieve auth token: invalid username/password: unauthorized: Could not find robot with specified username"#),
        // Registry away.
        .init(
            cause: .registryUnavailable, image: "registry.internal:5000/cart:1",
            message:
                #"rpc error: code = Unknown desc = failed to pull and unpack image "registry.internal:5000/cart:1": failed to resolve reference "registry.internal:5000/cart:1": failed to do request: Head "https://registry.internal:5000/v2/cart/manifests/1": dial tcp: lookup registry.internal on 10.0.0.2:53: no such host"#,
            details: ["registry": "registry.internal:5000"]),
        .init(
            cause: .registryUnavailable, image: "docker.io/library/nginx:1.27",
            message:
                #"failed to pull and unpack image "docker.io/library/nginx:1.27": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:abc: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit"#
        ),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message:
                #"failed to do request: Head "https://registry.internal/v2/cart/manifests/1": tls: failed to verify certificate: x509: certificate signed by unknown authority"#,
            details: ["registry": "registry.internal"]),
        .init(
            cause: .registryUnavailable, image: "registry.internal:5000/cart:1",
            message:
                #"Error response from daemon: Get "https://registry.internal:5000/v2/": http: server gave HTTP response to HTTPS client"#),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message:
                #"rpc error: code = DeadlineExceeded desc = failed to pull and unpack image "registry.internal/cart:1": failed to resolve reference "registry.internal/cart:1": failed to do request: Head "https://registry.internal/v2/cart/manifests/1": dial tcp 10.9.8.7:443: i/o timeout"#
        ),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message:
                #"pinging container registry registry.internal: Get "https://registry.internal/v2/": dial tcp 10.9.8.7:443: connect: connection refused"#
        ),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message: #"unexpected status from HEAD request to https://registry.internal/v2/cart/manifests/1: 503 Service Unavailable"#),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message:
                #"Error response from daemon: Get "https://registry.internal/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)"#
        ),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message: #"image pull failed for registry.internal/cart:1 because the registry is unavailable"#, waiting: "RegistryUnavailable"),
        .init(
            cause: .registryUnavailable, image: "registry.internal/cart:1",
            message:
                #"failed to do request: Head "https://registry.internal/v2/cart/manifests/1": x509: certificate has expired or is not yet valid: current time 2026-11-23T18:00:00Z is after 2026-11-01T00:00:00Z"#
        ),
        // Wrong processor.
        .init(
            cause: .imageArchitectureMismatch, image: "registry.example.com/cart:1",
            message:
                #"rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/cart:1": no match for platform in manifest: not found"#
        ),
        .init(
            cause: .imageArchitectureMismatch, image: "registry.example.com/cart:1",
            message:
                #"rpc error: code = Unknown desc = Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries"#
        ),
        .init(
            cause: .imageArchitectureMismatch, image: "registry.example.com/cart:1",
            message:
                #"choosing an image from manifest list docker://registry.example.com/cart:1: no image found in manifest list for architecture "arm64", variant "v8", OS "linux""#
        ),
        // Malformed.
        .init(
            cause: .invalidImageName, image: "registry.example.com/Cart:1",
            message:
                #"Failed to apply default image tag "registry.example.com/Cart:1": couldn't parse image name "registry.example.com/Cart:1": invalid reference format: repository name (Cart) must be lowercase"#,
            waiting: "InvalidImageName"),
        .init(
            cause: .invalidImageName, image: "registry.example.com/cart:${TAG}",
            message:
                #"Failed to apply default image tag "registry.example.com/cart:${TAG}": couldn't parse image reference "registry.example.com/cart:${TAG}": invalid reference format"#,
            waiting: "InvalidImageName"),
        // Never pulled.
        .init(
            cause: .imageNeverPull, image: "cart:dev", message: #"Container image "cart:dev" is not present with pull policy of Never"#,
            waiting: "ErrImageNeverPull"),
    ]

    private func cluster(_ pull: Pull, waitingMessage: Bool = true, event: Bool = true) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment(
            "cart", TemplateShape([ContainerShape("web", image: pull.image, ports: [8080])]),
            pods: [.waiting(pull.waiting, waitingMessage ? pull.message : #"Back-off pulling image "\#(pull.image)""#)])
        cluster.service("cart", port: 8080)
        if event {
            let reason =
                pull.waiting == "InvalidImageName" ? "InspectFailed" : pull.waiting == "ErrImageNeverPull" ? pull.waiting : "Failed"
            let text = reason == "Failed" ? #"Failed to pull image "\#(pull.image)": \#(pull.message)"# : pull.message
            let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
            cluster.event(reason, about: pod, text, count: 4, container: "web")
            cluster.event("Failed", about: pod, "Error: \(pull.waiting)", count: 4, container: "web")
            cluster.event("BackOff", about: pod, #"Back-off pulling image "\#(pull.image)""#, type: "Normal", count: 20, container: "web")
        }
        return cluster
    }

    @Test(arguments: pulls) func `the waiting message alone tells why`(_ pull: Pull) throws {
        let expected = pull.details.merging(["container": "web", "image": pull.image]) { $1 }
        try ContainerFixture.expect(pull.cause, expected, level: .high, in: cluster(pull, event: false))
    }

    @Test(arguments: pulls.filter { $0.waiting == "ErrImagePull" })
    func `an older kubelet tells it in the event alone`(_ pull: Pull) throws {
        let older = Pull(cause: pull.cause, image: pull.image, message: pull.message, waiting: "ImagePullBackOff", details: pull.details)
        try ContainerFixture.expect(pull.cause, ["container": "web", "image": pull.image], in: cluster(older, waitingMessage: false))
    }

    @Test func `a back-off without any other text names no exact cause with confidence`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("web", image: "acme/cart:1.4")]),
            pods: [.waiting("ImagePullBackOff", #"Back-off pulling image "acme/cart:1.4""#)])
        let report = try diagnose(cluster.evidence(), "cart is down", namespace: "shop")
        #expect(report.rootCauses.allSatisfy { $0.level < .high }, "got \(report.words)")
        let first = try #require((report.rootCauses + report.alternatives).first)
        #expect([.imageNotFound, .imagePullUnauthorized, .registryUnavailable].contains(first.cause))
        #expect(first.object.name == "cart")
    }

    @Test func `a back-off after the tag was changed from one that ran is most likely a wrong tag`() throws {
        var cluster = ClusterBuilder()
        let old = TemplateShape([ContainerShape("web", image: "acme/cart:1.4")])
        let new = TemplateShape([ContainerShape("web", image: "acme/cart:1.4-rc9")])
        cluster.deployment("cart", new, pods: [.waiting("ImagePullBackOff", #"Back-off pulling image "acme/cart:1.4-rc9""#)], revision: 2)
        cluster.replicaSet(of: "cart", old, pods: [.running], revision: 1)
        try ContainerFixture.expect(.imageNotFound, ["image": "acme/cart:1.4-rc9"], in: cluster)
    }

    @Test func `access denied with credentials that exist may be a wrong name, without any it is unauthorised`() throws {
        let text =
            #"rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/acme/cart:1": failed to resolve reference "docker.io/acme/cart:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"#
        let pull = Pull(cause: .imagePullUnauthorized, image: "acme/cart:1", message: text)
        let report = try diagnose(cluster(pull).evidence(), ContainerFixture.vague, namespace: "shop")
        let first = try #require(report.rootCauses.first)
        #expect([.imagePullUnauthorized, .imageNotFound].contains(first.cause))
    }

    @Test func `a public library image that was mistyped is not found`() throws {
        let text =
            #"Error response from daemon: pull access denied for ngnix, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"#
        let pull = Pull(cause: .imageNotFound, image: "ngnix", message: text)
        let report = try diagnose(cluster(pull).evidence(), ContainerFixture.vague, namespace: "shop")
        let first = try #require(report.rootCauses.first)
        #expect(first.cause == .imageNotFound, "got \(report.words)")
    }

    @Test func `a pull secret that does not exist is named`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape(
            [ContainerShape("web", image: "registry.example.com/acme/cart:1")], more: ["imagePullSecrets": [["name": "regcred"]]])
        let pods = cluster.deployment(
            "cart", template,
            pods: [
                .waiting("ImagePullBackOff", #"Back-off pulling image "registry.example.com/acme/cart:1""#)
            ])
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "FailedToRetrieveImagePullSecret", about: pod,
            "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.", count: 5)
        cluster.event(
            "Failed", about: pod,
            #"Failed to pull image "registry.example.com/acme/cart:1": rpc error: code = Unknown desc = failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized"#,
            count: 3, container: "web")
        try ContainerFixture.expect(
            .imagePullUnauthorized, ["reference": "regcred", "registry": "registry.example.com"], level: .high, in: cluster)
    }

    @Test func `an exec format error is a matter of architecture, not of the command`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.crashLooping(.init(255, afterSeconds: 0))])
        cluster.log("cart", previous: true, "exec /usr/local/bin/cart: exec format error")
        try ContainerFixture.expect(.imageArchitectureMismatch, in: cluster)
    }

    @Test func `an init container and a sidecar are named as the ones whose image is missing`() throws {
        var cluster = ClusterBuilder()
        let text = #"failed to resolve reference "docker.io/library/busybox:9.9": docker.io/library/busybox:9.9: not found"#
        let template = TemplateShape([ContainerShape("web")], initContainers: [ContainerShape("wait", image: "busybox:9.9")])
        cluster.statefulSet(
            "cart", template,
            pods: [PodShape(.waiting("PodInitializing"), others: ["wait": .waiting("ErrImagePull", text)])])
        try ContainerFixture.expect(.imageNotFound, on: "StatefulSet", "cart", ["container": "wait", "image": "busybox:9.9"], in: cluster)
    }

    @Test func `a Job and a CronJob are reported as the owner`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report", TemplateShape([ContainerShape("report", image: "acme/report:2")]))
        let cron = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")
        cluster.job(
            "report-29403", TemplateShape([ContainerShape("report", image: "acme/report:2")], more: ["restartPolicy": "Never"]),
            pods: [.waiting("ErrImagePull", "failed to resolve reference \"docker.io/acme/report:2\": docker.io/acme/report:2: not found")],
            owner: cron)
        try ContainerFixture.expect(.imageNotFound, on: "CronJob", "report", in: cluster)
    }

    @Test func `an image that was pulled after a retry is history`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart")
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "Failed", about: pod, #"Failed to pull image "registry.example.com/app:1.0.0": dial tcp 10.9.8.7:443: i/o timeout"#,
            minutesAgo: 29, container: "cart")
        cluster.event("Pulled", about: pod, "Successfully pulled image", type: "Normal", minutesAgo: 28, container: "cart")
        cluster.service("cart")
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test func `a full disk of the node is no fault of the image`() throws {
        let text =
            #"failed to pull and unpack image "docker.io/acme/cart:1": failed to extract layer sha256:abc: write /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/9/fs/app: no space left on device: unknown"#
        try ContainerFixture.expectNot(
            [.imageNotFound, .imagePullUnauthorized, .registryUnavailable],
            in: cluster(Pull(cause: .nodeDiskPressure, image: "acme/cart:1", message: text)))
    }
}

extension ContainerFixture {
    @discardableResult
    static func expect(
        _ cause: CauseCode, _ details: [String: String], level: ConfidenceLevel = .medium, in cluster: ClusterBuilder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> RootCause? {
        try expect(cause, on: "Deployment", "cart", details, level: level, in: cluster, sourceLocation: sourceLocation)
    }
}
