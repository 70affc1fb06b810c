import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Clients that call a port, scheme or Service that is not there (N5, C18, N8, N21), with and without a log that says so.
@Suite struct ServiceCallFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static func shop(_ env: [String: String]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.namespace("data")
        cluster.server("front", env: env)
        cluster.service("front", port: 80, targetPort: 8080)
        cluster.server("cart")
        cluster.service("cart", port: 8080)
        cluster.server("orders")
        cluster.service("orders", port: 8080)
        return cluster
    }

    private static func repeated(_ line: String) -> String { (0..<6).map { _ in line }.joined(separator: "\n") }

    // MARK: Ports

    @Test func `a port in a URL that the Service lacks is found without a log`() throws {
        try Self.ask(Self.shop(["CART_URL": "http://cart:7070/api"])).names(
            .clientPortMismatch, on: "Deployment shop/front",
            ["field": "port", "found": "7070", "expected": "8080", "reference": "cart", "host": "cart", "key": "CART_URL"])
    }

    @Test func `host and port in two variables are read together`() throws {
        try Self.ask(Self.shop(["CART_HOST": "cart", "CART_PORT": "7070"])).names(
            .clientPortMismatch, on: "Deployment shop/front", ["found": "7070", "expected": "8080"])
    }

    @Test func `a port in a ConfigMap's key is found`() throws {
        var cluster = Self.shop([:])
        cluster.configMap("front-env", ["CART_ADDR": "cart:7070"])
        cluster.deployment("mobile", TemplateShape([ContainerShape("mobile", envFrom: [.configMap("front-env")])]))
        try Self.ask(cluster).names(.clientPortMismatch, on: "Deployment shop/mobile", ["found": "7070", "key": "CART_ADDR"])
    }

    @Test func `a log that names the wrong port settles it`() throws {
        var cluster = Self.shop(["CART_URL": "http://cart:7070"])
        cluster.log("front", Self.repeated("ERROR failed to get cart: dial tcp cart:7070: i/o timeout"))
        try Self.ask(cluster).names(
            .clientPortMismatch, on: "Deployment shop/front", ["found": "7070", "expected": "8080"], saying: ["cart"])
    }

    @Test func `TLS to a plain port is a wrong scheme`() throws {
        var cluster = Self.shop(["CART_URL": "https://cart:8080"])
        cluster.log(
            "front", Self.repeated("ERROR Get \"https://cart:8080/items\": http: server gave HTTP response to HTTPS client"))
        try Self.ask(cluster).names(
            .clientPortMismatch, on: "Deployment shop/front", ["field": "protocol", "found": "https", "expected": "http"])
    }

    @Test func `right ports, images with tags and samples in files are silent`() throws {
        var cluster = Self.shop([
            "CART_URL": "http://cart:8080", "WORKER_IMAGE": "orders:7", "ORDERS_HOST": "orders", "ORDERS_PORT": "8080",
        ])
        cluster.configMap("sample", ["app.conf": "# upstream cart:9999\nlisten 80\n"])
        cluster.deployment(
            "mobile", TemplateShape([ContainerShape("mobile", mounts: ["c": "/etc/c"])], volumes: [.configMap("c", name: "sample")]))
        try Self.ask(cluster).isSilent()
    }

    @Test func `a headless Service may be called on any port`() throws {
        var cluster = Self.shop(["DB": "db:5432"])
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", ports: [5432])]))
        cluster.service("db", port: 80, more: ["clusterIP": "None"])
        try Self.ask(cluster).isSilent()
    }

    // MARK: Names

    @Test func `a deleted Service whose program still runs is found without a log`() throws {
        var cluster = Self.shop(["CART_URL": "http://cart:8080"])
        cluster.remove(.services, "cart")
        try Self.ask(cluster).names(.serviceNotFound, on: "Deployment shop/front", ["reference": "cart", "host": "cart"])
    }

    @Test func `a typing error in a Service name is found without a log`() throws {
        try Self.ask(Self.shop(["CART_URL": "http://crat:8080"])).names(
            .dependencyNameUnresolvable, on: "Deployment shop/front", ["found": "crat", "expected": "cart"])
    }

    @Test func `a Service in another namespace is named with it`() throws {
        var cluster = Self.shop(["DB_HOST": "postgres"])
        cluster.statefulSet("postgres", TemplateShape([ContainerShape("postgres", ports: [5432])]), in: "data")
        cluster.service("postgres", port: 5432, in: "data")
        cluster.log("front", Self.repeated("could not translate host name \"postgres\" to address: Name or service not known"))
        try Self.ask(cluster).names(
            .dependencyNameUnresolvable, on: "Deployment shop/front", ["found": "postgres", "expected": "postgres.data"])
    }

    @Test func `a qualified name of a Service that is gone is found`() throws {
        var cluster = Self.shop(["QUEUE": "amqp://rabbit.data.svc.cluster.local:5672"])
        cluster.log("front", Self.repeated("dial tcp: lookup rabbit.data.svc.cluster.local on 10.96.0.10:53: no such host"))
        try Self.ask(cluster).names(.serviceNotFound, on: "Deployment shop/front", ["reference": "rabbit"])
    }

    @Test func `an alias of a Service that is gone is found`() throws {
        var cluster = Self.shop(["DB_HOST": "db"])
        cluster.service("db", selector: [:], type: "ExternalName", more: ["externalName": "postgres.data.svc.cluster.local"])
        try Self.ask(cluster).names(.serviceNotFound, on: "Deployment shop/front", ["reference": "postgres"])
    }

    @Test func `an alias of an outside name that does not resolve is found`() throws {
        var cluster = Self.shop(["DB_HOST": "db"])
        cluster.service("db", selector: [:], type: "ExternalName", more: ["externalName": "db.corp.example.com"])
        cluster.deployment("api", TemplateShape([ContainerShape("api", env: ["DB_HOST": "db"])]), pods: [.crashLooping()])
        cluster.log("api", previous: true, "panic: dial tcp: lookup db on 10.96.0.10:53: no such host")
        try Self.ask(cluster).names(
            .dependencyNameUnresolvable, on: "Deployment shop/api", ["found": "db.corp.example.com"])
    }

    @Test func `a missing receiver of telemetry is silent`() throws {
        try Self.ask(Self.shop(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel-collector:4317"])).isSilent()
    }

    @Test func `words that are no hosts are silent`() throws {
        try Self.ask(Self.shop(["NODE_ENV": "production", "LOG_LEVEL": "info", "REGION": "eu-west-1"])).isSilent()
    }

    @Test func `an outside database that refuses is out of the cluster's hands`() throws {
        var cluster = Self.shop([:])
        cluster.deployment("api", TemplateShape([ContainerShape("api", env: ["DB": "db.corp.example.com:5432"])]), pods: [.crashLooping()])
        cluster.log("api", previous: true, "FATAL: dial tcp db.corp.example.com:5432: connect: connection refused")
        try Self.ask(cluster).names(
            .dependencyUnreachable, on: "Deployment shop/api", ["host": "db.corp.example.com", "port": "5432"])
    }
}
