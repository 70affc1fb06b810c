internal import IncidentModel

/// Pods that no node takes.
extension CauseEntry {
    static let insufficientResources = CauseEntry(
        .insufficientResources, in: .scheduling,
        meaning: "No node has as much of a resource free as the pod requests, now or ever.",
        reportedOn: "workload",
        signals: [
            "`PodScheduled=False` with `Insufficient …` or `Too many pods`",
            "The request against allocatable and use of every node that fits otherwise",
            "Pod failed with a reason such as `OutOfcpu`",
        ],
        lookAlikes: [
            "`QuotaExceeded`: the pod was never made",
            "`UntoleratedTaint`: nodes with room exist, and are tainted",
            "Control-plane nodes in the scheduler's count are no loss",
        ],
        fix: [
            "Lower the {resource} request of {name}, which is {found}; a node has room for {expected}.",
            "If the request is right, add nodes or free room; a request above the size of every node can never fit.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=FailedScheduling",
            "kubectl describe nodes",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["S1", "S2", "H11"], detailsKeys: ["resource", "found", "expected", "node", "container", "reason"])

    static let untoleratedTaint = CauseEntry(
        .untoleratedTaint, in: .scheduling,
        meaning: "Only nodes are left that carry a taint the pod does not tolerate.",
        reportedOn: "workload",
        signals: [
            "`PodScheduled=False` with `had untolerated taint`",
            "`spec.taints` of the nodes minus the pod's tolerations",
        ],
        lookAlikes: [
            "Taints under `node.kubernetes.io/` follow from the state of the node, which is then the cause",
            "`NodeCordoned`: the taint is `node.kubernetes.io/unschedulable`",
        ],
        fix: [
            "Give {kind} {name} a toleration if it belongs on these nodes.",
            "Remove the taint from node {node} if it was set by mistake.",
            "Otherwise add nodes without the taint.",
        ],
        verify: [
            "kubectl describe node {node}",
            "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.tolerations}'",
        ],
        modes: ["S3"], detailsKeys: ["field", "taint", "found", "effect", "node"])

    static let nodeCordoned = CauseEntry(
        .nodeCordoned, in: .scheduling,
        meaning: "The nodes that the pod could use are cordoned or being drained.",
        reportedOn: "Node",
        signals: [
            "`PodScheduled=False` with `node(s) were unschedulable`",
            "`spec.unschedulable` of the node, and who set it when",
        ],
        lookAlikes: [
            "`NodeNotReady`: the node is sick, and cordoned for that",
            "A cordoned node alone is no fault: it has to be the one that is missing",
        ],
        fix: [
            "Uncordon node {node} once its maintenance is over.",
            "If it has to stay away, add room elsewhere or loosen what ties the pod to it.",
        ],
        verify: [
            "kubectl get nodes",
            "kubectl describe node {node}",
            "kubectl get events -A --field-selector reason=FailedScheduling",
        ],
        modes: ["S4", "K11"], detailsKeys: ["node", "reason"])

    static let nodeSelectorMismatch = CauseEntry(
        .nodeSelectorMismatch, in: .scheduling,
        meaning: "No node carries the labels that the pod insists on, or the node it names does not exist.",
        reportedOn: "workload",
        signals: [
            "`PodScheduled=False` with `didn't match Pod's node affinity/selector`",
            "`nodeSelector`, required node affinity or `nodeName` against the labels and names of all nodes",
            "A label of nearly the same value, or one removed lately",
        ],
        lookAlikes: [
            "`UntoleratedTaint`: the labels fit, and a taint keeps the pod off",
            "`PersistentVolumeMismatch`: the volume, not the pod, wants certain nodes",
        ],
        fix: [
            "Change {field} from {found} to {expected}.",
            "Otherwise label the nodes that are meant, or drop the constraint from the template.",
        ],
        verify: [
            "kubectl get nodes --show-labels",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.nodeSelector}'",
            "kubectl get events {scope} --field-selector reason=FailedScheduling",
        ],
        modes: ["S5", "S6"], detailsKeys: ["field", "label", "found", "expected", "node", "reason"])

    static let podAffinityUnsatisfiable = CauseEntry(
        .podAffinityUnsatisfiable, in: .scheduling,
        meaning: "Required affinity or anti-affinity to other pods rules out every node.",
        reportedOn: "workload",
        signals: [
            "`PodScheduled=False` with `didn't match pod affinity rules` or `pod anti-affinity rules`",
            "The terms against the pods that run; replicas against the number of nodes",
        ],
        lookAlikes: [
            "`TopologySpreadUnsatisfiable`: spreading is asked for by constraints, not by affinity",
            "A roll-out whose surge pod has no node of its own while the old pod still runs",
        ],
        fix: [
            "Make the {field} of {name} preferred instead of required, or run no more replicas than there are nodes.",
            "Check that the labels in the term are those of pods that really run.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.affinity}'",
            "kubectl get pods {scope} -o wide --show-labels",
            "kubectl get events {scope} --field-selector reason=FailedScheduling",
        ],
        modes: ["S7", "S8"], detailsKeys: ["field", "label", "found", "expected", "reference"])

    static let topologySpreadUnsatisfiable = CauseEntry(
        .topologySpreadUnsatisfiable, in: .scheduling,
        meaning: "A topology spread constraint leaves no node where the pod may go.",
        reportedOn: "workload",
        signals: [
            "`PodScheduled=False` with `didn't match pod topology spread constraints`",
            "Pods per domain of the topology key; nodes that lack the key",
        ],
        lookAlikes: [
            "`PodAffinityUnsatisfiable`: anti-affinity asks for the spread",
            "`InsufficientResources`: the domain that is due is full",
        ],
        fix: [
            "Raise maxSkew, or use ScheduleAnyway instead of DoNotSchedule.",
            "If nodes lack the topology label, label them; if a whole domain is gone, bring it back.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.topologySpreadConstraints}'",
            "kubectl get nodes --show-labels",
            "kubectl get pods {scope} -o wide",
        ],
        modes: ["S9"], detailsKeys: ["field", "label", "found", "expected"])

    static let schedulerMissing = CauseEntry(
        .schedulerMissing, in: .scheduling,
        meaning: "Nobody schedules the pod: its scheduler, the lifter of its scheduling gate or its priority class is missing.",
        reportedOn: "workload",
        signals: [
            "Pending pod with another `schedulerName` than the default, without any scheduling condition or event",
            "`PodScheduled=False` with reason `SchedulingGated`",
            "`FailedCreate` event with `no PriorityClass with name … was found`",
        ],
        lookAlikes: [
            "`ControlPlaneDegraded`: pods of the default scheduler are not looked at either"
        ],
        fix: [
            "Replace {field} {found}, which nothing in this cluster serves.",
            "Otherwise start the scheduler or controller that is meant, or create the missing PriorityClass.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get pods -n kube-system",
            "kubectl get priorityclasses",
        ],
        modes: ["S15", "S16", "S17", "S18", "S19", "S20", "S21"], detailsKeys: ["field", "found", "reference", "expected"])

    static let podPreempted = CauseEntry(
        .podPreempted, in: .scheduling,
        meaning: "The pod had to give way to one of higher priority.",
        reportedOn: "workload",
        signals: [
            "`Preempted` or `Preempting` event",
            "Pod condition `DisruptionTarget` with reason `PreemptionByScheduler`",
            "The workload of higher priority that grew just before",
        ],
        lookAlikes: [
            "`NodeMemoryPressure` and `NodeDiskPressure`: the kubelet evicts, without regard to a newcomer",
            "An eviction through the API, such as a drain",
        ],
        fix: [
            "Give {kind} {name} a priority that matches its worth.",
            "Add room so that both workloads fit, and check what made the other one grow.",
        ],
        verify: [
            "kubectl get events -A --field-selector reason=Preempted",
            "kubectl get priorityclasses",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.priorityClassName}'",
        ],
        modes: ["E3", "E4"], detailsKeys: ["reason", "node", "reference"])
}
