internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Probes that ask the wrong thing, ask too early, or rightly say that the program is ill (group P).
enum ProbeRules {
    enum Kind: String, Sendable { case liveness, readiness, startup }

    /// How a probe failed, as the kubelet words it.
    enum Failure: Sendable, Equatable {
        case refused(port: Int?)
        case status(Int)
        case timeout
        case unknownPort(String)
        case command(String)
        /// The command runs and misses a file.
        case commandFile(String)
        case protocolMismatch(String)
        case other(String)
    }

    // A restart that a probe ordered shows as a Killing event; the exit code is whatever the program made of SIGTERM.
    static func killFinding(_ container: ContainerCase, _ end: ContainerStatus.Termination?) -> Finding? {
        guard let (kind, kill) = kill(container, end) else { return nil }
        return finding(container, kind: kind, kill: kill)
    }

    /// Finding for a container that runs and is not ready, or that a probe keeps killing.
    static func unreadyFinding(_ container: ContainerCase) -> Finding? {
        guard let status = container.status, status.isRunning, !container.pod.isFinished else { return nil }
        if let last = status.lastTermination, let (kind, kill) = kill(container, last), isRecentKill(kill, container) {
            return finding(container, kind: kind, kill: kill)
        }
        guard !status.isReady else { return nil }
        if status.hasStarted == false, container.container.startupProbe != nil { return finding(container, kind: .startup, kill: nil) }
        return container.container.readinessProbe == nil ? nil : finding(container, kind: .readiness, kill: nil)
    }

    private static func kill(_ container: ContainerCase, _ end: ContainerStatus.Termination?) -> (Kind, Event)? {
        for (kind, words) in [(Kind.liveness, "failed liveness probe"), (.startup, "failed startup probe")] {
            guard let event = container.events("Killing").last(where: { $0.message.contains(words) && $0.message.contains(container.name) })
            else { continue }
            guard let killed = event.lastTime, let finished = end?.finishedAt else { return (kind, event) }
            // The kill must belong to the run that ended, or to a later one of the same series.
            let began = end?.startedAt.map { $0.timeIntervalSince1970 > 1 ? $0 : finished } ?? finished
            // Times derived from ages ("2m") are a minute coarse; the exit code of a signal makes up for it.
            let slack: TimeInterval = [137, 143].contains(end?.exitCode) ? 75 : 2
            if killed.timeIntervalSince(began) >= -slack, killed.timeIntervalSince(finished) <= 600 { return (kind, event) }
        }
        return nil
    }

    private static func isRecentKill(_ kill: Event, _ container: ContainerCase) -> Bool {
        let period = Double(container.container.livenessProbe?.budgetSeconds ?? 60)
        return (container.context.age(kill.lastTime) ?? 0) < max(300, 4 * period)
    }

    private static func probe(_ container: ContainerCase, _ kind: Kind) -> Probe? {
        switch kind {
        case .liveness: container.container.livenessProbe
        case .readiness: container.container.readinessProbe
        case .startup: container.container.startupProbe
        }
    }

    private static func finding(_ container: ContainerCase, kind: Kind, kill: Event?) -> Finding? {
        guard let probe = probe(container, kind) else { return nil }
        let unhealthy = container.events("Unhealthy").filter { $0.message.hasPrefix(kind.rawValue.capitalizedFirst) }
        guard let event = representative(unhealthy, container) else {
            return kill.map { unknownKill(container, kind, probe, $0) }
        }
        var citations = [Citation.event(event)]
        if let kill { citations.append(.event(kill)) }
        let verdict = ProbeVerdict(
            container: container, kind: kind, probe: probe, kill: kill, failure: failure(event.message), citations: citations)
        return verdict.finding
    }

    // The newest failure, but not the refused connections of every start where later ones say more.
    private static func representative(_ events: [Event], _ container: ContainerCase) -> Event? {
        guard let last = events.last else { return nil }
        let telling = events.last { event in
            if case .refused = failure(event.message) { return false }
            return (last.lastTime ?? .distantPast).timeIntervalSince(event.lastTime ?? .distantPast) < 120
        }
        return telling ?? last
    }

    private static func unknownKill(_ container: ContainerCase, _ kind: Kind, _ probe: Probe, _ kill: Event) -> Finding {
        var finding = container.finding(
            .healthCheckFailing,
            "\(container.place.capitalizedFirst) is restarted by its \(kind.rawValue) probe; how the probe failed is not in the evidence.",
            confidence: 0.5,
            details: ["probe": kind.rawValue], citations: [.event(kill)], reasons: ["the kubelet reports the kill"],
            fields: ["\(kind.rawValue)Probe"])
        finding.isSymptom = true
        return finding
    }

    /// Reads `Readiness probe failed: HTTP probe failed with statuscode: 404` and its kin.
    ///
    /// Source: `pkg/probe` and `pkg/kubelet/prober` of Kubernetes; texts of the runtimes behind `probe errored`.
    static func failure(_ message: String) -> Failure {
        if let code = Phrase.after(message, "statuscode: ").flatMap({ Phrase.number(in: $0) }) { return .status(code) }
        // gRPC dials with a deadline: refused connections end in the same words as silent ones.
        if let address = Phrase.between(message, "failed to connect service \"", "\"") { return .refused(port: port(of: address)) }
        if message.contains("connection refused") {
            return .refused(port: port(of: Phrase.between(message, "dial tcp ", ": connect") ?? ""))
        }
        if let name = Phrase.between(message, "port ", " not found"), !name.contains(" ") { return .unknownPort(name.unquoted) }
        if Phrase.containsAny(message, protocolWords) { return .protocolMismatch(message) }
        if Phrase.containsAny(
            message,
            ["Client.Timeout", "context deadline exceeded", "i/o timeout", "command timed out", "DeadlineExceeded", "timed out after"])
        {
            return .timeout
        }
        return commandFailure(message) ?? .other(message)
    }

    private static let protocolWords = [
        "malformed HTTP", "HTTP response to HTTPS", "HTTPS client", "does not implement the grpc health", "tls:", "http2:",
        "Unimplemented", "transport connection broken", "first record does not look like",
    ]

    private static func commandFailure(_ message: String) -> Failure? {
        let text = message.lowercased()
        if Phrase.containsAny(text, ["executable file", "oci runtime exec failed", "exec failed", "permission denied", "applet not found"])
        {
            return .command(message)
        }
        // Of a shell: `sh: 1: pg_isredy: not found`, `/bin/sh: curl: not found`, `bash: line 1: curl: command not found`.
        if text.contains("command not found") || (text.contains("sh: ") && text.contains(": not found")) { return .command(message) }
        if text.contains("no such file or directory") {
            return Phrase.containsAny(text, ["exec ", "exec:", "stat /", "sh: "]) ? .command(message) : .commandFile(message)
        }
        return nil
    }

    private static func port(of address: String) -> Int? { address.split(separator: ":").last.flatMap { Int($0) } }
}

extension String {
    /// Without quotes around it.
    var unquoted: String { count > 1 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self }
}
