import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Roll-outs that are held back, and workloads at zero (W2, W4, W6, W8).
@Suite struct RolloutFixtures {
    private static func web(_ tag: String, more: JSONNode = [:]) -> TemplateShape {
        TemplateShape([ContainerShape("web", image: "registry.example.com/web:\(tag)", ports: [8080])], more: more)
    }

    // MARK: Paused

    private static func paused(pending tag: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment("web", web("2.0.0"), pods: [.running, .running], more: ["spec": ["paused": true]])
        cluster.change(
            .deployments, "web",
            ["spec": ["template": ["spec": ["containers": [["name": "web", "image": .string("registry.example.com/web:\(tag)")]]]]]])
        cluster.service("web", port: 8080)
        return cluster
    }

    @Test func `a paused roll-out with a waiting image is the reason why a release is not live`() throws {
        let cluster = Self.paused(pending: "2.1.0")
        let cause = try WorkloadExpectation.expect(
            .rolloutPaused, on: "Deployment", "web", ["field": "paused", "found": "true"], in: cluster,
            asking: "We released 2.1.0 of web but users still see the old version")
        #expect(cause.statement.contains("2.1.0"))
    }

    @Test func `release words in a question about a namespace lead to the paused roll-out`() throws {
        try WorkloadExpectation.expect(
            .rolloutPaused, on: "Deployment", "web", in: Self.paused(pending: "2.1.0"), asking: "The new version is not live")
    }

    @Test func `a vague complaint with nothing else wrong suspects the paused roll-out, no more`() throws {
        let report = try diagnose(Self.paused(pending: "2.1.0").evidence(), WorkloadExpectation.vague, namespace: "shop")
        #expect(report.rootCauses.first?.cause == .rolloutPaused)
        #expect(report.confident.isEmpty)
        #expect(report.outcome == .inconclusive)
    }

    @Test func `a pause without a waiting change is silent`() throws {
        try WorkloadExpectation.expectSilence(in: Self.paused(pending: "2.0.0"))
    }

    @Test func `without ReplicaSets the image of the pods shows that the paused template waits`() throws {
        var cluster = Self.paused(pending: "2.1.0")
        cluster.removeList(.replicaSets)
        try WorkloadExpectation.expect(
            .rolloutPaused, on: "Deployment", "web", in: cluster, asking: "web still serves the old release")
    }

    // MARK: At zero

    private static func zero(labels: JSONNode = [:], annotations: JSONNode = [:]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", web("1.0.0"), pods: [], replicas: 0)
        cluster.change(.deployments, "cart", ["metadata": ["labels": labels, "annotations": annotations]])
        cluster.service("cart", port: 8080)
        cluster.deployment("other", pods: [.running])
        return cluster
    }

    @Test func `a client that is refused by a Service of a workload at zero`() throws {
        var cluster = Self.zero()
        cluster.deployment(
            "web", TemplateShape([ContainerShape("web", env: ["CART_URL": "http://cart:8080"])]), pods: [.running(ready: false)])
        cluster.log("web", String(repeating: "error: dial tcp 10.96.0.3:8080: connect: connection refused (http://cart:8080)\n", count: 5))
        let cause = try WorkloadExpectation.expect(
            .scaledToZero, on: "Deployment", "cart", ["field": "replicas", "found": "0"], in: cluster)
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "web")))
    }

    @Test func `who set the replicas is named, where the fields say so`() throws {
        var cluster = Self.zero()
        cluster.edited(.deployments, "cart", by: "kubectl-scale", minutesAgo: 12, fields: ["spec.replicas"], subresource: "scale")
        try WorkloadExpectation.expect(.scaledToZero, on: "Deployment", "cart", ["user": "kubectl-scale"], in: cluster)
    }

    @Test func `an applied manifest that wants replicas tells that the zero is not meant`() throws {
        let applied = #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"cart"},"spec":{"replicas":3}}"#
        let cluster = Self.zero(annotations: ["kubectl.kubernetes.io/last-applied-configuration": .string(applied)])
        try WorkloadExpectation.expect(.scaledToZero, on: "Deployment", "cart", ["expected": "3"], in: cluster)
    }

    @Test func `a workload at zero that another one is configured to call is missed`() throws {
        var cluster = Self.zero()
        cluster.deployment("web", TemplateShape([ContainerShape("web", env: ["CART_URL": "http://cart:8080"])]))
        try WorkloadExpectation.expect(.scaledToZero, on: "Deployment", "cart", in: cluster)
    }

    @Test func `an Ingress in front of a workload at zero misses it`() throws {
        var cluster = Self.zero()
        cluster.add(
            .ingresses, name: "shop",
            [
                "spec": [
                    "rules": [
                        [
                            "host": "shop.example.com",
                            "http": [
                                "paths": [
                                    [
                                        "path": "/cart", "pathType": "Prefix",
                                        "backend": ["service": ["name": "cart", "port": ["number": 8080]]],
                                    ]
                                ]
                            ],
                        ]
                    ]
                ]
            ])
        try WorkloadExpectation.expect(.scaledToZero, on: "Deployment", "cart", in: cluster)
    }

    @Test(
        arguments: [
            (["track": "canary"], [:]),
            ([:], ["downscaler/original-replicas": "3", "downscaler/uptime": "Mon-Fri 08:00-18:00 UTC"]),
            ([:], ["shop.example.com/reason": "switched off on purpose until spring"]),
            (["scaledobject.keda.sh/name": "cart"], [:]),
        ] as [(JSONNode, JSONNode)])
    func `a zero that is labelled as meant is silent`(labels: JSONNode, annotations: JSONNode) throws {
        try WorkloadExpectation.expectSilence(in: Self.zero(labels: labels, annotations: annotations))
    }

    @Test func `a worker at zero that nobody calls is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("batch-worker", pods: [], replicas: 0)
        cluster.deployment("web")
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    @Test func `a StatefulSet at zero that clients miss`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", pods: [], replicas: 0)
        cluster.service("db", port: 5432)
        cluster.deployment("api", TemplateShape([ContainerShape("api", env: ["DB_HOST": "db"])]), pods: [.crashLooping()])
        cluster.log(
            "api", previous: true,
            "psycopg2.OperationalError: connection to server at \"db\" (10.96.0.9), port 5432 failed: Connection refused")
        try WorkloadExpectation.expect(.scaledToZero, on: "StatefulSet", "db", in: cluster)
    }
}
