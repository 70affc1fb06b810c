internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Causes that a program names itself. Its log is a witness that can lie, so these never stand above what API objects say.
enum LogRules {
    /// The cause that the log of a failing container gives, where the fault is its own and not a dependency's.
    static func ownCause(_ container: ContainerCase, log: LogReading) -> Finding? {
        let candidates = log.findings.filter { !$0.isRecovered && !$0.isServerSide }
        let isCrash = container.isDown
        for candidate in candidates where candidate.isFatal || !isCrash {
            if isDependency(candidate) { return nil }
            if let finding = read(candidate, container, confidence: candidate.isFatal && isCrash ? 0.85 : 0.72) { return finding }
        }
        guard isCrash else { return nil }
        // A crash without last words that are fatal: the gravest unrecovered line stands in, with less weight.
        return candidates.lazy.filter { !isDependency($0) }.compactMap { read($0, container, confidence: 0.6) }.first
    }

    /// Whether a finding speaks of another program, so that the descent has to follow it.
    static func isDependency(_ finding: LogFinding) -> Bool {
        DependencySymptoms.failure(finding.signature) != nil
    }

    /// The end of the log of the run that crashed: programs often say in another line what their error is about.
    private static func lastWords(_ container: ContainerCase) -> Citation? {
        guard let lines = container.crashLog?.lastLines, let last = lines.last, lines.count > 1 else { return nil }
        let text = lines.map(\.text).joined(separator: "\n")
        return .log(container.pod, container.name, LogLine(text: text, time: last.time, level: last.level, number: last.number))
    }

    /// Turns one thing that a log says into a finding on the workload.
    static func read(_ said: LogFinding, _ container: ContainerCase, confidence: Double) -> Finding? {
        if let finding = PermissionRules.withoutToken(said, container) { return finding }
        guard let row = LogCauses.row(said.signature) else { return nil }
        let subject = container.place
        var details: [String: String] = [:]
        details["port"] = said.port.map { String($0) }
        details["path"] = said.path
        details["user"] = said.user
        details["host"] = said.host
        if let name = said.name { details[row.nameKey] = Citation.cut(name) }
        details["field"] = row.field
        if let code = container.crash?.exitCode {
            details["exit_code"] = String(code)
            if row.cause == .applicationError { details["signal"] = SilentCrash.signals[code - 128] }
        }
        let particulars = said.detail ?? said.line.message
        var finding = container.finding(
            row.cause, "\(row.sentence(said, subject)): \(Citation.cut(particulars.trimmed)).", confidence: confidence, details: details,
            citations: [.log(container.pod, container.name, said.line)],
            reasons: [said.count > 1 ? "its log says so \(said.count) times" : "its log says so"],
            fields: row.fields, onset: said.first)
        if let frame = said.frame { finding.details["frame"] = frame }
        if container.isDown, let last = lastWords(container) { finding.citations.append(last) }
        LogCorroboration(said: said, container: container).apply(to: &finding)
        return finding
    }
}

/// Finds who already has the port.
enum PortConflict {
    static func explain(_ finding: inout Finding, port: Int?, _ container: ContainerCase) {
        let port = port ?? container.declaredPorts.first
        guard let port else { return }
        finding.details["port"] = String(port)
        for other in container.pod.spec.containers where other.name != container.name {
            let says = container.context.logs.current(container.pod, other.name)?.listeningPorts.contains(port) ?? false
            guard says || other.ports.contains(where: { $0.containerPort == port }) else { continue }
            finding.confidence += 0.1
            finding.details["found"] = other.name
            finding.statement =
                "\(container.place.capitalizedFirst) cannot listen on port \(port): container \(other.name) of the same pod already does."
            finding.reasons.append("container \(other.name) of the same pod uses port \(port)")
            return
        }
    }
}

extension String {
    /// Without white space and full stops at the ends.
    var trimmed: String {
        var text = self[...]
        while let last = text.last, last.isWhitespace || last == "." { text = text.dropLast() }
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        return String(text)
    }
}
