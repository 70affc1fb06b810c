import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Ingresses that lead to nothing or astray (N13-N17).
@Suite struct IngressFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static func shop() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for name in ["cart", "orders", "web"] {
            cluster.server(name)
            cluster.service(
                name, port: 80, targetPort: 8080, more: ["ports": [["name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"]]])
        }
        cluster.add(.ingressClasses, name: "nginx", ["spec": ["controller": "k8s.io/ingress-nginx"]])
        return cluster
    }

    private static let good: [(path: String, service: String, port: JSONNode)] = [
        ("/cart", "cart", 80), ("/orders", "orders", "http"), ("/", "web", 80),
    ]

    @Test func `routes that fit are silent`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", Self.good)
        try Self.ask(cluster).isSilent()
    }

    @Test func `a missing Service is found, with the one that is near`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/cart", "carts", 80), ("/", "web", 80)])
        try Self.ask(cluster).names(
            .ingressBackendNotFound, on: "Ingress shop/shop", ["reference": "carts", "expected": "cart"], saying: ["/cart"])
    }

    @Test func `a port number that the Service lacks is found`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/", "web", 8080)])
        try Self.ask(cluster).names(
            .ingressBackendNotFound, on: "Ingress shop/shop", ["field": "port", "found": "8080", "expected": "80", "reference": "web"])
    }

    @Test func `a port name that the Service lacks is found`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/", "web", "https")])
        try Self.ask(cluster).names(
            .ingressBackendNotFound, on: "Ingress shop/shop", ["field": "port", "found": "https", "expected": "http"])
    }

    @Test func `a missing default backend is found`() throws {
        var cluster = Self.shop()
        cluster.ingress(
            "shop", [("/", "web", 80)], more: ["spec": ["defaultBackend": ["service": ["name": "errors", "port": ["number": 80]]]]])
        try Self.ask(cluster).names(.ingressBackendNotFound, on: "Ingress shop/shop", ["reference": "errors"])
    }

    @Test func `an unknown class is found`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", Self.good, className: "ngnix")
        try Self.ask(cluster).names(
            .ingressClassNotFound, on: "Ingress shop/shop", ["found": "ngnix", "expected": "nginx", "field": "ingressClassName"])
    }

    @Test func `no class and no default is found, a default class is silent`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", Self.good, className: nil)
        try Self.ask(cluster).names(.ingressClassNotFound, on: "Ingress shop/shop")
        cluster.add(
            .ingressClasses, name: "public", annotations: ["ingressclass.kubernetes.io/is-default-class": "true"],
            ["spec": ["controller": "k8s.io/ingress-nginx"]])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a missing TLS Secret is found, and one that is there is silent`() throws {
        var cluster = Self.shop()
        cluster.ingress(
            "shop", Self.good, more: ["spec": ["tls": [["hosts": ["shop.example.com"], "secretName": "shop-tls"]]]])
        try Self.ask(cluster).names(
            .ingressCertificateMissing, on: "Ingress shop/shop", ["reference": "shop-tls", "host": "shop.example.com"])
        cluster.secret("shop-tls", keys: ["tls.crt", "tls.key"], type: "kubernetes.io/tls")
        try Self.ask(cluster).isSilent()
    }

    @Test func `a TLS Secret without its key is found`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", Self.good, more: ["spec": ["tls": [["hosts": ["shop.example.com"], "secretName": "shop-tls"]]]])
        cluster.secret("shop-tls", keys: ["tls.crt"])
        try Self.ask(cluster).names(.ingressCertificateMissing, on: "Ingress shop/shop", ["reference": "shop-tls", "key": "tls.key"])
    }

    @Test func `unread Secrets prove nothing`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", Self.good, more: ["spec": ["tls": [["hosts": ["shop.example.com"], "secretName": "shop-tls"]]]])
        cluster.removeList(.secrets, reason: "forbidden")
        try Self.ask(cluster).isSilent()
    }

    // MARK: Misrouted

    @Test func `two routes that were swapped are found by their names`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/cart", "orders", 80), ("/orders", "cart", 80), ("/", "web", 80)])
        try Self.ask(cluster).names(
            .ingressMisrouted, on: "Ingress shop/shop", ["path": "/cart", "found": "orders", "expected": "cart", "field": "backend"])
    }

    @Test func `a rewrite without a capture group is found`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/cart", "cart", 80)], annotations: ["nginx.ingress.kubernetes.io/rewrite-target": "/$2"])
        try Self.ask(cluster, "cart answers 404 from outside").names(
            .ingressMisrouted, on: "Ingress shop/shop", ["field": "rewrite-target", "found": "/$2"])
    }

    @Test func `a rewrite with its capture group is silent`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/cart(/|$)(.*)", "cart", 80)], annotations: ["nginx.ingress.kubernetes.io/rewrite-target": "/$2"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a later Ingress for the same host and path is found`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/", "web", 80)], minutesOld: 9_000)
        cluster.ingress("promo", [("/", "orders", 80)], minutesOld: 15)
        try Self.ask(cluster, "The start page shows something else").names(
            .ingressMisrouted, on: "Ingress shop/promo", ["found": "orders", "reference": "shop"])
    }

    @Test func `a canary Ingress is silent`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/", "web", 80)], minutesOld: 9_000)
        cluster.ingress(
            "canary", [("/", "orders", 80)], annotations: ["nginx.ingress.kubernetes.io/canary": "true"], minutesOld: 15)
        try Self.ask(cluster).isSilent()
    }

    @Test func `paths that are named otherwise than Services are silent`() throws {
        var cluster = Self.shop()
        cluster.ingress("shop", [("/basket", "cart", 80), ("/api/v1", "orders", 80), ("/", "web", 80)])
        try Self.ask(cluster).isSilent()
    }
}
