internal import IncidentModel

/// The API, its extensions and the controllers behind it.
extension CauseEntry {
    static let finalizerBlocksDeletion = CauseEntry(
        .finalizerBlocksDeletion, in: .controlPlane,
        meaning: "An object cannot go, because the controller of its finalizer does not do its part.",
        reportedOn: "the object that is stuck",
        signals: [
            "`deletionTimestamp` long past, `metadata.finalizers` not empty",
            "The controller that the finalizer belongs to",
            "A claim that is being deleted while a pod uses it, and events of a controller that waits for it to go",
        ],
        lookAlikes: [
            "A claim that a pod still uses is held rightly",
            "`NamespaceTerminating`: the whole namespace goes",
        ],
        fix: [
            "Bring back the controller that owns the finalizer of {kind} {name}.",
            "Removing a finalizer by hand skips its clean-up: do so only when the controller is gone for good.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.metadata.deletionTimestamp} {.metadata.finalizers}'",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["Z2", "E9", "V20"], detailsKeys: ["reason", "field", "reference", "found"])

    static let aggregatedAPIUnavailable = CauseEntry(
        .aggregatedAPIUnavailable, in: .controlPlane,
        meaning: "An API that is served by an extension server does not answer.",
        reportedOn: "APIService",
        signals: [
            "APIService condition `Available=False`",
            "Service and pods behind it",
        ],
        lookAlikes: [
            "`ControlPlaneDegraded`: the core API fails too",
            "Autoscalers without metrics and namespaces that do not go are what it leads to",
        ],
        fix: [
            "Bring back the pods behind Service {reference}.",
            "If the server is gone for good, delete its APIService; if TLS fails, renew its CA bundle.",
        ],
        verify: [
            "kubectl get apiservices",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get endpointslices -A -l kubernetes.io/service-name={reference}",
        ],
        modes: ["Z4"], detailsKeys: ["reference", "reason"])

    static let controlPlaneDegraded = CauseEntry(
        .controlPlaneDegraded, in: .controlPlane,
        meaning: "The API server, etcd, the scheduler or a controller manager does not work or is too slow.",
        reportedOn: "the component, or the workload that suffers from it",
        signals: [
            "Pods of the default scheduler that stay Pending without any scheduling condition",
            "Log with a lost leader lease or a lease that could not be renewed",
            "Leases in kube-system that are no longer renewed",
            "Log of etcd with slow disk or apply times",
        ],
        lookAlikes: [
            "`SchedulerMissing`: only pods of another scheduler wait",
            "One controller that loses its lease: its own node or CPU may be at fault",
        ],
        fix: [
            "Check the pods of the control plane and the disk latency of etcd.",
            "Ask the provider of a managed cluster for its state.",
        ],
        verify: [
            "kubectl get pods -n kube-system -o wide",
            "kubectl get leases -n kube-system",
            "kubectl get events -n kube-system",
        ],
        modes: ["Z3", "Z6", "Z7"], detailsKeys: ["reason", "reference", "node", "found", "expected"] + logKeys)
}
