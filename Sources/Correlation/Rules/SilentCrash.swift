internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// A container that ends without telling why: no log, or none that says anything. What is left are its exit code and what the last
/// revision changed; neither proves much, so nothing here is said with high confidence.
struct SilentCrash {
    let container: ContainerCase
    /// `nil` where no last state is known.
    let end: ContainerStatus.Termination?

    var finding: Finding? {
        guard let end else { return changed ?? unexplained("keeps crashing, and how it ends is not in the evidence", confidence: 0.4) }
        // The kubelet lost sight of it, or the runtime was restarted under it: nothing the program did.
        if ["ContainerStatusUnknown", "Unknown"].contains(end.reason) || wasDisrupted { return nil }
        switch end.exitCode {
        case 126, 127: return notRunnable(end.exitCode)
        case 137: return childKill ?? lowered ?? killed
        case 143: return nil
        case 129...159: return signalled(end.exitCode - 128)
        default:
            return changed ?? samePort
                ?? unexplained("ends with exit code \(end.exitCode), and its log does not say why", confidence: 0.45)
        }
    }

    // Evictions, drains and preemptions end containers that were well.
    private var wasDisrupted: Bool { container.pod.condition("DisruptionTarget")?.isTrue ?? false }

    private var details: [String: String] {
        var details: [String: String] = [:]
        details["exit_code"] = end.map { String($0.exitCode) }
        details["reason"] = end?.reason
        return details
    }

    private var citations: [Citation] {
        var result: [Citation] = []
        if let end {
            result.append(container.cite("\(CrashRules.endPath(container)).exitCode", "\(end.exitCode) (\(end.reason))"))
        } else if let waiting = container.status?.waiting {
            result.append(container.cite("state.waiting", waiting.message ?? waiting.reason))
        }
        if let line = container.crashLog?.lastLines.last { result.append(.log(container.pod, container.name, line)) }
        return result
    }

    private func found(
        _ cause: CauseCode, _ words: String, _ confidence: Double, _ more: [String: String] = [:], reasons: [String], fields: [String]
    ) -> Finding {
        container.finding(
            cause, "\(container.place.capitalizedFirst) \(words).", confidence: confidence, details: details.merging(more) { $1 },
            citations: citations, reasons: reasons, fields: fields, onset: end?.finishedAt)
    }

    private func unexplained(_ words: String, confidence: Double) -> Finding {
        var finding = found(
            .applicationError, words, confidence, reasons: ["it ends by itself with an error"],
            fields: ["image", "env", "args", "command", "envFrom", "volumes", "securityContext"])
        finding.against.append("the log of the run that ended would tell the cause")
        return finding
    }

    /// 127 and 126 are what a shell makes of a command it does not find or may not run (POSIX, 2.8.2).
    private func notRunnable(_ code: Int) -> Finding {
        let command = (container.container.command + container.container.args).joined(separator: " ")
        let earlier = container.earlier.map { ($0.command + $0.args).joined(separator: " ") }
        let isChanged = earlier != nil && earlier != command
        var more = ["field": "command"]
        more["found"] = command.isEmpty ? nil : Citation.cut(command)
        if isChanged { more["expected"] = earlier }
        return found(
            .commandNotRunnable, "runs a command that \(code == 127 ? "is not found" : "is not executable") (exit code \(code))",
            isChanged ? 0.85 : 0.75, more,
            reasons: ["exit code \(code) is the shell's word for it"] + (isChanged ? ["the last revision changed the command"] : []),
            fields: ["command", "args", "image"])
    }

    private func signalled(_ number: Int) -> Finding {
        let name = Self.signals[number] ?? "signal \(number)"
        return found(
            .applicationError, "dies of signal \(number) (\(name), exit code \(number + 128))", 0.72, ["signal": name],
            reasons: ["the exit code carries the signal"], fields: ["image"])
    }

    /// Names of signals that kill programs for what they do (signal(7), x86 and ARM).
    static let signals = [
        4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 31: "SIGSYS",
    ]

    private var killed: Finding? {
        var finding = found(
            .applicationError, "is killed (exit code 137), and nothing tells by whom", 0.3,
            reasons: ["no OOM kill, no probe kill and no eviction is recorded"], fields: ["image", "resources"])
        if let limit = container.container.limits["memory"] {
            finding.against.append("its memory limit of \(limit) may have been reached by a child process, which leaves no OOMKilled")
        }
        return finding
    }

    /// A node problem detector's record of a kill inside a container's own memory limit.
    private var childKill: Finding? {
        guard let limit = container.container.limits["memory"], let node = container.pod.spec.nodeName, let end else { return nil }
        let reference = ObjectReference(kind: "Node", namespace: nil, name: node)
        let event = container.context.view.events(about: reference).last { event in
            guard event.message.lowercased().contains("memory cgroup"), let time = event.lastTime else { return false }
            return end.finishedAt.map { abs($0.timeIntervalSince(time)) < 60 } ?? false
        }
        guard let event else { return nil }
        var finding = found(
            .memoryLimitExceeded, "was killed at its memory limit of \(limit)", 0.7, ["resource": "memory", "found": limit],
            reasons: ["the node records a kill in a memory limit at the moment it ended"], fields: ["resources"])
        finding.citations.append(.event(event))
        return finding
    }

    private var lowered: Finding? {
        guard let limit = container.container.limits["memory"], let earlier = container.earlier?.limits["memory"],
            let now = Quantity(limit), let before = Quantity(earlier), now.value < before.value
        else { return nil }
        return found(
            .memoryLimitExceeded, "is killed since its memory limit was lowered from \(earlier) to \(limit)", 0.65,
            ["resource": "memory", "found": limit, "expected": earlier], reasons: ["the last revision lowered the limit"],
            fields: ["resources.limits.memory"])
    }

    // Two containers of a pod share its network: the second one on a port fails.
    private var samePort: Finding? {
        let own = container.declaredPorts
        for other in container.pod.spec.containers where other.name != container.name {
            guard let port = other.ports.map(\.containerPort).first(where: own.contains) else { continue }
            return found(
                .portConflict, "wants port \(port), which container \(other.name) of the same pod declares too", 0.6,
                ["port": String(port), "found": other.name], reasons: ["containers of a pod share one network"],
                fields: ["ports", "containers", "args", "env"])
        }
        return nil
    }
}
