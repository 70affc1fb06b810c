import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Paths that are slow or lose packets, by the time that TCP probes of Services take (N26).
@Suite struct PathDelayFixtures {
    private static let nodes = ["worker-1", "worker-2", "worker-3"]
    /// Two Services on each node.
    private static let homes = [
        ("cart", "worker-1"), ("catalog", "worker-1"), ("orders", "worker-2"), ("payment", "worker-2"), ("search", "worker-3"),
        ("web", "worker-3"),
    ]

    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// What a probe took, in milliseconds, by the node it came from, the Service, and the node it went to; 0 got no answer.
    private static func cluster(_ took: (String, String, String) -> Double) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for node in nodes { cluster.node(node) }
        var targets: [JSONNode] = []
        for (name, home) in homes {
            cluster.server(name, nodes: [home])
            cluster.service(name, port: 8080)
            let probes = nodes.map { probe(from: $0, took($0, name, home)) }
            targets.append(["namespace": "shop", "service": .string(name), "port": 8080, "probes": .array(probes)])
        }
        cluster.telemetry["connectivity.json"] = Data(JSONNode.array(targets).text.utf8)
        return cluster
    }

    private static func probe(from node: String, _ took: Double) -> JSONNode {
        guard took > 0 else { return ["node": .string(node), "result": "timeout", "output": "connect: timed out after 5 s"] }
        return ["node": .string(node), "result": "open", "output": "Connected to 10.96.0.7: time=\(took)ms protocol=TCP port=8080"]
    }

    @Test func `all paths of one node that are slow make it the node's network`() throws {
        let cluster = Self.cluster { from, _, home in
            from != home && (from == "worker-3" || home == "worker-3") ? 412 : 2.1
        }
        try Self.ask(cluster).names(
            .networkDegraded, on: "Node worker-3", ["node": "worker-3", "effect": "latency"], saying: ["slow"])
    }

    @Test func `paths of one node that are late now and then lose packets`() throws {
        let cluster = Self.cluster { from, service, home in
            switch (from, service) {
            case ("worker-3", "cart"): 1_012.4
            case ("worker-3", "orders"): 0
            case ("worker-1", "search"): 3_035.8
            default: 2.4
            }
        }
        try Self.ask(cluster).names(
            .networkDegraded, on: "Node worker-3", ["node": "worker-3", "effect": "loss"], saying: ["loses packets"])
    }

    @Test func `one workload that is slow from everywhere has a slow path of its own`() throws {
        let cluster = Self.cluster { _, service, _ in service == "cart" ? 305 : 2.1 }
        try Self.ask(cluster).names(.networkDegraded, on: "Deployment shop/cart", ["effect": "latency", "reference": "cart"])
    }

    @Test func `times in seconds are read as well`() throws {
        var cluster = Self.cluster { _, service, _ in service == "cart" ? 305 : 2.1 }
        let text = String(decoding: cluster.telemetry["connectivity.json"] ?? Data(), as: UTF8.self)
        let slow = text.replacingOccurrences(of: "time=305.0ms", with: "in 0.305 seconds")
        cluster.telemetry["connectivity.json"] = Data(slow.replacingOccurrences(of: "time=2.1ms", with: "in 0.002 seconds").utf8)
        try Self.ask(cluster).names(.networkDegraded, on: "Deployment shop/cart", ["effect": "latency"])
    }

    @Test func `a network that is as slow everywhere is silent`() throws {
        try Self.ask(Self.cluster { from, _, home in from == home ? 90 : 130 }).isSilent()
    }

    @Test func `a single late answer is silent`() throws {
        try Self.ask(Self.cluster { from, service, _ in from == "worker-2" && service == "web" ? 1_020 : 2.1 }).isSilent()
    }

    @Test func `a node that reaches nobody does not route`() throws {
        let cluster = Self.cluster { from, _, _ in from == "worker-3" ? 0 : 2.1 }
        let report = try Self.ask(cluster)
        try report.names(.serviceRoutingBroken, on: "Node worker-3", ["node": "worker-3"])
        report.doesNotClaim(.networkDegraded)
    }
}
