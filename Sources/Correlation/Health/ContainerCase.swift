internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// One container of one pod, with all that bears on whether it works.
struct ContainerCase: Sendable {
    let context: CaseContext
    let workload: Workload
    let pod: Pod
    let container: Container
    let status: ContainerStatus?
    /// Events about the pod, oldest first.
    let podEvents: [Event]

    /// Events that outlive their meaning: what is older than this says nothing about now.
    static let recentSeconds = 3_600.0

    var name: String { container.name }
    var statusField: String {
        let list =
            switch container.role {
            case .`init`: "initContainerStatuses"
            case .app: "containerStatuses"
            case .ephemeral: "ephemeralContainerStatuses"
            }
        return "status.\(list)[\(name)]"
    }

    /// Events about this container, or about the pod where they name none.
    var events: [Event] { podEvents.filter { $0.container == nil || $0.container == name } }

    func events(_ reasons: String...) -> [Event] { events.filter { reasons.contains($0.reason) } }

    /// How the container ended, where that is why it does not serve now: it is down, or has just been restarted and may fall again.
    var crash: ContainerStatus.Termination? {
        guard let status else { return nil }
        if let current = status.terminated { return isEndExpected(current) ? nil : current }
        guard let last = status.lastTermination else { return nil }
        if status.waiting?.reason == "CrashLoopBackOff" { return last }
        guard status.isRunning, !isRecovered(since: last) else { return nil }
        return last
    }

    /// Whether the container does not stay up, though it may not be known how it ended: some sources give no last state.
    var isDown: Bool { crash != nil || (status?.waiting?.reason == "CrashLoopBackOff" && !pod.isTerminating) }

    // An init container or the container of a Job may end with 0.
    private func isEndExpected(_ end: ContainerStatus.Termination) -> Bool {
        guard end.exitCode == 0 else { return pod.isTerminating }
        if container.role == .`init` && !container.isNativeSidecar { return true }
        return pod.spec.restartPolicy != "Always" || pod.isTerminating || pod.isFinished
    }

    /// A container is over its last crash when it has been ready for well longer than it lived before: twice as long, and at least two
    /// minutes; or when the crash is older than events live.
    private func isRecovered(since last: ContainerStatus.Termination) -> Bool {
        guard let finished = last.finishedAt, let running = status?.runningSince else { return status?.isReady ?? true }
        if context.now.timeIntervalSince(finished) > Self.recentSeconds { return status?.isReady ?? true }
        guard status?.isReady ?? false else { return false }
        if last.exitCode == 0 && last.reason != "OOMKilled" && (status?.restartCount ?? 0) < 2 { return true }
        let lived = last.startedAt.map { max(0, finished.timeIntervalSince($0)) } ?? 0
        // StartError carries a start in 1970.
        let life = lived > 1e8 ? 0 : lived
        return context.now.timeIntervalSince(running) >= max(120, 2 * life)
    }

    /// The log that tells why the last run ended, before the log of the run now going on.
    var crashLog: LogReading? {
        let previous = context.logs.previous(pod, name)
        let current = context.logs.current(pod, name)
        if status?.terminated != nil, let current, current.lineCount > 0 { return current }
        if let previous, previous.lineCount > 0 { return previous }
        if let current, current.lineCount > 0, !(status?.isRunning ?? false) { return current }
        return lastMessage ?? current
    }

    /// The end of the log that the kubelet keeps in the status under `terminationMessagePolicy: FallbackToLogsOnError`, or what the
    /// program wrote to its termination message file. Words of the runtime about a failed start are no log.
    private var lastMessage: LogReading? {
        guard let end = crash, let message = end.message, !message.isEmpty, end.exitCode != 128,
            !["StartError", "ContainerCannotRun", "ContainerStatusUnknown"].contains(end.reason)
        else { return nil }
        return LogReading(message, now: context.now)
    }

    var currentLog: LogReading? { context.logs.current(pod, name) }

    /// Ports the program is known to listen on: by its own words.
    var listeningPorts: Set<Int> {
        Set((currentLog?.listeningPorts ?? []) + (context.logs.previous(pod, name)?.listeningPorts ?? []))
    }

    var declaredPorts: Set<Int> { Set(container.ports.map(\.containerPort)) }

    func number(of reference: PortReference?) -> Int? {
        switch reference {
        case .number(let number): number
        case .name(let name): container.ports.first { $0.name == name }?.containerPort
        case nil: nil
        }
    }

    /// A finding on the workload of this container.
    func finding(
        _ cause: CauseCode, _ statement: String, confidence: Double, details: [String: String] = [:], citations: [Citation],
        reasons: [String] = [], fields: [String] = [], onset: Date? = nil
    ) -> Finding {
        var details = details
        details["container"] = details["container"] ?? name
        return Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations, confidence: confidence, reasons: reasons, impact: max(workload.impact, .degraded), onset: onset,
            changedFields: fields)
    }

    func cite(_ path: String, _ text: String) -> Citation { .field(pod.reference, statusField + "." + path, text) }

    /// `container x of Deployment shop/cart`.
    var place: String { "container \(name) of \(workload.reference)" }
}
