internal import ClusterModel
internal import IncidentModel

/// Containers that cannot be created or started (group B), and volumes that cannot be mounted (V10-V15).
enum CreationRules {
    private static let waitingReasons: Set<String> = [
        "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError", "PreStartHookError",
    ]

    static func finding(_ container: ContainerCase) -> Finding? {
        if let waiting = container.status?.waiting {
            if waitingReasons.contains(waiting.reason) { return refused(container, waiting) }
            if waiting.reason == "ContainerCreating" || waiting.reason == "PodInitializing" { return nil }
        }
        return neverStarted(container)
    }

    private static func refused(_ container: ContainerCase, _ waiting: ContainerStatus.Wait) -> Finding? {
        let event = container.events("Failed").last { $0.message.hasPrefix("Error: ") }
        let message = waiting.message ?? event.map { String($0.message.dropFirst("Error: ".count)) } ?? ""
        var citations = [container.cite("state.waiting.message", message.isEmpty ? waiting.reason : message)]
        if let event { citations.append(.event(event)) }
        return ReferenceRules.finding(container, message: message, citations: citations)
            ?? startFailure(container, message: message, citations: citations, reason: waiting.reason)
    }

    // Containers that the runtime could not start end at once, with a reason and an exit code of its own. Where no last state is known, the
    // event tells.
    private static func neverStarted(_ container: ContainerCase) -> Finding? {
        guard container.isDown else { return nil }
        let end = container.crash
        let event = container.events("Failed").last { Phrase.containsAny($0.message, startFailures) }
        let isStartFailure =
            end.map { ["StartError", "ContainerCannotRun"].contains($0.reason) || ($0.exitCode == 128 && $0.message != nil) }
            ?? (event != nil)
        guard isStartFailure else { return nil }
        let path = container.status?.terminated != nil ? "state.terminated.message" : "lastState.terminated.message"
        let message = end?.message ?? event?.message ?? ""
        var citations = end == nil ? [] : [container.cite(path, message)]
        if let event { citations.append(.event(event)) }
        return startFailure(container, message: message, citations: citations, reason: end?.reason ?? "StartError")
    }

    /// How runtimes begin to say that a process could not be started: containerd, dockershim, CRI-O.
    private static let startFailures = [
        "failed to create containerd task", "failed to start container", "container create failed", "OCI runtime create failed",
        "runc create failed", "executable file", "exec: ",
    ]

    /// What the container runtime says when it cannot create or start a container.
    static func startFailure(_ container: ContainerCase, message: String, citations: [Citation], reason: String) -> Finding? {
        let text = message.lowercased()
        var details = ["reason": reason]
        if Phrase.containsAny(text, ["oom-killed", "memory limit too low", "out of memory"])
            || (text.contains("memory limit") && text.contains("too low"))
        {
            let limit = container.container.limits["memory"]
            details["resource"] = "memory"
            details["found"] = limit
            return container.finding(
                .memoryLimitExceeded, "Memory limit \(limit ?? "unknown") of \(container.place) is too small to start any process.",
                confidence: 0.93,
                details: details, citations: citations, reasons: ["the runtime says the container was OOM-killed while it was set up"],
                fields: ["resources"])
        }
        // A command that cannot be run is named with its path, which may well hold the words of a bad mount.
        let isAboutCommand = text.contains("exec: \"")
        if !isAboutCommand,
            Phrase.containsAny(
                text,
                ["not a directory", "trying to mount a directory", "subpath", "mount through procfs", "error mounting"])
        {
            let target = Phrase.between(message, "rootfs at \"", "\"") ?? Phrase.between(message, "rootfs at \\\"", "\\\"")
            details["path"] = target
            if let mount = container.container.mounts.first(where: { $0.path == target }) {
                details["reference"] = mount.volume
                details["field"] = mount.subPath == nil ? "mountPath" : "subPath"
            }
            return container.finding(
                .volumeMountInvalid, "A volume of \(container.place) cannot be mounted at its path: \(Citation.cut(message)).",
                confidence: 0.9,
                details: details, citations: citations, reasons: ["the runtime refuses the mount"], fields: ["volumeMounts", "volumes"])
        }
        if Phrase.containsAny(text, ["seccomp", "apparmor", "selinux"]) {
            return container.finding(
                .securityContextConflict, "The security profile of \(container.place) cannot be applied: \(Citation.cut(message)).",
                confidence: 0.9,
                details: details, citations: citations, reasons: ["the runtime cannot load the profile"], fields: ["securityContext"])
        }
        if text.contains("exec format error") {
            details["image"] = container.container.image
            return container.finding(
                .imageArchitectureMismatch,
                "Image \(container.container.image) of \(container.place) is not built for the node's architecture.",
                confidence: 0.9, details: details, citations: citations, reasons: ["the kernel cannot run the binary"], fields: ["image"])
        }
        let isCommand = Phrase.containsAny(
            text,
            [
                "executable file", "no such file or directory", "permission denied", "no command specified", "is a directory",
                "exec:",
            ])
        guard isCommand else { return nil }
        let command = command(in: message) ?? container.container.command.first ?? container.container.args.first
        // Without a command of the pod's own, its arguments are what is run.
        let isArgument = container.container.command.isEmpty && command == container.container.args.first && command != nil
        details["field"] = isArgument ? "args" : "command"
        if let earlier = container.earlier, let expected = earlier.command.first ?? earlier.args.first, expected != command {
            details["expected"] = expected
        }
        details["found"] = command
        details["path"] = command.flatMap { $0.contains("/") ? $0 : nil }
        details["exit_code"] = (container.status?.terminated ?? container.status?.lastTermination).map { String($0.exitCode) }
        let why = text.contains("permission denied") ? "is not executable" : "is not in image \(container.container.image)"
        let words = command.map { "Command \($0) of \(container.place) \(why)." } ?? "\(container.place) has no command to run."
        return container.finding(
            .commandNotRunnable, words, confidence: 0.95, details: details, citations: citations,
            reasons: ["the runtime could not start the process"], fields: ["command", "args", "image"])
    }

    /// The executable that an OCI runtime names, in the quotes of runc, of runc inside another message, and of crun.
    private static func command(in message: String) -> String? {
        Phrase.between(message, "exec: \"", "\"") ?? Phrase.between(message, "exec: \\\"", "\\\"")
            ?? Phrase.between(message, "executable file `", "`") ?? Phrase.between(message, "exec \"", "\"")
    }
}
