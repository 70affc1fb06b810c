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
        case protocolMismatch(String)
        case other(String)
    }

    // A restart that a probe ordered shows as a Killing event; the exit code is whatever the program made of SIGTERM.
    static func killFinding(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding? {
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

    private static func kill(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> (Kind, Event)? {
        for (kind, words) in [(Kind.liveness, "failed liveness probe"), (.startup, "failed startup probe")] {
            guard let event = container.events("Killing").last(where: { $0.message.contains(words) && $0.message.contains(container.name) })
            else { continue }
            guard let killed = event.lastTime, let finished = end.finishedAt else { return (kind, event) }
            // The kill must belong to the run that ended, or to a later one of the same series.
            let began = end.startedAt.map { $0.timeIntervalSince1970 > 1 ? $0 : finished } ?? finished
            if killed.timeIntervalSince(began) >= -2, killed.timeIntervalSince(finished) <= 600 { return (kind, event) }
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
    static func failure(_ message: String) -> Failure {
        if let code = Phrase.after(message, "statuscode: ").flatMap({ Phrase.number(in: $0) }) { return .status(code) }
        if message.contains("connection refused") {
            let address = Phrase.between(message, "dial tcp ", ": connect") ?? ""
            return .refused(port: address.split(separator: ":").last.flatMap { Int($0) })
        }
        if let name = Phrase.between(message, "port ", " not found") { return .unknownPort(name) }
        if Phrase.containsAny(
            message, ["Client.Timeout", "context deadline exceeded", "i/o timeout", "command timed out", "timeout: failed to connect"])
        {
            return .timeout
        }
        if Phrase.containsAny(message, ["executable file not found", "no such file or directory", "permission denied"]) {
            return .command(message)
        }
        if Phrase.containsAny(
            message, ["malformed HTTP", "HTTP response to HTTPS", "HTTPS client", "does not implement the grpc health", "tls:", "http2:"])
        {
            return .protocolMismatch(message)
        }
        return .other(message)
    }
}
