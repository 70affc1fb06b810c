import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Autoscalers that cannot scale (H1-H9), and budgets that stop a drain (H12).
@Suite struct AutoscalingFixtures {
    private static func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSONNode {
        ["type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message)]
    }

    private static func unmeasured(_ reason: String, _ message: String) -> [JSONNode] {
        [
            condition("AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale"),
            condition("ScalingActive", "False", reason, message),
        ]
    }

    private static let withRequest = TemplateShape([ContainerShape("cart", requests: ["cpu": "200m"])])

    // MARK: Target

    @Test func `a target that does not exist, and the one that is probably meant`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.autoscaler(
            "cart", target: "cart-api",
            conditions: [
                Self.condition(
                    "AbleToScale", "False", "FailedGetScale",
                    "the HPA controller was unable to get the target's current scale: deployments.apps \"cart-api\" not found")
            ])
        try WorkloadExpectation.expect(
            .autoscalerTargetMissing, on: "HorizontalPodAutoscaler", "cart", ["reference": "cart-api", "field": "scaleTargetRef"],
            in: cluster)
    }

    @Test func `a missing target is seen without a status too`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.autoscaler("cart", target: "carts")
        try WorkloadExpectation.expect(
            .autoscalerTargetMissing, on: "HorizontalPodAutoscaler", "cart", ["reference": "carts", "expected": "cart"], in: cluster)
    }

    @Test func `a target of a kind that was not read is not called missing`() throws {
        var cluster = ClusterBuilder()
        cluster.autoscaler("cart", kind: "Rollout")
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    // MARK: Metrics

    private static let noAPI =
        "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)"

    @Test func `no metrics API`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.autoscaler("cart", conditions: Self.unmeasured("FailedGetResourceMetric", Self.noAPI))
        try WorkloadExpectation.expect(
            .autoscalerMetricsUnavailable, on: "HorizontalPodAutoscaler", "cart", ["reason": "FailedGetResourceMetric", "resource": "cpu"],
            in: cluster)
    }

    @Test func `a metrics-server that cannot start is the deeper cause`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.metricsServer(
            pods: [
                .waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"registry.k8s.io/metrics-server:v0.7.99\": ErrImagePull: failed to resolve reference \"registry.k8s.io/metrics-server:v0.7.99\": registry.k8s.io/metrics-server:v0.7.99: not found"
                )
            ], image: "registry.k8s.io/metrics-server:v0.7.99")
        let down = Self.noAPI.replacing(
            "the server could not find the requested resource", with: "the server is currently unable to handle the request")
        cluster.autoscaler("cart", conditions: Self.unmeasured("FailedGetResourceMetric", down))
        try WorkloadExpectation.expect(.imageNotFound, on: "Deployment", "metrics-server", in: cluster, space: "kube-system")
    }

    @Test func `a custom metric that nobody serves is named`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.metricsServer()
        cluster.autoscaler(
            "cart",
            conditions: Self.unmeasured(
                "FailedGetPodsMetric",
                "the HPA was unable to compute the replica count: unable to get metric http_requests_per_second: unable to fetch metrics from custom metrics API: the server could not find the metric http_requests_per_second for pods"
            ),
            more: [
                "spec": [
                    "metrics": [
                        [
                            "type": "Pods",
                            "pods": [
                                "metric": ["name": "http_requests_per_second"], "target": ["type": "AverageValue", "averageValue": "100"],
                            ],
                        ]
                    ]
                ]
            ])
        try WorkloadExpectation.expect(
            .autoscalerMetricsUnavailable, on: "HorizontalPodAutoscaler", "cart",
            ["reason": "FailedGetPodsMetric", "resource": "http_requests_per_second"], in: cluster)
    }

    @Test func `an external metric that nobody serves is named`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.autoscaler(
            "cart",
            conditions: Self.unmeasured(
                "FailedGetExternalMetric",
                "the HPA was unable to compute the replica count: unable to get external metric shop/queue_depth/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue_depth.external.metrics.k8s.io)"
            ),
            more: [
                "spec": [
                    "metrics": [
                        ["type": "External", "external": ["metric": ["name": "queue_depth"], "target": ["type": "Value", "value": "30"]]]
                    ]
                ]
            ])
        try WorkloadExpectation.expect(
            .autoscalerMetricsUnavailable, on: "HorizontalPodAutoscaler", "cart", ["resource": "queue_depth"], in: cluster)
    }

    @Test func `pods that are not Ready have no numbers, and their own fault`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest, pods: [.crashLooping(.outOfMemory)])
        cluster.metricsServer()
        cluster.autoscaler(
            "cart",
            conditions: Self.unmeasured(
                "FailedGetResourceMetric",
                "the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)"
            ))
        try WorkloadExpectation.expect(.memoryLimitExceeded, on: "Deployment", "cart", in: cluster)
        try WorkloadExpectation.expectNo(.autoscalerMetricsUnavailable, in: cluster)
    }

    @Test func `an autoscaler of a workload at zero is off, not broken`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest, pods: [], replicas: 0)
        cluster.autoscaler(
            "cart", replicas: 0,
            conditions: Self.unmeasured("ScalingDisabled", "scaling is disabled since the replica count of the target is zero"))
        try WorkloadExpectation.expectNo(.autoscalerMetricsUnavailable, in: cluster)
    }

    // MARK: Requests

    @Test(arguments: [
        ("missing request for cpu in container cart of Pod cart-5d8f7-abcde", "cart"), ("missing request for cpu", "cart"),
    ])
    func `a container without a request`(message: String, container: String) throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart")
        cluster.metricsServer()
        cluster.autoscaler(
            "cart",
            conditions: Self.unmeasured(
                "FailedGetResourceMetric", "the HPA was unable to compute the replica count: failed to get cpu utilization: \(message)"))
        try WorkloadExpectation.expect(
            .autoscalerRequestMissing, on: "HorizontalPodAutoscaler", "cart",
            ["resource": "cpu", "container": container, "reference": "cart"], in: cluster)
    }

    @Test func `the sidecar without a request is the one that is named`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("cart", requests: ["cpu": "200m"]), ContainerShape("log-shipper")]))
        cluster.autoscaler(
            "cart", conditions: Self.unmeasured("FailedGetResourceMetric", "failed to get cpu utilization: missing request for cpu"))
        try WorkloadExpectation.expect(
            .autoscalerRequestMissing, on: "HorizontalPodAutoscaler", "cart", ["container": "log-shipper"], in: cluster)
    }

    @Test func `a missing request is seen in the template where the autoscaler has no status`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart")
        cluster.autoscaler("cart")
        try WorkloadExpectation.expect(
            .autoscalerRequestMissing, on: "HorizontalPodAutoscaler", "cart", ["container": "cart"], in: cluster,
            asking: "cart does not scale under load")
    }

    @Test func `a limit stands in for a request`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([ContainerShape("cart", limits: ["cpu": "1"])]))
        cluster.autoscaler("cart")
        try WorkloadExpectation.expectSilence(in: cluster, asking: "cart does not scale under load")
    }

    // MARK: At the maximum

    private static let limited = condition(
        "ScalingLimited", "True", "TooManyReplicas", "the desired replica count is more than the maximum replica count")

    @Test func `at the maximum with the load above the target`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest, pods: [.running, .running])
        cluster.autoscaler("cart", max: 2, replicas: 2, utilization: 70, current: 148, conditions: [Self.limited])
        try WorkloadExpectation.expect(
            .autoscalerAtMaximum, on: "HorizontalPodAutoscaler", "cart", ["found": "2", "field": "maxReplicas", "resource": "cpu"],
            in: cluster, asking: "The shop is slow")
    }

    @Test func `at the maximum with the load on target is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest, pods: [.running, .running])
        cluster.autoscaler(
            "cart", max: 2, replicas: 2, utilization: 70, current: 68,
            conditions: [
                Self.condition("ScalingLimited", "False", "DesiredWithinRange", "the desired count is within the acceptable range")
            ])
        try WorkloadExpectation.expectSilence(in: cluster, asking: "Is cart all right?")
    }

    @Test func `at the minimum is normal`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest)
        cluster.autoscaler(
            "cart", current: 3,
            conditions: [
                Self.condition(
                    "ScalingLimited", "True", "TooFewReplicas", "the desired replica count is less than the minimum replica count")
            ])
        try WorkloadExpectation.expectSilence(in: cluster, asking: "Is cart all right?")
    }

    @Test func `replicas that wait for room come before the maximum`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("cart", requests: ["cpu": "3"])]),
            pods: [.running, .unschedulable("0/1 nodes are available: 1 Insufficient cpu.")])
        cluster.autoscaler("cart", max: 2, replicas: 2, utilization: 70, current: 148, conditions: [Self.limited])
        try WorkloadExpectation.expect(.insufficientResources, on: "Deployment", "cart", ["resource": "cpu"], in: cluster)
    }

    @Test func `version 1 of the API tells the load as well`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", Self.withRequest, pods: [.running, .running])
        cluster.add(
            .horizontalPodAutoscalers, name: "cart",
            [
                "spec": [
                    "scaleTargetRef": ["kind": "Deployment", "name": "cart"], "minReplicas": 1, "maxReplicas": 2,
                    "targetCPUUtilizationPercentage": 50,
                ],
                "status": ["currentReplicas": 2, "desiredReplicas": 2, "currentCPUUtilizationPercentage": 190],
            ])
        try WorkloadExpectation.expect(.autoscalerAtMaximum, on: "HorizontalPodAutoscaler", "cart", ["found": "2"], in: cluster)
    }

    // MARK: Budgets

    private static func budgeted(cordoned: Bool, pods: [PodShape] = [.running, .running], minAvailable: JSONNode = 2, healthy: Int = 2)
        -> ClusterBuilder
    {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", unschedulable: cordoned)
        cluster.node("worker-2")
        cluster.deployment("cart", Self.withRequest, pods: pods)
        cluster.budget("cart", over: "cart", minAvailable: minAvailable, healthy: healthy, desired: healthy, expected: pods.count)
        return cluster
    }

    @Test func `a budget as large as the workload blocks the drain of a cordoned node`() throws {
        try WorkloadExpectation.expect(
            .disruptionBudgetBlocksDrain, on: "PodDisruptionBudget", "cart",
            ["policy": "cart", "node": "worker-1", "field": "minAvailable", "found": "2"],
            in: Self.budgeted(cordoned: true), asking: "The node upgrade is stuck")
    }

    @Test func `a tight budget while nobody drains is silent`() throws {
        try WorkloadExpectation.expectSilence(in: Self.budgeted(cordoned: false), asking: "Is cart all right?")
    }

    @Test func `a refused eviction shows the drain where nodes were not read`() throws {
        var cluster = Self.budgeted(cordoned: false)
        cluster.removeList(.nodes)
        cluster.event(
            "FailedDraining", about: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
            "Failed to drain node, evicting pod shop/cart-x7kbb: Cannot evict pod as it would violate the pod's disruption budget.",
            source: "karpenter")
        try WorkloadExpectation.expect(.disruptionBudgetBlocksDrain, on: "PodDisruptionBudget", "cart", in: cluster, asking: "drain hangs")
    }

    @Test func `a budget that unhealthy pods use up leads to the pods`() throws {
        let cluster = Self.budgeted(cordoned: true, pods: [.running, .crashLooping(.outOfMemory)], minAvailable: 1, healthy: 1)
        try WorkloadExpectation.expect(.memoryLimitExceeded, on: "Deployment", "cart", in: cluster)
        try WorkloadExpectation.expectNo(.disruptionBudgetBlocksDrain, in: cluster)
    }
}
