internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Probes that are right and impatient, or right and rightly unhappy.
extension ProbeVerdict {
    // Nothing listens yet on the right port: the probe is too early, or the program does not come up at all.
    func startsLate(_ port: Int?) -> Finding? {
        if complains { return nil }
        let words = "is refused on port \(port.map { String($0) } ?? "")"
        if kind == .readiness {
            let age = container.context.age(container.status?.runningSince) ?? 0
            // A program that has only just started is no incident yet.
            guard age > max(60, Double(probe.initialDelaySeconds + 2 * probe.periodSeconds)) else { return nil }
            return unhealthy(words, confidence: 0.5)
        }
        let budget = probe.budgetSeconds
        let earlierBudget = earlierProbe?.budgetSeconds
        let wasLonger = earlierBudget.map { $0 > budget } ?? false
        // A program that lived on long after its budget had come up, and stopped to listen later.
        if let lived, !wasLonger, lived > Double(3 * budget + 120) { return unhealthy(words, confidence: 0.55) }
        var details = ["probe": kind.rawValue, "field": "timing", "found": "\(budget) s"]
        details["expected"] = wasLonger ? earlierBudget.map { "\($0) s" } : nil
        details["port"] = port.map { String($0) }
        let reason =
            wasLonger
            ? "the previous revision gave it \(earlierBudget ?? 0) s" : "the program still starts when it is killed, and logs no error"
        var finding = container.finding(
            .probeTooAggressive,
            "The \(kind.rawValue) probe kills \(container.place) after about \(budget) s, before the program has come up.",
            confidence: wasLonger ? 0.93 : hasLog ? 0.8 : 0.66, details: details,
            citations: citations + [.field(container.pod.reference, fieldPath, timing)], reasons: [reason],
            fields: ["\(kind.rawValue)Probe", "startupProbe", "image"])
        if !wasLonger {
            finding.against.append(
                "the program may never come up, or listen on another port than \(port.map { String($0) } ?? "the probe's")")
        }
        return finding
    }

    /// Seconds that the last run lasted.
    private var lived: Double? {
        guard let end = container.status?.terminated ?? container.status?.lastTermination, let start = end.startedAt,
            let finish = end.finishedAt,
            start.timeIntervalSince1970 > 1
        else { return nil }
        return finish.timeIntervalSince(start)
    }

    private var hasLog: Bool { (container.crashLog?.lineCount ?? 0) > 0 }

    /// Whether the program itself tells of something that goes wrong.
    private var complains: Bool {
        let log = container.crashLog ?? container.currentLog
        return log?.findings.contains { said in
            said.isFatal && !said.isRecovered && !said.isServerSide
                && (LogCauses.row(said.signature) != nil || LogRules.isDependency(said))
        } ?? false
    }

    private var timing: String {
        "initialDelaySeconds \(probe.initialDelaySeconds), periodSeconds \(probe.periodSeconds), timeoutSeconds \(probe.timeoutSeconds), failureThreshold \(probe.failureThreshold)"
    }

    var timeout: Finding? {
        if let starved { return starved }
        let earlier = earlierProbe
        let wasLonger = earlier.map { $0.timeoutSeconds > probe.timeoutSeconds || $0.failureThreshold > probe.failureThreshold } ?? false
        var details = ["probe": kind.rawValue, "field": "timing", "found": "\(probe.timeoutSeconds) s"]
        if let earlier, earlier.timeoutSeconds > probe.timeoutSeconds { details["expected"] = "\(earlier.timeoutSeconds) s" }
        let isShort = probe.timeoutSeconds <= 1
        var finding = container.finding(
            .probeTooAggressive, "The \(kind.rawValue) probe of \(container.place) gets no answer within \(probe.timeoutSeconds) s.",
            confidence: wasLonger ? 0.88 : isShort ? 0.62 : 0.5,
            details: details, citations: citations + [.field(container.pod.reference, fieldPath, timing)],
            reasons: ["the kubelet reports a timeout of the probe"]
                + (wasLonger ? ["the previous revision waited \(earlier?.timeoutSeconds ?? 0) s"] : []),
            fields: ["\(kind.rawValue)Probe", "resources", "image"])
        finding.isSymptom = !wasLonger
        finding.against.append("the program may really hang or be starved of CPU")
        return finding
    }

    /// The revision that times out cut the CPU limit to a quarter or less and left the probe alone.
    private var starved: Finding? {
        guard let limit = container.container.limits["cpu"], let now = Quantity(limit), let earlier = container.earlier,
            earlierProbe?.timeoutSeconds == probe.timeoutSeconds
        else { return nil }
        let before = earlier.limits["cpu"].flatMap(Quantity.init)
        guard before.map({ now.value <= $0.value / 4 }) ?? (now.value <= 0.1) else { return nil }
        return container.finding(
            .cpuThrottled,
            "\(container.place.capitalizedFirst) is starved by its CPU limit of \(limit) and answers its \(kind.rawValue) probe too late.",
            confidence: 0.78, details: ["resource": "cpu", "found": limit, "expected": before?.text ?? "none", "probe": kind.rawValue],
            citations: citations + [.field(container.pod.reference, "spec.containers[\(container.name)].resources.limits.cpu", limit)],
            reasons: ["the last revision cut the limit from \(before?.text ?? "none")", "the probe times out"],
            fields: ["resources.limits.cpu"])
    }
}
