import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Gateways whose routes stand in a configuration file of their own (N17).
@Suite struct GatewayFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// Four Services, and a gateway that reads this file.
    private static func cluster(_ file: String, _ text: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for name in ["cart", "orders", "payment", "catalog"] {
            cluster.server(name)
            cluster.service(name, port: 8080)
        }
        cluster.configMap("gateway-routes", [file: text])
        let gateway = ContainerShape("gateway", ports: [8080], mounts: ["routes": "/etc/gateway"])
        cluster.deployment("gateway", TemplateShape([gateway], volumes: [.configMap("routes", name: "gateway-routes")]))
        cluster.service("gateway", port: 8080)
        return cluster
    }

    private static func spring(_ routes: [(String, String)]) -> ClusterBuilder {
        let entries = routes.map { path, host in
            "      - id: \(path)\n        uri: http://\(host):8080\n        predicates:\n          - Path=/api/\(path)/**\n"
        }
        return cluster("application.yml", "spring:\n  cloud:\n    gateway:\n      routes:\n" + entries.joined())
    }

    private static func nginx(_ routes: [(String, String)]) -> ClusterBuilder {
        let entries = routes.map { path, host in "  location /\(path)/ {\n    proxy_pass http://\(host):8080/;\n  }\n" }
        return cluster("default.conf", "server {\n  listen 8080;\n" + entries.joined() + "}\n")
    }

    @Test func `one route among many that leads past the Service of its name`() throws {
        let routes = [("cart", "cart"), ("orders", "orders"), ("payment", "orders"), ("catalog", "catalog")]
        try Self.ask(Self.spring(routes)).names(
            .ingressMisrouted, on: "Deployment shop/gateway",
            ["field": "backend", "found": "orders", "expected": "payment", "reference": "gateway-routes", "key": "application.yml"],
            saying: ["/api/payment"])
    }

    @Test func `a location of nginx that leads past the Service of its name`() throws {
        let routes = [("cart", "cart"), ("orders", "cart"), ("payment", "payment"), ("catalog", "catalog")]
        try Self.ask(Self.nginx(routes)).names(
            .ingressMisrouted, on: "Deployment shop/gateway", ["path": "/orders/", "found": "cart", "expected": "orders"])
    }

    @Test func `routes that all lead to the Service of their name are silent`() throws {
        let routes = [("cart", "cart"), ("orders", "orders"), ("payment", "payment"), ("catalog", "catalog")]
        try Self.ask(Self.spring(routes)).isSilent()
        try Self.ask(Self.nginx(routes)).isSilent()
    }

    @Test func `routes that have other names than Services are silent`() throws {
        try Self.ask(Self.nginx([("basket", "cart"), ("history", "orders"), ("pay", "payment"), ("search", "catalog")])).isSilent()
    }

    @Test func `a route whose name no Service has is silent`() throws {
        let routes = [("cart", "cart"), ("orders", "orders"), ("payment", "payment"), ("coupons", "catalog")]
        try Self.ask(Self.spring(routes)).isSilent()
    }

    @Test func `two routes to one Service whose namesake has its own route are silent`() throws {
        let routes = [("cart", "cart"), ("orders", "orders"), ("catalog", "catalog"), ("catalog/orders", "catalog")]
        try Self.ask(Self.spring(routes)).isSilent()
    }
}
