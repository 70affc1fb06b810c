internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// What the measurements of one workload say is wrong with it by itself (group M): which of them moved tells causes apart.
///
/// Measurements alone are weak witnesses: one series gives a suspicion, and only several independent ones that agree make more of it.
struct SaturationRules {
    let context: CaseContext
    let reference: ObjectReference
    let measured: WorkloadMeasurements
    /// Whether some workload that depends on it serves badly.
    let hasSufferingCallers: Bool
    /// Whether the recording measures at all how anything serves.
    let isServiceMeasured: Bool

    /// One suspicion, and what each further series that agrees adds.
    private static let suspicion = 0.4
    private static let agreement = 0.12
    private static let most = 0.82

    private var workload: Workload? { context.topology[reference] }
    private var template: [Container] {
        (workload?.template?.spec ?? workload?.pods.first?.spec)?.containers ?? []
    }

    /// Shortage of a resource that the workload's own requests do not explain, the surest first.
    var shortages: [Finding] {
        [memory, processor, disk].compactMap { $0 }.sorted { ($0.confidence, $1.cause.rawValue) > ($1.confidence, $0.cause.rawValue) }
    }

    // MARK: CPU

    // Use that grows with the requests is work, not want.
    private func isWork(_ change: WorkloadMeasurements.Change?) -> Bool {
        guard let load = measured.rise(.requests) else { return false }
        return change.map { $0.change.factor <= 1.5 * load.change.factor } ?? true
    }

    private var processor: Finding? {
        let throttled = measured.rise(.cpuThrottling)
        let busy = measured.rise(.cpu)
        guard throttled != nil || busy != nil, !isWork(busy) else { return constantThrottling }
        let limit = ResourceLimit("cpu", of: template, named: reference.name)
        let isAtLimit = busy.map { limit?.isReached(by: $0.change.after, replicas: workload?.livePods.count ?? 1) ?? false } ?? false
        let agreeing = [throttled != nil, busy != nil, isAtLimit, measured.symptom != nil, hasSufferingCallers].filter { $0 }.count
        var reasons = [throttled, busy].compactMap { $0 }.map { "\($0.measure.words) rose: \($0.words)" }
        if isAtLimit, let limit { reasons.append("use stands at the limit of \(limit.text)") }
        if measured.rise(.requests) == nil, measured.measured.contains(.requests) { reasons.append("it gets no more requests than before") }
        let shown = throttled ?? busy
        var finding = finding(
            .cpuThrottled,
            "\(reference) is short of CPU\(isAtLimit ? ", at its limit of \(limit?.text ?? "")" : ""): \(shown.map { "\($0.measure.words) \($0.words)" } ?? "").",
            agreeing: agreeing, [throttled, busy], reasons)
        finding.details = details(limit, resource: "cpu", shown)
        finding.citations += limit.map { [$0.citation(of: reference)] } ?? []
        finding.changedFields = ["resources"]
        if throttled == nil && !isAtLimit { finding.against.append("no series says that it is throttled, only that it uses more CPU") }
        if throttled == nil { discountRestart(&finding) }
        return finding
    }

    // Throttled from the first to the last value: many healthy systems live so.
    private var constantThrottling: Finding? {
        guard measured.changes[.cpuThrottling] == nil, let level = measured.levels[.cpuThrottling],
            level.value >= (level.value > 1.5 ? 25 : 0.25), !isWork(nil)
        else { return nil }
        let limit = ResourceLimit("cpu", of: template, named: reference.name)
        var finding = finding(
            .cpuThrottled, "\(reference) is throttled all the time (\(WorkloadMeasurements.Change.number(level.value))).",
            agreeing: measured.symptom == nil ? 0 : 1, [], ["throttling has not changed while it was measured"])
        finding.citations.append(
            Citation(
                source: .metric, object: reference, field: "\(MetricsTable.path) \(level.series)",
                text: "\(WorkloadMeasurements.Change.number(level.value)) at the end"))
        finding.confidence = min(finding.confidence, 0.48)
        finding.details = details(limit, resource: "cpu", nil)
        if measured.symptom == nil { finding.impact = .latent }
        return finding
    }

    // MARK: Memory

    private var memory: Finding? {
        guard let grown = measured.rise(.memory) else { return nil }
        let limit = ResourceLimit("memory", of: template, named: reference.name)
        let share = limit.map { $0.share(of: grown.change.after, replicas: workload?.livePods.count ?? 1) }
        let isNear = share.map { $0 >= 0.85 } ?? false
        // A third more memory than before is how caches live.
        guard isNear || grown.change.factor >= 1.5 else { return nil }
        if isWork(grown) && measured.rise(.requests) != nil && !isNear { return nil }
        let killed = lastKill
        let agreeing = [true, isNear, killed != nil, measured.symptom != nil, hasSufferingCallers].filter { $0 }.count
        let words = isNear ? ", close to its limit of \(limit?.text ?? "")" : ""
        var finding = finding(
            .memoryLimitExceeded, "Memory of \(reference) grows\(words): \(grown.words).", agreeing: agreeing, [grown],
            ["memory rose: \(grown.words)"])
        finding.details = details(limit, resource: "memory", grown)
        finding.citations += limit.map { [$0.citation(of: reference)] } ?? []
        finding.citations += killed.map { [$0] } ?? []
        if killed != nil { finding.reasons.append("the runtime has killed it for memory before") }
        if limit == nil { finding.against.append("no memory limit is known, so that nothing tells how near the end is") }
        if share.map({ $0 < 0.5 }) ?? false { finding.confidence -= 0.1 }
        finding.changedFields = ["resources"]
        return finding
    }

    // A container that is over its last crash, which was a kill for memory.
    private var lastKill: Citation? {
        for pod in workload?.livePods ?? [] {
            for (name, status) in pod.statuses.sorted(by: { $0.key < $1.key }) where status.lastTermination?.reason == "OOMKilled" {
                return .field(pod.reference, "status.containerStatuses[\(name)].lastState.terminated.reason", "OOMKilled")
            }
        }
        return nil
    }

    // MARK: Disk

    private var disk: Finding? {
        if let use = measured.rise(.diskUse), use.change.after >= (use.change.after > 1.5 ? 92 : 0.92) {
            let agreeing = [true, measured.symptom != nil, hasSufferingCallers].filter { $0 }.count
            return finding(
                .diskFull, "The disk that \(reference) writes to fills up: \(use.words).", agreeing: agreeing, [use],
                ["use of the disk rose: \(use.words)"])
        }
        guard let traffic = measured.rise(.diskTraffic), traffic.change.factor >= 3, !isWork(traffic), measured.symptom != nil else {
            return nil
        }
        var finding = finding(
            .diskFull, "\(reference) is held up by its disk: \(traffic.words).", agreeing: 0, [traffic],
            ["disk traffic rose without more requests: \(traffic.words)"])
        finding.against.append("how full the disk is was not measured, only how busy it is")
        return finding
    }

    // MARK: Making findings

    private func details(_ limit: ResourceLimit?, resource: String, _ shown: WorkloadMeasurements.Change?) -> [String: String] {
        var details = ["resource": resource]
        details["container"] = limit?.container ?? (template.count == 1 ? template.first?.name : nil)
        details["found"] = limit?.text ?? shown?.afterText
        return details
    }

    /// A finding on this workload that rests on these series.
    func finding(
        _ cause: CauseCode, _ statement: String, agreeing: Int, _ shown: [WorkloadMeasurements.Change?], _ reasons: [String]
    ) -> Finding {
        let shown = shown.compactMap { $0 } + measured.symptoms
        var confidence = min(Self.most, Self.suspicion + Self.agreement * Double(max(0, agreeing - 1)))
        let isFelt = measured.symptom != nil || hasSufferingCallers
        // What nobody feels is no incident, unless nobody measured whether anybody does.
        if !isFelt { confidence = min(confidence, isServiceMeasured ? 0.45 : 0.6) }
        let ended = !shown.isEmpty && shown.allSatisfy { $0.change.end != nil }
        if ended { confidence -= 0.05 }
        var seen: Set<String> = []
        return Finding(
            cause: cause, object: reference, sufferer: reference, statement: statement,
            citations: shown.filter { seen.insert($0.series).inserted }.prefix(5).map { $0.citation(of: reference) },
            confidence: confidence, reasons: reasons, against: ended ? ["it is over at the end of the recording"] : [],
            impact: isFelt || !isServiceMeasured ? .degraded : .latent,
            onset: shown.map(\.change.onset).min().map { Date(timeIntervalSince1970: $0) }, isMeasured: true)
    }

    /// Takes weight off where pods of the workload were replaced or restarted at about the onset: that explains much by itself.
    func discountRestart(_ finding: inout Finding) {
        guard let onset = finding.onset, let workload else { return }
        let window = max(60, context.telemetry.metrics.resolutionSeconds)
        let fresh = workload.pods.compactMap { pod -> Date? in
            let starts =
                pod.statuses.values.filter { $0.restartCount > 0 }.compactMap(\.runningSince)
                + [pod.metadata.creationTime].compactMap { $0 }
            return starts.filter { $0 > onset.addingTimeInterval(-window) && $0 < onset.addingTimeInterval(10 * window) }.max()
        }
        guard let time = fresh.max(), workload.metadata.creationTime.map({ $0 < onset }) ?? true else { return }
        finding.confidence -= 0.2
        finding.against.append("a pod of it was replaced or restarted at \(RFC3339.format(time)), about when it began")
    }
}

extension Measure {
    /// As it stands in a sentence.
    var words: String {
        switch self {
        case .cpu: "use of CPU"
        case .cpuThrottling: "CPU throttling"
        case .memory: "memory"
        case .requests: "the rate of requests"
        case .successRate: "the share of requests that succeed"
        case .errors: "the rate of errors"
        case .latencyMedian: "median latency"
        case .latencyTail: "tail latency"
        case .networkLoss: "loss of packets"
        case .networkLatency: "network latency"
        case .networkTraffic: "network traffic"
        case .diskUse: "use of the disk"
        case .diskTraffic: "disk traffic"
        }
    }
}
