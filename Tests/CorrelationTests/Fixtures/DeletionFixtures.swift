import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Claims that are to go and cannot, because a pod still uses them (V20).
@Suite struct DeletionFixtures {
    /// A claim that has been going for 25 minutes while an export pod reads it.
    private static func cluster() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.claim("data-db-0")
        cluster.volume("pv-data-db-0", claim: "data-db-0")
        cluster.change(
            .persistentVolumeClaims, "data-db-0",
            [
                "metadata": [
                    "deletionTimestamp": .string(cluster.time(minutesAgo: 25)), "deletionGracePeriodSeconds": 0,
                    "finalizers": ["kubernetes.io/pvc-protection"],
                ]
            ])
        cluster.pod("db-export", TemplateShape([ContainerShape("export")], volumes: [.claim("data", name: "data-db-0")]))
        return cluster
    }

    @Test func `a claim in use holds up the StatefulSet that waits for it to go`() throws {
        var cluster = Self.cluster()
        cluster.statefulSet("db", pods: [], replicas: 1)
        cluster.event(
            "FailedCreate", about: ObjectReference(kind: "StatefulSet", namespace: "shop", name: "db"),
            "create Pod db-0 in StatefulSet db failed error: pvc data-db-0 is being deleted", count: 18, firstMinutesAgo: 24,
            source: "statefulset-controller")
        let cause = try diagnose(cluster.evidence(), "db has no pod", namespace: "shop").names(
            .finalizerBlocksDeletion, on: "PersistentVolumeClaim shop/data-db-0",
            ["reference": "db-export", "found": "kubernetes.io/pvc-protection"], saying: ["db-export"])
        #expect(cause.affected.contains(ObjectReference(kind: "StatefulSet", namespace: "shop", name: "db")))
    }

    @Test func `a claim in use that nobody waits for goes in its own time`() throws {
        try diagnose(Self.cluster().evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a claim that no pod uses any more is held by its finalizer alone`() throws {
        var cluster = Self.cluster()
        cluster.remove(.pods, "db-export")
        try diagnose(cluster.evidence(), "PVC data-db-0 is stuck in Terminating", namespace: "shop").names(
            .finalizerBlocksDeletion, on: "PersistentVolumeClaim shop/data-db-0", ["reference": "kubernetes.io/pvc-protection"])
    }
}
