import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Services: whom they find, where they send, and how they are called.
    static let services: [LookAlike] = [
        LookAlike(
            cause: .serviceSelectorMismatch, object: "Service shop/cart",
            details: ["field": "selector", "found": "app=cart-v2", "expected": "app=cart"],
            fault: {
                var cluster = calling(refused)
                cluster.server("cart")
                cluster.service("cart", port: 8080, selector: ["app": "cart-v2"])
                return cluster
            },
            twinIs: "a Service without endpoints because its pods crash", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = calling(refused)
                cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart", ports: [8080], limits: ["memory": "64Mi"])]),
                    pods: [.crashLooping(.outOfMemory), .crashLooping(.outOfMemory)])
                cluster.service("cart", port: 8080)
                return cluster
            }),
        LookAlike(
            cause: .serviceSelectorMismatch, object: "Service shop/cart",
            details: ["found": "app=orders", "expected": "app=cart", "reference": "cart"],
            fault: {
                var cluster = ClusterBuilder()
                for name in ["cart", "orders"] { cluster.server(name) }
                cluster.service("cart", port: 8080, selector: ["app": "orders"])
                cluster.service("orders", port: 8080)
                return cluster
            },
            twinIs: "a Service over two roles of one system",
            twin: {
                var cluster = ClusterBuilder()
                for role in ["primary", "replica"] {
                    cluster.server("cart-\(role)", labels: ["part-of": "cart", "role": role])
                    cluster.service("cart-\(role)", port: 8080)
                }
                cluster.service("cart", port: 8080, selector: ["part-of": "cart"])
                return cluster
            }),
        LookAlike(
            cause: .serviceSelectorMismatch, object: "Service shop/cart", details: ["found": "app=carts"],
            fault: {
                var cluster = calling(refused)
                cluster.server("cart")
                cluster.service("cart", port: 8080, selector: ["app": "carts"])
                return cluster
            },
            twinIs: "a Service of a workload that is scaled to zero", twinCause: .scaledToZero,
            twin: {
                var cluster = calling(refused)
                cluster.server("cart", replicas: 0)
                cluster.service("cart", port: 8080)
                return cluster
            }),
        LookAlike(
            cause: .servicePortMismatch, object: "Service shop/cart",
            details: ["field": "port", "found": "9090", "expected": "8080", "port": "8080"],
            fault: {
                var cluster = calling(refused)
                cluster.server("cart")
                cluster.service("cart", port: 8080, targetPort: 9090)
                cluster.log("cart", "INFO server started, listening on :8080")
                return cluster
            },
            twinIs: "a declared port that is out of date, and a program that listens where the Service sends",
            twin: {
                var cluster = calling()
                cluster.server("cart")
                cluster.service("cart", port: 8080, targetPort: 9090)
                cluster.log("cart", "INFO server started, listening on :9090")
                return cluster
            }),
        LookAlike(
            cause: .servicePortMismatch, object: "Service shop/cart",
            details: ["field": "port", "found": "web", "expected": "http", "port": "8080"],
            fault: {
                var cluster = calling(refused)
                let ports: JSONNode = ["ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]]]
                cluster.deployment("cart", TemplateShape([ContainerShape("cart", more: ports)]), pods: [.running, .running])
                cluster.service("cart", port: 8080, targetPort: "web")
                return cluster
            },
            twinIs: "a probe that asks the wrong port, so that no endpoint is ready", twinCause: .probeMisconfigured,
            twin: {
                var cluster = calling(refused)
                let container = ContainerShape("cart", ports: [8080], readiness: .http("/ready", port: 8081))
                let pods = cluster.deployment("cart", TemplateShape([container]), pods: [.running(ready: false)])
                cluster.service("cart", port: 8080)
                cluster.log("cart", "INFO server started, listening on :8080")
                cluster.event(
                    "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
                    "Readiness probe failed: Get \"http://10.244.0.9:8081/ready\": dial tcp 10.244.0.9:8081: connect: connection refused",
                    count: 150, container: "cart")
                return cluster
            }),
        LookAlike(
            cause: .clientPortMismatch, object: "Deployment shop/front",
            details: ["field": "port", "found": "7070", "expected": "8080", "reference": "cart"],
            fault: {
                var cluster = calling("dial tcp 10.96.0.9:7070: i/o timeout", url: "http://cart:7070")
                serve(&cluster)
                return cluster
            },
            twinIs: "a policy that drops the calls to the right port", twinCause: .networkPolicyBlocks,
            twin: {
                var cluster = calling("dial tcp 10.96.0.9:8080: i/o timeout")
                serve(&cluster)
                cluster.networkPolicy(
                    "cart-in", for: ["app": "cart"],
                    [
                        "ingress": [
                            [
                                "from": [["podSelector": ["matchLabels": ["role": "frontend"]]]],
                                "ports": [["port": 8080, "protocol": "TCP"]],
                            ]
                        ]
                    ])
                return cluster
            }),
        LookAlike(
            cause: .clientPortMismatch, object: "Deployment shop/front",
            details: ["field": "protocol", "found": "https", "expected": "http", "reference": "cart"],
            fault: {
                var cluster = calling("http: server gave HTTP response to HTTPS client", url: "https://cart:8080")
                serve(&cluster)
                return cluster
            },
            twinIs: "a server that does speak TLS, with a certificate that nobody trusts", twinCause: .certificateInvalid,
            twin: {
                var cluster = calling(
                    "tls: failed to verify certificate: x509: certificate signed by unknown authority", url: "https://cart:8443",
                    isFatal: true)
                serve(&cluster, port: 8443)
                return cluster
            }),
        LookAlike(
            cause: .clientPortMismatch, object: "Deployment shop/front", details: ["found": "80", "expected": "8080"],
            fault: {
                var cluster = calling("dial tcp 10.96.0.9:80: i/o timeout", url: "http://cart:80")
                serve(&cluster)
                return cluster
            },
            twinIs: "a Service that offers the port and forwards it wrongly", twinCause: .servicePortMismatch,
            twin: {
                var cluster = calling("dial tcp 10.96.0.9:80: connect: connection refused", url: "http://cart:80")
                cluster.server("cart")
                cluster.service("cart", port: 80, targetPort: 8090, more: ["clusterIP": "10.96.0.9"])
                return cluster
            }),
        LookAlike(
            cause: .serviceNotFound, object: "Deployment shop/front", details: ["reference": "cart", "host": "cart"],
            fault: {
                var cluster = calling("dial tcp: lookup cart on 10.96.0.10:53: no such host")
                cluster.clusterDNS()
                cluster.server("cart")
                return cluster
            },
            twinIs: "a Service that is there while the cluster's DNS is not", twinCause: .clusterDNSUnavailable,
            twin: {
                var cluster = calling(
                    "dial tcp: lookup cart on 10.96.0.10:53: read udp 10.244.0.9:53211->10.96.0.10:53: i/o timeout")
                cluster.clusterDNS(pods: [], replicas: 0)
                serve(&cluster)
                return cluster
            }),
        LookAlike(
            cause: .serviceNotFound, object: "Deployment shop/front", details: ["reference": "cart"],
            fault: {
                let host = "cart.data.svc.cluster.local"
                var cluster = calling("dial tcp: lookup \(host) on 10.96.0.10:53: no such host", url: "http://\(host):8080")
                cluster.clusterDNS()
                cluster.namespace("data")
                return cluster
            },
            twinIs: "a name outside the cluster that does not exist", twinCause: .dependencyNameUnresolvable,
            twin: {
                let host = "cart.partner.example.com"
                var cluster = calling(
                    "dial tcp: lookup \(host) on 10.96.0.10:53: no such host", url: "http://\(host):8080", isFatal: true)
                cluster.clusterDNS()
                return cluster
            }),
        LookAlike(
            cause: .serviceTrafficPolicy, object: "Service shop/cart",
            details: ["field": "internalTrafficPolicy", "found": "Local", "expected": "Cluster", "node": "worker-2"],
            fault: {
                var cluster = ClusterBuilder()
                cluster.node("worker-2")
                let front = ContainerShape("front", env: ["CART_URL": "http://cart:8080"], ports: [8080])
                let pods = cluster.deployment("front", TemplateShape([front]), pods: [.running, PodShape(node: "worker-2")])
                cluster.server("cart", replicas: 1, nodes: ["worker-1"])
                cluster.service("cart", port: 8080, more: ["internalTrafficPolicy": "Local"])
                cluster.log(pods[1], failing("http://cart:8080", "dial tcp 10.96.0.9:8080: i/o timeout"))
                return cluster
            },
            twinIs: "a node from which no Service can be reached", twinCause: .serviceRoutingBroken,
            twin: {
                var cluster = ClusterBuilder()
                cluster.node("worker-2")
                for name in ["cart", "orders"] {
                    cluster.server(name, nodes: ["worker-1", "worker-2"])
                    cluster.service(name, port: 8080, more: name == "cart" ? ["internalTrafficPolicy": "Local"] : [:])
                    cluster.probes(name, port: 8080, ["worker-1": "open", "worker-2": "timeout"])
                }
                return cluster
            }),
        LookAlike(
            cause: .loadBalancerPending, object: "Service shop/edge", details: ["reason": "SyncLoadBalancerFailed"],
            question: "edge has no external IP",
            fault: { balanced([:]) },
            twinIs: "a load balancer that was made at the second attempt",
            twin: {
                var cluster = balanced(["loadBalancer": ["ingress": [["ip": "198.51.100.4"]]]])
                cluster.event(
                    "EnsuredLoadBalancer", about: ObjectReference(kind: "Service", namespace: "shop", name: "edge"),
                    "Ensured load balancer", type: "Normal", minutesAgo: 1, source: "service-controller")
                return cluster
            }),
    ]
}

private let refused = "dial tcp 10.96.0.9:8080: connect: connection refused"

private func failing(_ url: String, _ error: String) -> String {
    Array(repeating: "ERROR Get \"\(url)/items\": \(error)", count: 6).joined(separator: "\n")
}

/// A Deployment `front` that is configured with the URL of the cart, and whose calls end so; `isFatal` where it dies of it.
private func calling(_ error: String? = nil, url: String = "http://cart:8080", isFatal: Bool = false) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let front = ContainerShape("front", env: ["CART_URL": url], ports: [8080])
    cluster.deployment("front", TemplateShape([front]), pods: isFatal ? [.crashLooping()] : [.running, .running])
    cluster.service("front", port: 80, targetPort: 8080)
    if let error { cluster.log("front", previous: isFatal, failing(url, error)) }
    return cluster
}

/// The cart and its Service, which fit each other.
private func serve(_ cluster: inout ClusterBuilder, port: Int = 8080) {
    cluster.server("cart", port: port)
    cluster.service("cart", port: port, more: ["clusterIP": "10.96.0.9"])
}

/// A Service of type LoadBalancer about which the cloud reported an error.
private func balanced(_ status: JSONNode) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.server("edge")
    cluster.service("edge", port: 8080, type: "LoadBalancer")
    cluster.change(.services, "edge", ["status": status])
    cluster.event(
        "SyncLoadBalancerFailed", about: ObjectReference(kind: "Service", namespace: "shop", name: "edge"),
        "Error syncing load balancer: failed to ensure load balancer: could not find any suitable subnets for creating the ELB",
        count: 5, minutesAgo: 6, firstMinutesAgo: 30, source: "service-controller")
    return cluster
}
