internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Containers that end though they should run (group C). The exit code alone says little: events say who ended it, logs say why.
enum CrashRules {
    static func finding(_ container: ContainerCase) -> Finding? {
        guard let end = container.crash else { return container.isDown ? endUnknown(container) : postStart(container) }
        if let node = NodeMemoryRules.finding(container, end) { return node }
        if end.reason == "OOMKilled" { return outOfMemory(container, end) }
        if let hook = postStart(container) { return hook }
        if let lastWords = lastWords(container, end) { return lastWords }
        if let probe = ProbeRules.killFinding(container, end) {
            return waits(container) && probe.cause == .probeTooAggressive ? nil : probe
        }
        if let log = container.crashLog, let own = LogRules.ownCause(container, log: log) {
            return own
        }
        // The error of a dependency is no cause of its own: the descent follows it.
        if DependencySymptoms.hasFatal(container) { return nil }
        return end.exitCode == 0 ? exitsCleanly(container, end) : SilentCrash(container: container, end: end).finding
    }

    /// A program that says again and again that it cannot reach somebody is not slow to start: no probe's patience would do.
    private static func waits(_ container: ContainerCase) -> Bool {
        container.crashLog?.findings.contains {
            LogRules.isDependency($0) && !$0.isRecovered && !$0.isServerSide && $0.count >= fewestComplaints
        } ?? false
    }

    private static let fewestComplaints = 2

    // The status says that it crashes and not how: events and the log have to tell.
    private static func endUnknown(_ container: ContainerCase) -> Finding? {
        if let hook = postStart(container) { return hook }
        if let log = container.crashLog, log.findings.contains(where: \.isFatal), let own = LogRules.ownCause(container, log: log) {
            return own
        }
        if let probe = ProbeRules.killFinding(container, nil) { return probe }
        if let log = container.crashLog, let own = LogRules.ownCause(container, log: log) { return own }
        if DependencySymptoms.hasFatal(container) { return nil }
        return SilentCrash(container: container, end: nil).finding
    }

    // An exit code of the program's own with fatal last words: it fell by itself, whatever a probe did to earlier runs.
    private static func lastWords(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding? {
        guard ![0, 137, 143].contains(end.exitCode), let log = container.crashLog,
            log.findings.contains(where: { $0.isFatal && LogCauses.row($0.signature) != nil })
        else { return nil }
        return LogRules.ownCause(container, log: log)
    }

    static func endPath(_ container: ContainerCase) -> String {
        container.status?.terminated != nil ? "state.terminated" : "lastState.terminated"
    }

    private static func outOfMemory(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding {
        let limit = container.container.limits["memory"]
        let path = endPath(container)
        var citations = [container.cite("\(path).reason", "OOMKilled, exit code \(end.exitCode)")]
        var details = ["resource": "memory", "reason": "OOMKilled", "exit_code": String(end.exitCode)]
        details["found"] = limit
        if let earlier = container.earlier?.limits["memory"], earlier != limit { details["expected"] = earlier }
        if let limit {
            citations.append(.field(container.pod.reference, "spec.containers[\(container.name)].resources.limits.memory", limit))
        }
        if let line = container.crashLog?.lastLines.last { citations.append(.log(container.pod, container.name, line)) }
        let words = limit.map { "exceeded its memory limit of \($0) and was OOM-killed" } ?? "was OOM-killed"
        let restarts = container.status?.restartCount ?? 0
        var reasons = ["the runtime reports OOMKilled"]
        var heapWords = ""
        if let limit, let heap = HeapSetting(container.container), heap.fills(limit) {
            details["field"] = heap.variable == nil ? "args" : "env"
            details["key"] = heap.variable
            heapWords = ": \(heap.text) lets its heap alone fill that"
            reasons.append("its own setting \(heap.text) allows a heap as large as the limit")
            citations.append(
                .field(
                    container.pod.reference, "spec.containers[\(container.name)].\(heap.variable.map { "env[\($0)]" } ?? "args")", heap.text
                ))
        }
        return container.finding(
            .memoryLimitExceeded, "\(container.place.capitalizedFirst) \(words) (\(Phrase.count(restarts, "restart")))\(heapWords).",
            confidence: limit == nil ? 0.8 : 0.95,
            details: details, citations: citations, reasons: reasons,
            fields: heapWords.isEmpty ? ["resources"] : ["resources", "env", "args"],
            onset: end.finishedAt
        )
    }

    private static func postStart(_ container: ContainerCase) -> Finding? {
        let waiting = container.status?.waiting?.reason == "PostStartHookError"
        let event = container.events("FailedPostStartHook").last
        let isRecent = event.map { (container.context.age($0.lastTime) ?? 0) < ContainerCase.recentSeconds } ?? false
        guard waiting || isRecent else { return nil }
        let message = container.status?.waiting?.message ?? ""
        let citation = event.map(Citation.event) ?? container.cite("status.containerStatuses[\(container.name)].state.waiting", message)
        let command = container.container.postStartHook
        var details = ["field": "postStart", "reason": "FailedPostStartHook"]
        details["found"] = command
        return container.finding(
            .lifecycleHookFailed,
            "The postStart hook of \(container.place)\(command.map { " (\($0))" } ?? "") fails, so the container is killed.",
            confidence: 0.94,
            details: details, citations: [citation], reasons: ["the kubelet reports the failed hook"],
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
        // Events live an hour (`--event-ttl`), and a program may end with 0 on SIGTERM.
        let canBeKilled = container.container.livenessProbe != nil || container.container.startupProbe != nil
        var finding = container.finding(
            .containerExitsCleanly, "The main process of \(container.place) ends by itself with exit code 0, but it is meant to run on.",
            confidence: knowsKills ? (canBeKilled ? 0.66 : 0.88) : 0.55, details: ["exit_code": "0", "reason": end.reason],
            citations: citations,
            reasons: ["exit code 0 without any kill, restarted \(container.status?.restartCount ?? 0) times"],
            fields: ["image", "command", "args", "env"])
        if !knowsKills { finding.against.append("events were not read: a probe or a hook may have ended it") }
        if knowsKills && canBeKilled { finding.against.append("a kill by its probe looks the same once the event has expired") }
        return finding
    }
}

extension String {
    /// The same text with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
