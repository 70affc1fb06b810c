import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Autoscalers that cannot scale, and budgets that stop a drain.
    static let autoscaling: [LookAlike] = [
        LookAlike(
            cause: .autoscalerTargetMissing, object: autoscaler, details: ["reference": "cart-api", "field": "scaleTargetRef"],
            fault: { withoutTarget() },
            twinIs: "a target that is there and whose numbers are not", twinCause: .autoscalerMetricsUnavailable,
            twin: { unmeasured(withRequest, "FailedGetResourceMetric", noMetricsAPI) }),
        LookAlike(
            cause: .autoscalerTargetMissing, object: autoscaler, details: ["reference": "cart-api"], fault: { withoutTarget() },
            twinIs: "a target that is there and whose scale the controller may not read",
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("cart", withRequest)
                cluster.metricsServer()
                cluster.autoscaler(
                    "cart",
                    conditions: [
                        condition(
                            "AbleToScale", "False", "FailedGetScale",
                            """
                            the HPA controller was unable to get the target's current scale: deployments.apps "cart" is forbidden: User \
                            "system:serviceaccount:kube-system:horizontal-pod-autoscaler" cannot get resource "deployments/scale" in API \
                            group "apps" in the namespace "shop"
                            """
                        )
                    ])
                return cluster
            }),
        LookAlike(
            cause: .autoscalerMetricsUnavailable, object: autoscaler, details: ["reason": "FailedGetResourceMetric", "resource": "cpu"],
            fault: { unmeasured(withRequest, "FailedGetResourceMetric", noMetricsAPI) },
            twinIs: "numbers that are served, and a container without a request", twinCause: .autoscalerRequestMissing,
            twin: {
                var cluster = unmeasured(
                    withoutRequest, "FailedGetResourceMetric",
                    "failed to get cpu utilization: missing request for cpu in container cart of Pod cart-6b7f9c8d5-x2x2x")
                cluster.metricsServer()
                return cluster
            }),
        LookAlike(
            cause: .autoscalerMetricsUnavailable, object: autoscaler,
            details: ["reason": "FailedGetExternalMetric", "resource": "queue_depth"],
            fault: {
                var cluster = unmeasured(
                    withRequest, "FailedGetExternalMetric",
                    """
                    unable to get external metric shop/queue_depth/nil: unable to fetch metrics from external metrics API: the server \
                    could not find the requested resource (get queue_depth.external.metrics.k8s.io)
                    """
                )
                let metric: JSONNode = [
                    "type": "External", "external": ["metric": ["name": "queue_depth"], "target": ["type": "Value", "value": "30"]],
                ]
                cluster.change(.horizontalPodAutoscalers, "cart", ["spec": ["metrics": [metric]]])
                cluster.metricsServer()
                return cluster
            },
            twinIs: "a target whose only pod is not Ready, for a fault of its own", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = unmeasured(
                    TemplateShape([ContainerShape("cart", requests: ["cpu": "200m"], limits: ["memory": "64Mi"])]),
                    "FailedGetResourceMetric",
                    "failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)",
                    pods: [.crashLooping(.outOfMemory)])
                cluster.metricsServer()
                return cluster
            }),
        LookAlike(
            cause: .autoscalerRequestMissing, object: autoscaler,
            details: ["resource": "cpu", "container": "log-shipper", "reference": "cart"], question: "cart does not scale under load",
            fault: {
                var cluster = unmeasured(
                    TemplateShape([ContainerShape("cart", requests: ["cpu": "200m"]), ContainerShape("log-shipper")]),
                    "FailedGetResourceMetric",
                    "failed to get cpu utilization: missing request for cpu in container log-shipper of Pod cart-6b7f9c8d5-x2x2x")
                cluster.metricsServer()
                return cluster
            },
            twinIs: "a limit that stands for the request",
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("cart", TemplateShape([ContainerShape("cart", limits: ["cpu": "1"])]))
                cluster.metricsServer()
                cluster.autoscaler("cart", current: 22, conditions: [measured])
                return cluster
            }),
        LookAlike(
            cause: .autoscalerRequestMissing, object: autoscaler, details: ["container": "cart"],
            question: "cart does not scale under load",
            fault: {
                var cluster = unmeasured(
                    withoutRequest, "FailedGetResourceMetric", "failed to get cpu utilization: missing request for cpu")
                cluster.metricsServer()
                return cluster
            },
            twinIs: "a target whose cpu cannot be measured at all", twinCause: .autoscalerMetricsUnavailable,
            twin: { unmeasured(withRequest, "FailedGetResourceMetric", noMetricsAPI) }),
        LookAlike(
            cause: .autoscalerAtMaximum, object: autoscaler, details: ["found": "2", "field": "maxReplicas", "resource": "cpu"],
            question: "The shop is slow",
            fault: { atMaximum(withRequest, pods: [.running, .running]) },
            twinIs: "a replica that was asked for and that no node takes", twinCause: .insufficientResources,
            twin: {
                let message =
                    """
                    0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for \
                    incoming pod.
                    """
                return atMaximum(
                    TemplateShape([ContainerShape("cart", requests: ["cpu": "3"])]), pods: [.running, .unschedulable(message)])
            }),
        LookAlike(
            cause: .autoscalerAtMaximum, object: autoscaler, details: ["found": "2"], question: "The shop is slow",
            fault: { atMaximum(withRequest, pods: [.running, .running]) },
            twinIs: "an autoscaler that is pinned to one size, with little to do",
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("cart", withRequest, pods: [.running, .running])
                cluster.metricsServer()
                let limited = condition(
                    "ScalingLimited", "True", "TooFewReplicas", "the desired replica count is less than the minimum replica count")
                cluster.autoscaler("cart", min: 2, max: 2, replicas: 2, current: 20, conditions: [measured, limited])
                return cluster
            }),
        LookAlike(
            cause: .disruptionBudgetBlocksDrain, object: "PodDisruptionBudget shop/cart",
            details: ["policy": "cart", "node": "worker-1", "field": "minAvailable", "found": "2"],
            question: "The upgrade of the nodes is stuck",
            fault: { budgeted(isCordoned: true) },
            twinIs: "a budget that an unhealthy pod uses up", twinCause: .memoryLimitExceeded,
            twin: { budgeted(isCordoned: true, pods: [.running, .crashLooping(.outOfMemory)], minAvailable: 1, healthy: 1) }),
        LookAlike(
            cause: .disruptionBudgetBlocksDrain, object: "PodDisruptionBudget shop/cart", details: ["policy": "cart"],
            question: "The upgrade of the nodes is stuck",
            fault: {
                var cluster = budgeted(isCordoned: true)
                cluster.event(
                    "FailedDraining", about: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
                    """
                    Failed to drain node, evicting pod shop/cart-6b7f9c8d5-x2x2x: Cannot evict pod as it would violate the pod's \
                    disruption budget.
                    """,
                    source: "karpenter")
                return cluster
            },
            twinIs: "a budget as tight while nobody drains", twin: { budgeted(isCordoned: false) }),
    ]
}

private let autoscaler = "HorizontalPodAutoscaler shop/cart"
private let withRequest = TemplateShape([ContainerShape("cart", requests: ["cpu": "200m"])])
private let withoutRequest = TemplateShape([ContainerShape("cart")])
private let noMetricsAPI =
    """
    failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server \
    could not find the requested resource (get pods.metrics.k8s.io)
    """
private let found = condition(
    "AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale")
private let measured = condition(
    "ScalingActive", "True", "ValidMetricFound",
    "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)")

private func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSONNode {
    ["type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message)]
}

/// An autoscaler of a name that no workload has, though one is near.
private func withoutTarget() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.deployment("cart", withRequest)
    cluster.metricsServer()
    let failed = condition(
        "AbleToScale", "False", "FailedGetScale",
        "the HPA controller was unable to get the target's current scale: deployments.apps \"cart-api\" not found")
    cluster.autoscaler("cart", target: "cart-api", conditions: [failed])
    return cluster
}

/// An autoscaler that cannot compute how many replicas are needed.
private func unmeasured(
    _ template: TemplateShape, _ reason: String, _ words: String, pods: [PodShape] = [.running]
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.deployment("cart", template, pods: pods)
    let message = "the HPA was unable to compute the replica count: \(words)"
    cluster.autoscaler("cart", conditions: [found, condition("ScalingActive", "False", reason, message)])
    cluster.event(
        reason, about: ObjectReference(kind: "HorizontalPodAutoscaler", namespace: "shop", name: "cart"), words, count: 30,
        source: "horizontal-pod-autoscaler")
    return cluster
}

/// An autoscaler at its two replicas, with twice the load that it aims at.
private func atMaximum(_ template: TemplateShape, pods: [PodShape]) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.deployment("cart", template, pods: pods)
    cluster.metricsServer()
    let limited = condition(
        "ScalingLimited", "True", "TooManyReplicas", "the desired replica count is more than the maximum replica count")
    cluster.autoscaler("cart", max: 2, replicas: 2, utilization: 70, current: 148, conditions: [found, measured, limited])
    return cluster
}

/// A budget that allows no eviction, over two pods on one node.
private func budgeted(
    isCordoned: Bool, pods: [PodShape] = [.running, .running], minAvailable: Int = 2, healthy: Int = 2
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.node(
        "worker-1", taints: isCordoned ? [["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"]] : [],
        unschedulable: isCordoned)
    cluster.node("worker-2")
    cluster.deployment("cart", TemplateShape([ContainerShape("cart", limits: ["memory": "64Mi"])]), pods: pods)
    cluster.budget("cart", over: "cart", minAvailable: .int(minAvailable), healthy: healthy, desired: healthy, expected: pods.count)
    return cluster
}
