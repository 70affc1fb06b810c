import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Routes of the Gateway API: what their gateway says of them, and what they lead to (N18).
@Suite struct HTTPRouteFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// Service `cart` with port 8080, and a route to this Service and port, of which its gateway says so.
    private static func cluster(to service: String = "cart", port: Int = 8080, _ conditions: [JSONNode] = []) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.server("cart")
        cluster.service("cart", port: 8080)
        let gateway: JSONNode = ["namespace": "infra", "name": "public"]
        let rule: JSONNode = [
            "matches": [["path": ["type": "PathPrefix", "value": "/cart"]]],
            "backendRefs": [["kind": "Service", "name": .string(service), "port": .int(port)]],
        ]
        var body: JSONNode = ["spec": ["parentRefs": [gateway], "hostnames": ["shop.example.com"], "rules": [rule]]]
        if !conditions.isEmpty {
            body["status"] = [
                "parents": [
                    ["parentRef": gateway, "controllerName": "example.com/gateway", "conditions": .array(conditions)]
                ]
            ]
        }
        cluster.add(.httpRoutes, name: "cart", body)
        return cluster
    }

    private static func says(_ type: String, _ status: String, _ reason: String, _ message: String = "") -> JSONNode {
        ["type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message)]
    }

    private static let accepted = says("Accepted", "True", "Accepted")

    @Test func `a backend that the gateway does not find`() throws {
        let missing = Self.says("ResolvedRefs", "False", "BackendNotFound", "services \"carts\" not found")
        try Self.ask(Self.cluster(to: "carts", [Self.accepted, missing])).names(
            .ingressBackendNotFound, on: "HTTPRoute shop/cart",
            ["reason": "BackendNotFound", "reference": "carts", "path": "/cart", "host": "shop.example.com"])
    }

    @Test func `a backend of another namespace that no grant opens`() throws {
        let refused = Self.says(
            "ResolvedRefs", "False", "RefNotPermitted", "backend ref to Service data/cart not permitted by any ReferenceGrant")
        try Self.ask(Self.cluster([Self.accepted, refused])).names(
            .ingressBackendNotFound, on: "HTTPRoute shop/cart", ["reason": "RefNotPermitted"])
    }

    @Test(arguments: [
        ("NoMatchingListenerHostname", "No listener hostname intersects with shop.example.com"),
        ("NotAllowedByListeners", "Route is not allowed by the allowedRoutes of any listener"),
        ("NoMatchingParent", "No listener of the Gateway has this section name"),
    ])
    func `a route that is attached to no listener of its gateway`(_ reason: String, _ message: String) throws {
        try Self.ask(Self.cluster([Self.says("Accepted", "False", reason, message)])).names(
            .ingressMisrouted, on: "HTTPRoute shop/cart", ["reason": reason, "field": "parentRefs", "reference": "infra/public"],
            saying: ["infra/public"])
    }

    @Test func `a Service that does not exist is found without a status`() throws {
        try Self.ask(Self.cluster(to: "carts")).names(
            .ingressBackendNotFound, on: "HTTPRoute shop/cart", ["reference": "carts", "path": "/cart"])
    }

    @Test func `a port that the Service lacks is found though the gateway accepts the route`() throws {
        try Self.ask(Self.cluster(port: 80, [Self.accepted])).names(
            .ingressBackendNotFound, on: "HTTPRoute shop/cart",
            ["field": "port", "found": "80", "expected": "8080", "reference": "cart"])
    }

    @Test func `an accepted route to a Service that is there is silent`() throws {
        try Self.ask(Self.cluster([Self.accepted, Self.says("ResolvedRefs", "True", "ResolvedRefs")])).isSilent()
    }

    @Test func `a route that its gateway has not looked at yet is silent`() throws {
        try Self.ask(Self.cluster([Self.says("Accepted", "Unknown", "Pending", "Waiting for controller")])).isSilent()
    }

    @Test func `a filter that the gateway does not know is no missing backend`() throws {
        let unsupported = Self.says("Accepted", "False", "UnsupportedValue", "filter type RequestMirror is not supported")
        try Self.ask(Self.cluster([unsupported])).doesNotClaim(.ingressBackendNotFound)
    }

    @Test func `a cluster without the Gateway API is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.server("cart")
        cluster.service("cart", port: 8080)
        let report = try Self.ask(cluster)
        report.isSilent()
        #expect(report.gaps.isEmpty)
    }
}
