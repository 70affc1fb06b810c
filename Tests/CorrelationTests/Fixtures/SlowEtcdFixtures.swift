import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// An etcd that answers too slowly, and the controllers that lose their leases of it (Z7).
@Suite struct SlowEtcdFixtures {
    private static let slow = [
        #"{"level":"warn","ts":"2026-11-23T18:58:01.204Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"2.31s","expected-duration":"1s"}"#,
        #"{"level":"warn","ts":"2026-11-23T18:58:02.871Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"1.204s","expected-duration":"100ms","prefix":"read-only range ","request":"key:\"/registry/leases/kube-system/kube-scheduler\" "}"#,
        #"{"level":"warn","ts":"2026-11-23T18:58:03.115Z","caller":"etcdserver/raft.go:416","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk","to":"8e9e05c52164694d","heartbeat-interval":"100ms","expected-duration":"200ms"}"#,
    ]
    private static let lost = """
        I1123 18:57:41.100000       1 leaderelection.go:285] failed to renew lease platform/controller: timed out waiting for the condition
        E1123 18:57:41.100000       1 main.go:214] "leader election lost"
        """

    /// A control plane whose etcd logs this, and controllers of which so many fell for want of their lease.
    private static func cluster(etcd lines: [String], lost count: Int) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("master-1", labels: ["node-role.kubernetes.io/control-plane": ""])
        cluster.namespace("kube-system")
        for component in ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] {
            cluster.staticPod(component, on: "master-1")
        }
        cluster.log("etcd-master-1", in: "kube-system", lines.joined(separator: "\n"))
        cluster.namespace("platform")
        for (index, name) in ["certificates", "ingresses", "secrets"].enumerated() {
            let fell = PodShape(.running(restarts: 3, last: .init(1, afterSeconds: 600)), minutesOld: 90)
            cluster.deployment("\(name)-controller", pods: [index < count ? fell : .running], in: "platform")
            if index < count { cluster.log("\(name)-controller", previous: true, in: "platform", lost) }
        }
        cluster.deployment("web")
        return cluster
    }

    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Controllers restart all over the cluster", namespace: nil)
    }

    @Test func `a slow etcd that costs several controllers their leases`() throws {
        try Self.ask(Self.cluster(etcd: Self.slow + Self.slow, lost: 3)).names(
            .controlPlaneDegraded, on: "Pod kube-system/etcd-master-1", ["reference": "etcd", "reason": "slow etcd"])
    }

    @Test func `a slow etcd that nobody suffers from is silent`() throws {
        try Self.ask(Self.cluster(etcd: Self.slow + Self.slow, lost: 0)).isSilent()
    }

    @Test func `one controller that loses its lease may have itself to blame`() throws {
        try Self.ask(Self.cluster(etcd: ["{\"level\":\"info\",\"msg\":\"compacted\"}"], lost: 1)).doesNotClaim(.controlPlaneDegraded)
    }

    @Test func `lost leases without a slow etcd speak of the API server`() throws {
        try Self.ask(Self.cluster(etcd: [Self.slow[1]], lost: 3)).names(
            .controlPlaneDegraded, on: "Pod kube-system/kube-apiserver-master-1", ["reference": "kube-apiserver"])
    }
}
