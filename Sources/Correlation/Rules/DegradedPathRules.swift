internal import FoundationEssentials
internal import IncidentModel

/// Services that answer slowly or not at all though nothing they use is short: the path is left (N26), or the program itself.
extension SaturationRules {
    /// What is left where no resource is short.
    var degradation: Finding? {
        if let slow = measured.slowness ?? measured.rise(.networkLatency) { return path(slow) }
        guard let failing = measured.failures else { return nil }
        if let lost = measured.rise(.networkLoss) { return path(lost) }
        var finding = finding(
            .applicationError, "\(reference) answers with errors: \(failing.measure.words) \(failing.words).", agreeing: 1, [failing],
            ["\(failing.measure.words) changed, and no latency and no resource with it"])
        finding.against.append("only the rate of errors says so: its log would decide")
        finding.isSymptom = true
        return finding
    }

    private var effect: String {
        if measured.rise(.networkLoss) != nil { return "loss" }
        if measured.rise(.requests) == nil, let traffic = measured.rise(.networkTraffic), traffic.change.factor >= 3 { return "saturation" }
        if measured.slowness != nil, measured.failures != nil { return "loss" }
        // Lost packets are sent again after a while: few requests wait long, most do not wait at all.
        let tail = measured.rise(.latencyTail)?.change.factor ?? 1
        guard measured.measured.contains(.latencyMedian), tail >= 3 else { return "latency" }
        let middle = measured.rise(.latencyMedian)?.change.factor ?? 1
        return tail >= 3 * middle ? "loss" : "latency"
    }

    private func path(_ slow: WorkloadMeasurements.Change) -> Finding {
        let moved = [measured.rise(.networkLoss), measured.rise(.networkLatency)].compactMap { $0 }
        let effect = effect
        let traffic = effect == "saturation" ? measured.rise(.networkTraffic) : nil
        let isCalm = measured.measured.contains(.cpu) && measured.measured.contains(.memory)
        let words =
            switch effect {
            case "loss": "lose packets or calls"
            case "saturation": "are saturated"
            default: "are slow"
            }
        var reasons = ["\(slow.measure.words) rose: \(slow.words)"]
        if isCalm { reasons.append("CPU, memory and requests did not rise with it") }
        reasons += moved.map { "\($0.measure.words) rose: \($0.words)" }
        var finding = finding(
            .networkDegraded, "The network paths of \(reference) \(words): \(slow.measure.words) \(slow.words).", agreeing: 1,
            moved + [traffic, slow, measured.rise(.latencyTail), measured.rise(.latencyMedian)], reasons)
        let isBoth = measured.rise(.latencyTail) != nil && measured.rise(.latencyMedian) != nil
        let agreeing = [isBoth, hasSufferingCallers, measured.failures != nil, isCalm, isCalm].filter { $0 }.count
        finding.confidence += 0.04 * Double(agreeing) + 0.12 * Double(min(2, moved.count + (traffic == nil ? 0 : 1)))
        finding.confidence = min(finding.confidence, moved.isEmpty ? 0.62 : 0.76)
        finding.details = ["effect": effect, "found": slow.afterText, "expected": slow.beforeText]
        if !isCalm { finding.against.append("its CPU and memory were not both measured, so a shortage cannot be told from a slow path") }
        finding.against.append("a program that waits for locks or for what was not measured looks the same")
        discountRestart(&finding)
        return finding
    }
}
