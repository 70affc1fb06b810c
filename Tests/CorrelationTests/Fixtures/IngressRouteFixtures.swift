import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Ingresses whose class has no controller (N15), and paths that lead to the sibling of the Service meant (N17).
@Suite struct IngressRouteFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    private static func shop(_ names: [String]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for name in names {
            cluster.server(name)
            cluster.service(name, port: 80, targetPort: 8080)
        }
        cluster.add(.ingressClasses, name: "nginx", ["spec": ["controller": "k8s.io/ingress-nginx"]])
        cluster.add(.ingressClasses, name: "traefik", ["spec": ["controller": "traefik.io/ingress-controller"]])
        return cluster
    }

    private static let served: JSONNode = ["status": ["loadBalancer": ["ingress": [["ip": "198.51.100.7"]]]]]

    // MARK: Classes

    private static func ofClass(_ name: String, minutesOld: Double = 60, others: JSONNode = served) -> ClusterBuilder {
        var cluster = shop(["cart", "web"])
        cluster.ingress("web", [("/", "web", 80)], more: others)
        cluster.ingress("cart", [("/", "cart", 80)], host: "cart.example.com", className: name, minutesOld: minutesOld)
        return cluster
    }

    @Test func `a class without a controller is told by the addresses that others have`() throws {
        try Self.ask(Self.ofClass("traefik")).names(
            .ingressClassNotFound, on: "Ingress shop/cart", ["found": "traefik", "expected": "nginx", "field": "ingressClassName"])
    }

    @Test func `an Ingress made a moment ago has no address yet`() throws {
        try Self.ask(Self.ofClass("traefik", minutesOld: 2)).isSilent()
    }

    @Test func `controllers that write no addresses are silent`() throws {
        try Self.ask(Self.ofClass("traefik", others: [:])).isSilent()
    }

    @Test func `an Ingress of a class that has served another is silent`() throws {
        try Self.ask(Self.ofClass("nginx")).isSilent()
    }

    @Test func `a controller that runs and publishes no address serves its class`() throws {
        var cluster = Self.ofClass("traefik")
        cluster.namespace("traefik")
        let controller = ContainerShape("traefik", image: "docker.io/library/traefik:v3.2", ports: [8000, 8443])
        cluster.deployment("traefik", TemplateShape([controller]), in: "traefik")
        try Self.ask(cluster).isSilent()
    }

    // MARK: Siblings

    private static func catalog(_ routes: [(path: String, service: String, port: JSONNode)]) -> ClusterBuilder {
        var cluster = shop(["catalog-api", "catalog-web"])
        cluster.ingress("catalog", routes, more: served)
        return cluster
    }

    @Test func `a path that leads to the sibling of the Service with its name`() throws {
        try Self.ask(Self.catalog([("/", "catalog-web", 80), ("/api", "catalog-web", 80)])).names(
            .ingressMisrouted, on: "Ingress shop/catalog",
            ["path": "/api", "found": "catalog-web", "expected": "catalog-api", "field": "backend"], level: .low)
    }

    @Test func `a path that was changed just now is surer`() throws {
        var cluster = Self.catalog([("/", "catalog-web", 80), ("/api", "catalog-web", 80)])
        cluster.edited(.ingresses, "catalog", by: "kubectl-edit", minutesAgo: 12, fields: ["spec.rules"])
        try Self.ask(cluster).names(.ingressMisrouted, on: "Ingress shop/catalog", ["expected": "catalog-api"], level: .high)
    }

    @Test func `each path to the sibling of its name is silent`() throws {
        try Self.ask(Self.catalog([("/", "catalog-web", 80), ("/api", "catalog-api", 80)])).isSilent()
    }

    @Test func `a sibling that has a host of its own is silent`() throws {
        var cluster = Self.catalog([("/", "catalog-web", 80), ("/api", "catalog-web", 80)])
        cluster.ingress("direct", [("/", "catalog-api", 80)], host: "direct.example.com", more: Self.served)
        try Self.ask(cluster).isSilent()
    }
}
