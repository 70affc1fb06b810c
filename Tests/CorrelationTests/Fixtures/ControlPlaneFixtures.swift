import ClusterModel
import Correlation
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Components of the control plane, by what they are seen to be and by what is left undone.
struct ControlPlaneFixtures {
    private func top(_ cluster: ClusterBuilder, _ description: String = "new pods do not come up", namespace: String? = "shop") throws
        -> RootCause
    {
        let report = try diagnose(cluster.evidence(), description, namespace: namespace)
        return try #require(report.rootCauses.first, "\(report.summary)")
    }

    private func expectSilence(_ cluster: ClusterBuilder, namespace: String? = "shop") throws {
        let report = try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: namespace)
        #expect(report.confident.isEmpty, "false alarm: \(report.words)")
    }

    private func kubeadm(without: String? = nil) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("master-1", labels: ["node-role.kubernetes.io/control-plane": ""])
        for component in ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] where component != without {
            cluster.staticPod(component, on: "master-1")
        }
        return cluster
    }

    @Test func `pods that no scheduler looks at`() throws {
        var cluster = kubeadm()
        cluster.deployment("cart", pods: [.unseen(), .unseen()])
        cluster.deployment("web", pods: [.running])
        let cause = try top(cluster)
        #expect(cause.cause == .controlPlaneDegraded && cause.object.name == "kube-scheduler-master-1")
        #expect(cause.details["reference"] == "kube-scheduler")
        #expect(cause.affected.contains { $0.name == "cart" })
        #expect(cause.level >= .medium)
    }

    @Test func `a scheduler whose host says that it is stopped`() throws {
        var cluster = ClusterBuilder()
        cluster.node("master", labels: ["node-role.kubernetes.io/master": ""])
        cluster.deployment("cart", pods: [.unseen()])
        cluster.hostService("kubelet", on: "master")
        cluster.hostService("kube-scheduler", on: "master", active: "inactive", sub: "dead")
        cluster.hostService("kube-scheduler", on: "worker-1", active: "inactive", sub: "dead", loaded: "not-found")
        let cause = try top(cluster)
        #expect(cause.cause == .controlPlaneDegraded && cause.level == .high)
        #expect(cause.object == ObjectReference(kind: "Node", namespace: nil, name: "master"))
        #expect(cause.details["reference"] == "kube-scheduler" && cause.details["node"] == "master")
    }

    @Test func `a scheduler that crashes`() throws {
        var cluster = kubeadm(without: "kube-scheduler")
        cluster.staticPod("kube-scheduler", on: "master-1", .crashLooping())
        cluster.deployment("cart", pods: [.unseen()])
        let cause = try top(cluster)
        #expect(cause.cause == .controlPlaneDegraded && cause.object.name == "kube-scheduler-master-1" && cause.level == .high)
    }

    @Test func `a scheduler that is missing among its fellows`() throws {
        var cluster = kubeadm(without: "kube-scheduler")
        cluster.deployment("cart", pods: [.unseen()])
        let cause = try top(cluster)
        #expect(cause.cause == .controlPlaneDegraded && cause.details["reference"] == "kube-scheduler" && cause.level == .high)
    }

    @Test func `a lease that nobody renews`() throws {
        var cluster = kubeadm()
        cluster.lease("kube-controller-manager", in: "kube-system", secondsAgo: 900)
        cluster.lease("kube-scheduler", in: "kube-system", secondsAgo: 3)
        cluster.deployment("cart", more: ["metadata": ["generation": 4], "status": ["observedGeneration": 3]])
        let cause = try top(cluster, "the new release of cart is not rolled out")
        #expect(cause.cause == .controlPlaneDegraded && cause.details["reference"] == "kube-controller-manager" && cause.level == .high)
    }

    @Test func `Deployments that nobody acts upon`() throws {
        var cluster = kubeadm()
        for name in ["cart", "web"] {
            cluster.deployment(name, more: ["metadata": ["generation": 4], "status": ["observedGeneration": 3]])
        }
        let cause = try top(cluster, "the new release of cart is not rolled out")
        #expect(cause.cause == .controlPlaneDegraded && cause.details["reference"] == "kube-controller-manager")
    }

    @Test func `a pod of another scheduler is no fault of the default one`() throws {
        var cluster = kubeadm()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart")], more: ["schedulerName": "volcano"]), pods: [.unseen()])
        let cause = try top(cluster)
        #expect(cause.cause == .schedulerMissing && cause.object.name == "cart")
    }

    @Test func `a pod made a moment ago waits for nobody`() throws {
        var cluster = kubeadm()
        cluster.deployment("cart", pods: [.running, .unseen(minutesOld: 0.3)])
        try expectSilence(cluster)
    }

    @Test func `one replica of a control plane of three may be away`() throws {
        var cluster = kubeadm()
        for node in ["master-2", "master-3"] {
            cluster.node(node, labels: ["node-role.kubernetes.io/control-plane": ""])
        }
        cluster.staticPod("kube-scheduler", on: "master-2")
        cluster.hostService("kube-scheduler", on: "master-1")
        cluster.hostService("kube-scheduler", on: "master-3", active: "inactive", sub: "dead")
        cluster.deployment("web")
        try expectSilence(cluster)
    }

    @Test func `a healthy control plane with restarts of long ago`() throws {
        var cluster = kubeadm(without: "kube-scheduler")
        cluster.staticPod("kube-scheduler", on: "master-1", .running(restarts: 14))
        cluster.lease("kube-scheduler", in: "kube-system", secondsAgo: 2)
        cluster.lease("worker-1", in: "kube-node-lease", secondsAgo: 8)
        cluster.deployment("web")
        try expectSilence(cluster, namespace: nil)
    }

    @Test func `an aggregated API whose server is down`() throws {
        var cluster = ClusterBuilder()
        cluster.add(
            .apiServices, name: "v1beta1.metrics.k8s.io",
            [
                "spec": [
                    "group": "metrics.k8s.io", "version": "v1beta1", "service": ["name": "metrics-server", "namespace": "kube-system"],
                ],
                "status": [
                    "conditions": [
                        cluster.condition(
                            "Available", "False", "MissingEndpoints",
                            "endpoints for service/metrics-server in \"kube-system\" have no addresses with port name \"https\"")
                    ]
                ],
            ])
        let cause = try top(cluster, "kubectl top fails", namespace: nil)
        #expect(cause.cause == .aggregatedAPIUnavailable && cause.object.name == "v1beta1.metrics.k8s.io")
        #expect(cause.details["reference"] == "metrics-server" && cause.details["reason"] == "MissingEndpoints")
    }

    @Test func `the server behind an aggregated API is the deeper fault`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "metrics-server", TemplateShape([ContainerShape("metrics-server", image: "registry.k8s.io/metrics-server:v9")]),
            pods: [
                .waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"registry.k8s.io/metrics-server:v9\": ErrImagePull: rpc error: code = NotFound desc = failed to resolve reference \"registry.k8s.io/metrics-server:v9\": registry.k8s.io/metrics-server:v9: not found"
                )
            ],
            in: "kube-system")
        cluster.service("metrics-server", port: 443, in: "kube-system")
        cluster.add(
            .apiServices, name: "v1beta1.metrics.k8s.io",
            [
                "spec": ["service": ["name": "metrics-server", "namespace": "kube-system"]],
                "status": ["conditions": [cluster.condition("Available", "False", "MissingEndpoints", "endpoints have no addresses")]],
            ])
        let cause = try top(cluster, "kubectl top fails", namespace: nil)
        #expect(cause.cause == .imageNotFound && cause.object.name == "metrics-server")
    }

    // MARK: Deletion

    @Test func `a namespace that waits for finalizers`() throws {
        var cluster = ClusterBuilder()
        cluster.change(
            .namespaces, "shop",
            [
                "metadata": ["deletionTimestamp": .string(cluster.time(minutesAgo: 40))],
                "status": [
                    "phase": "Terminating",
                    "conditions": [
                        cluster.condition(
                            "NamespaceContentRemaining", "True", "SomeResourcesRemain",
                            "Some resources are remaining: widgets.example.com has 2 resource instances"),
                        cluster.condition(
                            "NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain",
                            "Some content in the namespace has finalizers remaining: widgets.example.com/cleanup in 2 resource instances"),
                    ],
                ],
            ])
        let cause = try top(cluster, "namespace shop cannot be deleted")
        #expect(cause.cause == .namespaceTerminating && cause.object.name == "shop")
        #expect(cause.details["found"] == "widgets.example.com/cleanup" && cause.details["field"] == "finalizers")
        #expect(cause.details["reference"] == "widgets.example.com")
    }

    @Test func `a namespace held up by a dead API is the API's fault`() throws {
        var cluster = ClusterBuilder()
        cluster.change(
            .namespaces, "shop",
            [
                "metadata": ["deletionTimestamp": .string(cluster.time(minutesAgo: 40))],
                "status": [
                    "phase": "Terminating",
                    "conditions": [
                        cluster.condition(
                            "NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed",
                            "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: custom.metrics.k8s.io/v1beta1: stale GroupVersion discovery: custom.metrics.k8s.io/v1beta1"
                        )
                    ],
                ],
            ])
        cluster.add(
            .apiServices, name: "v1beta1.custom.metrics.k8s.io",
            [
                "spec": ["service": ["name": "prometheus-adapter", "namespace": "monitoring"]],
                "status": [
                    "conditions": [
                        cluster.condition(
                            "Available", "False", "ServiceNotFound", "service/prometheus-adapter in \"monitoring\" is not present")
                    ]
                ],
            ])
        let cause = try top(cluster, "namespace shop cannot be deleted")
        #expect(cause.cause == .aggregatedAPIUnavailable && cause.object.name == "v1beta1.custom.metrics.k8s.io")
    }

    @Test func `new pods in a namespace that is going`() throws {
        var cluster = ClusterBuilder()
        cluster.removeList(.namespaces)
        cluster.deployment("cart", pods: [], replicas: 1)
        let set = cluster.view().replicaSets.items.first?.name ?? ""
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: set),
            "Error creating: pods \"\(set)-\" is forbidden: unable to create new content in namespace shop because it is being terminated",
            source: "replicaset-controller")
        let cause = try top(cluster)
        #expect(cause.cause == .namespaceTerminating && cause.object.name == "shop")
    }

    @Test func `an object held by a finalizer whose controller is gone`() throws {
        var cluster = ClusterBuilder()
        cluster.service("edge", type: "LoadBalancer", endpoints: false)
        cluster.change(
            .services, "edge",
            [
                "metadata": [
                    "deletionTimestamp": .string(cluster.time(minutesAgo: 30)),
                    "finalizers": ["service.kubernetes.io/load-balancer-cleanup"],
                ],
                "status": ["loadBalancer": ["ingress": [["ip": "192.0.2.77"]]]],
            ])
        cluster.deployment("edge")
        let cause = try top(cluster, "service edge cannot be deleted")
        #expect(cause.cause == .finalizerBlocksDeletion && cause.object.name == "edge" && cause.object.kind == "Service")
        #expect(cause.details["reference"] == "service.kubernetes.io/load-balancer-cleanup")
    }

    @Test func `a claim that a pod still uses is held rightly`() throws {
        var cluster = ClusterBuilder()
        cluster.claim("data")
        cluster.change(
            .persistentVolumeClaims, "data",
            [
                "metadata": [
                    "deletionTimestamp": .string(cluster.time(minutesAgo: 30)), "finalizers": ["kubernetes.io/pvc-protection"],
                ]
            ])
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", mounts: ["data": "/data"])], volumes: [.claim("data", name: "data")]))
        try expectSilence(cluster)
    }

    @Test func `an object that has just been deleted is no fault`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web")
        cluster.pod(
            "old", nil,
            PodShape(
                more: [
                    "metadata": [
                        "deletionTimestamp": .string(cluster.time(minutesAgo: 0.2)), "finalizers": ["example.com/drain"],
                    ]
                ]))
        try expectSilence(cluster)
    }
}
