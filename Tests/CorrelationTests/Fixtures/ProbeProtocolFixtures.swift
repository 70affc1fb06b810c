import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// gRPC probes of programs that speak HTTP: the kubelet says of them what it says of a port where nobody listens.
@Suite struct ProbeProtocolFixtures {
    private static let silence =
        "Readiness probe failed: timeout: failed to connect service \"10.244.0.9:8080\" within 1s: context deadline exceeded"

    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A program whose gRPC readiness probe fails, beside a liveness probe of the same port.
    private static func cluster(_ liveness: ProbeShape?, log: String? = nil, complaint: String? = nil) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let container = ContainerShape(
            "cart", ports: [8080], liveness: liveness,
            more: ["readinessProbe": ["grpc": ["port": 8080], "periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3]])
        let pods = cluster.deployment("cart", TemplateShape([container]), pods: [.running(ready: false)])
        cluster.service("cart", port: 8080)
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        for message in [silence, complaint].compactMap({ $0 }) {
            cluster.event("Unhealthy", about: pod, message, count: 140, minutesAgo: 0.2, firstMinutesAgo: 25, container: "cart")
        }
        if let log { cluster.log("cart", log) }
        return cluster
    }

    @Test func `a port that answers HTTP to another probe does not speak gRPC`() throws {
        try Self.ask(Self.cluster(.http("/live", port: 8080))).names(
            .probeMisconfigured, on: "Deployment shop/cart",
            ["probe": "readiness", "field": "protocol", "found": "gRPC", "expected": "HTTP", "port": "8080"])
    }

    @Test func `a port that another probe can open does not speak gRPC`() throws {
        try Self.ask(Self.cluster(.tcp(port: 8080))).names(
            .probeMisconfigured, on: "Deployment shop/cart", ["probe": "readiness", "field": "protocol", "found": "gRPC"])
    }

    @Test func `a port on which nobody listens is a wrong port`() throws {
        try Self.ask(Self.cluster(nil, log: "INFO gRPC server listening on :9090")).names(
            .probeMisconfigured, on: "Deployment shop/cart", ["field": "port", "found": "8080", "expected": "9090"])
    }

    @Test func `two probes that find nobody say nothing of the protocol`() throws {
        let complaint = "Liveness probe failed: dial tcp 10.244.0.9:8080: connect: connection refused"
        let report = try Self.ask(Self.cluster(.tcp(port: 8080), complaint: complaint))
        #expect(!report.confident.contains { $0.details["field"] == "protocol" }, "got \(report.words)")
    }
}
