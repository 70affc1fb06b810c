import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Errors that a program passes on, that name nobody, or that lead past Services to single pods and out of the cluster.
@Suite struct RelayedErrorFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    private static func repeated(_ line: String) -> String { Array(repeating: line, count: 6).joined(separator: "\n") }

    /// A Deployment with these settings that logs this; one that is not Ready suffers visibly.
    private static func client(
        _ name: String, _ env: [String: String], ready: Bool = true, _ line: String?, in cluster: inout ClusterBuilder
    ) {
        cluster.deployment(name, TemplateShape([ContainerShape(name, env: env, ports: [8080])]), pods: [.running(ready: ready)])
        cluster.service(name, port: 8080)
        if let line { cluster.log(name, repeated(line)) }
    }

    // MARK: Passed on

    private static let ledger = "dial tcp ledger.corp.example.com:7000: connect: connection refused"

    @Test func `an error that a caller passes on belongs to the callee that is configured to make the call`() throws {
        var cluster = ClusterBuilder()
        Self.client(
            "front", ["API_URL": "http://api:8080"], "ERROR order failed: rpc error: code = Internal desc = \(Self.ledger)", in: &cluster)
        Self.client("api", ["LEDGER_ADDR": "ledger.corp.example.com:7000"], ready: false, "ERROR \(Self.ledger)", in: &cluster)
        let report = try Self.ask(cluster)
        try report.names(.dependencyUnreachable, on: "Deployment shop/api", ["host": "ledger.corp.example.com", "port": "7000"])
        #expect(!report.rootCauses.contains { $0.object.name == "front" }, "got \(report.words)")
    }

    @Test func `an error about a host that no callee knows is the caller's own`() throws {
        var cluster = ClusterBuilder()
        Self.client("front", ["API_URL": "http://api:8080"], ready: false, "ERROR order failed: \(Self.ledger)", in: &cluster)
        Self.client("api", ["STORE_DIR": "/data"], nil, in: &cluster)
        try Self.ask(cluster).names(.dependencyUnreachable, on: "Deployment shop/front", ["host": "ledger.corp.example.com"])
    }

    // MARK: Without a name

    private static func withDatabase(_ cluster: inout ClusterBuilder, _ state: ContainerState = .running) {
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", ports: [5432], limits: ["memory": "64Mi"])]), pods: [PodShape(state)])
        cluster.service("db", port: 5432)
    }

    @Test func `an error that names nobody is about the only host that is barred`() throws {
        var cluster = ClusterBuilder()
        Self.client("worker", ["DB_HOST": "db"], ready: false, "ERROR could not open a session: connection timed out", in: &cluster)
        Self.withDatabase(&cluster)
        cluster.networkPolicy(
            "db-in", for: ["app": "db"],
            ["ingress": [["from": [["podSelector": ["matchLabels": ["role": "api"]]]], "ports": [["port": 5432, "protocol": "TCP"]]]]])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: "NetworkPolicy shop/db-in", ["policy": "db-in", "port": "5432"])
    }

    @Test func `an error that names nobody leaves two hosts outside alike`() throws {
        var cluster = ClusterBuilder()
        Self.client(
            "worker", ["LEDGER_URL": "https://ledger.corp.example.com", "MAIL_URL": "https://mail.corp.example.com"], ready: false,
            "ERROR could not open a session: connection timed out", in: &cluster)
        try Self.ask(cluster).isSilent()
    }

    @Test func `a connection that fails for no reason given leads to the dependency's own fault`() throws {
        var cluster = ClusterBuilder()
        Self.client(
            "api", ["DB_HOST": "db", "DB_PORT": "5432"], ready: false, "ERROR could not connect to db:5432, giving up", in: &cluster)
        Self.withDatabase(&cluster, .crashLooping(.outOfMemory))
        let cause = try Self.ask(cluster).names(.memoryLimitExceeded, on: "StatefulSet shop/db")
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "api")))
    }

    // MARK: Past Services

    /// Service `db` without a selector, whose endpoint somebody wrote down, and a client of it.
    private static func byHand(_ line: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        client("api", ["DB_HOST": "db", "DB_PORT": "5432"], ready: false, line, in: &cluster)
        cluster.service("db", port: 5432, selector: [:])
        cluster.add(
            .endpointSlices, name: "db-by-hand", labels: ["kubernetes.io/service-name": "db"],
            [
                "addressType": "IPv4", "endpoints": [["addresses": ["203.0.113.20"], "conditions": ["ready": true]]],
                "ports": [["port": 5432, "protocol": "TCP"]],
            ])
        return cluster
    }

    @Test func `endpoints that are kept by hand lead out of the cluster`() throws {
        try Self.ask(Self.byHand("FATAL dial tcp db:5432: connect: connection refused")).names(
            .dependencyUnreachable, on: "Deployment shop/api", ["host": "203.0.113.20", "port": "5432", "reference": "db"])
    }

    @Test func `a policy that lets nothing out to endpoints kept by hand is the cause`() throws {
        var cluster = Self.byHand("FATAL dial tcp db:5432: i/o timeout")
        cluster.networkPolicy(
            "api-out", for: ["app": "api"], types: ["Egress"],
            ["egress": [["to": [["ipBlock": ["cidr": "10.0.0.0/8"]]]]]])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: "NetworkPolicy shop/api-out", ["policy": "api-out", "field": "egress"])
    }

    /// A queue of one pod behind a headless Service.
    private static func queue(_ url: String, _ line: String?, _ state: ContainerState = .running) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        client("worker", ["QUEUE_URL": url], ready: line == nil, line, in: &cluster)
        let template = TemplateShape([ContainerShape("queue", ports: [4222])], more: ["subdomain": "queue-peers"])
        cluster.statefulSet("queue", template, pods: [PodShape(state)], more: ["spec": ["serviceName": "queue-peers"]])
        cluster.service(
            "queue-peers", selector: ["app": "queue"],
            more: [
                "clusterIP": "None",
                "ports": [["name": "client", "port": 4222, "protocol": "TCP"], ["name": "routes", "port": 6222, "protocol": "TCP"]],
            ])
        return cluster
    }

    @Test func `a port that a single pod does not have is the client's fault`() throws {
        let line = "ERROR dial tcp queue-0.queue-peers:4223: connect: connection refused"
        try Self.ask(Self.queue("nats://queue-0.queue-peers:4223", line)).names(
            .clientPortMismatch, on: "Deployment shop/worker", ["field": "port", "found": "4223", "expected": "4222"])
    }

    @Test func `a wrong port of a single pod is found without a log`() throws {
        try Self.ask(Self.queue("nats://queue-0.queue-peers:4223", nil)).names(
            .clientPortMismatch, on: "Deployment shop/worker", ["found": "4223", "key": "QUEUE_URL"])
    }

    @Test func `a port that only the governing Service names is silent`() throws {
        try Self.ask(Self.queue("nats://queue-0.queue-peers:6222", nil)).isSilent()
    }

    @Test func `the right port of a pod that is down leads to the pod`() throws {
        let line = "ERROR dial tcp queue-0.queue-peers:4222: connect: connection refused"
        try Self.ask(Self.queue("nats://queue-0.queue-peers:4222", line, .crashLooping(.outOfMemory))).names(
            .memoryLimitExceeded, on: "StatefulSet shop/queue")
    }
}
