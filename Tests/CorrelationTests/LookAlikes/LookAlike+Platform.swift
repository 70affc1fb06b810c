import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// What does not go, what serves and controls the cluster, and meshes.
    static let platform: [LookAlike] = [
        LookAlike(
            cause: .namespaceTerminating, object: "Namespace shop",
            details: ["field": "finalizers", "found": "widgets.example.com/cleanup", "reference": "widgets.example.com"],
            question: undeletable,
            fault: { withWidgets() },
            twinIs: "a namespace that waits for an API that is down", twinCause: .aggregatedAPIUnavailable,
            twin: { withDeadAPI() }),
        LookAlike(
            cause: .namespaceTerminating, object: "Namespace shop", question: "cart does not come up",
            fault: {
                var cluster = ClusterBuilder()
                let going: JSONNode = [
                    "metadata": ["deletionTimestamp": .string(cluster.time(minutesAgo: 8))], "status": ["phase": "Terminating"],
                ]
                cluster.change(.namespaces, "shop", going)
                cluster.deployment("cart", pods: [], replicas: 1)
                let set = cluster.replicaSetName(of: "cart")
                cluster.event(
                    "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: set),
                    """
                    Error creating: pods "\(set)-x2x2x" is forbidden: unable to create new content in namespace shop because it is being \
                    terminated
                    """,
                    count: 12, source: "replicaset-controller")
                return cluster
            },
            twinIs: "a namespace that stays and refuses the pod by its level of security", twinCause: .podSecurityViolation,
            twin: {
                var cluster = ClusterBuilder()
                cluster.change(.namespaces, "shop", ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": "baseline"]]])
                cluster.deployment("cart", pods: [], replicas: 1)
                let set = cluster.replicaSetName(of: "cart")
                cluster.event(
                    "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: set),
                    """
                    Error creating: pods "\(set)-x2x2x" is forbidden: violates PodSecurity "baseline:latest": hostPath volumes (volume \
                    "host")
                    """,
                    count: 12, source: "replicaset-controller")
                return cluster
            }),
        LookAlike(
            cause: .finalizerBlocksDeletion, object: "PersistentVolumeClaim shop/data",
            details: ["reference": "backup.example.com/last-copy"], question: "The claim data cannot be deleted",
            fault: { deletedClaim("backup.example.com/last-copy") },
            twinIs: "a claim that a pod still uses",
            twin: {
                var cluster = deletedClaim("kubernetes.io/pvc-protection")
                cluster.statefulSet(
                    "db", TemplateShape([ContainerShape("db", mounts: ["data": "/data"])], volumes: [.claim("data", name: "data")]))
                return cluster
            }),
        LookAlike(
            cause: .finalizerBlocksDeletion, object: "Service shop/edge",
            details: ["reference": "service.kubernetes.io/load-balancer-cleanup"], question: "edge cannot be deleted",
            fault: {
                var cluster = ClusterBuilder()
                cluster.deployment("edge")
                cluster.service("edge", type: "LoadBalancer")
                let going: JSONNode = [
                    "metadata": [
                        "deletionTimestamp": .string(cluster.time(minutesAgo: 30)),
                        "finalizers": ["service.kubernetes.io/load-balancer-cleanup"],
                    ],
                    "status": ["loadBalancer": ["ingress": [["ip": "192.0.2.77"]]]],
                ]
                cluster.change(.services, "edge", going)
                return cluster
            },
            twinIs: "a deletion of a moment ago",
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("edge")
                cluster.service("edge", type: "LoadBalancer")
                let going: JSONNode = [
                    "metadata": [
                        "deletionTimestamp": .string(cluster.time(minutesAgo: 0.2)),
                        "finalizers": ["service.kubernetes.io/load-balancer-cleanup"],
                    ],
                    "status": ["loadBalancer": ["ingress": [["ip": "192.0.2.77"]]]],
                ]
                cluster.change(.services, "edge", going)
                return cluster
            }),
        LookAlike(
            cause: .aggregatedAPIUnavailable, object: "APIService v1beta1.custom.metrics.k8s.io",
            details: ["reference": "prometheus-adapter", "reason": "ServiceNotFound"], question: undeletable,
            fault: { withDeadAPI() },
            twinIs: "a namespace that waits for what is left in it", twinCause: .namespaceTerminating,
            twin: {
                var cluster = withWidgets()
                cluster.metricsServer()
                return cluster
            }),
        LookAlike(
            cause: .controlPlaneDegraded, object: "Pod kube-system/kube-scheduler-master-1", details: ["reference": "kube-scheduler"],
            question: "new pods do not come up",
            fault: {
                var cluster = controlPlane(scheduler: .crashLooping())
                cluster.deployment("cart", pods: [.unseen(), .unseen()])
                return cluster
            },
            twinIs: "pods that wait for a scheduler which nobody runs", twinCause: .schedulerMissing,
            twin: {
                var cluster = controlPlane()
                cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart")], more: ["schedulerName": "volcano"]), pods: [.unseen(), .unseen()])
                return cluster
            }),
        LookAlike(
            cause: .controlPlaneDegraded, object: "Pod kube-system/kube-scheduler-master-1", details: ["reference": "kube-scheduler"],
            question: "new pods do not come up",
            fault: {
                var cluster = controlPlane(scheduler: .crashLooping())
                cluster.deployment("cart", pods: [.unseen()])
                return cluster
            },
            twinIs: "a scheduler with restarts of long ago, which finds no room", twinCause: .insufficientResources,
            twin: {
                var cluster = controlPlane(scheduler: .running(restarts: 14))
                cluster.lease("kube-scheduler", in: "kube-system", secondsAgo: 2)
                cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart", requests: ["cpu": "32"])]),
                    pods: [
                        .unschedulable(
                            """
                            0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 Preemption is not helpful \
                            for scheduling.
                            """
                        )
                    ])
                return cluster
            }),
        LookAlike(
            cause: .meshSidecarFailed, object: "Deployment shop/cart", details: ["container": "istio-proxy"],
            fault: {
                var cluster = meshed(others: ["istio-proxy": .running(ready: false)], unready: "istio-proxy")
                cluster.log(
                    "cart", container: "istio-proxy",
                    """
                    2026-11-23T18:58:01.100000Z\twarning\tenvoy config\tStreamAggregatedResources gRPC config stream to xds-grpc closed: \
                    14, connection error: desc = "transport: Error while dialing: dial tcp 10.96.4.4:15012: connect: connection refused"
                    """
                )
                return cluster
            },
            twinIs: "a program that is not ready beside its ready proxy", twinCause: .healthCheckFailing,
            twin: { meshed(.running(ready: false), unready: "cart") }),
        LookAlike(
            cause: .meshSidecarFailed, object: "Deployment shop/cart",
            details: ["reason": "NC", "host": "orders.shop.svc.cluster.local", "container": "istio-proxy"],
            fault: {
                var cluster = meshed()
                cluster.server("orders")
                cluster.service("orders", port: 8080)
                proxyLog(&cluster, "503 NC cluster_not_found", to: "outbound|8080|v2|orders.shop.svc.cluster.local")
                return cluster
            },
            twinIs: "an upstream whose pods are really down", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = meshed()
                cluster.deployment(
                    "orders", TemplateShape([ContainerShape("orders", ports: [8080], limits: ["memory": "64Mi"])]),
                    pods: [.crashLooping(.outOfMemory)])
                cluster.service("orders", port: 8080)
                proxyLog(&cluster, "503 UH no_healthy_upstream", to: "outbound|8080||orders.shop.svc.cluster.local")
                return cluster
            }),
    ]
}

private let undeletable = "namespace shop cannot be deleted"

private func terminating(_ conditions: (ClusterBuilder) -> [JSONNode]) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let change: JSONNode = [
        "metadata": ["deletionTimestamp": .string(cluster.time(minutesAgo: 40))],
        "status": ["phase": "Terminating", "conditions": .array(conditions(cluster))],
    ]
    cluster.change(.namespaces, "shop", change)
    return cluster
}

/// A namespace that waits for objects with a finalizer that nobody removes.
private func withWidgets() -> ClusterBuilder {
    terminating { cluster in
        [
            cluster.condition(
                "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                "Some resources are remaining: widgets.example.com has 2 resource instances"),
            cluster.condition(
                "NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: widgets.example.com/cleanup in 2 resource instances"),
        ]
    }
}

/// A namespace that waits for the discovery of an aggregated API, which has no server.
private func withDeadAPI() -> ClusterBuilder {
    var cluster = terminating { cluster in
        [
            cluster.condition(
                "NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed",
                """
                Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: \
                custom.metrics.k8s.io/v1beta1: stale GroupVersion discovery: custom.metrics.k8s.io/v1beta1
                """
            )
        ]
    }
    let down = cluster.condition(
        "Available", "False", "ServiceNotFound", "service/prometheus-adapter in \"monitoring\" is not present", minutesAgo: 90)
    cluster.add(
        .apiServices, name: "v1beta1.custom.metrics.k8s.io",
        [
            "spec": [
                "group": "custom.metrics.k8s.io", "version": "v1beta1",
                "service": ["name": "prometheus-adapter", "namespace": "monitoring"],
            ],
            "status": ["conditions": [down]],
        ])
    return cluster
}

/// A claim that was deleted half an hour ago and has this finalizer.
private func deletedClaim(_ finalizer: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.storageClass("standard", isDefault: true)
    cluster.claim("data")
    cluster.volume("pv-data", claim: "data")
    let going: JSONNode = [
        "metadata": ["deletionTimestamp": .string(cluster.time(minutesAgo: 30)), "finalizers": [.string(finalizer)]]
    ]
    cluster.change(.persistentVolumeClaims, "data", going)
    return cluster
}

/// A control plane as kubeadm makes it.
private func controlPlane(scheduler: ContainerState = .running) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.node("master-1", labels: ["node-role.kubernetes.io/control-plane": ""])
    for component in ["etcd", "kube-apiserver", "kube-controller-manager"] { cluster.staticPod(component, on: "master-1") }
    cluster.staticPod("kube-scheduler", on: "master-1", scheduler)
    cluster.deployment("web", pods: [.running])
    return cluster
}

/// A Deployment `cart` with a mesh proxy; `unready` is the container whose readiness probe fails.
private func meshed(
    _ state: ContainerState = .running, others: [String: ContainerState] = [:], unready: String? = nil
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let template = TemplateShape([
        ContainerShape("cart", ports: [8080], readiness: .http("/ready", port: 8080)),
        ContainerShape(
            "istio-proxy", image: "docker.io/istio/proxyv2:1.22.1", ports: [15090], readiness: .http("/healthz/ready", port: 15021)),
    ])
    let pods = cluster.deployment("cart", template, pods: [PodShape(state, others: others)])
    cluster.service("cart", port: 8080)
    if let unready {
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Readiness probe failed: HTTP probe failed with statuscode: 503", count: 200, container: unready)
    }
    return cluster
}

/// The access log of the cart's proxy, with calls of the orders that end so.
private func proxyLog(_ cluster: inout ClusterBuilder, _ answer: String, to upstream: String) {
    let call = "[2026-11-23T18:58:01.100Z] \"GET /items HTTP/1.1\" \(answer) - \"-\" 0 0 0 - \"-\" \"curl\" \"x\" \"orders:8080\" \"-\""
    let line = "\(call) \(upstream) - 10.96.0.9:8080 10.244.0.8:40000 - -"
    cluster.log("cart", container: "istio-proxy", Array(repeating: line, count: 6).joined(separator: "\n"))
}
