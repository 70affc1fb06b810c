import ClusterModel
import Correlation
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Pods that were put out: for want of something on the node, for a limit of their own, for others of higher priority.
struct EvictionFixtures {
    private let lowMemory =
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 71552Ki. Container cart was using 1521Mi, request is 64Mi, has larger consumption of memory. "

    private func node(_ name: String) -> ObjectReference { ObjectReference(kind: "Node", namespace: nil, name: name) }
    private func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }

    private func top(_ cluster: ClusterBuilder, _ description: String = "cart pods keep going away") throws -> RootCause {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        return try #require(report.rootCauses.first, "\(report.summary)")
    }

    private func expectSilence(_ cluster: ClusterBuilder, _ description: String = "Partial Service Unreachability.") throws {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        #expect(report.confident.isEmpty, "false alarm: \(report.words)")
    }

    @Test(arguments: [
        ("MemoryPressure", "KubeletHasInsufficientMemory", "memory", CauseCode.nodeMemoryPressure),
        ("DiskPressure", "KubeletHasDiskPressure", "ephemeral-storage", .nodeDiskPressure),
        ("PIDPressure", "KubeletHasInsufficientPID", "pids", .nodePIDPressure),
    ])
    func `a node that is short of something and evicts`(_ type: String, _ reason: String, _ resource: String, _ code: CauseCode) throws {
        var cluster = ClusterBuilder()
        cluster.conditions(of: "worker-1", [cluster.condition(type, "True", reason, "kubelet has pressure")])
        cluster.deployment(
            "cart",
            pods: [
                .evicted(
                    "The node was low on resource: \(resource). Threshold quantity: 100Mi, available: 71552Ki. ",
                    at: cluster.time(minutesAgo: 5)),
                .unschedulable(
                    "0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
                ),
            ], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == code && cause.object == node("worker-1") && cause.level == .high)
        #expect(cause.details["resource"] == resource)
        #expect(cause.affected.contains { $0.name == "cart" })
    }

    @Test func `an eviction tells of the node where nodes were not read`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", pods: [.evicted(lowMemory, at: cluster.time(minutesAgo: 5)), .running(ready: false)], replicas: 1)
        cluster.removeList(.nodes)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeMemoryPressure && cause.object == node("worker-1"))
        #expect(cause.details["container"] == "cart" && cause.details["found"] == "1521Mi")
    }

    @Test func `a pod refused by a node under pressure`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [
                .evicted("Pod was rejected: The node had condition: [DiskPressure]. ", at: cluster.time(minutesAgo: 5)),
                .evicted(
                    "Pod was rejected: The node had condition: [DiskPressure]. ", name: "cart-x", at: cluster.time(minutesAgo: 3)),
            ], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeDiskPressure && cause.object == node("worker-1"))
    }

    @Test(arguments: [
        ("Usage of EmptyDir volume \"cache\" exceeds the limit \"500Mi\". ", "cache", "500Mi"),
        ("Container cart exceeded its local ephemeral storage limit \"1Gi\". ", "", "1Gi"),
        ("Pod ephemeral local storage usage exceeds the total limit of containers 2Gi. ", "", "2Gi"),
    ])
    func `a pod that breaks its own storage limit`(_ message: String, _ volume: String, _ limit: String) throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", pods: [.evicted(message, at: cluster.time(minutesAgo: 5)), .running(ready: false)], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .ephemeralStorageExceeded && cause.object.kind == "Deployment" && cause.object.name == "cart")
        #expect(cause.details["found"] == limit)
        #expect(cause.details["reference"] ?? "" == volume)
    }

    @Test func `old evicted pods of a workload that serves are history`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [.running, .evicted(lowMemory, minutesAgo: 45, at: cluster.time(minutesAgo: 45))], replicas: 1)
        try expectSilence(cluster)
    }

    @Test func `evicted pods of days ago are history even where their workload fails for another reason`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [
                .waiting("CreateContainerConfigError", "secret \"cart-db\" not found"),
                .evicted(lowMemory, minutesAgo: 3_000, at: cluster.time(minutesAgo: 3_000)),
            ], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .secretNotFound && cause.object.name == "cart")
    }

    @Test func `a node under pressure is not blamed for a fault of the workload's own`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.conditions(of: "worker-2", [cluster.condition("MemoryPressure", "True", "KubeletHasInsufficientMemory")])
        cluster.deployment("web", pods: [PodShape(node: "worker-2")])
        cluster.deployment("cart", pods: [.waiting("CreateContainerConfigError", "configmap \"cart-env\" not found")])
        let cause = try top(cluster, "Partial Service Unreachability.")
        #expect(cause.cause == .configMapNotFound && cause.object.name == "cart")
    }

    @Test func `a long-lived pod evicted just now counts though it was made long ago`() throws {
        var cluster = ClusterBuilder()
        var shape = PodShape.evicted(lowMemory, at: cluster.time(minutesAgo: 4))
        shape.minutesOld = 20_000
        cluster.deployment("cart", pods: [shape, .running(ready: false)], replicas: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeMemoryPressure)
    }

    // MARK: Preemption

    @Test(arguments: ["by pod uid-pod-shop-batch-x7kbb on node worker-1", "by shop/batch-x7kbb on node worker-1"])
    func `a workload displaced by one of higher priority`(_ words: String) throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [
                .unschedulable(
                    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
                )
            ])
        cluster.job("batch", pods: [PodShape(name: "batch-x7kbb", minutesOld: 4)])
        let hash = cluster.view().replicaSets.items.first?.name ?? ""
        cluster.event(
            "Preempted", about: pod("\(hash)-gone1"), "Preempted \(words)", type: "Normal", minutesAgo: 4, source: "default-scheduler")
        let cause = try top(cluster)
        #expect(cause.cause == .podPreempted && cause.object.name == "cart")
        #expect(cause.details["reference"] == "batch" && cause.details["node"] == "worker-1")
    }

    @Test func `a workload that got its place back is no victim`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [PodShape(minutesOld: 20)])
        let hash = cluster.view().replicaSets.items.first?.name ?? ""
        cluster.event(
            "Preempted", about: pod("\(hash)-gone1"), "Preempted by pod uid-pod-shop-batch on node worker-1", type: "Normal",
            minutesAgo: 25,
            source: "default-scheduler")
        try expectSilence(cluster)
    }

    @Test func `a pod without room is not preempted because a namesake was`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", requests: ["cpu": "64"])]),
            pods: [
                .unschedulable(
                    "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
                )
            ])
        cluster.deployment("cart-db")
        cluster.event(
            "Preempted", about: pod("cart-db-bcdfghjkl-x2345"), "Preempted by pod uid-1 on node worker-1", type: "Normal", minutesAgo: 4,
            source: "default-scheduler")
        let cause = try top(cluster, "cart does not start")
        #expect(cause.cause == .insufficientResources && cause.object.name == "cart")
    }

    // MARK: The node's kernel

    @Test func `a container without a limit killed by the node's kernel`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.crashLooping(.outOfMemory)])
        cluster.event(
            "SystemOOM", about: node("worker-1"), "System OOM encountered, victim process: java, pid: 20131", minutesAgo: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeOutOfMemory && cause.object == node("worker-1"))
    }

    @Test func `a container killed with exit code 137 at the moment of a system-wide kill`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", limits: ["memory": "8Gi"])]), pods: [.crashLooping(.init(137))])
        cluster.event(
            "SystemOOM", about: node("worker-1"), "System OOM encountered, victim process: java, pid: 20131", minutesAgo: 1)
        let cause = try top(cluster)
        #expect(cause.cause == .nodeOutOfMemory && cause.object == node("worker-1"))
    }

    @Test func `a container at its own limit is not the node's fault`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", limits: ["memory": "64Mi"])]), pods: [.crashLooping(.outOfMemory)])
        cluster.event(
            "SystemOOM", about: node("worker-1"), "System OOM encountered, victim process: dd, pid: 99", minutesAgo: 50)
        let cause = try top(cluster)
        #expect(cause.cause == .memoryLimitExceeded && cause.object.name == "cart" && cause.details["found"] == "64Mi")
    }
}
