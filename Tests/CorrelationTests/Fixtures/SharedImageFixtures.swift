import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// One image with the programs of many workloads, and who of them runs which (C19).
@Suite struct SharedImageFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// Deployments of one image that run these commands.
    private static func suite(_ commands: [(name: String, command: [String])]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for (name, command) in commands {
            let container = ContainerShape(name, image: "registry.example.com/shop-suite:4.2.0", command: command, ports: [8080])
            cluster.deployment(name, TemplateShape([container]), pods: [.running, .running])
            cluster.service(name, port: 8080)
        }
        return cluster
    }

    @Test func `a workload that runs the program of its neighbour`() throws {
        let cluster = Self.suite([
            ("cart", ["/app/cart"]), ("catalog", ["/app/catalog"]), ("orders", ["/app/cart"]), ("payment", ["/app/payment"]),
        ])
        try Self.ask(cluster).names(
            .configurationInvalid, on: "Deployment shop/orders",
            ["field": "command", "found": "/app/cart", "reference": "cart", "container": "orders"], saying: ["Deployment shop/cart"])
    }

    @Test func `a program that is named by its argument`() throws {
        var cluster = ClusterBuilder()
        for (name, program) in [("cart", "cart"), ("catalog", "catalog"), ("orders", "catalog")] {
            let container = ContainerShape(name, image: "registry.example.com/shop-suite:4.2.0", args: [program], ports: [8080])
            cluster.deployment(name, TemplateShape([container]))
        }
        try Self.ask(cluster).names(.configurationInvalid, on: "Deployment shop/orders", ["found": "catalog", "reference": "catalog"])
    }

    @Test func `each running the program of its name is silent`() throws {
        let cluster = Self.suite([("cart", ["/app/cart"]), ("catalog", ["/app/catalog"]), ("orders", ["/app/orders"])])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a canary that runs the program of its main workload is silent`() throws {
        let cluster = Self.suite([("cart", ["/app/cart"]), ("cart-canary", ["/app/cart"]), ("orders", ["/app/orders"])])
        try Self.ask(cluster).isSilent()
    }

    @Test func `roles of one program that are told apart by what starts them are silent`() throws {
        let cluster = Self.suite([
            ("web", ["gunicorn", "shop.wsgi"]), ("worker", ["celery", "-A", "shop", "worker"]),
            ("timer", ["celery", "-A", "shop", "beat"]),
        ])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a side job that runs a neighbour's program in a mode of its own is silent`() throws {
        let cluster = Self.suite([
            ("cart", ["/app/cart"]), ("catalog", ["/app/catalog"]), ("backfill", ["/app/catalog", "--mode=backfill"]),
        ])
        try Self.ask(cluster).isSilent()
    }
}
