import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that two budgets select: the API evicts none of them, however much the budgets allow (H12).
@Suite struct DisruptionBudgetFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "The node upgrade is stuck", namespace: "shop")
    }

    /// A budget for the cart, one for all of its tier, and a node that is being drained, or not.
    private static func cluster(cordoned: Bool, tier: String = "backend") -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", unschedulable: cordoned)
        cluster.node("worker-2")
        for name in ["cart", "orders"] {
            cluster.server(name, replicas: 3, labels: ["tier": "backend"], nodes: ["worker-1", "worker-2", "worker-2"])
        }
        cluster.budget("cart", over: "cart", maxUnavailable: 1, healthy: 3, desired: 2, expected: 3)
        cluster.add(
            .podDisruptionBudgets, name: "tier",
            [
                "spec": ["maxUnavailable": 1, "selector": ["matchLabels": ["tier": .string(tier)]]],
                "status": ["disruptionsAllowed": 1, "currentHealthy": 6, "desiredHealthy": 5, "expectedPods": 6],
            ])
        return cluster
    }

    @Test func `two budgets over one pod block the drain of its node`() throws {
        try Self.ask(Self.cluster(cordoned: true)).names(
            .disruptionBudgetBlocksDrain, on: "PodDisruptionBudget shop/tier",
            ["policy": "tier", "field": "selector", "found": "tier=backend", "node": "worker-1"], saying: ["cart"])
    }

    @Test func `two budgets over one pod while nobody drains are silent`() throws {
        try Self.ask(Self.cluster(cordoned: false)).isSilent()
    }

    @Test func `budgets that select different pods let a drain go on`() throws {
        try Self.ask(Self.cluster(cordoned: true, tier: "frontend")).isSilent()
    }

    @Test func `pods of a DaemonSet are not evicted by a drain`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", unschedulable: true)
        cluster.daemonSet(
            "agent", TemplateShape([ContainerShape("agent")], labels: ["tier": "backend"]), more: ["status": ["numberReady": 1]])
        for name in ["one", "two"] { cluster.budget(name, over: "agent", maxUnavailable: 1, healthy: 2, desired: 1, expected: 2) }
        try Self.ask(cluster).isSilent()
    }
}
