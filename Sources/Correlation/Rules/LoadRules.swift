internal import FoundationEssentials
internal import IncidentModel

/// More requests than can be served (M4): the rate rises first where they come in, and latency or use of CPU follow.
struct LoadRules {
    let context: CaseContext
    let calls: CallGraph
    let metrics: MetricsReading

    /// One spike: where it comes in, and who suffers from it.
    struct Spike {
        let finding: Finding
        let sufferers: [ObjectReference]
    }

    func spikes() -> [Spike] {
        let risen = metrics.byWorkload.filter { $0.value.rise(.requests) != nil }.map(\.key).sorted()
        let reaches = Dictionary(uniqueKeysWithValues: risen.map { ($0, calls.reach(of: $0)) })
        // Who is called by another whose rate rose only passes the load on.
        var entries = risen.filter { item in !risen.contains { $0 != item && reaches[$0]?.contains(item) ?? false } }
        // Among those of whom nobody knows who calls them, the first and largest rise stands for the entry.
        let loose = entries.filter { !calls.knows($0) }
        if let first = loose.min(by: { order($0) < order($1) }) { entries.removeAll { $0 != first && !calls.knows($0) } }
        return entries.compactMap { spike(at: $0, risen: risen, reach: reaches[$0] ?? []) }
    }

    private func order(_ reference: ObjectReference) -> (Double, Double, String) {
        guard let change = metrics.byWorkload[reference]?.rise(.requests)?.change else { return (0, 0, reference.name) }
        let step = max(metrics.resolutionSeconds, 1)
        return ((change.onset / step).rounded(), change.before - change.after, reference.name)
    }

    private func spike(at entry: ObjectReference, risen: [ObjectReference], reach: Set<ObjectReference>) -> Spike? {
        guard let load = metrics.byWorkload[entry]?.rise(.requests) else { return nil }
        let members = calls.knows(entry) ? reach.union([entry]) : Set(metrics.byWorkload.keys.filter { !calls.knows($0) })
        let callers = metrics.byWorkload.keys.filter { calls.reach(of: $0).contains(entry) }
        let slack = metrics.resolutionSeconds
        let suffering = members.union(callers).sorted().filter { metrics.byWorkload[$0]?.symptom != nil }
        // Who suffered before the load rose does not suffer from it: callers that fail try again, and that is load as well.
        guard !suffering.contains(where: { (metrics.byWorkload[$0]?.onset ?? .infinity) < load.change.onset - slack }) else { return nil }
        let busy = members.sorted().filter {
            metrics.byWorkload[$0]?.rise(.cpu) != nil || metrics.byWorkload[$0]?.rise(.cpuThrottling) != nil
        }
        guard !suffering.isEmpty else { return nil }
        let others = risen.filter { $0 != entry && members.contains($0) }
        let agreeing = [true, !busy.isEmpty, !others.isEmpty, load.change.factor >= 3].filter { $0 }.count
        let place = busy.isEmpty ? suffering : busy
        let symptoms = suffering.prefix(2).compactMap { item in metrics.byWorkload[item]?.symptom?.citation(of: item) }
        let use = busy.prefix(2).compactMap { item in
            (metrics.byWorkload[item]?.rise(.cpuThrottling) ?? metrics.byWorkload[item]?.rise(.cpu))?.citation(of: item)
        }
        var finding = Finding(
            cause: .loadSpike, object: entry, sufferer: entry,
            statement: "The rate of requests to \(entry) rose \(Self.times(load)): \(load.words).",
            details: ["found": load.afterText, "expected": load.beforeText], citations: [load.citation(of: entry)] + symptoms + use,
            confidence: 0.5 + 0.08 * Double(agreeing - 1) - (calls.knows(entry) ? 0 : 0.08),
            reasons: ["the rate rose before, or as, \(Phrase.list(place.map(\.description))) \(busy.isEmpty ? "got worse" : "got busy")"],
            impact: .degraded, onset: Date(timeIntervalSince1970: load.change.onset), isMeasured: true)
        if busy.isEmpty { finding.against.append("no use of CPU rose with it") }
        if load.change.end != nil { finding.against.append("it is over at the end of the recording") }
        return Spike(finding: finding, sufferers: suffering)
    }

    private static func times(_ change: WorkloadMeasurements.Change) -> String {
        "\(WorkloadMeasurements.Change.number(change.change.factor))-fold"
    }
}
