internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Causes that a program names itself. Its log is a witness that can lie, so these never stand above what API objects say.
enum LogRules {
    /// The cause that the log of a failing container gives, where the fault is its own and not a dependency's.
    static func ownCause(_ container: ContainerCase, log: LogReading) -> Finding? {
        let candidates = log.findings.filter { !$0.isRecovered && !$0.isServerSide }
        let isCrash = container.crash != nil
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

    /// Turns one thing that a log says into a finding on the workload.
    static func read(_ said: LogFinding, _ container: ContainerCase, confidence: Double) -> Finding? {
        guard let row = LogCauses.row(said.signature) else { return nil }
        let subject = container.place
        var details: [String: String] = [:]
        details["port"] = said.port.map { String($0) }
        details["path"] = said.path
        details["user"] = said.user
        details["host"] = said.host
        if let name = said.name { details[row.nameKey] = name }
        if let code = container.crash?.exitCode { details["exit_code"] = String(code) }
        let particulars = said.detail ?? said.line.message
        var finding = container.finding(
            row.cause, "\(row.sentence(said, subject)): \(Citation.cut(particulars.trimmed)).", confidence: confidence, details: details,
            citations: [.log(container.pod, container.name, said.line)],
            reasons: [said.count > 1 ? "its log says so \(said.count) times" : "its log says so"],
            fields: row.fields, onset: said.first)
        if let frame = said.frame { finding.details["frame"] = frame }
        corroborate(&finding, said, container)
        return finding
    }

    // What objects know about the same thing makes it surer, or turns it down.
    private static func corroborate(_ finding: inout Finding, _ said: LogFinding, _ container: ContainerCase) {
        let security = container.container.securityContext
        let podSecurity = container.pod.spec.securityContext
        switch finding.cause {
        case .readOnlyFileSystem where security.readOnlyRootFilesystem == true:
            finding.confidence += 0.08
            finding.reasons.append("readOnlyRootFilesystem is on")
            finding.citations.append(
                .field(container.pod.reference, "spec.containers[\(container.name)].securityContext.readOnlyRootFilesystem", "true"))
        case .filePermissionDenied, .privilegedPortDenied:
            guard let user = security.runAsUser ?? podSecurity.runAsUser, user != 0 else { return }
            finding.confidence += 0.08
            finding.reasons.append("it runs as user \(user)")
            finding.citations.append(.field(container.pod.reference, "spec.securityContext.runAsUser", String(user)))
        case .portConflict:
            PortConflict.explain(&finding, port: said.port, container)
        case .diskFull:
            guard let path = said.path,
                let mount = container.container.mounts.filter({ path.hasPrefix($0.path) }).max(by: { $0.path.count < $1.path.count })
            else { return }
            finding.confidence += 0.06
            finding.details["reference"] = mount.volume
            finding.citations.append(
                .field(container.pod.reference, "spec.containers[\(container.name)].volumeMounts[\(mount.volume)].mountPath", mount.path))
        case .permissionForbidden: PermissionRules.corroborate(&finding, said, container)
        case .configurationMissing:
            guard let name = said.name, !container.container.env.contains(where: { $0.name == name }) else { return }
            finding.confidence += 0.06
            finding.reasons.append("the container sets no variable \(name)")
        default: return
        }
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
