internal import IncidentModel

/// Workloads that are held back by their own settings.
extension CauseEntry {
    static let rolloutPaused = CauseEntry(
        .rolloutPaused, in: .workloads,
        meaning: "The roll-out is paused, so pods still run an older template.",
        reportedOn: "workload",
        signals: [
            "`spec.paused: true`, and no ReplicaSet of the current template",
            "Condition `Progressing` with reason `DeploymentPaused`",
        ],
        lookAlikes: [
            "A pause without a waiting change holds nothing up",
            "A roll-out that is stuck: it goes on, and its new pods fail",
        ],
        fix: [
            "Resume the roll-out of {name}, or take its waiting change back.",
            "Ask who paused it before resuming, because all waiting changes are applied at once.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.paused}'",
            "kubectl get replicasets {scope} -o wide",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["W2"], detailsKeys: ["field", "found", "expected"])

    static let scaledToZero = CauseEntry(
        .scaledToZero, in: .workloads,
        meaning: "The workload is set to 0 replicas while others need it.",
        reportedOn: "workload",
        signals: [
            "`spec.replicas: 0`",
            "`ScalingReplicaSet` event that ends with `to 0`",
            "Field manager that set it; clients that fail on its Service",
            "An Ingress or the settings of another workload lead to its Service; the manifest last applied wants replicas",
        ],
        lookAlikes: [
            "A workload that nobody misses is at zero on purpose; labels and annotations often say so (canary, downscaler, keda)",
            "Pods that cannot be made: replicas is above zero then",
        ],
        fix: [
            "Scale {kind} {name} up again.",
            "Ask {user}, which set it, whether it will do so again.",
            "If an autoscaler or schedule scaled it down, correct that first.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o yaml --show-managed-fields",
            "kubectl get events {scope} --field-selector reason=ScalingReplicaSet",
        ],
        modes: ["W4"], detailsKeys: ["field", "found", "expected", "user"])

    static let updateStrategyBlocks = CauseEntry(
        .updateStrategyBlocks, in: .workloads,
        meaning: "The update strategy cannot make progress, or takes all replicas down at once.",
        reportedOn: "workload",
        signals: [
            "`maxUnavailable` and `maxSurge` against the number of replicas",
            "A rolling update whose new pod waits for the volume, host port or node of the old one, which serves until then",
            "`OnDelete`, or a partition above all ordinals, with a newer revision than the pods have",
            "OrderedReady: a broken pod of an older revision, and a template that no longer has what breaks it",
        ],
        lookAlikes: [
            "`VolumeAttachFailed`: the old pod is on a dead node and never lets go",
            "`QuotaExceeded` and `InsufficientResources`: the surge pod has no room",
            "`PodAffinityUnsatisfiable`: replicas of one revision keep each other out",
        ],
        fix: [
            "Use strategy Recreate where replicas cannot run side by side.",
            "A pod of an older revision that is broken must be deleted before the controller applies the newer template.",
            "Otherwise leave room for progress: maxUnavailable or maxSurge above 0, and maxUnavailable below the number of replicas.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.strategy}{.spec.updateStrategy}'",
            "kubectl rollout status {kind}/{name} {scope} --watch=false",
            "kubectl get pods {scope} -o wide",
        ],
        modes: ["W6", "W7", "V8"], detailsKeys: ["field", "found", "expected", "reference", "reason"])

    static let headlessServiceMissing = CauseEntry(
        .headlessServiceMissing, in: .workloads,
        meaning: "The governing Service of a StatefulSet does not exist, and its peers cannot find each other by name.",
        reportedOn: "StatefulSet",
        signals: [
            "`spec.serviceName` that no Service has",
            "Log of a pod: the name of a peer below that Service does not resolve",
        ],
        lookAlikes: [
            "Many StatefulSets never use the names of their pods: then a missing Service is harmless",
            "`ClusterDNSUnavailable`: other names fail too",
        ],
        fix: [
            "Create headless Service {reference} in namespace {namespace}, with the labels of the pods as selector.",
            "serviceName of a StatefulSet cannot change: create the Service it names, or re-create the StatefulSet.",
        ],
        verify: [
            "kubectl get service {reference} {scope}",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.serviceName}'",
            "kubectl logs {kind}/{name} {scope}",
        ],
        modes: ["W8"], detailsKeys: ["reference", "field", "host"])

    static let jobDeadlineExceeded = CauseEntry(
        .jobDeadlineExceeded, in: .workloads,
        meaning: "The Job ran longer than activeDeadlineSeconds and was ended, and nothing deeper is known.",
        reportedOn: "Job",
        signals: [
            "Condition `Failed` or `FailureTarget` with reason `DeadlineExceeded`",
            "`activeDeadlineSeconds` of the Job",
        ],
        lookAlikes: [
            "A pod that was pending the whole time: scheduling or admission is the cause",
            "A call that hangs: the dependency is the cause",
            "Pods and logs of such a Job are usually gone",
        ],
        fix: [
            "Find out what the Job spends its time on; its deadline is {found} s.",
            "Raise activeDeadlineSeconds only if the work legitimately takes longer.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get jobs {scope}",
            "kubectl get events {scope} --field-selector reason=DeadlineExceeded",
        ],
        modes: ["W13", "E8"], detailsKeys: ["reason", "found", "field"])

    static let jobSuspended = CauseEntry(
        .jobSuspended, in: .workloads,
        meaning: "The Job or CronJob is suspended, so its work is not done.",
        reportedOn: "Job, CronJob",
        signals: [
            "`spec.suspend: true`, and who set it"
        ],
        lookAlikes: [
            "Suspension is often on purpose: it counts where the work is missed",
            "`CronJobMissedSchedule`: runs are due, and do not happen",
        ],
        fix: [
            "Set suspend of {kind} {name} to false.",
            "Ask who suspended it; queueing controllers suspend Jobs until there is room.",
        ],
        verify: [
            "kubectl get {kind} {name} {scope}",
            "kubectl get {kind} {name} {scope} -o yaml --show-managed-fields",
        ],
        modes: ["W15", "W17"], detailsKeys: ["field", "found", "user"])

    static let cronJobMissedSchedule = CauseEntry(
        .cronJobMissedSchedule, in: .workloads,
        meaning: "Runs of a CronJob do not happen: missed, kept from overlapping, or of an unreadable schedule.",
        reportedOn: "CronJob",
        signals: [
            "`MissSchedule` or `TooManyMissedTimes` event",
            "`JobAlreadyActive` event, which is of type Normal, with concurrencyPolicy Forbid",
            "`UnparseableSchedule`, `InvalidSchedule` or `UnknownTimeZone` event",
            "`schedule` against `status.lastScheduleTime`, where events are gone",
        ],
        lookAlikes: [
            "`JobSuspended`: no run is due at all",
            "An earlier run that hangs: its own fault is the deeper cause",
        ],
        fix: [
            "Correct {field} of CronJob {name}: {found}.",
            "If an earlier run hangs, end it and give the Job a deadline; if runs were missed, check startingDeadlineSeconds.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get jobs {scope}",
            "kubectl get events {scope} --field-selector involvedObject.kind=CronJob",
        ],
        modes: ["W18", "W19", "W20"], detailsKeys: ["reason", "field", "found", "reference"])

    static let sidecarBlocksCompletion = CauseEntry(
        .sidecarBlocksCompletion, in: .workloads,
        meaning: "The work of the Job is done, and a second container keeps its pod alive.",
        reportedOn: "Job",
        signals: [
            "One container terminated with exit code 0, another still running, Job still active"
        ],
        lookAlikes: [
            "Work that simply takes long: no container has ended yet, or only one that prepared it",
            "A native sidecar, an init container with restartPolicy Always, ends with the work",
        ],
        fix: [
            "Make container {container} a native sidecar: an init container with restartPolicy Always.",
            "Otherwise let the helper end when the work is done.",
        ],
        verify: [
            "kubectl get pods {scope}",
            "kubectl describe {kind} {name} {scope}",
            "kubectl logs {kind}/{name} {scope} -c {container}",
        ],
        modes: ["W16"], detailsKeys: ["container"])
}
