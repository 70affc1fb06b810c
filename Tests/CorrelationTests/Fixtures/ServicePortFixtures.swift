import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Services that send to a port on which nobody listens (N3, N4), with what can be known of a program's ports.
@Suite struct ServicePortFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static func shop(port: Int = 8080, target: JSONNode, declared: Int? = 8080, env: [String: String] = [:]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.server("cart", port: declared, env: env)
        cluster.service("cart", port: port, targetPort: target)
        cluster.server("orders", port: 9000)
        cluster.service("orders", port: 9000)
        return cluster
    }

    @Test func `a target port that no container declares is found without any log`() throws {
        try Self.ask(Self.shop(target: 9999)).names(
            .servicePortMismatch, on: "Service shop/cart", ["field": "port", "found": "9999", "expected": "8080", "port": "8080"])
    }

    @Test func `another Service port makes it no less a fault`() throws {
        try Self.ask(Self.shop(port: 80, target: 8081)).names(
            .servicePortMismatch, on: "Service shop/cart", ["found": "8081", "expected": "8080", "port": "80"])
    }

    @Test func `a fault in one of several ports names that port`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("cart", ports: [8080, 9090])]))
        cluster.service(
            "cart",
            more: [
                "ports": [
                    ["name": "http", "port": 8080, "targetPort": 8080, "protocol": "TCP"],
                    ["name": "grpc", "port": 9090, "targetPort": 9999, "protocol": "TCP"],
                ]
            ])
        try Self.ask(cluster).names(
            .servicePortMismatch, on: "Service shop/cart", ["found": "9999", "expected": "9090", "port": "9090"])
    }

    @Test func `the probe that succeeds tells the real port where none is declared`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart", port: nil, readiness: .http("/ready", port: 3000))
        cluster.service("cart", port: 80, targetPort: 8080)
        cluster.deployment("web", TemplateShape([ContainerShape("web", env: ["CART_URL": "http://cart"])]))
        let refusal = "ERROR Get \"http://cart/items\": dial tcp 10.96.0.4:80: connect: connection refused"
        cluster.log("web", (1...9).map { "2026-11-23T18:59:0\($0)Z \(refusal)" }.joined(separator: "\n"))
        try Self.ask(cluster).names(.servicePortMismatch, on: "Service shop/cart", ["found": "8080", "expected": "3000"])
    }

    @Test func `a named target port that the pods do not declare is found`() throws {
        var cluster = ClusterBuilder()
        let ports: JSONNode = ["ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]]]
        cluster.deployment("cart", TemplateShape([ContainerShape("cart", more: ports)]))
        cluster.service("cart", port: 80, targetPort: "htpp")
        try Self.ask(cluster).names(.servicePortMismatch, on: "Service shop/cart", ["found": "htpp", "expected": "http", "port": "80"])
    }

    @Test func `a protocol that the container does not declare is found`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart")
        cluster.service("cart", more: ["ports": [["port": 8080, "targetPort": 8080, "protocol": "UDP"]]])
        try Self.ask(cluster).names(
            .servicePortMismatch, on: "Service shop/cart", ["field": "protocol", "found": "UDP", "expected": "TCP"])
    }

    @Test func `clients that are refused settle it though nothing declares a port`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart", port: nil)
        cluster.service("cart", port: 80, targetPort: 8080)
        cluster.server("front", env: ["CART": "http://cart"])
        let line = "error: connect ECONNREFUSED 10.96.0.9:80 http://cart:80/items"
        cluster.log("front", (0..<6).map { _ in line }.joined(separator: "\n"))
        cluster.log("cart", "INFO server started, listening on port 3000")
        let report = try Self.ask(cluster, "front cannot load the cart")
        try report.names(.servicePortMismatch, on: "Service shop/cart", ["found": "8080", "expected": "3000"])
    }

    // MARK: Look-alikes

    @Test func `a container that declares no port is silent`() throws {
        try Self.ask(Self.shop(target: 8080, declared: nil)).isSilent()
    }

    @Test func `a program told to listen elsewhere than declared is silent`() throws {
        try Self.ask(Self.shop(target: 9090, declared: 8080, env: ["PORT": "9090"])).isSilent()
    }

    @Test func `a program that says it listens on the target port is silent`() throws {
        var cluster = Self.shop(target: 9090)
        cluster.log("cart", "INFO listening on :9090")
        try Self.ask(cluster).isSilent()
    }

    @Test func `an undeclared metrics port is silent`() throws {
        var cluster = Self.shop(target: 8080)
        cluster.service("cart-metrics", port: 9102, selector: ["app": "cart"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `an undeclared port among several is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart")
        cluster.service(
            "cart",
            more: [
                "ports": [
                    ["name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"],
                    ["name": "status", "port": 15020, "targetPort": 15020, "protocol": "TCP"],
                ]
            ])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a headless Service may name any port`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart")
        cluster.service("cart", port: 80, targetPort: 8081, more: ["clusterIP": "None"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `cluster DNS with named ports of two protocols is silent`() throws {
        var cluster = Self.shop(target: 8080)
        cluster.clusterDNS()
        try Self.ask(cluster).isSilent()
        let report = try diagnose(cluster.evidence(), "Is DNS well?", namespace: "kube-system")
        report.isSilent()
    }

    @Test func `HTTP over both protocols is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart", port: 443)
        cluster.service(
            "cart",
            more: [
                "ports": [
                    ["name": "https", "port": 443, "targetPort": 443, "protocol": "TCP"],
                    ["name": "quic", "port": 443, "targetPort": 443, "protocol": "UDP"],
                ]
            ])
        try Self.ask(cluster).isSilent()
    }
}

/// What looks like a wrong port in places where many programs share a pod or a Service.
@Suite struct ServicePortLookAlikeFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    @Test func `a port that only a sidecar declares is silent where the program declares none`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("cart"), ContainerShape("exporter", ports: [9121])]))
        cluster.service("cart", port: 6379)
        try Self.ask(cluster).isSilent()
    }

    @Test func `a DaemonSet on the node's network with an undeclared port is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.daemonSet("agent", TemplateShape([ContainerShape("agent")], more: ["hostNetwork": true]))
        cluster.service("agent", port: 80, targetPort: 4244)
        try Self.ask(cluster).isSilent()
    }

    @Test func `a wrong target port of a StatefulSet without slices, nodes and logs is found`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", ports: [5432])]), pods: [.running, .running])
        cluster.service("db", port: 5432, targetPort: 5433)
        for list in [ResourceType.endpointSlices, .nodes, .replicaSets, .namespaces] { cluster.removeList(list) }
        try Self.ask(cluster).names(.servicePortMismatch, on: "Service shop/db", ["found": "5433", "expected": "5432", "port": "5432"])
    }
}
