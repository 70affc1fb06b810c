internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Decides whether a failing probe is wrong, too impatient, or right.
struct ProbeVerdict {
    let container: ContainerCase
    let kind: ProbeRules.Kind
    let probe: Probe
    let kill: Event?
    let failure: ProbeRules.Failure
    let citations: [Citation]

    var path: String? { if case .http(_, _, _, let path) = probe.action { path } else { nil } }
    var port: Int? { container.number(of: probe.port) }
    var fieldPath: String { "spec.containers[\(container.name)].\(kind.rawValue)Probe" }
    private var effect: String { kind == .readiness ? "is never Ready" : "is killed" }

    var finding: Finding? {
        if let host = foreignHost { return host }
        switch failure {
        case .status(let code): return status(code)
        case .refused(let seen): return refused(seen ?? port)
        case .timeout: return timeout
        case .unknownPort(let name):
            return misconfigured(
                "port", "names port \(name), which the container does not declare", found: name, expected: earlierPort ?? declared,
                confidence: 0.95)
        case .command(let message): return command(message, confidence: 0.9)
        case .commandFile(let message):
            var finding = command(message, confidence: wasReady ? 0.5 : 0.72)
            finding.against.append("the file may be the program's own sign that it is well, and missing for a reason")
            return finding
        case .protocolMismatch(let message): return protocolMismatch(message)
        case .other(let message): return unhealthy("fails: \(Citation.cut(message))", confidence: 0.55)
        }
    }

    var declared: String? { container.declaredPorts.sorted().first.map { String($0) } }

    /// The same probe in the revision before.
    var earlierProbe: Probe? {
        switch kind {
        case .liveness: container.earlier?.livenessProbe
        case .readiness: container.earlier?.readinessProbe
        case .startup: container.earlier?.startupProbe
        }
    }

    private var earlierPort: String? { earlierProbe?.port.flatMap { $0 == probe.port ? nil : $0.description } }

    // A container that was ready in this run has met the probe's wishes before.
    private var wasReady: Bool {
        guard let changed = container.pod.condition("Ready")?.lastTransitionTime, let started = container.status?.runningSince else {
            return false
        }
        return changed.timeIntervalSince(started) > 30
    }

    func misconfigured(
        _ field: String, _ words: String, found: String?, expected: String?, confidence: Double, reasons: [String] = []
    ) -> Finding {
        var details = ["probe": kind.rawValue, "field": field]
        details["found"] = found.map(Citation.cut)
        details["expected"] = expected
        details["path"] = path
        details["port"] = port.map { String($0) }
        let hint = expected.map { " (\(field) \($0) would fit)" } ?? ""
        return container.finding(
            .probeMisconfigured, "The \(kind.rawValue) probe of \(container.place) \(words)\(hint), so the container \(effect).",
            confidence: confidence,
            details: details, citations: citations + [.field(container.pod.reference, fieldPath, summary)],
            reasons: ["the kubelet reports how the probe fails"] + reasons,
            fields: ["\(kind.rawValue)Probe.\(field)", "\(kind.rawValue)Probe", "image"])
    }

    private var summary: String {
        switch probe.action {
        case .http(let scheme, let host, let port, let path): "\(scheme) GET \(host ?? "")\(port.map { ":\($0)" } ?? "")\(path)"
        case .tcp(_, let port): "TCP \(port?.description ?? "")"
        case .grpc(let port, _): "gRPC \(port)"
        case .exec(let command): "exec \(command.joined(separator: " "))"
        case .unknown: "unknown action"
        }
    }

    private func status(_ code: Int) -> Finding? {
        switch code {
        case 404, 405, 410, 421, 501: return wrongPath(code)
        case 400, 426, 497: return badRequest(code)
        case 401, 403, 407:
            return misconfigured(
                "path", "asks \(path ?? ""), which wants credentials (HTTP \(code))", found: path, expected: earlierPath, confidence: 0.82)
        case 300..<400:
            return misconfigured(
                "path", "asks \(path ?? ""), which redirects (HTTP \(code))", found: path, expected: earlierPath, confidence: 0.6)
        default: return unhealthy("gets HTTP \(code) from \(path ?? "its health endpoint")", confidence: 0.7)
        }
    }

    private var earlierPath: String? {
        guard let earlier = earlierProbe, case .http(_, _, _, let old) = earlier.action, old != path else { return nil }
        return old
    }

    private func wrongPath(_ code: Int) -> Finding {
        // A path that another probe of the same port asks, and that is not complained of, is one that the program serves.
        let others = [
            (ProbeRules.Kind.liveness, container.container.livenessProbe), (.readiness, container.container.readinessProbe),
            (.startup, container.container.startupProbe),
        ]
        .compactMap { other, probe -> String? in
            guard other != kind, let probe, probe.port == self.probe.port, case .http(_, _, _, let otherPath) = probe.action,
                otherPath != path, !container.events("Unhealthy").contains(where: { $0.message.hasPrefix(other.rawValue.capitalizedFirst) })
            else { return nil }
            return otherPath
        }
        var reasons: [String] = []
        if let earlierPath { reasons.append("the previous revision asked \(earlierPath)") }
        if let other = others.first { reasons.append("another probe of the same container succeeds on \(other)") }
        return misconfigured(
            "path", "asks \(path ?? ""), which the program does not serve (HTTP \(code))", found: path,
            expected: earlierPath ?? others.first, confidence: 0.93, reasons: reasons)
    }

    func unhealthy(_ words: String, confidence: Double) -> Finding {
        var details = ["probe": kind.rawValue]
        details["path"] = path
        if case .status(let code) = failure { details["found"] = "HTTP \(code)" }
        details["port"] = port.map { String($0) }
        var finding = container.finding(
            .healthCheckFailing,
            "The \(kind.rawValue) probe of \(container.place) \(words), so the container \(kind == .readiness ? "is not Ready" : effect).",
            confidence: confidence, details: details,
            citations: citations, reasons: ["the probe gets an answer, and the answer is that the program is not well"],
            fields: ["image", "env"])
        finding.isSymptom = true
        return finding
    }
}
