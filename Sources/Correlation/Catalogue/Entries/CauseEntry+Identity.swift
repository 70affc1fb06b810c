internal import IncidentModel

/// Who a workload is, and what it may do.
extension CauseEntry {
    static let serviceAccountNotFound = CauseEntry(
        .serviceAccountNotFound, in: .identity,
        meaning: "The ServiceAccount that the pods are to run as does not exist.",
        reportedOn: "workload",
        signals: [
            "`FailedCreate` event with `serviceaccount \"…\" not found`",
            "`FailedMount` event: no token can be fetched, because the account is not found",
        ],
        lookAlikes: [
            "`PermissionForbidden`: the account exists, and may not do something",
            "A token that fails once while a pod starts comes by itself",
        ],
        fix: [
            "Create ServiceAccount {reference} in namespace {namespace}, with its role bindings.",
            "Otherwise correct serviceAccountName in the template.",
        ],
        verify: [
            "kubectl get serviceaccount {reference} {scope}",
            "kubectl get serviceaccounts {scope}",
            "kubectl get events {scope} --field-selector reason=FailedCreate",
        ],
        modes: ["Q9", "R3"], detailsKeys: ["reference", "field", "found", "expected", "container"])

    static let permissionForbidden = CauseEntry(
        .permissionForbidden, in: .identity,
        meaning: "The identity of the workload is not allowed what the program asks of the Kubernetes API or the cloud.",
        reportedOn: "workload",
        signals: [
            "Log with `is forbidden: User \"system:serviceaccount:…\" cannot …`, or `Unauthorized`",
            "Roles and bindings of the account, evaluated as the API server does",
            "A binding whose role does not exist",
        ],
        lookAlikes: [
            "`CredentialsRejected`: a database or other dependency refuses, not the API",
            "`ServiceAccountNotFound`: there is no identity at all",
            "An expired token: the rules allow it, and the API still answers `Unauthorized`",
        ],
        fix: [
            "Allow {user} to {found} with a Role and a binding.",
            "Check the role {reference} that it is bound to: its verbs, resources and namespace.",
            "If the rules did allow it before, see who changed roles or bindings lately.",
        ],
        verify: [
            "kubectl auth can-i --list --as={user} {scope}",
            "kubectl get rolebindings {scope} -o wide",
            "kubectl get clusterrolebindings -o wide",
        ],
        modes: ["R1", "R2", "R4"], detailsKeys: ["resource", "field", "found", "expected", "reference"] + logKeys)
}
