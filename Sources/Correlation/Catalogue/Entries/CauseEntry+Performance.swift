internal import IncidentModel

/// Slowness that no object confesses: these need measurements, and a cluster's objects alone can rarely prove them.
extension CauseEntry {
    static let cpuThrottled = CauseEntry(
        .cpuThrottled, in: .performance,
        meaning: "The container is held back at its CPU limit, or starved of CPU by its neighbours.",
        reportedOn: "workload",
        signals: [
            "Share of throttled CPU periods that rises, use that stands at the limit; both without more requests than before",
            "It is the deepest of the workloads that answer more slowly, or lies beneath them: callers only wait for it",
            "Probes and calls that time out without any error in the log",
        ],
        lookAlikes: [
            "`LoadSpike`: use of CPU grows with the requests",
            "`NetworkDegraded`: latency rises, and CPU does not",
            "`ProbeTooAggressive`: the probe is impatient, and CPU is free",
            "Garbage collection or locks: CPU is at hand, and the program waits for itself",
        ],
        fix: [
            "Raise the CPU limit of container {container}, or remove it and keep the request.",
            "Move workloads without requests away from the busy node.",
        ],
        verify: [
            "kubectl top pod {scope} --containers",
            "kubectl top node",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["M1", "M3"], detailsKeys: ["container", "resource", "found", "node"])

    static let loadSpike = CauseEntry(
        .loadSpike, in: .performance,
        meaning: "More requests arrive than the workload can serve; retries may multiply them.",
        reportedOn: "workload",
        signals: [
            "Request rate that rises before, or as, latency and errors do, first where requests come in",
            "Use of CPU or throttling behind it that grows along",
            "Calls of a client far above what it receives itself: retries",
        ],
        lookAlikes: [
            "A slow dependency: latency rises first, and the rate does not",
            "Retries: the rate rises after the errors, because callers try again",
            "More requests that are served as fast as before: no fault",
            "`AutoscalerAtMaximum`: the growth was seen, and was capped",
        ],
        fix: [
            "Add replicas, or shed load at the edge.",
            "Bound retries by budget and back-off, so that they do not feed the spike.",
        ],
        verify: [
            "kubectl top pod {scope} --containers",
            "kubectl get horizontalpodautoscalers {scope}",
            "kubectl logs {kind}/{name} {scope}",
        ],
        modes: ["M4", "M5", "M6"], detailsKeys: ["found", "expected", "host"])

    static let networkDegraded = CauseEntry(
        .networkDegraded, in: .performance,
        meaning: "The path between two programs loses or delays packets, and no object is at fault.",
        reportedOn: "workload, or Node",
        signals: [
            "Retransmissions, large answers that hang, latency between certain nodes or zones",
            "Errors that follow the path and not a workload",
            "Latency that rises while CPU, memory and requests of the deepest slow workload do not; all callers of one workload slow together",
            "Tail latency that rises far more than the median, or failures beside it: packets are lost and sent again",
            "TCP probes that take long, or get no answer, on all paths of one node or to one workload",
        ],
        lookAlikes: [
            "`NetworkPolicyBlocks`: nothing passes at all",
            "`CPUThrottled` and `MemoryLimitExceeded`: the resource moves with the latency",
            "A restart: a pod was replaced at about the onset",
            "`ServiceRoutingBroken`: all Services fail on one node",
        ],
        fix: [
            "Check link, MTU and load between the nodes concerned.",
            "Move replicas off the bad path until it is mended.",
        ],
        verify: [
            "kubectl get pods {scope} -o wide",
            "kubectl get nodes -o wide",
            "kubectl logs {kind}/{name} {scope} -c {container}",
        ],
        modes: ["N26"], detailsKeys: ["container", "host", "port", "node", "effect", "found", "expected"])
}
