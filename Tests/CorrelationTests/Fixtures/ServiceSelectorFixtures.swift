import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Services that find nobody, somebody else, or others as well (N1, N6, N8); nothing else shows it.
@Suite struct ServiceSelectorFixtures {
    /// Three programs that serve, each behind its Service.
    private static func shop() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for name in ["cart", "orders", "catalog"] {
            cluster.server(name)
            cluster.service(name, port: 8080)
        }
        return cluster
    }

    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static func select(_ labels: [String: String], instead: ClusterBuilder = shop(), name: String = "cart") -> ClusterBuilder {
        var cluster = instead
        cluster.remove(.services, name)
        cluster.service(name, port: 8080, selector: labels)
        return cluster
    }

    @Test func `healthy Services are silent`() throws { try Self.ask(Self.shop()).isSilent() }

    @Test func `a selector that no pod carries is found without any log or event`() throws {
        try Self.ask(Self.select(["app": "cart-v2"])).names(
            .serviceSelectorMismatch, on: "Service shop/cart",
            ["field": "selector", "label": "app", "found": "app=cart-v2", "expected": "app=cart", "reference": "cart"])
    }

    @Test func `only the label that differs is named`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart", labels: ["tier": "backend"])
        cluster.service("cart", port: 8080, selector: ["app": "cart", "tier": "back-end"])
        try Self.ask(cluster).names(
            .serviceSelectorMismatch, on: "Service shop/cart",
            ["label": "tier", "found": "tier=back-end", "expected": "tier=backend"])
    }

    @Test func `a Service whose name has an ending finds its workload`() throws {
        var cluster = Self.shop()
        cluster.server("payment")
        cluster.service("payment-service", port: 8080, selector: ["app": "payments"])
        try Self.ask(cluster).names(
            .serviceSelectorMismatch, on: "Service shop/payment-service", ["found": "app=payments", "expected": "app=payment"])
    }

    @Test func `a label key that the pods lack altogether is named`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", ports: [5432])]))
        cluster.service("db", port: 5432, selector: ["application": "db"])
        try Self.ask(cluster).names(
            .serviceSelectorMismatch, on: "Service shop/db", ["label": "application", "found": "application=db", "expected": "app=db"])
    }

    @Test func `an old revision's hash in the selector is found`() throws {
        try Self.ask(Self.select(["app": "cart", "pod-template-hash": "5d9f7c"])).names(
            .serviceSelectorMismatch, on: "Service shop/cart", ["label": "pod-template-hash", "found": "pod-template-hash=5d9f7c"])
    }

    @Test func `Endpoints instead of slices and no managed fields make no difference`() throws {
        var cluster = Self.select(["app": "crat"])
        cluster.removeList(.endpointSlices)
        cluster.removeList(.replicaSets)
        cluster.removeList(.nodes)
        try Self.ask(cluster).names(.serviceSelectorMismatch, on: "Service shop/cart", ["found": "app=crat"])
    }

    @Test func `a selector that finds the pods of another program is found`() throws {
        try Self.ask(Self.select(["app": "orders"])).names(
            .serviceSelectorMismatch, on: "Service shop/cart", ["found": "app=orders", "expected": "app=cart", "reference": "cart"])
    }

    @Test func `a selector that finds other programs as well is found`() throws {
        var cluster = ClusterBuilder()
        for (name, port) in [("cart", 8080), ("orders", 9090)] {
            cluster.server(name, port: port, labels: ["part-of": "shop"])
        }
        cluster.service("cart", port: 8080, selector: ["part-of": "shop"])
        cluster.service("orders", port: 9090)
        try Self.ask(cluster).names(
            .serviceSelectorMismatch, on: "Service shop/cart", ["found": "part-of=shop", "expected": "app=cart", "reference": "orders"])
    }

    @Test func `a Service that lost its selector leads nowhere`() throws {
        try Self.ask(Self.select([:])).names(.serviceSelectorMismatch, on: "Service shop/cart", ["expected": "app=cart"])
    }

    @Test func `clients that fail are explained by the selector`() throws {
        var cluster = Self.select(["app": "cart-v2"])
        cluster.server("front", env: ["CART_URL": "http://cart:8080"])
        cluster.log(
            "front",
            (0..<5).map { _ in "ERROR GET http://cart:8080/items: dial tcp 10.96.0.4:8080: connect: connection refused" }.joined(
                separator: "\n"))
        let cause = try Self.ask(cluster, "front shows errors").names(.serviceSelectorMismatch, on: "Service shop/cart")
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "front")))
    }

    // MARK: Look-alikes

    @Test func `a Service without selector and with endpoints of its own is silent`() throws {
        var cluster = Self.select([:], name: "cart")
        cluster.add(
            .endpointSlices, name: "cart-manual",
            [
                "metadata": ["labels": ["kubernetes.io/service-name": "cart"]], "addressType": "IPv4",
                "endpoints": [["addresses": ["203.0.113.7"], "conditions": ["ready": true]]], "ports": [["port": 8080, "protocol": "TCP"]],
            ])
        try Self.ask(cluster).isSilent()
    }

    @Test func `an ExternalName Service is silent`() throws {
        var cluster = Self.shop()
        cluster.service("db", selector: [:], type: "ExternalName", more: ["externalName": "db.example.com"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a Service of an operator that selects nobody yet is silent`() throws {
        var cluster = Self.shop()
        cluster.service("cluster-kafka-bootstrap", port: 9092, selector: ["strimzi.io/cluster": "cluster", "strimzi.io/kind": "Kafka"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a Service of a workload at zero is no selector fault`() throws {
        var cluster = Self.shop()
        cluster.deployment("batch-api", pods: [], replicas: 0)
        cluster.service("batch-api", port: 8080)
        try Self.ask(cluster).doesNotClaim(.serviceSelectorMismatch)
    }

    @Test func `the idle colour of a blue-green pair is silent`() throws {
        var cluster = Self.shop()
        cluster.server("web-blue", labels: ["colour": "blue"])
        cluster.service("web", port: 8080, selector: ["colour": "blue"])
        cluster.service("web-preview", port: 8080, selector: ["colour": "green"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a canary beside the main program is silent`() throws {
        var cluster = Self.shop()
        cluster.server("web", labels: ["part": "web"])
        cluster.server("web-canary", labels: ["part": "web"])
        cluster.service("web", port: 8080, selector: ["part": "web"])
        cluster.service("web-canary", port: 8080)
        try Self.ask(cluster).isSilent()
    }

    @Test func `a Service over several roles of one system is silent`() throws {
        var cluster = Self.shop()
        for role in ["primary", "replica"] { cluster.server("pg-\(role)", port: 5432, labels: ["cluster": "pg"]) }
        cluster.service("pg", port: 5432, selector: ["cluster": "pg"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `pods that match and are not ready are the cause, not the Service`() throws {
        var cluster = Self.shop()
        cluster.deployment("search", pods: [.waiting("ImagePullBackOff", "Back-off pulling image \"registry.example.com/app:1.0.0\"")])
        cluster.service("search", port: 8080)
        try Self.ask(cluster).doesNotClaim(.serviceSelectorMismatch)
    }
}
