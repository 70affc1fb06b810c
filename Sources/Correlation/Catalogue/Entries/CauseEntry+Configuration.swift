internal import IncidentModel

/// What a container needs before it can be created: references, mounts, security settings, a command, a network.
extension CauseEntry {
    static let configMapNotFound = CauseEntry(
        .configMapNotFound, in: .configuration,
        meaning: "The pod needs a ConfigMap that does not exist in its namespace.",
        reportedOn: "workload",
        signals: [
            "Container waits with `CreateContainerConfigError` and `configmap \"…\" not found`",
            "`FailedMount` event with `configmap \"…\" not found`",
            "The complete list of ConfigMaps of the namespace lacks the name",
        ],
        lookAlikes: [
            "A reference marked `optional: true` is no fault",
            "`failed to sync configmap cache`: the kubelet cannot ask the API server, and the ConfigMap may well exist",
            "`ConfigKeyNotFound`: the ConfigMap is there and lacks the key",
        ],
        fix: [
            "Point the reference to {expected}, which does exist, if that is what was meant by {reference}.",
            "Otherwise create ConfigMap {reference} in namespace {namespace}.",
            "Check the order in which the deployment tool applies objects, and whether somebody deleted the ConfigMap.",
        ],
        verify: [
            "kubectl get configmap {reference} {scope}",
            "kubectl get configmaps {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["B1", "V12"], detailsKeys: ["container", "reference", "field", "expected", "key"])

    static let secretNotFound = CauseEntry(
        .secretNotFound, in: .configuration,
        meaning: "The pod needs a Secret that does not exist in its namespace.",
        reportedOn: "workload",
        signals: [
            "Container waits with `CreateContainerConfigError` and `secret \"…\" not found`",
            "`FailedMount` event with `secret \"…\" not found`",
            "The complete list of Secrets of the namespace lacks the name",
        ],
        lookAlikes: [
            "A missing pull Secret shows as `ImagePullUnauthorized`",
            "A Secret made by an operator: its ExternalSecret or SealedSecret exists, and is not ready",
        ],
        fix: [
            "Point the reference to {expected}, which does exist, if that is what was meant by {reference}.",
            "Otherwise create Secret {reference} in namespace {namespace}.",
            "If an operator should have made the Secret, read the status of the object it makes it from.",
        ],
        verify: [
            "kubectl describe secret {reference} {scope}",
            "kubectl get secrets {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["B2", "V12"], detailsKeys: ["container", "reference", "field", "expected", "key"])

    static let configKeyNotFound = CauseEntry(
        .configKeyNotFound, in: .configuration,
        meaning: "The ConfigMap or Secret exists, and the key that the pod takes from it does not.",
        reportedOn: "workload",
        signals: [
            "Container waits with `couldn't find key … in ConfigMap` or `… in Secret`",
            "`FailedMount` event with `references non-existent config key` or `non-existent secret key`",
            "The keys of the object, and its latest change",
        ],
        lookAlikes: [
            "`ConfigMapNotFound` and `SecretNotFound`: the whole object is missing",
            "`ConfigurationMissing`: the container starts, and the program misses a setting",
        ],
        fix: [
            "Use key {expected} instead of {key}, if that is the one meant.",
            "Otherwise add key {key} to {reference}.",
            "Compare the keys that the template asks for with those the object has.",
        ],
        verify: [
            "kubectl describe configmap {reference} {scope}",
            "kubectl describe secret {reference} {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["B3", "V13"], detailsKeys: ["container", "reference", "key", "field", "expected"])

    static let securityContextConflict = CauseEntry(
        .securityContextConflict, in: .configuration,
        meaning: "The node cannot start the container under the security settings that the pod demands.",
        reportedOn: "workload",
        signals: [
            "Container waits with `CreateContainerConfigError` and words on `runAsNonRoot` or a non-numeric user",
            "Runtime message about a seccomp, AppArmor or SELinux profile",
            "Pod failed with reason `AppArmor` or `SysctlForbidden`",
        ],
        lookAlikes: [
            "`PodSecurityViolation`: the API server refuses the pod, so none exists",
            "`FilePermissionDenied`: the container starts, and then may not touch a file",
        ],
        fix: [
            "Change {field} of container {container} or the image so that they agree.",
            "For runAsNonRoot give the image a numeric non-root user, or set runAsUser.",
            "A named profile has to be on every node that the pod can run on.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].securityContext}'",
            "kubectl get events {scope} --field-selector reason=Failed",
        ],
        modes: ["B5", "B11", "B12"], detailsKeys: ["container", "field", "reason", "node"])

    static let volumeMountInvalid = CauseEntry(
        .volumeMountInvalid, in: .configuration,
        meaning: "A volume cannot be placed where the container wants it: subPath, mount path or hostPath type does not fit.",
        reportedOn: "workload",
        signals: [
            "Message with `subPath`, `not a directory` or `trying to mount a directory`",
            "`FailedMount` event with `hostPath type check failed`",
        ],
        lookAlikes: [
            "`VolumeMountFailed`: the storage behind the volume fails, not the place it goes to",
            "`ConfigKeyNotFound`: a subPath of a ConfigMap that lacks the key",
        ],
        fix: [
            "Correct the mount at {path}.",
            "Mount a file over a file and a directory over a directory, and give a hostPath the type that the node really has there.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.volumes}'",
            "kubectl get events {scope} --field-selector reason=FailedMount",
        ],
        modes: ["B6", "B10", "V15"], detailsKeys: ["container", "field", "path", "reason"])

    static let commandNotRunnable = CauseEntry(
        .commandNotRunnable, in: .configuration,
        meaning: "The command of the container is not in the image, or the kernel may not execute it.",
        reportedOn: "workload",
        signals: [
            "Container ends with `StartError`, `ContainerCannotRun` or exit code 128, and `exec:` in its message",
            "Waiting message `executable file not found`, `no command specified` or `permission denied`",
            "Exit code 126 or 127; a shell that logs `not found`",
            "Template change in `command`, `args` or `image`",
        ],
        lookAlikes: [
            "Exit code 127 with `error while loading shared libraries` is `LibraryMissing`",
            "A script with Windows line ends fails with `no such file or directory` though it is there",
            "`FilePermissionDenied`: the program runs, and a file it opens is refused",
        ],
        fix: [
            "Correct {field} of container {container}: {found} cannot be run.",
            "Compare command and args with the revision before and with the entrypoint of the image; the file needs its execute bit.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].command}'",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["B7", "B9"], detailsKeys: ["field", "found", "reason", "image", "expected"] + logKeys)

    static let lifecycleHookFailed = CauseEntry(
        .lifecycleHookFailed, in: .configuration,
        meaning: "The postStart or preStop hook fails, and the kubelet kills the container for it.",
        reportedOn: "workload",
        signals: [
            "`FailedPostStartHook` or `FailedPreStopHook` event",
            "Container waits with `PostStartHookError`",
            "Hook command in `lifecycle`; its output is in no event",
        ],
        lookAlikes: [
            "A crash of the program: the kill follows no hook event",
            "Such a container often ends with exit code 0, because the program stops in good order",
        ],
        fix: [
            "Mend or remove the {field} hook of container {container}: {found}.",
            "Run the hook's command in the image by hand to see its output, which Kubernetes does not keep.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=FailedPostStartHook",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].lifecycle}'",
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
        ],
        modes: ["B13"], detailsKeys: ["container", "field", "reason", "found"])

    static let runtimeClassNotFound = CauseEntry(
        .runtimeClassNotFound, in: .configuration,
        meaning: "The pod asks for a RuntimeClass that does not exist, or whose handler the node does not have.",
        reportedOn: "workload",
        signals: [
            "`FailedCreate` event on the owner with `RuntimeClass \"…\" not found`",
            "`FailedCreatePodSandBox` event with `no runtime for \"…\" is configured`",
        ],
        lookAlikes: [
            "`PodNetworkSetupFailed`: the sandbox fails at its network, and the message names a plugin"
        ],
        fix: [
            "Create RuntimeClass {reference}, or install its handler on the nodes.",
            "If the workload needs no special runtime, remove runtimeClassName from its template.",
        ],
        verify: [
            "kubectl get runtimeclasses",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.runtimeClassName}'",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["B16"], detailsKeys: ["container", "reference", "found", "field"])

    static let podNetworkSetupFailed = CauseEntry(
        .podNetworkSetupFailed, in: .configuration,
        meaning: "The network plugin cannot give new pods a network or an address.",
        reportedOn: "Node, or workload",
        signals: [
            "`FailedCreatePodSandBox` or `NetworkNotReady` event that speaks of a plugin, the CNI or addresses",
            "Node condition `Ready=False` with `NetworkPluginNotReady`, or `NetworkUnavailable=True`",
            "Pod of the network DaemonSet on that node",
        ],
        lookAlikes: [
            "`NodeNotReady`: the kubelet itself does not report",
            "`ContainerRuntimeDown`: no sandbox can be made for any reason",
            "`NetworkPolicyBlocks`: pods have an address, and traffic between them is dropped",
        ],
        fix: [
            "Bring the network plugin on node {node} back; its DaemonSet pod there comes first.",
            "If addresses have run out, free some or widen the pod range of the node.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl get pods -n kube-system -o wide --field-selector spec.nodeName={node}",
            "kubectl get events -A --field-selector reason=FailedCreatePodSandBox",
        ],
        modes: ["B17", "B18", "B19", "K5"], detailsKeys: ["container", "node", "reason", "found", "reference", "expected"])

    static let deviceUnavailable = CauseEntry(
        .deviceUnavailable, in: .configuration,
        meaning: "A device plugin or resource claim cannot give the pod the device it asks for.",
        reportedOn: "workload",
        signals: [
            "`FailedPrepareDynamicResources` or `FailedResourceClaimCreation` event",
            "Pod failed with reason `UnexpectedAdmissionError`",
            "Driver pod on the node, allocatable of the node",
        ],
        lookAlikes: [
            "`InsufficientResources`: no node offers the device, so the pod is never bound"
        ],
        fix: [
            "Restart the device driver on node {node} and check what it reports.",
            "Make sure that the driver runs on every node the workload can go to, and delete pods that were refused.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get events {scope} --field-selector type=Warning",
        ],
        modes: ["B21"], detailsKeys: ["container", "node", "resource", "reason", "found", "expected"])
}
