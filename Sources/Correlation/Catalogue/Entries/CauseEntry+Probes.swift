internal import IncidentModel

/// Containers that run, and that Kubernetes does not take for healthy.
extension CauseEntry {
    static let probeMisconfigured = CauseEntry(
        .probeMisconfigured, in: .probes,
        meaning: "A probe asks the wrong path, port, protocol or command, so that a healthy program counts as sick.",
        reportedOn: "workload",
        signals: [
            "`Unhealthy` event: status 404, 401 or 3xx, refused port, unknown port name, failing command, wrong protocol",
            "Ports that the program says it listens on, and ports it declares",
            "The same probe in the revision before",
        ],
        lookAlikes: [
            "`HealthCheckFailing`: the endpoint is right and answers 5xx",
            "`ProbeTooAggressive`: the port is right, and the program is not up yet",
        ],
        fix: [
            "Set the {field} of the {probe} probe of container {container} to {expected}; it is {found}.",
            "Compare the probe with the port and path that the program really serves, and with the revision before.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=Unhealthy",
            "kubectl describe {kind} {name} {scope}",
            "kubectl logs {kind}/{name} {scope} -c {container}",
        ],
        modes: ["P1", "P2", "P6", "P7", "P8"], detailsKeys: ["container", "probe", "field", "found", "expected", "path", "port"])

    static let probeTooAggressive = CauseEntry(
        .probeTooAggressive, in: .probes,
        meaning: "The probe gives up before the program has started or answered.",
        reportedOn: "workload",
        signals: [
            "`Killing` event of the probe, at about initial delay plus period times threshold after each start",
            "`Unhealthy` event: refused only at first, or no answer within the timeout",
            "A log without errors that ends while the program still starts",
        ],
        lookAlikes: [
            "`ProbeMisconfigured`: the port never opens, however long one waits",
            "`CPUThrottled`: the answer is slow for want of CPU",
            "`ApplicationError`: the program would not come up with any budget",
        ],
        fix: [
            "Give the {probe} probe of container {container} more time than {found}.",
            "Use a startupProbe for slow starts, and leave the liveness probe for programs that hang.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=Unhealthy",
            "kubectl describe {kind} {name} {scope}",
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
        ],
        modes: ["C7", "P3", "P5", "P10"], detailsKeys: ["container", "probe", "field", "found", "expected", "port"])

    static let healthCheckFailing = CauseEntry(
        .healthCheckFailing, in: .probes,
        meaning: "The probe is right, the program answers that it is not well, and nothing deeper is known.",
        reportedOn: "workload",
        signals: [
            "`Unhealthy` event with status 500 or 503, or with `NOT_SERVING`",
            "Container runs and is not Ready",
        ],
        lookAlikes: [
            "A dependency that is down: the health endpoint passes its failure on",
            "`ProbeMisconfigured`: the answer is about the request (4xx), not about health",
        ],
        fix: [
            "Read the body of the health endpoint {path} and the program's log: they name the part that is sick.",
            "Keep checks of dependencies out of liveness probes.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get events {scope} --field-selector reason=Unhealthy",
            "kubectl get pods {scope}",
        ],
        modes: ["P4", "C6"], detailsKeys: ["container", "probe", "path", "found", "port"])

    static let readinessGateUnset = CauseEntry(
        .readinessGateUnset, in: .probes,
        meaning: "All containers are ready, and the controller of a readiness gate has not said its word.",
        reportedOn: "workload",
        signals: [
            "Pod condition `Ready=False` with reason `ReadinessGatesNotReady`",
            "`ContainersReady=True`, and the condition of the gate missing or not True",
        ],
        lookAlikes: [
            "Containers that are not ready: their probes come first"
        ],
        fix: [
            "Bring back the controller that sets {reference}, for example the load balancer controller.",
            "Remove the readiness gate if nothing in this cluster serves it.",
        ],
        verify: [
            "kubectl get pods {scope} -o wide",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.readinessGates}'",
        ],
        modes: ["P9"], detailsKeys: ["reference", "field"])

    static let initContainerBlocked = CauseEntry(
        .initContainerBlocked, in: .probes,
        meaning: "An init container runs and does not end, and the evidence does not show what it waits for.",
        reportedOn: "workload",
        signals: [
            "Init container in state running for long, app containers in `PodInitializing`",
            "Its last log lines, such as `waiting for …`",
        ],
        lookAlikes: [
            "A dependency it waits for: reported where it breaks, once its name is known",
            "A slow migration or download that does make progress",
        ],
        fix: [
            "Read the log of init container {container}, and provide what it waits for.",
            "Give such waiting a deadline, so that it fails loudly.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get services {scope}",
        ],
        modes: ["C32"], detailsKeys: ["container"])
}
