import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// The change that brought a fault is named: field, old and new value, when and by whom.
@Suite struct ChangeFixtures {
    private static func container(_ image: String = "registry.example.com/web:1", _ edit: (inout ContainerShape) -> Void = { _ in })
        -> ContainerShape
    {
        var container = ContainerShape("web", image: image)
        edit(&container)
        return container
    }

    /// A Deployment whose newest revision fails and whose earlier one served.
    private static func rollout(
        from old: TemplateShape, to new: TemplateShape, pod: PodShape, hasAnnotations: Bool = true
    ) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment("web", new, pods: [], revision: 2, minutesOld: 9_000, more: ["spec": ["replicas": 2]])
        cluster.remove(.replicaSets, cluster.replicaSetName("web", 2))
        cluster.replicaSet(of: "web", new, pods: [pod], revision: 2, minutesOld: 14)
        cluster.replicaSet(of: "web", old, pods: [.running, .running], revision: 1, minutesOld: 9_000)
        if !hasAnnotations {
            for revision in 1...2 {
                cluster.change(
                    .replicaSets, cluster.replicaSetName("web", revision),
                    ["metadata": ["annotations": ["deployment.kubernetes.io/revision": .null]]])
            }
        }
        return cluster
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let cause: CauseCode
        let field: String
        let from: String
        let to: String
        let old: TemplateShape
        let new: TemplateShape
        let pod: PodShape
        var log: String?
        var testDescription: String { "\(cause.rawValue) by \(field)" }
    }

    private static let dies = PodShape.crashLooping()
    private static func one(_ edit: (inout ContainerShape) -> Void = { _ in }) -> TemplateShape {
        TemplateShape([container("registry.example.com/web:1", edit)])
    }

    static let cases: [Case] = [
        Case(
            cause: .imageNotFound, field: "container web: image", from: "registry.example.com/web:1", to: "registry.example.com/web:2x",
            old: one(),
            new: TemplateShape([container("registry.example.com/web:2x")]),
            pod: .waiting(
                "ImagePullBackOff",
                "Back-off pulling image \"registry.example.com/web:2x\": ErrImagePull: failed to resolve reference \"registry.example.com/web:2x\": registry.example.com/web:2x: not found"
            )),
        Case(
            cause: .configurationMissing, field: "container web: env.DB_URL", from: "postgres://db/shop", to: "",
            old: one { $0.env = ["DB_URL": "postgres://db/shop"] },
            new: one(), pod: dies, log: "KeyError: 'DB_URL'"),
        Case(
            cause: .configurationInvalid, field: "container web: args", from: "--listen=:8080", to: "--liten=:8080",
            old: one { $0.args = ["--listen=:8080"] }, new: one { $0.args = ["--liten=:8080"] }, pod: dies,
            log: "Error: unknown flag: --liten"),
        Case(
            cause: .memoryLimitExceeded, field: "container web: resources.limits.memory", from: "512Mi", to: "32Mi",
            old: one { $0.limits = ["memory": "512Mi"] }, new: one { $0.limits = ["memory": "32Mi"] }, pod: .crashLooping(.outOfMemory)),
        Case(
            cause: .insufficientResources, field: "container web: resources.requests.cpu", from: "500m", to: "500",
            old: one { $0.requests = ["cpu": "500m"] }, new: one { $0.requests = ["cpu": "500"] },
            pod: .unschedulable("0/1 nodes are available: 1 Insufficient cpu.")),
        Case(
            cause: .nodeSelectorMismatch, field: "nodeSelector", from: "", to: "disk=fast", old: one(),
            new: TemplateShape([container()], nodeSelector: ["disk": "fast"]),
            pod: .unschedulable("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.")),
        Case(
            cause: .serviceAccountNotFound, field: "serviceAccountName", from: "default", to: "webber", old: one(),
            new: TemplateShape([container()], serviceAccount: "webber"), pod: .running(ready: false)),
    ]

    @Test(arguments: cases)
    func `the revision that brought a fault tells field, values and time`(_ item: Case) throws {
        var cluster = Self.rollout(from: item.old, to: item.new, pod: item.pod)
        cluster.edited(.deployments, "web", by: "kubectl-client-side-apply", minutesAgo: 14, fields: ["spec.template.spec.containers"])
        if let log = item.log {
            for previous in [true, false] { cluster.log(cluster.replicaSetName("web", 2) + "-x7kbb", previous: previous, log) }
        }
        if item.cause == .serviceAccountNotFound {
            let set = ObjectReference(kind: "ReplicaSet", namespace: "shop", name: cluster.replicaSetName("web", 2))
            cluster.remove(.pods, set.name + "-x7kbb")
            cluster.change(
                .replicaSets, set.name,
                ["status": ["replicas": 0, "conditions": [["type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"]]]])
            cluster.event(
                "FailedCreate", about: set,
                "Error creating: pods \"web-\" is forbidden: error looking up service account shop/webber: serviceaccount \"webber\" not found"
            )
        }
        let cause = try WorkloadExpectation.expect(item.cause, on: "Deployment", "web", in: cluster)
        let change = try #require(cause.change, "\(cause.statement)")
        #expect(change.field == item.field)
        #expect(change.from ?? "" == item.from)
        #expect(change.to ?? "" == item.to)
        #expect(change.manager == "kubectl-client-side-apply")
        #expect(change.time == cluster.capturedAt.addingTimeInterval(-14 * 60))
    }

    @Test func `without revision numbers and managed fields the newer ReplicaSet still tells the change`() throws {
        let item = Self.cases[0]
        let cluster = Self.rollout(from: item.old, to: item.new, pod: item.pod, hasAnnotations: false)
        let cause = try WorkloadExpectation.expect(item.cause, on: "Deployment", "web", in: cluster)
        #expect(cause.change?.field == item.field)
        #expect(cause.change?.from == item.from)
        #expect(cause.change?.manager == nil)
    }

    @Test func `a rollback to an old ReplicaSet is the newest revision, and dated by its roll-out`() throws {
        let old = Self.one { $0.env = ["MODE": "legacy"] }
        let new = Self.one { $0.env = ["MODE": "modern"] }
        var cluster = ClusterBuilder()
        cluster.deployment("web", old, pods: [.crashLooping()], revision: 3, minutesOld: 9_000)
        cluster.replicaSet(of: "web", new, revision: 2, replicas: 0, minutesOld: 4_000)
        cluster.edited(.deployments, "web", by: "kubectl-rollout", minutesAgo: 11, fields: ["spec.template.spec.containers"])
        cluster.log("web", previous: true, "panic: unsupported MODE \"legacy\"\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9")
        let report = try diagnose(cluster.evidence(), WorkloadExpectation.vague, namespace: "shop")
        let change = try #require(report.rootCauses.first?.change)
        #expect(change.from == "modern")
        #expect(change.to == "legacy")
        #expect(change.time == cluster.capturedAt.addingTimeInterval(-11 * 60))
        #expect(change.manager == "kubectl-rollout")
    }

    @Test func `an old revision and a fault that is new have nothing to do with one another`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "web", Self.one { $0.limits = ["memory": "32Mi"] }, pods: [.crashLooping(.outOfMemory)], revision: 2, minutesOld: 9_000)
        cluster.replicaSet(of: "web", Self.one { $0.limits = ["memory": "16Mi"] }, revision: 1, replicas: 0, minutesOld: 9_999)
        let cause = try WorkloadExpectation.expect(.memoryLimitExceeded, on: "Deployment", "web", in: cluster)
        #expect(cause.change == nil)
    }

    @Test(arguments: [ResourceType.statefulSets, .daemonSets])
    func `ControllerRevisions tell the change of StatefulSets and DaemonSets`(type: ResourceType) throws {
        let item = Self.cases[0]
        var cluster = ClusterBuilder()
        let old = cluster.controllerRevision(of: type, "web", item.old, revision: 1, minutesOld: 5_000)
        let new = cluster.controllerRevision(of: type, "web", item.new, revision: 2, minutesOld: 25)
        var failing = item.pod
        failing.labels = ["controller-revision-hash": new]
        let serving = PodShape(.running, labels: ["controller-revision-hash": old])
        if type == .statefulSets {
            cluster.statefulSet("web", item.new, pods: [serving, failing])
        } else {
            cluster.daemonSet("web", item.new, pods: [serving, failing])
        }
        let cause = try WorkloadExpectation.expect(item.cause, on: type.kind, "web", in: cluster)
        #expect(cause.change?.from == item.from)
        #expect(cause.change?.to == item.to)
        #expect(cause.change?.time == cluster.capturedAt.addingTimeInterval(-25 * 60))
    }

    @Test func `a ConfigMap that was edited before the program failed is the change`() throws {
        var cluster = ClusterBuilder()
        cluster.configMap("settings", ["cart.yaml": "listen: [8080"], minutesOld: 9_000)
        cluster.edited(.configMaps, "settings", by: "kubectl-edit", minutesAgo: 20, fields: ["data.cart.yaml"])
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", mounts: ["conf": "/etc/cart"])], volumes: [.configMap("conf", name: "settings")]),
            pods: [.crashLooping()])
        cluster.log("cart", previous: true, "fatal: parse /etc/cart/cart.yaml: yaml: line 1: did not find expected ',' or ']'")
        let cause = try WorkloadExpectation.expect(.configurationInvalid, on: "Deployment", "cart", in: cluster)
        #expect(cause.change?.object == ObjectReference(kind: "ConfigMap", namespace: "shop", name: "settings"))
        #expect(cause.change?.manager == "kubectl-edit")
    }

    // MARK: Stale and shadowed settings

    private static let rotated =
        "psycopg2.OperationalError: connection to server at \"db\" (10.96.0.7), port 5432 failed: FATAL:  password authentication failed for user \"cart\""

    @Test func `a rotated Secret is stale in containers that started before`() throws {
        var cluster = ClusterBuilder()
        cluster.secret("db-login", keys: ["password"])
        cluster.edited(.secrets, "db-login", by: "vault-sync", minutesAgo: 9, fields: ["data.password"])
        let template = TemplateShape([
            ContainerShape(
                "cart", env: ["DB_HOST": "db"], envFrom: [.secretKey(variable: "DB_PASSWORD", name: "db-login", key: "password")])
        ])
        cluster.deployment("cart", template, pods: [.running(ready: false), .running(ready: false)])
        cluster.statefulSet("db")
        cluster.service("db", port: 5432)
        cluster.log("cart", Array(repeating: Self.rotated, count: 6).joined(separator: "\n"))
        let cause = try WorkloadExpectation.expect(
            .credentialsRejected, on: "Deployment", "cart", ["reference": "db-login", "field": "env"], in: cluster)
        #expect(cause.change?.manager == "vault-sync")
    }

    @Test func `a setting in the environment still has the value that its ConfigMap no longer has`() throws {
        var cluster = ClusterBuilder()
        cluster.configMap("settings", ["CART_DB": "db-new"], minutesOld: 9_000)
        cluster.edited(.configMaps, "settings", by: "kubectl-edit", minutesAgo: 9, fields: ["data.CART_DB"])
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", envFrom: [.configMap("settings")])]), pods: [.running(ready: false)])
        cluster.statefulSet("db-new")
        cluster.service("db-new", port: 5432)
        cluster.log("cart", Array(repeating: "error: getaddrinfo ENOTFOUND db-old", count: 6).joined(separator: "\n"))
        let cause = try WorkloadExpectation.expect(
            .configurationInvalid, on: "Deployment", "cart",
            ["reference": "settings", "field": "env", "expected": "db-new", "found": "db-old"],
            in: cluster)
        #expect(cause.statement.contains("restart") || cause.fix.contains("estart"))
    }

    @Test func `a file mounted by subPath never follows its ConfigMap`() throws {
        var cluster = ClusterBuilder()
        cluster.configMap("settings", ["app.yaml": "upstream: db-new"], minutesOld: 9_000)
        cluster.edited(.configMaps, "settings", by: "kubectl-edit", minutesAgo: 9, fields: ["data.app.yaml"])
        var container = ContainerShape("cart")
        container.more = ["volumeMounts": [["name": "conf", "mountPath": "/etc/app.yaml", "subPath": "app.yaml"]]]
        cluster.deployment("cart", TemplateShape([container], volumes: [.configMap("conf", name: "settings")]), pods: [.running])
        try WorkloadExpectation.expect(
            .configurationInvalid, on: "Deployment", "cart", ["reference": "settings", "field": "subPath"], in: cluster,
            asking: "cart does not pick up the new configuration")
    }

    @Test func `a ConfigMap that changed under a serving program is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.configMap("settings", ["A": "1"], minutesOld: 9_000)
        cluster.edited(.configMaps, "settings", by: "kubectl-edit", minutesAgo: 9, fields: ["data.A"])
        cluster.deployment("cart", TemplateShape([ContainerShape("cart", envFrom: [.configMap("settings")])]))
        try WorkloadExpectation.expectSilence(in: cluster, asking: "Is cart all right?")
    }

    @Test func `a volume without subPath follows its ConfigMap`() throws {
        var cluster = ClusterBuilder()
        cluster.configMap("settings", ["app.yaml": "x: 1"], minutesOld: 9_000)
        cluster.edited(.configMaps, "settings", by: "kubectl-edit", minutesAgo: 9, fields: ["data.app.yaml"])
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", mounts: ["conf": "/etc/conf"])], volumes: [.configMap("conf", name: "settings")]))
        try WorkloadExpectation.expectSilence(in: cluster, asking: "cart does not pick up the new configuration")
    }

    @Test func `a literal that shadows the ConfigMap's value is named`() throws {
        var cluster = ClusterBuilder()
        cluster.configMap("settings", ["DB_HOST": "db"])
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", env: ["DB_HOST": "localdb"], envFrom: [.configMap("settings")])]),
            pods: [.crashLooping()])
        cluster.statefulSet("db")
        cluster.service("db", port: 5432)
        cluster.log("cart", previous: true, "Error: getaddrinfo ENOTFOUND localdb")
        let report = try diagnose(cluster.evidence(), WorkloadExpectation.vague, namespace: "shop")
        let first = try #require(report.rootCauses.first)
        #expect(first.object == ObjectReference(kind: "Deployment", namespace: "shop", name: "cart"))
        #expect(first.reasons.contains { $0.contains("DB_HOST") && $0.contains("settings") }, "\(first.reasons)")
    }
}
