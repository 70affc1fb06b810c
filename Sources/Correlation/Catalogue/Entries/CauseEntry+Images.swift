internal import IncidentModel

/// Images that cannot be pulled or run.
extension CauseEntry {
    static let imageNotFound = CauseEntry(
        .imageNotFound, in: .images,
        meaning: "The registry answers, and it has no image of that name and tag.",
        reportedOn: "workload",
        signals: [
            "Container waits with reason `ErrImagePull` or `ImagePullBackOff`",
            "Waiting message or `Failed` event with `not found`, `manifest unknown` or `name unknown`",
            "Template change: the newest ReplicaSet names another image than the one before",
        ],
        lookAlikes: [
            "`ImagePullUnauthorized`: public registries answer `may require authorization` for absent and private repositories alike",
            "`RegistryUnavailable`: the message speaks of a connection, a timeout or a certificate and not of the image",
        ],
        fix: [
            "Set container {container} to an image that exists; {image} does not.",
            "Correct the tag in the workload's template, or push the missing image, or roll back to the revision before.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get events {scope} --field-selector reason=Failed",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["A1"], detailsKeys: ["container", "image", "registry", "reason", "reference", "expected", "found"])

    static let imagePullUnauthorized = CauseEntry(
        .imagePullUnauthorized, in: .images,
        meaning: "The registry refuses the pull, because the node shows no credentials, wrong ones or expired ones.",
        reportedOn: "workload",
        signals: [
            "Waiting message or `Failed` event with `401`, `403`, `unauthorized`, `denied` or `no basic auth credentials`",
            "`FailedToRetrieveImagePullSecret` event, or a name in `imagePullSecrets` that no Secret has",
            "No `imagePullSecrets` in the pod and none in its ServiceAccount",
        ],
        lookAlikes: [
            "`ImageNotFound`: the repository name itself changed, and the earlier name pulled without credentials",
            "`RegistryUnavailable`: the registry answers 429, which is a limit and no refusal",
        ],
        fix: [
            "Check pull Secret {reference}: it has to exist in the namespace and hold valid credentials for the registry's host.",
            "Give the pod or its ServiceAccount a pull Secret of type kubernetes.io/dockerconfigjson with current credentials.",
            "Make sure that {image} is spelled right, because some registries hide absent images behind the same answer.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=Failed",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.imagePullSecrets}'",
            "kubectl describe secret {reference} {scope}",
        ],
        modes: ["A2", "A3", "A4"], detailsKeys: ["container", "image", "registry", "reason", "reference"])

    static let registryUnavailable = CauseEntry(
        .registryUnavailable, in: .images,
        meaning: "The node cannot get an answer from the registry: network, rate limit or a certificate it does not trust.",
        reportedOn: "workload",
        signals: [
            "Container waits with `ErrImagePull`, `ImagePullBackOff` or `RegistryUnavailable`",
            "Message with `dial tcp`, `i/o timeout`, `no such host`, `connection refused` or a 5xx status",
            "Message with `toomanyrequests` or 429",
            "Message with `x509:` or `server gave HTTP response to HTTPS client`",
        ],
        lookAlikes: [
            "`ImageNotFound`: the registry was reached and answered that the image is not there",
            "`NodeNotReady`: everything on the node fails and not pulls alone",
            "A NetworkPolicy is never the reason: the node pulls, not the pod",
        ],
        fix: [
            "Restore the way from the nodes to the registry of {image}: DNS, egress, proxy or the registry itself.",
            "If pulls are rate-limited, pull through a mirror or with an account.",
            "If the certificate is refused, install its issuer on the nodes.",
        ],
        verify: [
            "kubectl get events -A --field-selector reason=Failed",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get pods {scope} -o wide",
        ],
        modes: ["A5", "A6", "A7"], detailsKeys: ["container", "image", "registry", "reason"])

    static let imageArchitectureMismatch = CauseEntry(
        .imageArchitectureMismatch, in: .images,
        meaning: "The image was not built for the processor architecture of the node that runs it.",
        reportedOn: "workload",
        signals: [
            "Pull error with `no match for platform` or `no matching manifest`",
            "Log or runtime message `exec format error`",
            "`node.status.nodeInfo.architecture` of the failing nodes",
        ],
        lookAlikes: [
            "`CommandNotRunnable`: a script without its `#!` line also gives `exec format error`, on every architecture",
            "`ImageNotFound`: the tag is absent for all platforms",
        ],
        fix: [
            "Publish {image} for the architecture of the nodes as a multi-platform image.",
            "Until then keep the pods on nodes that fit with a nodeSelector on kubernetes.io/arch.",
        ],
        verify: [
            "kubectl get nodes -L kubernetes.io/arch",
            "kubectl get pods {scope} -o wide",
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
        ],
        modes: ["A8", "C33"], detailsKeys: ["image", "registry", "reason", "found"] + logKeys)

    static let invalidImageName = CauseEntry(
        .invalidImageName, in: .images,
        meaning: "The image reference cannot be parsed, so no pull is ever tried.",
        reportedOn: "workload",
        signals: [
            "Container waits with reason `InvalidImageName`",
            "`InspectFailed` event with `couldn't parse image name`",
        ],
        lookAlikes: [
            "`ImageNotFound`: the reference parses, and the registry was asked"
        ],
        fix: [
            "Correct the image of container {container}: {image} is no valid reference.",
            "Look for upper case, spaces and placeholders that the deployment tool never replaced.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get events {scope} --field-selector reason=InspectFailed",
        ],
        modes: ["A9"], detailsKeys: ["container", "image", "registry", "reason", "expected", "found"])

    static let imageNeverPull = CauseEntry(
        .imageNeverPull, in: .images,
        meaning: "The pull policy is Never, and the node does not have the image.",
        reportedOn: "workload",
        signals: [
            "Container waits with reason `ErrImageNeverPull`",
            "`ErrImageNeverPull` event with `not present with pull policy of Never`",
        ],
        lookAlikes: [
            "`ImageNotFound`: the policy allows a pull, and the pull fails"
        ],
        fix: [
            "Change imagePullPolicy of container {container} to IfNotPresent.",
            "If pulls are unwanted, load the image onto every node that may run the pod.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].imagePullPolicy}'",
            "kubectl get pods {scope} -o wide",
        ],
        modes: ["A10"], detailsKeys: ["container", "image", "registry", "reason"])
}
