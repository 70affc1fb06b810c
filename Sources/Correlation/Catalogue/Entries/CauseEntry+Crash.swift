internal import IncidentModel

/// Containers that start and then end, or fail at their work by themselves.
extension CauseEntry {
    static let applicationError = CauseEntry(
        .applicationError, in: .crash,
        meaning: "The program ends by its own fault: exception, panic, failed assertion, memory violation or an exhausted heap.",
        reportedOn: "workload",
        signals: [
            "Last lines of the crashed run: traceback, `panic:`, `Exception in thread`, `terminate called`",
            "Exit code 1, 2, or 128 plus a signal (132, 134, 135, 136, 139, 159)",
            "Start of the failures against the last template change",
        ],
        lookAlikes: [
            "The exception wraps a refused connection or a rejected login: the dependency is the cause",
            "Exit code 2 with a usage text is `ConfigurationInvalid`",
            "Exit code 137: `OOMKilled`, a probe's kill or an eviction is recorded elsewhere",
        ],
        fix: [
            "Roll back to the last revision that ran, if the failures began with a roll-out.",
            "Otherwise hand the last lines of the crashed run to the owners of the program.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl rollout history {kind}/{name} {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["C1", "C2", "C10", "C11", "C12"], detailsKeys: ["exception", "reason", "signal"] + logKeys)

    static let memoryLimitExceeded = CauseEntry(
        .memoryLimitExceeded, in: .crash,
        meaning: "The container needs more memory than its own limit allows, and the kernel kills it.",
        reportedOn: "workload",
        signals: [
            "`lastState.terminated.reason` `OOMKilled`, exit code 137",
            "`resources.limits.memory` of the container, and a recent change of it",
            "Log lines on worker processes that were killed, where the main process survives",
            "Start refused with `memory limit too low`",
        ],
        lookAlikes: [
            "`NodeOutOfMemory`: the node reports `SystemOOM`, and the container is below its limit or has none",
            "Heap exhausted inside the program: an error in the log and no OOM kill, so `ApplicationError`",
            "Exit code 137 after a `Killing` event: a probe, not memory",
        ],
        fix: [
            "Raise the memory limit of container {container} above what it really uses; it is {found} now.",
            "If the use grows without end, find the leak; if a heap size is configured, keep it well below the limit.",
            "If the limit was lowered lately, set it back.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl top pod {scope} --containers",
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
        ],
        modes: ["C3", "C4", "B15", "M2"], detailsKeys: ["resource", "found", "reason", "expected"] + logKeys)

    static let containerExitsCleanly = CauseEntry(
        .containerExitsCleanly, in: .crash,
        meaning: "The main process ends with exit code 0, though the workload is meant to run for ever.",
        reportedOn: "workload",
        signals: [
            "Terminated with reason `Completed` and exit code 0, restart count rising",
            "No `Killing` event near the end",
            "Last lines of the log: the program says that it is done",
        ],
        lookAlikes: [
            "A probe's kill also ends with 0, where the program obeys SIGTERM: the events tell",
            "Containers of Jobs and init containers are meant to end with 0",
        ],
        fix: [
            "Make the main process of container {container} stay in the foreground.",
            "If the work is meant to end, make it a Job or CronJob.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].command}'",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["C13"], detailsKeys: ["container", "exit_code", "reason"])

    static let configurationMissing = CauseEntry(
        .configurationMissing, in: .crash,
        meaning: "The program does not find a variable, file or setting that it cannot do without.",
        reportedOn: "workload",
        signals: [
            "Log of the crashed run names a variable that is required, not set or undefined, or a file that is not there",
            "The container's `env` has no such variable",
            "Template change that took the variable or mount away",
        ],
        lookAlikes: [
            "`ConfigKeyNotFound`: the kubelet refuses to start the container, so there is no log",
            "`ConfigurationInvalid`: the setting is there, and its value is wrong",
        ],
        fix: [
            "Give container {container} the setting {key}.",
            "Provide the file {path}.",
            "Compare env, envFrom and volumes of the template with the last revision that ran.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].env[*].name}'",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["C14"], detailsKeys: ["key", "field"] + logKeys)

    static let configurationInvalid = CauseEntry(
        .configurationInvalid, in: .crash,
        meaning: "The program reads a setting, configuration file or argument and does not accept it.",
        reportedOn: "workload",
        signals: [
            "Log with a parse error, a line number, `unknown flag`, `unrecognized arguments` or `invalid value`",
            "ConfigMap that changed shortly before the first crash",
            "Template change in `args`, `command` or `image`",
            "Variable set twice, where the later value wins",
            "Command of another program of the same image, where the others run the one of their own name",
            "File of a mounted ConfigMap that does not parse",
        ],
        lookAlikes: [
            "`ConfigurationMissing`: the setting is not there at all",
            "`ApplicationError`: the program fails over its own data, not over what it was given",
        ],
        fix: [
            "Correct the setting {key} of container {container}.",
            "Correct or remove the argument {found}.",
            "Set the configuration back to the last version that worked, then restart the pods, as they may not re-read it.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get configmaps {scope}",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["C15", "C19", "C34", "X2"], detailsKeys: ["key", "found", "expected", "reference", "field"] + logKeys)

    static let filePermissionDenied = CauseEntry(
        .filePermissionDenied, in: .crash,
        meaning: "The user that the container runs as may not read or write a path it needs.",
        reportedOn: "workload",
        signals: [
            "Log with `permission denied`, `EACCES`, `AccessDeniedException` or `[Errno 13]` and a path",
            "`runAsUser`, `fsGroup` and the volume mounted there",
        ],
        lookAlikes: [
            "`PrivilegedPortDenied`: the same words, about a port below 1024",
            "`ReadOnlyFileSystem`: nobody may write there, whatever the user",
            "`CommandNotRunnable`: the container does not start at all",
        ],
        fix: [
            "Let the container's user access {path}.",
            "Set fsGroup on the pod, or runAsUser to the owner of the files, or correct the ownership in the image or volume.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.securityContext}'",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["C22", "V16"], detailsKeys: ["reason"] + logKeys)

    static let readOnlyFileSystem = CauseEntry(
        .readOnlyFileSystem, in: .crash,
        meaning: "The program writes to a path whose file system is mounted read-only.",
        reportedOn: "workload",
        signals: [
            "Log with `read-only file system`, `EROFS` or `[Errno 30]` and a path",
            "`readOnlyRootFilesystem: true`, or `readOnly` on the mount",
        ],
        lookAlikes: [
            "`FilePermissionDenied`: another user could write there",
            "A device error that turned the volume read-only: other pods on the volume or node fail too",
            "`DatabaseReadOnly`: a database refuses writes, not a file system",
        ],
        fix: [
            "Mount a writable volume, such as an emptyDir, at {path}.",
            "If a recent change made the file system read-only by mistake, take it back.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].securityContext}'",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].volumeMounts}'",
        ],
        modes: ["C23", "V19"], detailsKeys: ["reason", "field"] + logKeys)

    static let portConflict = CauseEntry(
        .portConflict, in: .crash,
        meaning: "The port is taken already: by another container of the pod, or on every node that fits.",
        reportedOn: "workload",
        signals: [
            "Log with `address already in use` or `EADDRINUSE`",
            "Another container of the pod that declares the port or says that it listens on it",
            "Scheduler message `didn't have free ports for the requested pod ports`",
        ],
        lookAlikes: [
            "`PrivilegedPortDenied`: the port is free, and the user may not have it",
            "An old process of the same container that still runs: only after a restart inside the container",
        ],
        fix: [
            "Move container {container} or {found} to another port than {port}.",
            "Containers of one pod share its ports; with hostPort or hostNetwork all pods of a node do.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].ports}'",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["C24", "S10", "N25"], detailsKeys: ["reason", "found", "field"] + logKeys)

    static let privilegedPortDenied = CauseEntry(
        .privilegedPortDenied, in: .crash,
        meaning: "A process without root rights tries to listen on a port below 1024.",
        reportedOn: "workload",
        signals: [
            "Log with `permission denied` on a bind to a low port",
            "`runAsUser` other than 0, `runAsNonRoot`, or a dropped `NET_BIND_SERVICE`",
        ],
        lookAlikes: [
            "`FilePermissionDenied`: the same words, about a path",
            "`PortConflict`: the port is taken",
        ],
        fix: [
            "Let the program listen on a port above 1023 instead of {port}, and set the Service's targetPort to it.",
            "Where the port cannot change, add the capability NET_BIND_SERVICE.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].securityContext}'",
        ],
        modes: ["C25"], detailsKeys: ["reason"] + logKeys)

    static let diskFull = CauseEntry(
        .diskFull, in: .crash,
        meaning: "The volume or disk that the program writes to has no space left.",
        reportedOn: "workload, or PersistentVolumeClaim",
        signals: [
            "Log with `no space left on device`, `ENOSPC` or `[Errno 28]`",
            "The volume that is mounted at the path of the error, and its size",
        ],
        lookAlikes: [
            "`NodeDiskPressure`: the node's own disk is full, and its condition says so",
            "inotify watches also run out with `no space left on device`: `ProcessLimitReached`",
            "`EphemeralStorageExceeded`: the pod was evicted, not refused a write",
        ],
        fix: [
            "Free space on the volume {reference} at {path}, or enlarge it.",
            "Find what fills the disk (logs, temporary files, data without retention) before giving it more room.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl get persistentvolumeclaims {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["C26", "V18"], detailsKeys: ["reason", "reference"] + logKeys)

    static let processLimitReached = CauseEntry(
        .processLimitReached, in: .crash,
        meaning: "The program has used up its file descriptors, threads, process ids or inotify watches.",
        reportedOn: "workload",
        signals: [
            "Log with `too many open files`, `EMFILE` or `[Errno 24]`",
            "Log with `unable to create native thread`, `pthread_create failed` or `Resource temporarily unavailable`",
            "Log with `inotify` and `no space left` or `too many open files`",
        ],
        lookAlikes: [
            "`NodePIDPressure`: the whole node is out of process ids",
            "`PoolExhausted`: a pool that the program manages is empty, not a limit of the kernel",
        ],
        fix: [
            "Find what leaks in container {container}: connections and files that are never closed, threads that never end.",
            "Raise the limit only when the use is legitimate; inotify limits belong to the node.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl describe {kind} {name} {scope}",
            "kubectl get nodes",
        ],
        modes: ["C27", "K8"], detailsKeys: ["reason", "node"] + logKeys)

    static let libraryMissing = CauseEntry(
        .libraryMissing, in: .crash,
        meaning: "The image lacks a module or shared library that the program loads.",
        reportedOn: "workload",
        signals: [
            "Log with `Cannot find module`, `ModuleNotFoundError`, `ClassNotFoundException` or `error while loading shared libraries`",
            "Template change of the image",
        ],
        lookAlikes: [
            "`CommandNotRunnable`: the program itself is missing",
            "A module that a volume mounted over the code hides",
        ],
        fix: [
            "Build the image with {reference} in it.",
            "Roll back to the image before, which had the library.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container} --previous",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["C28"], detailsKeys: ["reference"] + logKeys)
}
