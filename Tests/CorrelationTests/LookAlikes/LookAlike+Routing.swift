import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Policies, Ingresses, names, and nodes that do not route.
    static let routing: [LookAlike] = [
        LookAlike(
            cause: .networkPolicyBlocks, object: "NetworkPolicy shop/store-in",
            details: ["policy": "store-in", "field": "ingress", "port": "8080"],
            fault: {
                var cluster = front("dial tcp 10.96.0.9:8080: i/o timeout")
                cluster.clusterDNS()
                cluster.networkPolicy("store-in", for: ["app": "store"], admitting(["role": "frontend"]))
                return cluster
            },
            twinIs: "a policy that admits the client, and a server outside that does not answer", twinCause: .dependencyUnreachable,
            twin: {
                var cluster = front()
                cluster.clusterDNS()
                cluster.networkPolicy("store-in", for: ["app": "store"], admitting(["app": "front"]))
                cluster.deployment(
                    "api", TemplateShape([ContainerShape("api", env: ["DB_ADDR": "db.corp.example.com:5432"])]), pods: [.crashLooping()])
                cluster.log(
                    "api", previous: true, "FATAL: cannot open database: dial tcp db.corp.example.com:5432: i/o timeout")
                return cluster
            }),
        LookAlike(
            cause: .networkPolicyBlocks, object: "NetworkPolicy shop/front-out",
            details: ["policy": "front-out", "field": "egress", "port": "53"],
            fault: {
                var cluster = front(silentServer)
                cluster.clusterDNS()
                cluster.networkPolicy("front-out", for: ["app": "front"], types: ["Egress"], toStore)
                return cluster
            },
            twinIs: "name servers that are down, behind a policy that admits DNS", twinCause: .clusterDNSUnavailable,
            twin: {
                var cluster = front(silentServer)
                cluster.clusterDNS(pods: [], replicas: 0)
                cluster.networkPolicy(
                    "front-out", for: ["app": "front"], types: ["Egress"],
                    [
                        "egress": [
                            ["ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]]],
                            ["ports": [["port": 8080, "protocol": "TCP"]]],
                        ]
                    ])
                return cluster
            }),
        LookAlike(
            cause: .ingressBackendNotFound, object: "Ingress shop/shop", details: ["reference": "carts", "expected": "cart"],
            fault: {
                var cluster = edge()
                cluster.ingress("shop", [("/cart", "carts", 80), ("/", "web", 80)])
                return cluster
            },
            twinIs: "a backend that is there and has no ready pod", twinCause: .imageNotFound,
            twin: {
                var cluster = edge(without: "cart")
                cluster.ingress("shop", [("/cart", "cart", 80), ("/", "web", 80)])
                cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart", image: "registry.example.com/cart:9", ports: [8080])]),
                    pods: [notFound("registry.example.com/cart:9")])
                return cluster
            }),
        LookAlike(
            cause: .ingressClassNotFound, object: "Ingress shop/shop",
            details: ["found": "ngnix", "expected": "nginx", "field": "ingressClassName"],
            fault: {
                var cluster = edge()
                cluster.ingress("shop", [("/", "web", 80)], className: "ngnix")
                return cluster
            },
            twinIs: "a class that the older annotation names",
            twin: {
                var cluster = edge()
                cluster.ingress("shop", [("/", "web", 80)], className: nil, annotations: ["kubernetes.io/ingress.class": "nginx"])
                return cluster
            }),
        LookAlike(
            cause: .ingressClassNotFound, object: "Ingress shop/shop", details: ["field": "ingressClassName"],
            fault: {
                var cluster = edge()
                cluster.ingress("shop", [("/", "web", 80)], className: nil)
                return cluster
            },
            twinIs: "a class that exists, and its controller that cannot start",
            twin: {
                var cluster = edge()
                cluster.ingress("shop", [("/", "web", 80)])
                cluster.namespace("ingress-nginx")
                let image = "registry.k8s.io/ingress-nginx/controller:v1.99.0"
                cluster.deployment(
                    "ingress-nginx-controller", TemplateShape([ContainerShape("controller", image: image)]), pods: [notFound(image)],
                    in: "ingress-nginx")
                return cluster
            }),
        LookAlike(
            cause: .ingressCertificateMissing, object: "Ingress shop/shop",
            details: ["reference": "shop-tls", "host": "shop.example.com"],
            fault: { secured(["hosts": ["shop.example.com"], "secretName": "shop-tls"]) },
            twinIs: "a certificate that is there and has expired", twinCause: .certificateInvalid,
            twin: {
                var cluster = secured(["hosts": ["shop.example.com"], "secretName": "shop-tls"])
                cluster.secret("shop-tls", keys: ["tls.crt", "tls.key"], type: "kubernetes.io/tls")
                cluster.deployment(
                    "mobile", TemplateShape([ContainerShape("mobile", env: ["API": "https://shop.example.com"])]),
                    pods: [.crashLooping()])
                cluster.log(
                    "mobile", previous: true,
                    """
                    FATAL Get "https://shop.example.com/": tls: failed to verify certificate: x509: certificate has expired or is not yet \
                    valid: current time 2026-11-23T18:59:58Z is after 2026-11-20T00:00:00Z
                    """
                )
                return cluster
            }),
        LookAlike(
            cause: .ingressCertificateMissing, object: "Ingress shop/shop", details: ["reference": "shop-tls", "key": "tls.key"],
            fault: {
                var cluster = secured(["hosts": ["shop.example.com"], "secretName": "shop-tls"])
                cluster.secret("shop-tls", keys: ["tls.crt"])
                return cluster
            },
            twinIs: "a host that leaves the certificate to the controller", twin: { secured(["hosts": ["shop.example.com"]]) }),
        LookAlike(
            cause: .ingressMisrouted, object: "Ingress shop/shop", details: ["path": "/cart", "found": "orders", "expected": "cart"],
            fault: {
                var cluster = edge()
                cluster.ingress("shop", [("/cart", "orders", 80), ("/orders", "cart", 80), ("/", "web", 80)])
                return cluster
            },
            twinIs: "paths that have other names than their Services",
            twin: {
                var cluster = edge()
                cluster.ingress("shop", [("/basket", "cart", 80), ("/history", "orders", 80), ("/", "web", 80)])
                return cluster
            }),
        LookAlike(
            cause: .ingressMisrouted, object: "Ingress shop/promo", details: ["found": "orders", "reference": "shop"],
            question: "The start page of the shop shows something else",
            fault: {
                var cluster = edge()
                cluster.ingress("shop", [("/", "web", 80)], minutesOld: 9_000)
                cluster.ingress("promo", [("/", "orders", 80)], minutesOld: 15)
                return cluster
            },
            twinIs: "the same path of another host",
            twin: {
                var cluster = edge()
                cluster.ingress("shop", [("/", "web", 80)], minutesOld: 9_000)
                cluster.ingress("promo", [("/", "orders", 80)], host: "promo.example.com", minutesOld: 15)
                return cluster
            }),
        LookAlike(
            cause: .clusterDNSUnavailable, object: "Deployment kube-system/coredns",
            fault: {
                var cluster = front(silentServer)
                cluster.clusterDNS(pods: [], replicas: 0)
                return cluster
            },
            twinIs: "one workload whose egress policy leaves out DNS", twinCause: .networkPolicyBlocks,
            twin: {
                var cluster = front(silentServer)
                cluster.clusterDNS()
                cluster.networkPolicy("front-out", for: ["app": "front"], types: ["Egress"], toStore)
                return cluster
            }),
        LookAlike(
            cause: .clusterDNSUnavailable, object: "Deployment kube-system/coredns", details: ["reference": "coredns"],
            fault: {
                var cluster = front(unknownName)
                cluster.clusterDNS(
                    corefile:
                        """
                        .:53 {\n    errors\n    template ANY ANY svc.cluster.local {\n        rcode NXDOMAIN\n    }\n    kubernetes \
                        cluster.local in-addr.arpa ip6.arpa\n    forward . /etc/resolv.conf\n}\n
                        """
                )
                return cluster
            },
            twinIs: "a name that is misspelt, which the servers rightly do not know", twinCause: .dependencyNameUnresolvable,
            twin: {
                var cluster = front("dial tcp: lookup stroe on 10.96.0.10:53: no such host", url: "http://stroe:8080")
                cluster.clusterDNS()
                return cluster
            }),
        LookAlike(
            cause: .podDNSPolicyInvalid, object: "Deployment shop/front",
            details: ["field": "dnsPolicy", "found": "Default", "expected": "ClusterFirst"],
            fault: {
                var cluster = front("dial tcp: lookup store on 192.0.2.53:53: no such host", pod: ["dnsPolicy": "Default"])
                cluster.clusterDNS()
                return cluster
            },
            twinIs: "servers of its own that are those of the cluster",
            twin: {
                let searches: JSONNode = ["shop.svc.cluster.local", "svc.cluster.local", "cluster.local"]
                var cluster = front(
                    pod: ["dnsPolicy": "None", "dnsConfig": ["nameservers": ["10.96.0.10"], "searches": searches]])
                cluster.clusterDNS()
                return cluster
            }),
        LookAlike(
            cause: .podDNSPolicyInvalid, object: "Deployment shop/front",
            details: ["field": "dnsPolicy", "found": "ClusterFirst", "expected": "ClusterFirstWithHostNet"],
            fault: {
                var cluster = front(
                    "dial tcp: lookup store on 192.0.2.53:53: no such host", pod: ["hostNetwork": true, "dnsPolicy": "ClusterFirst"])
                cluster.clusterDNS()
                return cluster
            },
            twinIs: "the policy that the host's network needs, and name servers that are down", twinCause: .clusterDNSUnavailable,
            twin: {
                var cluster = front(silentServer, pod: ["hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet"])
                cluster.clusterDNS(pods: [.crashLooping(), .crashLooping()])
                return cluster
            }),
        LookAlike(
            cause: .serviceRoutingBroken, object: "Node worker-2", details: ["node": "worker-2"],
            fault: { probed(store: ["worker-1": "open", "worker-2": "timeout"], web: ["worker-1": "open", "worker-2": "timeout"]) },
            twinIs: "one Service that keeps traffic on the node of its only pod", twinCause: .serviceTrafficPolicy,
            twin: {
                probed(
                    store: ["worker-1": "open", "worker-2": "timeout"], web: ["worker-1": "open", "worker-2": "open"], isLocal: true)
            }),
    ]
}

private let silentServer = "dial tcp: lookup store on 10.96.0.10:53: read udp 10.244.0.9:53211->10.96.0.10:53: i/o timeout"
private let unknownName = "dial tcp: lookup store on 10.96.0.10:53: no such host"
/// Egress to the store, and to nothing else.
private let toStore: JSONNode = [
    "egress": [["to": [["podSelector": ["matchLabels": ["app": "store"]]]], "ports": [["port": 8080, "protocol": "TCP"]]]]
]

private func admitting(_ labels: [String: String]) -> JSONNode {
    ["ingress": [["from": [["podSelector": ["matchLabels": .strings(labels)]]], "ports": [["port": 8080, "protocol": "TCP"]]]]]
}

private func notFound(_ image: String) -> PodShape {
    let error = "rpc error: code = NotFound desc = failed to resolve reference \"\(image)\": \(image): not found"
    return .waiting("ImagePullBackOff", "Back-off pulling image \"\(image)\": ErrImagePull: \(error)")
}

/// A Deployment `front` that calls Service `store`; its calls end so.
private func front(_ error: String? = nil, url: String = "http://store:8080", pod: JSONNode = [:]) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.server("front", env: ["STORE_URL": url], more: pod)
    cluster.service("front", port: 80, targetPort: 8080)
    cluster.server("store")
    cluster.service("store", port: 8080, more: ["clusterIP": "10.96.0.9"])
    if let error {
        cluster.log("front", Array(repeating: "ERROR Get \"\(url)/items\": \(error)", count: 6).joined(separator: "\n"))
    }
    return cluster
}

/// Three Services, their programs and the class `nginx`.
private func edge(without absent: String? = nil) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    for name in ["cart", "orders", "web"] {
        if name != absent { cluster.server(name) }
        cluster.service(name, port: 80, targetPort: 8080)
    }
    cluster.add(.ingressClasses, name: "nginx", ["spec": ["controller": "k8s.io/ingress-nginx"]])
    return cluster
}

/// An Ingress with this entry about TLS.
private func secured(_ tls: JSONNode) -> ClusterBuilder {
    var cluster = edge()
    cluster.ingress(
        "shop", [("/cart", "cart", 80), ("/orders", "orders", 80), ("/", "web", 80)], more: ["spec": ["tls": [tls]]])
    return cluster
}

/// Two Services with what came of probes from two nodes.
private func probed(store: [String: String], web: [String: String], isLocal: Bool = false) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.node("worker-2")
    cluster.server("store", replicas: isLocal ? 1 : 2, nodes: isLocal ? ["worker-1"] : ["worker-1", "worker-2"])
    cluster.service("store", port: 8080, more: isLocal ? ["internalTrafficPolicy": "Local"] : [:])
    cluster.server("web", env: ["STORE_URL": "http://store:8080"], nodes: ["worker-1", "worker-2"])
    cluster.service("web", port: 8080)
    cluster.probes("store", port: 8080, store)
    cluster.probes("web", port: 8080, web)
    return cluster
}
