import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Evictions that the pods made since have outlived, and those that still matter.
@Suite struct EvictionHistoryFixtures {
    private static let lowMemory =
        "The node was low on resource: memory. Threshold quantity: 100Mi, available: 71552Ki. Container cart was using 1521Mi, request is 64Mi, has larger consumption of memory. "

    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A pod that worker-1 put out ten minutes ago, and the one on worker-2 that took its place.
    private static func cluster(_ successor: ContainerState, isOver: Bool = true) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        if !isOver {
            cluster.conditions(
                of: "worker-1", [cluster.condition("MemoryPressure", "True", "KubeletHasInsufficientMemory", minutesAgo: 11)])
        }
        cluster.deployment(
            "cart",
            pods: [
                .evicted(lowMemory, at: cluster.time(minutesAgo: 10)), PodShape(successor, node: "worker-2", minutesOld: 10),
            ], replicas: 1)
        return cluster
    }

    private static let withoutSecret = ContainerState.waiting("CreateContainerConfigError", "secret \"cart-db\" not found")

    @Test func `pressure that is over gives way to the successor's own fault`() throws {
        let report = try Self.ask(Self.cluster(Self.withoutSecret))
        try report.names(.secretNotFound, on: "Deployment shop/cart", ["reference": "cart-db"])
        report.doesNotClaim(.nodeMemoryPressure)
    }

    @Test func `pressure that goes on is told beside the successor's own fault`() throws {
        let report = try Self.ask(Self.cluster(Self.withoutSecret, isOver: false))
        let found = (report.rootCauses + report.alternatives).map(\.cause)
        #expect(found.contains(.nodeMemoryPressure) && found.contains(.secretNotFound), "got \(report.words)")
    }

    @Test func `pressure that is over is still why a pod is not back yet`() throws {
        try Self.ask(Self.cluster(.running(ready: false))).names(.nodeMemoryPressure, on: "Node worker-1", ["resource": "memory"])
    }
}
