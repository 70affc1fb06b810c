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

    private var path: String? { if case .http(_, _, _, let path) = probe.action { path } else { nil } }
    private var port: Int? { container.number(of: probe.port) }
    private var fieldPath: String { "spec.containers[\(container.name)].\(kind.rawValue)Probe" }
    private var effect: String { kind == .readiness ? "is never Ready" : "is killed" }

    var finding: Finding? {
        switch failure {
        case .status(let code): status(code)
        case .refused(let seen): refused(seen ?? port)
        case .timeout: timeout
        case .unknownPort(let name):
            misconfigured(
                "port", "names port \(name), which the container does not declare", found: name, expected: declared, confidence: 0.95)
        case .command(let message):
            misconfigured(
                "command", "runs a command that fails: \(Citation.cut(message))", found: commandText, expected: nil, confidence: 0.9)
        case .protocolMismatch(let message):
            misconfigured(
                "protocol", "speaks another protocol than the program: \(Citation.cut(message))", found: scheme, expected: nil,
                confidence: 0.9)
        case .other(let message): unhealthy("fails: \(Citation.cut(message))", confidence: 0.55)
        }
    }

    private var commandText: String { if case .exec(let command) = probe.action { command.joined(separator: " ") } else { "" } }
    private var scheme: String { if case .http(let scheme, _, _, _) = probe.action { scheme } else { "" } }
    private var declared: String? { container.declaredPorts.sorted().first.map { String($0) } }

    private func misconfigured(
        _ field: String, _ words: String, found: String?, expected: String?, confidence: Double, reasons: [String] = []
    ) -> Finding {
        var details = ["probe": kind.rawValue, "field": field]
        details["found"] = found
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
        case 404, 405, 410, 421: return wrongPath(code)
        case 400, 426, 497: return misconfigured("protocol", "gets HTTP \(code)", found: scheme, expected: nil, confidence: 0.7)
        case 401, 403:
            return misconfigured(
                "path", "asks \(path ?? ""), which wants credentials (HTTP \(code))", found: path, expected: nil, confidence: 0.8)
        case 300..<400:
            return misconfigured("path", "asks \(path ?? ""), which redirects (HTTP \(code))", found: path, expected: nil, confidence: 0.6)
        default: return unhealthy("gets HTTP \(code) from \(path ?? "its health endpoint")", confidence: 0.7)
        }
    }

    private func wrongPath(_ code: Int) -> Finding {
        let others = [container.container.livenessProbe, container.container.readinessProbe, container.container.startupProbe].compactMap {
            other -> String? in
            guard let other, case .http(_, _, _, let otherPath) = other.action, otherPath != path else { return nil }
            return otherPath
        }
        var finding = misconfigured(
            "path", "asks \(path ?? ""), which the program does not serve (HTTP \(code))", found: path, expected: nil, confidence: 0.93)
        if !others.isEmpty && kind != .readiness && container.status?.isReady == true {
            finding.reasons.append("another probe of the same container succeeds on \(others[0])")
        }
        return finding
    }

    private func refused(_ port: Int?) -> Finding? {
        let listening = container.listeningPorts
        let others = listening.union(container.declaredPorts).subtracting(port.map { [$0] } ?? [])
        let expected = (listening.subtracting(port.map { [$0] } ?? []).sorted().first ?? others.sorted().first).map { String($0) }
        if let port {
            if listening.contains(port) { return startsLate(port) }
            if !listening.isEmpty {
                return misconfigured(
                    "port", "asks port \(port), where nothing listens", found: String(port), expected: expected, confidence: 0.95,
                    reasons: ["the program says that it listens on \(Phrase.list(listening.sorted().map { String($0) }))"])
            }
            let changed = changedFrom(port)
            if !container.declaredPorts.isEmpty && !container.declaredPorts.contains(port) {
                return misconfigured(
                    "port", "asks port \(port), which the container does not declare", found: String(port), expected: expected,
                    confidence: changed == nil ? 0.82 : 0.9,
                    reasons: changed.map { ["the previous revision asked port \($0)"] } ?? [])
            }
            if let changed {
                return misconfigured(
                    "port", "asks port \(port), where nothing listens", found: String(port), expected: String(changed), confidence: 0.88,
                    reasons: ["the previous revision asked port \(changed)"])
            }
        }
        return startsLate(port)
    }

    private func changedFrom(_ port: Int) -> Int? {
        guard let earlier = earlierProbe, let number = container.number(of: earlier.port), number != port else { return nil }
        return number
    }

    /// The same probe in the revision before.
    private var earlierProbe: Probe? {
        let view = container.context.view
        guard let deployment = view.deployments[container.workload.namespace, container.workload.reference.name] else { return nil }
        let earlier = view.replicaSets(of: deployment).dropFirst().first?.template.spec.containers.first { $0.name == container.name }
        switch kind {
        case .liveness: return earlier?.livenessProbe
        case .readiness: return earlier?.readinessProbe
        case .startup: return earlier?.startupProbe
        }
    }

    // Nothing listens yet on the right port: the probe is too early, or the program does not come up at all.
    private func startsLate(_ port: Int?) -> Finding? {
        let log = container.crashLog ?? container.currentLog
        let complains = log?.findings.contains { $0.isFatal && !$0.isRecovered && LogCauses.row($0.signature) != nil } ?? false
        if complains { return nil }
        if kind == .readiness {
            let age = container.context.age(container.status?.runningSince) ?? 0
            // A program that has only just started is no incident yet.
            guard age > 60 else { return nil }
            return unhealthy("is refused on port \(port.map { String($0) } ?? "")", confidence: 0.5)
        }
        let budget = probe.budgetSeconds
        let wasLonger = earlierProbe.map { $0.budgetSeconds > budget } ?? false
        var details = ["probe": kind.rawValue, "field": "timing", "found": "\(budget) s"]
        details["expected"] = earlierProbe.map { "\($0.budgetSeconds) s" }
        details["port"] = port.map { String($0) }
        let reasons =
            wasLonger
            ? ["the previous revision gave it \(earlierProbe?.budgetSeconds ?? 0) s"]
            : ["the program still starts when it is killed, and logs no error"]
        return container.finding(
            .probeTooAggressive,
            "The \(kind.rawValue) probe kills \(container.place) after about \(budget) s, before the program has come up.",
            confidence: wasLonger ? 0.93 : 0.8, details: details,
            citations: citations + [.field(container.pod.reference, fieldPath, timing)], reasons: reasons,
            fields: ["\(kind.rawValue)Probe", "startupProbe", "image"])
    }

    private var timing: String {
        "initialDelaySeconds \(probe.initialDelaySeconds), periodSeconds \(probe.periodSeconds), timeoutSeconds \(probe.timeoutSeconds), failureThreshold \(probe.failureThreshold)"
    }

    private var timeout: Finding? {
        let details = ["probe": kind.rawValue, "field": "timing", "found": "\(probe.timeoutSeconds) s"]
        let wasLonger =
            earlierProbe.map { $0.timeoutSeconds > probe.timeoutSeconds || $0.failureThreshold > probe.failureThreshold } ?? false
        let isShort = probe.timeoutSeconds <= 1
        var finding = container.finding(
            .probeTooAggressive, "The \(kind.rawValue) probe of \(container.place) gets no answer within \(probe.timeoutSeconds) s.",
            confidence: wasLonger ? 0.88 : isShort ? 0.62 : 0.5,
            details: details, citations: citations + [.field(container.pod.reference, fieldPath, timing)],
            reasons: ["the kubelet reports a timeout of the probe"],
            fields: ["\(kind.rawValue)Probe", "resources", "image"])
        finding.isSymptom = !wasLonger
        finding.against.append("the program may really hang or be starved of CPU")
        return finding
    }

    private func unhealthy(_ words: String, confidence: Double) -> Finding {
        var details = ["probe": kind.rawValue]
        details["path"] = path
        var finding = container.finding(
            .healthCheckFailing, "The \(kind.rawValue) probe of \(container.place) \(words), so the container \(effect).",
            confidence: confidence, details: details,
            citations: citations, reasons: ["the probe gets an answer, and the answer is that the program is not well"],
            fields: ["image", "env"])
        finding.isSymptom = true
        return finding
    }
}
