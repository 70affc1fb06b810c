import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// What a ServiceAccount may not do, worked out from roles and bindings.
@Suite struct PermissionFixtures {
    private static let refused =
        "E1123 18:59:58.123456       1 main.go:88] failed to list leases: leases.coordination.k8s.io is forbidden: User \"system:serviceaccount:shop:sync\" cannot list resource \"leases\" in API group \"coordination.k8s.io\" in the namespace \"shop\""

    private func cluster(_ line: String = PermissionFixtures.refused, _ more: JSONNode = [:]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.serviceAccount("sync")
        cluster.deployment(
            "sync", TemplateShape([ContainerShape("sync")], serviceAccount: "sync", more: more), pods: [.crashLooping(.init(1))])
        cluster.log("sync", previous: true, line)
        return cluster
    }

    private func gap(_ cluster: ClusterBuilder, _ details: [String: String], saying words: [String] = []) throws {
        try diagnose(cluster.evidence(), "sync keeps restarting", namespace: "shop").names(
            .permissionForbidden, on: "Deployment shop/sync",
            details.merging(["user": "system:serviceaccount:shop:sync", "resource": "leases"]) { own, _ in own }, saying: words)
    }

    @Test func `a verb that the role lacks`() throws {
        var cluster = cluster()
        cluster.role("sync", verbs: ["get"], resources: ["leases"], groups: ["coordination.k8s.io"])
        cluster.binding("sync", role: "sync", account: "sync")
        try gap(cluster, ["field": "verbs", "reference": "sync", "expected": "list", "found": "list leases"])
    }

    @Test func `a resource that the role lacks`() throws {
        var cluster = cluster()
        cluster.role("sync", verbs: ["get", "list"], resources: ["leasess"], groups: ["coordination.k8s.io"])
        cluster.binding("sync", role: "sync", account: "sync")
        try gap(cluster, ["field": "resources", "reference": "sync", "expected": "leases"])
    }

    @Test func `the wrong api group`() throws {
        var cluster = cluster()
        cluster.role("sync", verbs: ["*"], resources: ["leases"], groups: [""])
        cluster.binding("sync", role: "sync", account: "sync")
        try gap(cluster, ["field": "apiGroups", "expected": "coordination.k8s.io"])
    }

    @Test func `a role for certain names only`() throws {
        var cluster = cluster()
        cluster.role("sync", verbs: ["list"], resources: ["leases"], groups: ["coordination.k8s.io"], resourceNames: ["leader"])
        cluster.binding("sync", role: "sync", account: "sync")
        try gap(cluster, ["field": "resourceNames"], saying: ["leader"])
    }

    @Test func `a binding to a role that does not exist`() throws {
        var cluster = cluster()
        cluster.binding("sync", role: "syncer", account: "sync")
        try gap(cluster, ["field": "roleRef", "reference": "syncer"], saying: ["does not exist"])
    }

    @Test func `a binding whose subject is in another namespace`() throws {
        var cluster = cluster()
        cluster.role("sync", verbs: ["list"], resources: ["leases"], groups: ["coordination.k8s.io"])
        cluster.binding("sync", role: "sync", account: "sync", of: "default")
        try gap(cluster, ["field": "subjects", "reference": "sync", "expected": "shop/sync"], saying: ["default/sync"])
    }

    @Test func `a binding in another namespace than the one asked for`() throws {
        var cluster = cluster()
        cluster.namespace("other")
        cluster.role("lease-reader", verbs: ["list"], resources: ["leases"], groups: ["coordination.k8s.io"], cluster: true)
        cluster.binding("sync", role: "lease-reader", kind: "ClusterRole", account: "sync", in: "other")
        try gap(cluster, ["field": "namespace", "reference": "sync", "expected": "shop"])
    }

    @Test func `no binding at all`() throws {
        try gap(cluster(), ["field": "subjects"], saying: ["no binding"])
    }

    @Test func `a refusal that the roles no longer explain is less sure`() throws {
        var cluster = cluster()
        cluster.role("sync", verbs: ["list"], resources: ["leases"], groups: ["coordination.k8s.io"])
        cluster.binding("sync", role: "sync", account: "sync")
        let top = try #require(try diagnose(cluster.evidence(), "sync keeps restarting", namespace: "shop").rootCauses.first)
        #expect(top.confidence < 0.8)
    }

    @Test func `a token that is not mounted`() throws {
        let cluster = cluster(
            "panic: open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory",
            ["automountServiceAccountToken": false])
        try diagnose(cluster.evidence(), "sync keeps restarting", namespace: "shop").names(
            .permissionForbidden, on: "Deployment shop/sync", ["field": "automountServiceAccountToken", "found": "false"])
    }

    @Test func `a narrow role that suffices is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.serviceAccount("sync")
        cluster.deployment("sync", TemplateShape([ContainerShape("sync")], serviceAccount: "sync"), pods: [.running])
        cluster.role("sync", verbs: ["get"], resources: ["leases"], groups: ["coordination.k8s.io"])
        cluster.binding("broken", role: "nowhere", account: "sync")
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }
}
