import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Strategies that cannot progress (W6, W7, W8).
@Suite struct UpdateStrategyFixtures {
    private static func template(_ tag: String, volumes: [VolumeShape] = [], hostPort: Int? = nil, more: JSONNode = [:]) -> TemplateShape {
        var container = ContainerShape("web", image: "registry.example.com/web:\(tag)")
        if let hostPort { container.more = ["ports": [["containerPort": 8080, "hostPort": .int(hostPort), "protocol": "TCP"]]] }
        return TemplateShape([container], volumes: volumes, more: more)
    }

    private static let antiAffinity: JSONNode = [
        "affinity": [
            "podAntiAffinity": [
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    ["topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": "web"]]]
                ]
            ]
        ]
    ]

    /// One old replica that serves, and the new one that it keeps out.
    private static func deadlock(_ old: TemplateShape, _ new: TemplateShape, blocked: PodShape) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "web", new, pods: [blocked], revision: 2, minutesOld: 300,
            more: [
                "spec": [
                    "replicas": 1, "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"]],
                ]
            ])
        cluster.replicaSet(of: "web", old, pods: [.running], revision: 1, minutesOld: 300)
        return cluster
    }

    @Test func `an anti-affinity of the pods against their own predecessors blocks the roll-out`() throws {
        let cluster = Self.deadlock(
            Self.template("1.0.0", more: Self.antiAffinity), Self.template("1.1.0", more: Self.antiAffinity),
            blocked: .unschedulable(
                "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
            ))
        try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "Deployment", "web", ["field": "strategy", "found": "RollingUpdate"], in: cluster)
    }

    @Test func `an anti-affinity that also keeps a replica of the same revision out is no matter of the strategy`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "web", Self.template("1.0.0", more: Self.antiAffinity),
            pods: [.running, .unschedulable("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.")])
        try WorkloadExpectation.expect(.podAffinityUnsatisfiable, on: "Deployment", "web", in: cluster)
    }

    @Test func `a host port that the old replica holds blocks the roll-out`() throws {
        let cluster = Self.deadlock(
            Self.template("1.0.0", hostPort: 9000), Self.template("1.1.0", hostPort: 9000),
            blocked: .unschedulable("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."))
        try WorkloadExpectation.expect(.updateStrategyBlocks, on: "Deployment", "web", in: cluster)
    }

    private static func attachDeadlock(oldNodeReady: Bool = true) -> ClusterBuilder {
        let volume = [VolumeShape.claim("data", name: "web-data")]
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        if !oldNodeReady { cluster.node("worker-1", ready: false) }
        cluster.claim("web-data")
        let blocked = PodShape(.waiting("ContainerCreating"), name: "web-new", node: "worker-2", minutesOld: 12)
        cluster.deployment("web", template("1.1.0", volumes: volume), pods: [blocked], revision: 2, minutesOld: 300)
        cluster.replicaSet(
            of: "web", template("1.0.0", volumes: volume), pods: [PodShape(.running, name: "web-old")], revision: 1, minutesOld: 300)
        cluster.event(
            "FailedAttachVolume", about: ObjectReference(kind: "Pod", namespace: "shop", name: "web-new"),
            "Multi-Attach error for volume \"pv-web-data\" Volume is already used by pod(s) web-old", source: "attachdetach-controller")
        return cluster
    }

    @Test func `a volume for one node that the old replica holds blocks a rolling update`() throws {
        try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "Deployment", "web", ["field": "strategy", "expected": "Recreate", "reference": "web-data"],
            in: Self.attachDeadlock())
    }

    @Test func `a volume held on a dead node is no matter of the strategy`() throws {
        try WorkloadExpectation.expectNo(.updateStrategyBlocks, in: Self.attachDeadlock(oldNodeReady: false))
    }

    // MARK: Revisions that are never rolled out

    private static func unapplied(_ strategy: JSONNode, pods: Int = 2) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let old = cluster.controllerRevision(of: .statefulSets, "db", template("1.0.0"), revision: 1, minutesOld: 900)
        let new = cluster.controllerRevision(of: .statefulSets, "db", template("1.1.0"), revision: 2, minutesOld: 40)
        let pod = PodShape(.running, labels: ["controller-revision-hash": old])
        cluster.statefulSet(
            "db", template("1.1.0"), pods: Array(repeating: pod, count: pods),
            more: [
                "spec": ["updateStrategy": strategy],
                "status": [
                    "currentRevision": .string(old), "updateRevision": .string(new), "updatedReplicas": 0, "currentReplicas": .int(pods),
                ],
            ])
        return cluster
    }

    @Test func `a StatefulSet with OnDelete keeps the old revision`() throws {
        try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "StatefulSet", "db", ["field": "updateStrategy", "found": "OnDelete"],
            in: Self.unapplied(["type": "OnDelete"]), asking: "db does not get the new version")
    }

    @Test func `a partition above all ordinals keeps the old revision`() throws {
        try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "StatefulSet", "db", ["field": "partition", "found": "2"],
            in: Self.unapplied(["type": "RollingUpdate", "rollingUpdate": ["partition": 2]]), asking: "the release of db is not rolled out")
    }

    @Test func `OnDelete without a waiting revision is silent`() throws {
        var cluster = ClusterBuilder()
        let only = cluster.controllerRevision(of: .statefulSets, "db", Self.template("1.0.0"), revision: 1, minutesOld: 900)
        cluster.statefulSet(
            "db", Self.template("1.0.0"), pods: [PodShape(.running, labels: ["controller-revision-hash": only])],
            more: [
                "spec": ["updateStrategy": ["type": "OnDelete"]],
                "status": ["currentRevision": .string(only), "updateRevision": .string(only)],
            ])
        try WorkloadExpectation.expectSilence(in: cluster, asking: "Is the new version of db live?")
    }

    @Test func `a DaemonSet with OnDelete runs old pods`() throws {
        var cluster = ClusterBuilder()
        cluster.daemonSet(
            "agent", Self.template("1.1.0"), pods: [.running, .running],
            more: ["spec": ["updateStrategy": ["type": "OnDelete"]], "status": ["updatedNumberScheduled": 0]])
        try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "DaemonSet", "agent", ["field": "updateStrategy", "found": "OnDelete"], in: cluster,
            asking: "the upgrade of agent never reaches the nodes")
    }

    @Test func `a broken pod of an old revision keeps an OrderedReady StatefulSet from its mended template`() throws {
        var cluster = ClusterBuilder()
        let old = cluster.controllerRevision(of: .statefulSets, "db", Self.template("1.0.O"), revision: 1, minutesOld: 40)
        let new = cluster.controllerRevision(of: .statefulSets, "db", Self.template("1.0.0"), revision: 2, minutesOld: 20)
        cluster.statefulSet(
            "db", Self.template("1.0.0"), pods: [], replicas: 3,
            more: [
                "spec": ["podManagementPolicy": "OrderedReady"],
                "status": ["currentRevision": .string(old), "updateRevision": .string(new)],
            ])
        cluster.pod(
            "db-0", Self.template("1.0.O"),
            PodShape(
                .waiting("ImagePullBackOff", "Back-off pulling image \"registry.example.com/web:1.0.O\""),
                labels: ["controller-revision-hash": old]),
            labels: ["app": "db"], owner: ObjectReference(kind: "StatefulSet", namespace: "shop", name: "db"))
        cluster.event(
            "Failed", about: ObjectReference(kind: "Pod", namespace: "shop", name: "db-0"),
            "Failed to pull image \"registry.example.com/web:1.0.O\": rpc error: code = NotFound desc = failed to pull and unpack image \"registry.example.com/web:1.0.O\": failed to resolve reference: registry.example.com/web:1.0.O: not found"
        )
        try WorkloadExpectation.expect(
            .updateStrategyBlocks, on: "StatefulSet", "db", ["field": "podManagementPolicy", "found": "OrderedReady", "reference": "db-0"],
            in: cluster)
    }

    @Test func `a broken ordinal of the current revision is its own cause`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", Self.template("1.0.0"), pods: [.crashLooping(.outOfMemory)], replicas: 3)
        try WorkloadExpectation.expect(.memoryLimitExceeded, on: "StatefulSet", "db", in: cluster)
    }

    // MARK: Governing Service

    @Test func `peers of a StatefulSet that do not resolve each other miss the governing Service`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet(
            "mq", TemplateShape([ContainerShape("mq")]), pods: [.crashLooping(), .crashLooping()],
            more: ["spec": ["serviceName": "mq-peers"]])
        cluster.log("mq", previous: true, "Fatal: lookup mq-0.mq-peers.shop.svc.cluster.local on 10.96.0.10:53: no such host")
        try WorkloadExpectation.expect(
            .headlessServiceMissing, on: "StatefulSet", "mq", ["reference": "mq-peers", "field": "serviceName"], in: cluster)
    }

    @Test func `a client that asks for a pod below the missing governing Service`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("mq", pods: [.running], more: ["spec": ["serviceName": "mq-peers"]])
        cluster.deployment("api", TemplateShape([ContainerShape("api", env: ["MQ": "mq-0.mq-peers:5672"])]), pods: [.crashLooping()])
        cluster.log("api", previous: true, "Error: getaddrinfo ENOTFOUND mq-0.mq-peers")
        let cause = try WorkloadExpectation.expect(.headlessServiceMissing, on: "StatefulSet", "mq", ["reference": "mq-peers"], in: cluster)
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "api")))
    }

    @Test func `a governing Service that nobody uses may be missing`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("cache", pods: [.running, .running], more: ["spec": ["serviceName": "cache-headless"]])
        try WorkloadExpectation.expectSilence(in: cluster)
    }
}
