internal import IncidentModel

/// Autoscalers that cannot scale, and budgets that allow no eviction.
extension CauseEntry {
    static let autoscalerTargetMissing = CauseEntry(
        .autoscalerTargetMissing, in: .autoscaling,
        meaning: "The autoscaler points to a workload that does not exist.",
        reportedOn: "HorizontalPodAutoscaler",
        signals: [
            "Condition `AbleToScale=False` with reason `FailedGetScale`"
        ],
        lookAlikes: [
            "`AutoscalerMetricsUnavailable`: the target is found, and its numbers are not"
        ],
        fix: [
            "Point scaleTargetRef to the workload that is meant; {reference} does not exist.",
            "Delete the autoscaler if its workload is gone for good.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get deployments,statefulsets {scope}",
        ],
        modes: ["H1"], detailsKeys: ["reference", "field", "found", "expected"])

    static let autoscalerMetricsUnavailable = CauseEntry(
        .autoscalerMetricsUnavailable, in: .autoscaling,
        meaning: "The autoscaler gets no numbers, because the metrics API or the one metric is not served.",
        reportedOn: "HorizontalPodAutoscaler",
        signals: [
            "Condition `ScalingActive=False` with a reason such as `FailedGetResourceMetric` or `FailedGetExternalMetric`",
            "APIService of the metrics API, and the pods behind it",
        ],
        lookAlikes: [
            "`AutoscalerRequestMissing`: the numbers are there, and a request is not",
            "Targets without a Ready pod have no numbers: their own fault comes first",
            "`ScalingDisabled`: the target is scaled to 0",
        ],
        fix: [
            "Bring back what serves the metrics: metrics-server for cpu and memory, the adapter for all others.",
            "If only one autoscaler is affected, check the name and the selector of its metric.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get apiservices",
            "kubectl top pod {scope}",
        ],
        modes: ["H2", "H4", "H5"], detailsKeys: ["reason", "reference", "resource"])

    static let autoscalerRequestMissing = CauseEntry(
        .autoscalerRequestMissing, in: .autoscaling,
        meaning: "A container of the target sets no request, so its utilisation cannot be computed.",
        reportedOn: "HorizontalPodAutoscaler",
        signals: [
            "Condition `ScalingActive=False` with `missing request for … in container …`"
        ],
        lookAlikes: [
            "`AutoscalerMetricsUnavailable`: no numbers at all, usually for every autoscaler",
            "A sidecar without a request is enough",
        ],
        fix: [
            "Set a {resource} request on container {container} of {reference}.",
            "Otherwise let the autoscaler watch an absolute value or the one container that has a request.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl describe deployment {reference} {scope}",
        ],
        modes: ["H3"], detailsKeys: ["resource", "container", "reference", "field"])

    static let autoscalerAtMaximum = CauseEntry(
        .autoscalerAtMaximum, in: .autoscaling,
        meaning: "The autoscaler has reached maxReplicas, and the load asks for more.",
        reportedOn: "HorizontalPodAutoscaler",
        signals: [
            "Condition `ScalingLimited=True` with reason `TooManyReplicas`, current replicas at the maximum"
        ],
        lookAlikes: [
            "A slow dependency that keeps every replica busy: more replicas do not help",
            "`InsufficientResources`: replicas are asked for, and have no node",
        ],
        fix: [
            "Raise maxReplicas above {found} if nodes and dependencies can bear it.",
            "Find out why the load is higher than planned for.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl top pod {scope}",
        ],
        modes: ["H6"], detailsKeys: ["found", "field", "resource"])

    static let disruptionBudgetBlocksDrain = CauseEntry(
        .disruptionBudgetBlocksDrain, in: .autoscaling,
        meaning: "A PodDisruptionBudget allows no eviction, so a node cannot be drained.",
        reportedOn: "PodDisruptionBudget",
        signals: [
            "`disruptionsAllowed: 0` with all pods healthy, and one of them on a cordoned node",
            "`minAvailable` or `maxUnavailable` against the number of replicas",
            "Two budgets that select one pod: the API then evicts it for neither",
        ],
        lookAlikes: [
            "Unhealthy pods use the budget up: they are the cause then",
            "A budget at 0 is idle until somebody drains",
        ],
        fix: [
            "Let budget {name} allow one eviction, or run one replica more than it demands.",
            "A budget that equals the number of replicas blocks every drain.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope}",
            "kubectl describe {kind} {name} {scope}",
            "kubectl describe node {node}",
        ],
        modes: ["H12", "H13"], detailsKeys: ["policy", "node", "field", "found"])
}
