import ClusterModel
import Correlation
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Nodes that do not work, and pods that could not start for it.
struct NodeFixtures {
    private static let shop = "Partial Service Unreachability."

    private func node(_ name: String) -> ObjectReference { ObjectReference(kind: "Node", namespace: nil, name: name) }

    private func top(_ cluster: ClusterBuilder, _ description: String = shop, namespace: String? = "shop") throws -> RootCause {
        let report = try diagnose(cluster.evidence(), description, namespace: namespace)
        return try #require(report.rootCauses.first, "\(report.summary)")
    }

    private func expectSilence(_ cluster: ClusterBuilder, _ description: String = shop, namespace: String? = "shop") throws {
        let report = try diagnose(cluster.evidence(), description, namespace: namespace)
        #expect(report.confident.isEmpty, "false alarm: \(report.words)")
    }

    private func twoNodes() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.deployment("web", pods: [.running, PodShape(node: "worker-2")])
        cluster.service("web")
        return cluster
    }

    // MARK: Node down

    @Test(arguments: ["shop", nil]) func `a node that stopped reporting is the cause of its pods' trouble`(_ namespace: String?) throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2", ready: false)
        cluster.deployment("web", pods: [.running, .stranded(on: "worker-2")])
        cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
        cluster.service("cart")
        let cause = try top(cluster, namespace: namespace)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2") && cause.level == .high)
        #expect(cause.details["node"] == "worker-2")
        #expect(cause.affected.contains { $0.name == "cart" } && cause.affected.contains { $0.name == "web" })
    }

    @Test func `a StatefulSet whose pod cannot be ended on a dead node`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2", ready: false)
        cluster.statefulSet("db", pods: [.stranded(on: "worker-2", terminatingSince: cluster.time(minutesAgo: 8))], replicas: 1)
        cluster.service("db", port: 5432)
        let cause = try top(cluster, "db does not answer")
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2"))
    }

    @Test func `a node that never reported`() throws {
        var cluster = twoNodes()
        cluster.conditions(
            of: "worker-2", [cluster.condition("Ready", "Unknown", "NodeStatusNeverUpdated", "Kubelet never posted node status.")])
        let cause = try top(cluster, "worker-2 does not join", namespace: nil)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2"))
    }

    @Test func `taints stand for conditions that were not recorded`() throws {
        var cluster = ClusterBuilder()
        cluster.node(
            "worker-2", taints: [["key": "node.kubernetes.io/unreachable", "effect": "NoExecute"]])
        cluster.change(.nodes, "worker-2", ["status": ["conditions": .null]])
        cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
        let cause = try top(cluster)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2"))
    }

    @Test func `without a node list the pods' events tell of the node`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
        cluster.event(
            "NodeNotReady", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), "Node is not ready",
            source: "node-controller")
        cluster.removeList(.nodes)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2"))
    }

    @Test func `pods that went down with their node`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [
                PodShape(
                    .terminated(.init(0)), node: "worker-2", minutesOld: 50,
                    more: [
                        "status": [
                            "phase": "Failed", "reason": "Terminated",
                            "message": "Pod was terminated in response to imminent node shutdown.",
                        ]
                    ])
            ], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2"))
    }

    @Test func `a node that was not ready an hour ago and recovered is no fault`() throws {
        var cluster = twoNodes()
        cluster.event(
            "NodeNotReady", about: node("worker-2"), "Node worker-2 status is now: NodeNotReady", type: "Normal", minutesAgo: 50,
            source: "node-controller")
        cluster.event("NodeReady", about: node("worker-2"), "Node worker-2 status is now: NodeReady", type: "Normal", minutesAgo: 48)
        try expectSilence(cluster)
    }

    @Test func `pods left over from a node that was shut down are history once others serve`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [
                .running,
                PodShape(
                    .terminated(.init(0)), node: "spot-7", minutesOld: 50,
                    more: [
                        "status": [
                            "phase": "Failed", "reason": "Terminated",
                            "message": "Pod was terminated in response to imminent node shutdown.",
                        ]
                    ]),
            ], replicas: 1)
        try expectSilence(cluster)
    }

    @Test func `a node that is just being added is no fault`() throws {
        var cluster = twoNodes()
        cluster.conditions(
            of: "worker-2",
            [
                cluster.condition(
                    "Ready", "False", "KubeletNotReady",
                    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
                    minutesAgo: 1)
            ])
        cluster.change(.nodes, "worker-2", ["metadata": ["creationTimestamp": .string(cluster.time(minutesAgo: 1))]])
        try expectSilence(cluster, namespace: nil)
    }

    @Test func `a cordoned node is no fault while all is well`() throws {
        var cluster = twoNodes()
        cluster.node(
            "worker-2", taints: [["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"]], unschedulable: true)
        try expectSilence(cluster)
    }

    @Test func `the fault of a workload is not laid on a node that is down elsewhere`() throws {
        var cluster = twoNodes()
        cluster.node("worker-3", ready: false)
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", image: "registry.example.com/cart:9")]),
            pods: [
                .waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"registry.example.com/cart:9\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"registry.example.com/cart:9\": failed to resolve reference \"registry.example.com/cart:9\": registry.example.com/cart:9: not found"
                )
            ])
        let cause = try top(cluster)
        #expect(cause.cause == .imageNotFound && cause.object.name == "cart")
    }

    // MARK: Runtime and network

    @Test(arguments: [
        "container runtime is down",
        "[container runtime is down, PLEG is not healthy: pleg was last seen active 4m2s ago; threshold is 3m0s]",
        "PLEG is not healthy: pleg was last seen active 5m12s ago; threshold is 3m0s",
        "[container runtime status check may not have completed yet, PLEG is not healthy: pleg has yet to be successful]",
    ])
    func `a runtime that hangs`(_ message: String) throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.conditions(of: "worker-2", [cluster.condition("Ready", "False", "KubeletNotReady", message)])
        cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
        let cause = try top(cluster)
        #expect(cause.cause == .containerRuntimeDown && cause.object == node("worker-2"))
    }

    @Test(arguments: [
        "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
        "runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network plugin is not ready: cni config uninitialized",
    ])
    func `a node without a pod network`(_ message: String) throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.conditions(of: "worker-2", [cluster.condition("Ready", "False", "KubeletNotReady", message)])
        let pods = cluster.deployment("cart", pods: [.creating(node: "worker-2")])
        cluster.event(
            "NetworkNotReady", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), "network is not ready: \(message)")
        let cause = try top(cluster)
        #expect(cause.cause == .podNetworkSetupFailed && cause.object == node("worker-2"))
    }

    private func sandbox(_ message: String, _ change: (inout ClusterBuilder) -> Void = { _ in }) throws -> RootCause {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart", pods: [.creating()])
        cluster.event(
            "FailedCreatePodSandBox", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), message, count: 12,
            minutesAgo: 1, firstMinutesAgo: 9)
        change(&cluster)
        return try top(cluster)
    }

    @Test func `a network plugin that fails on a node`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"1f\": plugin type=\"calico\" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/"
        )
        #expect(cause.cause == .podNetworkSetupFailed && cause.object == node("worker-1"))
        #expect(cause.details["found"] == "calico")
    }

    @Test func `a node without free pod addresses`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"1f\": plugin type=\"host-local\" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.254"
        )
        #expect(cause.cause == .podNetworkSetupFailed && cause.object == node("worker-1"))
        #expect(cause.details["reason"] == "no free pod address")
    }

    @Test func `the network agent of the node is the deeper fault`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"1f\": plugin type=\"flannel\" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory"
        ) { cluster in
            cluster.daemonSet(
                "kube-flannel-ds",
                pods: [.waiting("CreateContainerConfigError", "configmap \"kube-flannel-cfg\" not found")], in: "kube-flannel")
        }
        #expect(cause.cause == .configMapNotFound && cause.object.name == "kube-flannel-ds")
        #expect(cause.affected.contains { $0.name == "cart" })
    }

    @Test func `a network that the pod itself asks for is the workload's fault`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"1f\": plugin type=\"multus\" name=\"multus-cni-network\" failed (add): [shop/cart]: error loading k8s delegates k8s args: TryLoadPodDelegates: cannot find a network-attachment-definition (storage-net) in namespace (shop)"
        )
        #expect(cause.cause == .podNetworkSetupFailed && cause.object.kind == "Deployment")
    }

    @Test func `a sandbox that fails for want of a runtime is no network fault`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused\""
        )
        #expect(cause.cause == .containerRuntimeDown && cause.object == node("worker-1"))
    }

    @Test func `a sandbox that fails for want of disk`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: mkdir /run/containerd/io.containerd.runtime.v2.task/k8s.io/1f: no space left on device: unknown"
        )
        #expect(cause.cause == .nodeDiskPressure && cause.object == node("worker-1"))
    }

    @Test func `a node that cannot start processes`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox container task: fork/exec /usr/bin/containerd-shim-runc-v2: resource temporarily unavailable"
        )
        #expect(cause.cause == .nodePIDPressure && cause.object == node("worker-1"))
    }

    @Test func `a node that is out of file handles`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to start container process: open /proc/self/fd: too many open files"
        )
        #expect(cause.cause == .processLimitReached && cause.object == node("worker-1"))
    }

    @Test func `a RuntimeClass whose handler is not on the node`() throws {
        let cause = try sandbox(
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for \"gvisor\" is configured"
        )
        #expect(cause.cause == .runtimeClassNotFound && cause.object.kind == "Deployment" && cause.details["reference"] == "gvisor")
    }

    @Test func `a RuntimeClass that does not exist`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [], replicas: 2)
        let set = ObjectReference(kind: "ReplicaSet", namespace: "shop", name: "cart-\(rs(cluster, "cart"))")
        cluster.event(
            "FailedCreate", about: set,
            "Error creating: pods \"\(set.name)-\" is forbidden: pod rejected: RuntimeClass \"kata\" not found", count: 8,
            source: "replicaset-controller")
        let cause = try top(cluster)
        #expect(cause.cause == .runtimeClassNotFound && cause.object.name == "cart" && cause.details["reference"] == "kata")
    }

    private func rs(_ cluster: ClusterBuilder, _ name: String) -> String {
        let set = cluster.view().replicaSets.items.first { $0.name.hasPrefix(name + "-") }
        return String(set?.name.dropFirst(name.count + 1) ?? "")
    }

    @Test func `one sandbox that failed at first and started then is no fault`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart", pods: [PodShape(minutesOld: 5)])
        cluster.event(
            "FailedCreatePodSandBox", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"1f\": plugin type=\"calico\" failed (add): context deadline exceeded",
            minutesAgo: 4)
        try expectSilence(cluster)
    }

    // MARK: Devices

    @Test func `a device that the plugin cannot give`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "trainer",
            TemplateShape([ContainerShape("trainer", limits: ["nvidia.com/gpu": "1"])]),
            pods: [
                PodShape(
                    .waiting("ContainerCreating"), minutesOld: 5,
                    more: [
                        "status": [
                            "phase": "Failed", "reason": "UnexpectedAdmissionError", "containerStatuses": .null,
                            "message":
                                "Pod was rejected: Allocate failed due to requested number of devices unavailable for nvidia.com/gpu. Requested: 1, Available: 0, which is unexpected",
                        ]
                    ])
            ], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .deviceUnavailable && cause.object.name == "trainer")
        #expect(cause.details["resource"] == "nvidia.com/gpu")
    }

    @Test func `a resource claim that the driver cannot prepare`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("trainer", pods: [.creating()])
        cluster.event(
            "FailedPrepareDynamicResources", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Failed to prepare dynamic resources: prepare dynamic resources: NodePrepareResources failed for claim shop/gpu: error preparing devices: device gpu-0 is not allocatable",
            count: 4)
        let cause = try top(cluster)
        #expect(cause.cause == .deviceUnavailable && cause.object.name == "trainer")
    }
}
