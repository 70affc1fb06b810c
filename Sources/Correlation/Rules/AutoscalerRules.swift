internal import ClusterModel
internal import IncidentModel

/// Autoscalers that cannot scale, and budgets that forbid every eviction (group H).
enum AutoscalerRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.horizontalPodAutoscalers.items.compactMap { finding($0, context) }
            + context.view.podDisruptionBudgets.items.compactMap { budget($0, context) }
    }

    private static func make(
        _ hpa: HorizontalPodAutoscaler, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ condition: Condition
    ) -> Finding {
        Finding(
            cause: cause, object: hpa.reference, sufferer: hpa.target, statement: statement, details: details,
            citations: [
                .field(
                    hpa.reference, "status.conditions[\(condition.type)]", "\(condition.reason ?? ""): \(condition.message ?? "")",
                    time: condition.lastTransitionTime)
            ],
            confidence: confidence, reasons: ["the autoscaler's own condition says so"], impact: .degraded,
            onset: condition.lastTransitionTime, changedObjects: [hpa.reference])
    }

    private static func finding(_ hpa: HorizontalPodAutoscaler, _ context: CaseContext) -> Finding? {
        if let able = hpa.condition("AbleToScale"), able.isFalse, able.reason == "FailedGetScale" {
            return make(
                hpa, .autoscalerTargetMissing, "HorizontalPodAutoscaler \(hpa.name) points to \(hpa.target), which does not exist.", 0.94,
                ["reference": hpa.target.name, "field": "scaleTargetRef"],
                able)
        }
        if let active = hpa.condition("ScalingActive"), active.isFalse, active.reason != "ScalingDisabled" {
            let message = active.message ?? ""
            if let container = Phrase.between(message, "missing request for ", " in container ").map({
                ($0, Phrase.between(message + " ", "in container ", " ") ?? "")
            }) {
                return make(
                    hpa, .autoscalerRequestMissing,
                    "HorizontalPodAutoscaler \(hpa.name) cannot compute utilisation: container \(container.1) of \(hpa.target) sets no \(container.0) request.",
                    0.94,
                    ["resource": container.0, "container": container.1, "reference": hpa.target.name], active)
            }
            // Without a single Ready pod there is nothing to measure: the pods are the story.
            let target = context.topology[hpa.target]
            if target?.impact == .outage { return nil }
            return make(
                hpa, .autoscalerMetricsUnavailable,
                "HorizontalPodAutoscaler \(hpa.name) gets no metrics for \(hpa.target): \(Citation.cut(message)).", 0.92,
                ["reason": active.reason ?? "", "reference": "metrics API"], active)
        }
        if let limited = hpa.condition("ScalingLimited"), limited.isTrue, limited.reason == "TooManyReplicas",
            hpa.currentReplicas >= hpa.maxReplicas, hpa.maxReplicas > 0
        {
            // Being at the maximum is how many clusters live; it counts where somebody asks about it.
            var finding = make(
                hpa, .autoscalerAtMaximum,
                "HorizontalPodAutoscaler \(hpa.name) is at its maximum of \(hpa.maxReplicas) replicas while the load asks for more.", 0.6,
                ["found": String(hpa.maxReplicas), "field": "maxReplicas"], limited)
            finding.impact = .latent
            return finding
        }
        return nil
    }

    // A budget that allows nothing is idle until somebody drains a node with its pods.
    private static func budget(_ budget: PodDisruptionBudget, _ context: CaseContext) -> Finding? {
        guard budget.disruptionsAllowed == 0, budget.expectedPods > 0, let selector = budget.selector else { return nil }
        let pods = context.view.pods.inNamespace(budget.namespace).filter { selector.matches($0.metadata.labels) && !$0.isFinished }
        let cordoned = pods.compactMap { $0.spec.nodeName.flatMap { context.view.nodes[$0] } }.first(where: \.isUnschedulable)
        guard let cordoned, pods.allSatisfy(\.isReady) else { return nil }
        let workload = pods.first.map { context.topology.workload(of: $0) } ?? budget.reference
        return Finding(
            cause: .disruptionBudgetBlocksDrain, object: budget.reference, sufferer: workload,
            statement:
                "PodDisruptionBudget \(budget.name) allows no eviction (\(budget.currentHealthy) healthy, \(budget.desiredHealthy) needed), so node \(cordoned.name) cannot be drained.",
            details: [
                "policy": budget.name, "node": cordoned.name,
                "found": budget.minAvailable?.description ?? budget.maxUnavailable?.description ?? "",
            ],
            citations: [
                .field(budget.reference, "status.disruptionsAllowed", "0"), .field(cordoned.reference, "spec.unschedulable", "true"),
            ], confidence: 0.85,
            reasons: ["the node is cordoned, all pods are healthy, and the budget forbids every eviction"], impact: .degraded,
            changedObjects: [budget.reference])
    }
}
