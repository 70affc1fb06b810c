import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Workloads at zero that an autoscaler takes there and back (KEDA), and those that nobody brings back (W8).
@Suite struct ScaleToZeroFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A workload at zero that another one is configured to call.
    private static func cluster() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "thumbnails", TemplateShape([ContainerShape("thumbnails", ports: [8080], requests: ["cpu": "100m"])]), pods: [], replicas: 0)
        cluster.service("thumbnails", port: 8080)
        cluster.server("web", env: ["THUMBNAILS_URL": "http://thumbnails:8080"])
        cluster.service("web", port: 8080)
        return cluster
    }

    private static let disabled: JSONNode = [
        "type": "ScalingActive", "status": "False", "reason": "ScalingDisabled",
        "message": "scaling is disabled since the replica count of the target is zero",
    ]

    @Test func `a workload that a ScaledObject brings to zero rests`() throws {
        var cluster = Self.cluster()
        cluster.autoscaler(
            "keda-hpa-thumbnails", target: "thumbnails", replicas: 0, conditions: [Self.disabled],
            more: [
                "metadata": [
                    "ownerReferences": [
                        [
                            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "name": "thumbnails", "uid": "uid-scaledobject",
                            "controller": true,
                        ]
                    ]
                ]
            ])
        try Self.ask(cluster).isSilent()
    }

    @Test func `KEDA's own event says that the zero is meant`() throws {
        var cluster = Self.cluster()
        cluster.event(
            "KEDAScaleTargetDeactivated", about: ObjectReference(kind: "ScaledObject", namespace: "shop", name: "images"),
            "Deactivated apps/v1.Deployment shop/thumbnails from 2 to 0", type: "Normal", minutesAgo: 14, source: "keda-operator")
        try Self.ask(cluster).isSilent()
    }

    @Test func `an event about another workload excuses nobody`() throws {
        var cluster = Self.cluster()
        cluster.event(
            "KEDAScaleTargetDeactivated", about: ObjectReference(kind: "ScaledObject", namespace: "shop", name: "images"),
            "Deactivated apps/v1.Deployment shop/thumbnails-batch from 2 to 0", type: "Normal", minutesAgo: 14, source: "keda-operator")
        try Self.ask(cluster).names(.scaledToZero, on: "Deployment shop/thumbnails")
    }

    @Test func `an ordinary autoscaler brings nothing back from zero`() throws {
        var cluster = Self.cluster()
        cluster.autoscaler("thumbnails", replicas: 0, conditions: [Self.disabled])
        try Self.ask(cluster).names(.scaledToZero, on: "Deployment shop/thumbnails", ["field": "replicas", "found": "0"])
    }
}
