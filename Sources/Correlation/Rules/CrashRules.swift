internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Containers that end though they should run (group C). The exit code alone says little: events say who ended it, logs say why.
enum CrashRules {
    static func finding(_ container: ContainerCase) -> Finding? {
        guard let end = container.crash else { return nil }
        if end.reason == "OOMKilled" { return outOfMemory(container, end) }
        if let hook = postStart(container) { return hook }
        if let lastWords = lastWords(container, end) { return lastWords }
        if let probe = ProbeRules.killFinding(container, end) { return probe }
        if let log = container.crashLog, let own = LogRules.ownCause(container, log: log) {
            return own
        }
        // The error of a dependency is no cause of its own: the descent follows it.
        if DependencySymptoms.hasFatal(container) { return nil }
        return end.exitCode == 0 ? exitsCleanly(container, end) : unexplained(container, end)
    }

    // An exit code of the program's own with fatal last words: it fell by itself, whatever a probe did to earlier runs.
    private static func lastWords(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding? {
        guard ![0, 137, 143].contains(end.exitCode), let log = container.crashLog,
            log.findings.contains(where: { $0.isFatal && LogCauses.row($0.signature) != nil })
        else { return nil }
        return LogRules.ownCause(container, log: log)
    }

    private static func endPath(_ container: ContainerCase) -> String {
        container.status?.terminated != nil ? "state.terminated" : "lastState.terminated"
    }

    private static func outOfMemory(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding {
        let limit = container.container.limits["memory"] ?? container.pod.spec.containers.first?.limits["memory"]
        let path = endPath(container)
        var citations = [container.cite("\(path).reason", "OOMKilled, exit code \(end.exitCode)")]
        let node = container.pod.spec.nodeName ?? ""
        let nodeEvents = container.context.view.events(about: ObjectReference(kind: "Node", namespace: nil, name: node))
        let systemKill = nodeEvents.last {
            $0.reason == "SystemOOM" && (container.context.age($0.lastTime) ?? 0) < ContainerCase.recentSeconds
        }
        if limit == nil, let systemKill {
            var finding = container.finding(
                .nodeOutOfMemory, "Node \(node) ran out of memory and its kernel killed \(container.place), which has no memory limit.",
                confidence: 0.88,
                details: ["node": node, "reason": "SystemOOM"], citations: citations + [.event(systemKill)],
                reasons: ["the node reports a system-wide OOM kill"])
            finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
            return finding
        }
        var details = ["resource": "memory", "reason": "OOMKilled", "exit_code": String(end.exitCode)]
        details["found"] = limit
        if let limit {
            citations.append(.field(container.pod.reference, "spec.containers[\(container.name)].resources.limits.memory", limit))
        }
        if let line = container.crashLog?.lastLines.last { citations.append(.log(container.pod, container.name, line)) }
        let words = limit.map { "exceeded its memory limit of \($0) and was OOM-killed" } ?? "was OOM-killed"
        let restarts = container.status?.restartCount ?? 0
        return container.finding(
            .memoryLimitExceeded, "\(container.place.capitalizedFirst) \(words) (\(Phrase.count(restarts, "restart"))).",
            confidence: limit == nil ? 0.8 : 0.95,
            details: details, citations: citations, reasons: ["the runtime reports OOMKilled"], fields: ["resources"], onset: end.finishedAt
        )
    }

    private static func postStart(_ container: ContainerCase) -> Finding? {
        let waiting = container.status?.waiting?.reason == "PostStartHookError"
        let event = container.events("FailedPostStartHook").last
        guard waiting || event != nil, let event = event ?? container.podEvents.last,
            (container.context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds
        else { return nil }
        let command = container.container.postStartHook
        var details = ["field": "postStart", "reason": "FailedPostStartHook"]
        details["found"] = command
        return container.finding(
            .lifecycleHookFailed,
            "The postStart hook of \(container.place)\(command.map { " (\($0))" } ?? "") fails, so the container is killed.",
            confidence: 0.94,
            details: details, citations: [.event(event)], reasons: ["the kubelet reports the failed hook"],
            fields: ["lifecycle", "postStart"])
    }

    private static func exitsCleanly(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding? {
        guard container.container.role == .app, !container.podEvents.contains(where: { $0.reason == "Evicted" }) else { return nil }
        // Ended from outside: a stop in good order is no exit of its own.
        let killed = container.events("Killing").contains { event in
            guard let killedAt = event.lastTime, let finished = end.finishedAt else { return false }
            return abs(killedAt.timeIntervalSince(finished)) < 120
        }
        guard !killed, (container.status?.restartCount ?? 0) >= 1 || container.status?.terminated != nil else { return nil }
        var citations = [container.cite("\(endPath(container)).exitCode", "0 (\(end.reason))")]
        if let line = container.crashLog?.lastLines.last { citations.append(.log(container.pod, container.name, line)) }
        let knowsKills = container.context.view.wasRead(.events, in: container.pod.namespace)
        var finding = container.finding(
            .containerExitsCleanly, "The main process of \(container.place) ends by itself with exit code 0, but it is meant to run on.",
            confidence: knowsKills ? 0.88 : 0.55, details: ["exit_code": "0", "reason": end.reason], citations: citations,
            reasons: ["exit code 0 without any kill, restarted \(container.status?.restartCount ?? 0) times"],
            fields: ["image", "command", "args", "env"])
        if !knowsKills { finding.against.append("events were not read: a probe or a hook may have ended it") }
        return finding
    }

    private static func unexplained(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding? {
        var citations = [container.cite("\(endPath(container)).exitCode", "\(end.exitCode) (\(end.reason))")]
        if let line = container.crashLog?.lastLines.last { citations.append(.log(container.pod, container.name, line)) }
        var details = ["exit_code": String(end.exitCode), "reason": end.reason]
        switch end.exitCode {
        case 126, 127:
            details["field"] = "command"
            return container.finding(
                .commandNotRunnable,
                "The command of \(container.place) \(end.exitCode == 127 ? "is not found" : "is not executable") (exit code \(end.exitCode)).",
                confidence: 0.75, details: details, citations: citations, reasons: ["exit code \(end.exitCode) is the shell's word for it"],
                fields: ["command", "args", "image"])
        case 132, 134, 135, 136, 139, 159:
            details["signal"] = String(end.exitCode - 128)
            return container.finding(
                .applicationError, "The program of \(container.place) dies of signal \(end.exitCode - 128) (exit code \(end.exitCode)).",
                confidence: 0.72,
                details: details, citations: citations, reasons: ["the exit code carries the signal"], fields: ["image"])
        case 137:
            return container.finding(
                .applicationError, "The program of \(container.place) is killed (exit code 137), and nothing tells by whom.",
                confidence: 0.3,
                details: details, citations: citations, reasons: ["no OOM kill, no probe kill and no eviction is recorded"])
        case 143: return nil
        default:
            return container.finding(
                .applicationError, "The program of \(container.place) ends with exit code \(end.exitCode), and its log does not say why.",
                confidence: 0.45,
                details: details, citations: citations, reasons: ["it ends by itself with an error"],
                fields: ["image", "env", "args", "command"])
        }
    }
}

extension String {
    /// The same text with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
