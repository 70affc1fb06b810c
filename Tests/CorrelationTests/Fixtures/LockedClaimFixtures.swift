import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Datastores whose new pod finds the files locked by the pod that it is to replace (V8).
@Suite struct LockedClaimFixtures {
    private static let mongo =
        #"{"t":{"$date":"2026-11-23T18:58:31.204+00:00"},"s":"E","c":"CONTROL","id":20557,"ctx":"initandlisten","msg":"DBException in initAndListen, terminating","attr":{"error":"DBPathInUse: Unable to lock the lock file: /data/db/mongod.lock (Resource temporarily unavailable). Another mongod instance is already running on the /data/db directory"}}"#
    private static let prometheus =
        #"ts=2026-11-23T18:58:31.204Z caller=main.go:1217 level=error err="opening storage failed: lock DB directory: resource temporarily unavailable""#

    private static func template(_ tag: String) -> TemplateShape {
        TemplateShape(
            [ContainerShape("store", image: "registry.example.com/store:\(tag)", mounts: ["data": "/data"])],
            volumes: [.claim("data", name: "store-data")])
    }

    /// A Deployment whose pod of this revision falls with this log.
    private static func falling(_ log: String, revision: Int) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.claim("store-data")
        cluster.volume("pv-store-data", claim: "store-data")
        cluster.deployment(
            "store", template("1.1.0"), pods: [PodShape(.crashLooping(.init(100)), name: "store-new", minutesOld: 12)], replicas: 1,
            revision: revision, minutesOld: 300)
        cluster.log("store-new", previous: true, log)
        return cluster
    }

    @Test(arguments: [mongo, prometheus]) func `a rolling update of a store that locks its files cannot progress`(_ log: String) throws {
        var cluster = Self.falling(log, revision: 2)
        cluster.replicaSet(
            of: "store", Self.template("1.0.0"), pods: [PodShape(name: "store-old", minutesOld: 300)], revision: 1, replicas: 1,
            minutesOld: 300)
        let cause = try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "Deployment", "store",
            ["field": "strategy", "found": "RollingUpdate", "expected": "Recreate", "reference": "store-data"], in: cluster)
        #expect(cause.citations.contains { $0.source == .log && $0.text.lowercased().contains("lock") })
    }

    @Test func `a lock that no other pod holds is no matter of the strategy`() throws {
        try WorkloadExpectation.expectNo(.updateStrategyBlocks, in: Self.falling(Self.mongo, revision: 1))
    }

    @Test func `a new pod that falls for another reason beside the old one is no matter of the strategy`() throws {
        var cluster = Self.falling("panic: runtime error: index out of range [3] with length 2\n\ngoroutine 1 [running]:", revision: 2)
        cluster.replicaSet(
            of: "store", Self.template("1.0.0"), pods: [PodShape(name: "store-old", minutesOld: 300)], revision: 1, replicas: 1,
            minutesOld: 300)
        try WorkloadExpectation.expect(.applicationError, on: "Deployment", "store", in: cluster)
        try WorkloadExpectation.expectNo(.updateStrategyBlocks, in: cluster)
    }
}
