import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// What a mesh proxy cannot reach for its own work is the mesh's trouble, and not that of the program beside it (G1).
@Suite struct MeshProxyFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A program that is not Ready beside a proxy that is; this container logs this.
    private static func cluster(_ container: String, _ line: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let template = TemplateShape([
            ContainerShape("cart", ports: [8080]),
            ContainerShape("istio-proxy", image: "docker.io/istio/proxyv2:1.22.1", ports: [15090]),
        ])
        cluster.deployment("cart", template, pods: [.running(ready: false)])
        cluster.service("cart", port: 8080)
        cluster.log("cart", container: container, Array(repeating: line, count: 8).joined(separator: "\n"))
        return cluster
    }

    private static let untrusted = "tls: failed to verify certificate: x509: certificate signed by unknown authority"

    @Test func `a proxy that does not trust its control plane is the mesh's trouble`() throws {
        let line =
            "2026-11-23T18:58:01.100000Z\twarning\tenvoy config\tStreamAggregatedResources gRPC config stream to xds-grpc closed: 14, connection error: desc = \"transport: authentication handshake failed: \(Self.untrusted)\""
        let report = try Self.ask(Self.cluster("istio-proxy", line))
        try report.names(
            .meshSidecarFailed, on: "Deployment shop/cart", ["container": "istio-proxy", "reason": "CertificateInvalid"],
            saying: ["mesh proxy"])
        report.doesNotClaim(.certificateInvalid)
    }

    @Test func `a program that does not trust its server is no trouble of the mesh`() throws {
        let report = try Self.ask(Self.cluster("cart", "ERROR Get \"https://rates.example.com/eur\": \(Self.untrusted)"))
        try report.names(.certificateInvalid, on: "Deployment shop/cart", ["container": "cart"])
        report.doesNotClaim(.meshSidecarFailed)
    }
}
