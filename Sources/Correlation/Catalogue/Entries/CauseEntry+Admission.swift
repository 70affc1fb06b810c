internal import IncidentModel

/// Pods that the API server refuses to create: the owner's events tell, for no pod exists.
extension CauseEntry {
    static let quotaExceeded = CauseEntry(
        .quotaExceeded, in: .admission,
        meaning: "A ResourceQuota of the namespace is used up, so no further pod may be made.",
        reportedOn: "ResourceQuota",
        signals: [
            "`FailedCreate` event or `ReplicaFailure` condition with `exceeded quota`",
            "Requested, used and limited amounts in the message",
        ],
        lookAlikes: [
            "`InsufficientResources`: the pod exists, and no node takes it",
            "`QuotaRequiresResources`: the same quota, which misses a setting in the pod",
        ],
        fix: [
            "Raise {resource} of ResourceQuota {quota}, or free what others in the namespace use of it.",
            "Lower the requests or the number of replicas if they are larger than needed; a surge during a roll-out counts as well.",
        ],
        verify: [
            "kubectl describe resourcequota {quota} {scope}",
            "kubectl get events {scope} --field-selector reason=FailedCreate",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["Q1"], detailsKeys: ["quota", "resource", "field", "found", "expected", "reason", "reference"])

    static let quotaRequiresResources = CauseEntry(
        .quotaRequiresResources, in: .admission,
        meaning: "A ResourceQuota demands requests or limits that the containers do not set.",
        reportedOn: "workload",
        signals: [
            "`FailedCreate` event with `failed quota` and `must specify`",
            "No LimitRange in the namespace that would supply defaults",
        ],
        lookAlikes: [
            "`QuotaExceeded`: the amounts are set, and too large",
            "`LimitRangeViolation`: the amounts are set, and out of range",
        ],
        fix: [
            "Set on every container of {kind} {name}: {found}.",
            "A LimitRange with defaults spares every workload of the namespace that work.",
        ],
        verify: [
            "kubectl describe resourcequota {quota} {scope}",
            "kubectl describe limitranges {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].resources}'",
        ],
        modes: ["Q2"], detailsKeys: ["quota", "resource", "field", "container", "found", "reference"])

    static let limitRangeViolation = CauseEntry(
        .limitRangeViolation, in: .admission,
        meaning: "A LimitRange of the namespace forbids the requests or limits of the pod.",
        reportedOn: "workload",
        signals: [
            "`FailedCreate` event with `usage per Container`, `usage per Pod` or `max limit to request ratio`",
            "LimitRanges of the namespace",
        ],
        lookAlikes: [
            "`QuotaExceeded`: the sum over the namespace is too large, not the one container"
        ],
        fix: [
            "Bring the {resource} of {kind} {name}, which is {found}, into the range that LimitRange {reference} allows: {expected}.",
            "Widen the LimitRange if the workload needs what it asks for.",
        ],
        verify: [
            "kubectl describe limitranges {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].resources}'",
            "kubectl get events {scope} --field-selector reason=FailedCreate",
        ],
        modes: ["Q4"], detailsKeys: ["resource", "field", "container", "reference", "found", "expected"])

    static let podSecurityViolation = CauseEntry(
        .podSecurityViolation, in: .admission,
        meaning: "The namespace enforces a Pod Security level that the pod does not meet.",
        reportedOn: "workload",
        signals: [
            "`FailedCreate` event with `violates PodSecurity` and the checks that fail",
            "Label `pod-security.kubernetes.io/enforce` of the namespace, and its last change",
        ],
        lookAlikes: [
            "`SecurityContextConflict`: the pod is admitted, and the node cannot start it",
            "`AdmissionDenied`: a webhook or policy refuses, not the namespace's level",
            "Running pods stay: it shows only when one is made anew",
        ],
        fix: [
            "Correct in the template what the check names: {found}.",
            "If the workload truly needs these rights, run it in a namespace whose level allows them.",
        ],
        verify: [
            "kubectl get namespace {namespace} --show-labels",
            "kubectl get events {scope} --field-selector reason=FailedCreate",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.securityContext}'",
        ],
        modes: ["Q5"], detailsKeys: ["policy", "field", "container", "found"])

    static let admissionDenied = CauseEntry(
        .admissionDenied, in: .admission,
        meaning: "An admission webhook or policy works as it should, and denies the pod by a rule.",
        reportedOn: "workload",
        signals: [
            "`FailedCreate` event with `admission webhook … denied the request`",
            "`FailedCreate` event with `ValidatingAdmissionPolicy … denied request`",
        ],
        lookAlikes: [
            "`AdmissionWebhookUnavailable`: the webhook could not be called",
            "`PodSecurityViolation`: the message names PodSecurity",
        ],
        fix: [
            "Change the template so that it keeps the rule that the message names.",
            "If the rule is wrong for this workload, ask its owners for an exception.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=FailedCreate",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get validatingwebhookconfigurations,validatingadmissionpolicies",
        ],
        modes: ["Q6", "Q8"], detailsKeys: ["webhook", "policy", "reason"])

    static let admissionWebhookUnavailable = CauseEntry(
        .admissionWebhookUnavailable, in: .admission,
        meaning: "The API server cannot call an admission webhook whose failure policy is Fail, and so refuses changes.",
        reportedOn: "webhook configuration, its Service or its workload",
        signals: [
            "`FailedCreate` event with `failed calling webhook`",
            "Endpoints of the Service that the webhook names",
            "`failurePolicy`, CA bundle and scope of the configuration",
        ],
        lookAlikes: [
            "`AdmissionDenied`: the webhook answered",
            "The webhook's own pods fail: their cause is then the deeper one",
        ],
        fix: [
            "Bring back the pods behind Service {reference} of the webhook.",
            "If the call fails over TLS, renew the serving certificate or the CA bundle of the configuration.",
            "Keep the webhook's own namespace out of its scope, so that it cannot block its own recovery.",
        ],
        verify: [
            "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations",
            "kubectl get endpointslices -A -l kubernetes.io/service-name={reference}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["Q7", "Z5"], detailsKeys: ["webhook", "field", "port", "found", "expected", "reason", "reference", "host"])

    static let namespaceTerminating = CauseEntry(
        .namespaceTerminating, in: .admission,
        meaning: "The namespace is being deleted, or its deletion does not come to an end.",
        reportedOn: "Namespace",
        signals: [
            "Namespace in phase `Terminating`, and its conditions on what remains",
            "`FailedCreate` event with `because it is being terminated`",
        ],
        lookAlikes: [
            "`AggregatedAPIUnavailable`: the deletion waits for an API that is down",
            "`FinalizerBlocksDeletion`: one object in the namespace holds everything up",
        ],
        fix: [
            "Find out who deleted the namespace, and re-create it once it is gone if that was a mistake.",
            "If the deletion hangs, resolve what the conditions name: remaining objects, their finalizers or a dead API.",
        ],
        verify: [
            "kubectl get namespace {name} -o jsonpath='{.status.conditions}'",
            "kubectl get apiservices",
            "kubectl get all,configmaps,persistentvolumeclaims -n {name}",
        ],
        modes: ["Q10", "Z1"], detailsKeys: ["reason", "field", "found", "reference"])
}
