internal import IncidentModel

/// Nodes that are down or short of something, and pods that were put out for it.
extension CauseEntry {
    static let nodeNotReady = CauseEntry(
        .nodeNotReady, in: .nodes,
        meaning: "The node or its kubelet is down, unreachable or shutting down.",
        reportedOn: "Node",
        signals: [
            "Condition `Ready` Unknown (`NodeStatusUnknown`) or False (`KubeletNotReady`)",
            "Lease of the node that is no longer renewed; `Rebooted` event",
            "Pods that ended with reason `Terminated` or `NodeShutdown`",
        ],
        lookAlikes: [
            "`ContainerRuntimeDown` and `PodNetworkSetupFailed`: the message of the condition names runtime or network",
            "Several nodes of a zone at once: the zone or its network",
            "`ControlPlaneDegraded`: all nodes look dead at once",
        ],
        fix: [
            "Get node {name} back: power, network, kubelet and its certificate, in that order.",
            "If it stays away, remove it, so that its pods and volumes move.",
        ],
        verify: [
            "kubectl get nodes -o wide",
            "kubectl describe node {node}",
            "kubectl get pods -A -o wide --field-selector spec.nodeName={node}",
        ],
        modes: ["K1", "K2", "K9", "K10", "K13"], detailsKeys: ["node", "reason", "reference", "found", "expected", "taint", "container"])

    static let containerRuntimeDown = CauseEntry(
        .containerRuntimeDown, in: .nodes,
        meaning: "The container runtime of the node is down or does not answer in time.",
        reportedOn: "Node",
        signals: [
            "Condition `Ready=False` with `container runtime is down`",
            "Condition `Ready=False` with `PLEG is not healthy`",
        ],
        lookAlikes: [
            "`NodeNotReady`: the kubelet does not report at all",
            "A disk or CPU at its limit makes a runtime hang: `NodeDiskPressure` may be deeper",
        ],
        fix: [
            "Restart the container runtime on node {name}, and drain the node if it hangs again.",
            "Check disk and CPU of the node for saturation.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl get pods -A -o wide --field-selector spec.nodeName={node}",
            "kubectl get nodes -o wide",
        ],
        modes: ["K3", "K4"], detailsKeys: ["node", "reason", "reference", "found", "expected", "container"])

    static let nodeMemoryPressure = CauseEntry(
        .nodeMemoryPressure, in: .nodes,
        meaning: "The node is short of memory and evicts pods.",
        reportedOn: "Node",
        signals: [
            "Condition `MemoryPressure=True`",
            "`Evicted` event or pod message `low on resource: memory`, with the use and request of the container",
        ],
        lookAlikes: [
            "`MemoryLimitExceeded`: one container hits its own limit",
            "`NodeOutOfMemory`: the kernel kills before the kubelet can evict",
        ],
        fix: [
            "Find the pod on node {node} that uses far more memory than it requests.",
            "Give workloads requests near their real use, so that the scheduler does not overfill nodes.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl top pod -A --sort-by=memory",
            "kubectl get events -A --field-selector reason=Evicted",
        ],
        modes: ["K6", "E1"], detailsKeys: ["node", "resource", "reason", "container", "found", "expected"])

    static let nodeDiskPressure = CauseEntry(
        .nodeDiskPressure, in: .nodes,
        meaning: "The disk of the node is full: pods are evicted, or images cannot be stored.",
        reportedOn: "Node",
        signals: [
            "Condition `DiskPressure=True`",
            "`FreeDiskSpaceFailed` or `ImageGCFailed` event",
            "`Evicted` event with `low on resource: ephemeral-storage`",
            "Pull error with `no space left on device`",
        ],
        lookAlikes: [
            "`EphemeralStorageExceeded`: one pod broke its own limit, and the node has room",
            "`DiskFull`: a volume is full, not the node",
        ],
        fix: [
            "Free disk on node {node}: unused images, large logs, emptyDir data.",
            "Set ephemeral-storage limits on the pods that write most, and enlarge the disk if all is in use.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl get events -A --field-selector reason=Evicted",
            "kubectl get pods -A -o wide --field-selector spec.nodeName={node}",
        ],
        modes: ["K7", "A13", "E1"], detailsKeys: ["node", "resource", "reason", "container", "image", "registry", "found", "expected"])

    static let nodePIDPressure = CauseEntry(
        .nodePIDPressure, in: .nodes,
        meaning: "The node is running out of process ids.",
        reportedOn: "Node",
        signals: [
            "Condition `PIDPressure=True`",
            "`Evicted` event with `low on resource: pids`",
        ],
        lookAlikes: [
            "`ProcessLimitReached`: one pod is at its own limit"
        ],
        fix: [
            "Find the pod on node {node} that starts processes without end.",
            "Limit process ids per pod, so that one cannot take the node down.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl get pods -A -o wide --field-selector spec.nodeName={node}",
            "kubectl get nodes",
        ],
        modes: ["K8"], detailsKeys: ["node", "resource", "reason", "container", "found", "expected"])

    static let nodeOutOfMemory = CauseEntry(
        .nodeOutOfMemory, in: .nodes,
        meaning: "The node itself ran out of memory, and its kernel killed a container that was within its limit or had none.",
        reportedOn: "Node",
        signals: [
            "`SystemOOM` event of the node near the end of the container",
            "Terminated with `OOMKilled` or exit code 137, without a memory limit",
        ],
        lookAlikes: [
            "`MemoryLimitExceeded`: the container has a limit and reached it",
            "`NodeMemoryPressure`: the kubelet evicted in time",
        ],
        fix: [
            "Find what used up the memory of node {node}; the victim need not be the culprit.",
            "Set memory requests and limits on all workloads, and reserve memory for the system.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl get events -A --field-selector reason=SystemOOM",
            "kubectl top pod -A --sort-by=memory",
        ],
        modes: ["C5"], detailsKeys: ["container", "node", "reason", "exit_code"])

    static let ephemeralStorageExceeded = CauseEntry(
        .ephemeralStorageExceeded, in: .nodes,
        meaning: "The pod wrote more local data than its own limit or the limit of its emptyDir allows, and was evicted.",
        reportedOn: "workload",
        signals: [
            "`Evicted` event with `exceeds the limit` or `exceeded its local ephemeral storage limit`",
            "The emptyDir's `sizeLimit`, or the container's `ephemeral-storage` limit",
        ],
        lookAlikes: [
            "`NodeDiskPressure`: the node is short, and the pod within its limit",
            "A pod that ends well on SIGTERM is `Succeeded` afterwards: only the event shows the eviction",
        ],
        fix: [
            "Raise the limit {found} of {reference}, if the data is needed.",
            "Let the program write less, clean up, or use a PersistentVolumeClaim.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=Evicted",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.volumes}'",
        ],
        modes: ["E2"], detailsKeys: ["resource", "reason", "found", "reference", "container", "field"])
}
