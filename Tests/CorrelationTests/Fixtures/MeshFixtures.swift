import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Mesh proxies that are not ready or lead astray (G1, G3, G4).
@Suite struct MeshFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static let template = TemplateShape([
        ContainerShape("cart", ports: [8080]),
        ContainerShape(
            "istio-proxy", image: "docker.io/istio/proxyv2:1.22.1", ports: [15090], readiness: .http("/healthz/ready", port: 15021)),
    ])

    private static func shop(proxyReady: Bool) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let names = cluster.deployment("cart", template, pods: [PodShape(others: ["istio-proxy": .running(ready: proxyReady)])])
        cluster.service("cart", port: 8080)
        if !proxyReady {
            for name in names {
                cluster.event(
                    "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: name),
                    "Readiness probe failed: HTTP probe failed with statuscode: 503", count: 200, container: "istio-proxy")
            }
            cluster.log(
                "cart", container: "istio-proxy",
                "2026-11-23T18:58:01.100000Z\twarning\tenvoy config\tStreamAggregatedResources gRPC config stream to xds-grpc closed: 14, connection error: desc = \"transport: Error while dialing: dial tcp 10.96.4.4:15012: connect: connection refused\""
            )
        }
        return cluster
    }

    @Test func `a proxy that is not ready beside a ready program is the cause`() throws {
        try Self.ask(Self.shop(proxyReady: false)).names(
            .meshSidecarFailed, on: "Deployment shop/cart", ["container": "istio-proxy"])
    }

    @Test func `the mesh's control plane without pods is the deeper cause`() throws {
        var cluster = Self.shop(proxyReady: false)
        cluster.namespace("istio-system")
        cluster.deployment(
            "istiod", TemplateShape([ContainerShape("discovery", image: "docker.io/istio/pilot:1.22.11")]),
            pods: [
                .waiting("ImagePullBackOff", "Back-off pulling image \"docker.io/istio/pilot:1.22.11\": ErrImagePull: not found")
            ], in: "istio-system")
        let report = try Self.ask(cluster, "cart is down")
        try report.names(.imageNotFound, on: "Deployment istio-system/istiod")
    }

    @Test func `requests to a subset that does not exist are found in the proxy's log`() throws {
        var cluster = Self.shop(proxyReady: true)
        let line =
            #"[2026-11-23T18:58:01.100Z] "GET /items HTTP/1.1" 503 NC cluster_not_found - "-" 0 0 0 - "-" "curl" "x" "orders:8080" "-" outbound|8080|v2|orders.shop.svc.cluster.local - 10.96.0.9:8080 10.244.0.8:40000 - -"#
        cluster.log("cart", container: "istio-proxy", (0..<5).map { _ in line }.joined(separator: "\n"))
        try Self.ask(cluster).names(
            .meshSidecarFailed, on: "Deployment shop/cart",
            ["reason": "NC", "host": "orders.shop.svc.cluster.local", "port": "8080", "container": "istio-proxy"])
    }

    @Test func `a ready proxy that logs good requests is silent`() throws {
        var cluster = Self.shop(proxyReady: true)
        let line = #"[2026-11-23T18:58:01.100Z] "GET /items HTTP/1.1" 200 - via_upstream - "-" 0 512 3 3 "-" "curl" "x" "orders:8080""#
        cluster.log("cart", container: "istio-proxy", (0..<50).map { _ in line }.joined(separator: "\n"))
        try Self.ask(cluster).isSilent()
    }

    @Test func `a program that is not ready beside a ready proxy is no fault of the mesh`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.template, pods: [.running(ready: false)])
        cluster.service("cart", port: 8080)
        try Self.ask(cluster).doesNotClaim(.meshSidecarFailed)
    }
}
