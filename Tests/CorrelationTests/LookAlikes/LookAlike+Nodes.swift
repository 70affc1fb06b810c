import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Nodes that are down, or short of something.
    static let nodes: [LookAlike] = [
        LookAlike(
            cause: .nodeNotReady, object: "Node worker-2", details: ["node": "worker-2"],
            fault: { lostNode() },
            twinIs: "a kubelet that reports, and a runtime that is down", twinCause: .containerRuntimeDown,
            twin: { unready("[container runtime is down, PLEG is not healthy: pleg was last seen active 4m2s ago; threshold is 3m0s]") }),
        LookAlike(
            cause: .nodeNotReady, object: "Node worker-2", details: ["node": "worker-2"],
            fault: { lostNode() },
            twinIs: "a node that was away an hour ago, and a program that fails by itself", twinCause: .secretNotFound,
            twin: {
                var cluster = twoNodes()
                cluster.event(
                    "NodeNotReady", about: node, "Node worker-2 status is now: NodeNotReady", type: "Normal", minutesAgo: 55,
                    source: "node-controller")
                cluster.event("NodeReady", about: node, "Node worker-2 status is now: NodeReady", type: "Normal", minutesAgo: 52)
                cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart", envFrom: [.secret("cart-db")])]),
                    pods: [PodShape(.waiting("CreateContainerConfigError", "secret \"cart-db\" not found"), node: "worker-2")])
                return cluster
            }),
        LookAlike(
            cause: .containerRuntimeDown, object: "Node worker-2", details: ["node": "worker-2"],
            fault: { unready("PLEG is not healthy: pleg was last seen active 5m12s ago; threshold is 3m0s") },
            twinIs: "a runtime that is well, and has no network for pods", twinCause: .podNetworkSetupFailed,
            twin: {
                let words =
                    """
                    container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns \
                    error: cni plugin not initialized
                    """
                var cluster = twoNodes()
                cluster.conditions(of: "worker-2", [cluster.condition("Ready", "False", "KubeletNotReady", words)])
                let pods = cluster.deployment("cart", pods: [.creating(node: "worker-2")])
                cluster.event(
                    "NetworkNotReady", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
                    "network is not ready: \(words)", count: 60)
                return cluster
            }),
        LookAlike(
            cause: .containerRuntimeDown, object: "Node worker-2", details: ["node": "worker-2"],
            fault: { unready("container runtime is down") },
            twinIs: "a kubelet that no longer reports", twinCause: .nodeNotReady, twin: { lostNode() }),
        LookAlike(
            cause: .nodeMemoryPressure, object: "Node worker-1", details: ["node": "worker-1", "resource": "memory"], question: going,
            fault: { evicting("MemoryPressure", "KubeletHasInsufficientMemory", "memory") },
            twinIs: "a container at its own limit on a node with room", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart", limits: ["memory": "64Mi"])]), pods: [.crashLooping(.outOfMemory)])
                return cluster
            }),
        LookAlike(
            cause: .nodeMemoryPressure, object: "Node worker-1", details: ["node": "worker-1", "resource": "memory"], question: going,
            fault: { evicting("MemoryPressure", "KubeletHasInsufficientMemory", "memory") },
            twinIs: "a kernel that killed before the kubelet could evict", twinCause: .nodeOutOfMemory,
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("cart", pods: [.crashLooping(.outOfMemory)])
                cluster.event(
                    "SystemOOM", about: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
                    "System OOM encountered, victim process: java, pid: 20131", minutesAgo: 1)
                return cluster
            }),
        LookAlike(
            cause: .nodeDiskPressure, object: "Node worker-1", details: ["node": "worker-1", "resource": "ephemeral-storage"],
            question: going,
            fault: { evicting("DiskPressure", "KubeletHasDiskPressure", "ephemeral-storage") },
            twinIs: "a pod that broke the limit of its own emptyDir", twinCause: .ephemeralStorageExceeded,
            twin: {
                var cluster = ClusterBuilder()
                let message = "Usage of EmptyDir volume \"cache\" exceeds the limit \"500Mi\". "
                let names = cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart")], volumes: [.emptyDir("cache", sizeLimit: "500Mi")]),
                    pods: [.evicted(message, at: cluster.time(minutesAgo: 5)), .running(ready: false)], replicas: 1)
                cluster.event(
                    "Evicted", about: ObjectReference(kind: "Pod", namespace: "shop", name: names[0]), message, minutesAgo: 5)
                return cluster
            }),
        LookAlike(
            cause: .nodeDiskPressure, object: "Node worker-1", details: ["node": "worker-1"], question: "cart does not start",
            fault: {
                var cluster = ClusterBuilder()
                let image = "registry.example.com/cart:2.0.0"
                let error =
                    """
                    failed to pull and unpack image "\(image)": failed to extract layer sha256:4f4fb700: write \
                    /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/41/fs/usr/lib/libc.so.6: no space left on device
                    """
                let names = cluster.deployment(
                    "cart", TemplateShape([ContainerShape("cart", image: image)]), pods: [.waiting("ErrImagePull", error)])
                cluster.event(
                    "Failed", about: ObjectReference(kind: "Pod", namespace: "shop", name: names[0]),
                    "Failed to pull image \"\(image)\": \(error)", count: 4, container: "cart")
                cluster.event(
                    "FreeDiskSpaceFailed", about: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
                    """
                    Failed to garbage collect required amount of images. Attempted to free 5368709120 bytes, but only found 0 bytes \
                    eligible to free.
                    """,
                    count: 3)
                return cluster
            },
            twinIs: "a volume of the program that is full", twinCause: .diskFull,
            twin: {
                var cluster = ClusterBuilder()
                cluster.claim("cart-data")
                cluster.deployment(
                    "cart",
                    TemplateShape(
                        [ContainerShape("cart", mounts: ["data": "/var/lib/cart"])], volumes: [.claim("data", name: "cart-data")]),
                    pods: [.crashLooping()])
                cluster.log(
                    "cart", previous: true, "FATAL cannot write /var/lib/cart/journal-000042.log: write: no space left on device")
                return cluster
            }),
        LookAlike(
            cause: .nodePIDPressure, object: "Node worker-1", details: ["node": "worker-1", "resource": "pids"], question: going,
            fault: { evicting("PIDPressure", "KubeletHasInsufficientPID", "pids") },
            // Java calls it memory; the node has process ids left.
            twinIs: "a program at the process limit of its own pod", twinCause: .processLimitReached,
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("cart", pods: [.crashLooping()])
                cluster.log(
                    "cart", previous: true,
                    """
                    Exception in thread "main" java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or \
                    process/resource limits reached\n\tat java.base/java.lang.Thread.start0(Native Method)\n\tat \
                    shop.Cart.main(Cart.java:14)
                    """
                )
                return cluster
            }),
    ]
}

private let going = "cart pods keep going away"
private let node = ObjectReference(kind: "Node", namespace: nil, name: "worker-2")

private func twoNodes() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.node("worker-2")
    cluster.lease("worker-1", in: "kube-node-lease", secondsAgo: 4)
    cluster.lease("worker-2", in: "kube-node-lease", secondsAgo: 6)
    cluster.deployment("web", pods: [.running])
    return cluster
}

/// A node whose kubelet is silent, and pods that are lost with it.
private func lostNode() -> ClusterBuilder {
    var cluster = twoNodes()
    cluster.node("worker-2", ready: false, taints: [["key": "node.kubernetes.io/unreachable", "effect": "NoExecute"]])
    cluster.change(.leases, "worker-2", in: "kube-node-lease", ["spec": ["renewTime": .string(cluster.time(minutesAgo: 6))]])
    cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
    cluster.service("cart")
    cluster.event(
        "NodeNotReady", about: node, "Node worker-2 status is now: NodeNotReady", type: "Normal", minutesAgo: 5,
        source: "node-controller")
    return cluster
}

/// A node whose kubelet reports that it is not Ready, in these words.
private func unready(_ words: String) -> ClusterBuilder {
    var cluster = twoNodes()
    cluster.node("worker-2", taints: [["key": "node.kubernetes.io/not-ready", "effect": "NoExecute"]])
    cluster.conditions(of: "worker-2", [cluster.condition("Ready", "False", "KubeletNotReady", words)])
    cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
    cluster.service("cart")
    return cluster
}

/// The one node is short of something, has evicted a pod and takes no other.
private func evicting(_ type: String, _ reason: String, _ resource: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let key = ["MemoryPressure": "memory-pressure", "DiskPressure": "disk-pressure"][type] ?? "pid-pressure"
    cluster.node("worker-1", taints: [["key": .string("node.kubernetes.io/\(key)"), "effect": "NoSchedule"]])
    cluster.conditions(of: "worker-1", [cluster.condition(type, "True", reason, "kubelet has \(key)")])
    let message = "The node was low on resource: \(resource). Threshold quantity: 100Mi, available: 71552Ki. "
    let names = cluster.deployment(
        "cart",
        pods: [
            .evicted(message, at: cluster.time(minutesAgo: 5)),
            .unschedulable(
                """
                0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 Preemption is not \
                helpful for scheduling.
                """
            ),
        ], replicas: 1)
    cluster.event("Evicted", about: ObjectReference(kind: "Pod", namespace: "shop", name: names[0]), message, minutesAgo: 5)
    return cluster
}
