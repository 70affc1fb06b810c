import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Ports of Services that fit in number and not in protocol, and ports of which too little is known (N3, N4).
@Suite struct ServiceProtocolFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A Service over this protocol, and pods that declare this port as they like.
    private static func cluster(_ transport: String, _ target: Int, declared: [JSONNode]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment("intake", TemplateShape([ContainerShape("intake", more: ["ports": .array(declared)])]))
        let port: JSONNode = ["port": .int(target), "targetPort": .int(target), "protocol": .string(transport)]
        cluster.service("intake", more: ["ports": [port]])
        return cluster
    }

    @Test func `a port that the pods declare for the other protocol only`() throws {
        let cluster = Self.cluster("TCP", 8600, declared: [["containerPort": 8600, "protocol": "UDP"]])
        try Self.ask(cluster).names(
            .servicePortMismatch, on: "Service shop/intake", ["field": "protocol", "found": "TCP", "expected": "UDP", "port": "8600"])
    }

    @Test(arguments: [53, 123, 514, 5060, 8125, 51_820])
    func `a port that is UDP by custom may be declared without its protocol`(_ number: Int) throws {
        try Self.ask(Self.cluster("UDP", number, declared: [["containerPort": .int(number), "protocol": "TCP"]])).isSilent()
    }

    @Test func `a UDP port that no container declares is silent`() throws {
        try Self.ask(Self.cluster("UDP", 9125, declared: [["containerPort": 8080, "protocol": "TCP"]])).isSilent()
    }

    @Test func `a health endpoint of its own says nothing of the port that serves`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart", port: nil, readiness: .http("/healthz", port: 8081))
        cluster.service("cart", port: 80, targetPort: 8080)
        try Self.ask(cluster).isSilent()
    }

    @Test func `a management port that is declared beside the one that serves is silent`() throws {
        var cluster = ClusterBuilder()
        let container = ContainerShape("cart", ports: [8080, 9001], readiness: .http("/actuator/health", port: 9001))
        cluster.deployment("cart", TemplateShape([container]), pods: [.running, .running])
        cluster.service("cart", port: 80, targetPort: 8080)
        try Self.ask(cluster).isSilent()
    }
}

/// Services whose selector finds the pods of several workloads (N6).
@Suite struct SharedSelectorFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// Service `cart` over everything of the part `cart`, which another workload with this port belongs to.
    private static func cluster(_ other: String, port: Int) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.server("cart", labels: ["part-of": "cart"])
        cluster.server(other, port: port, labels: ["part-of": "cart"])
        cluster.service("cart", port: 8080, selector: ["part-of": "cart"])
        return cluster
    }

    @Test func `pods that do not listen where the Service sends are not meant`() throws {
        var cluster = Self.cluster("cart-cache", port: 6379)
        cluster.service("cart-cache", port: 6379)
        try Self.ask(cluster).names(
            .serviceSelectorMismatch, on: "Service shop/cart",
            ["field": "selector", "found": "part-of=cart", "reference": "cart-cache"], saying: ["cart-cache"])
    }

    @Test func `pods that do not have the named port are not meant`() throws {
        var cluster = ClusterBuilder()
        let ports: JSONNode = ["ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]]]
        cluster.deployment("cart", TemplateShape([ContainerShape("cart", more: ports)], labels: ["part-of": "cart"]))
        cluster.server("cart-cache", port: 6379, labels: ["part-of": "cart"])
        cluster.service("cart", port: 8080, targetPort: "http", selector: ["part-of": "cart"])
        try Self.ask(cluster).names(.serviceSelectorMismatch, on: "Service shop/cart", ["reference": "cart-cache"])
    }

    @Test func `a canary that listens on the same port is meant`() throws {
        try Self.ask(Self.cluster("cart-canary", port: 8080)).isSilent()
    }

    @Test func `a canary whose probe succeeds on the port listens there, whatever it declares`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart", labels: ["part-of": "cart"])
        let canary = ContainerShape("cart-canary", ports: [9090], readiness: .http("/ready", port: 8080))
        cluster.deployment("cart-canary", TemplateShape([canary], labels: ["part-of": "cart"]))
        cluster.service("cart", port: 8080, selector: ["part-of": "cart"])
        try Self.ask(cluster).isSilent()
    }
}
