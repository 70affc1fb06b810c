internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// What a recording brings beside objects, events and logs: measurements, alerts and summaries of logs, read once.
struct ApplicationTelemetry: Sendable {
    let metrics: MetricsReading
    let alerts: [FiringAlert]
    let summaries: LogSummaries
    let calls: CallGraph?
    let gaps: [EvidenceGap]

    init(_ view: ClusterView, topology: Topology, namespaces: [String]) {
        let files = view.telemetry
        let table = files["metrics.csv"], patterns = files["log_error_patterns.json"], firing = files["alerts.json"]
        guard table != nil || patterns != nil || firing != nil else {
            metrics = .empty
            alerts = []
            summaries = .empty
            calls = nil
            gaps = []
            return
        }
        let components = ComponentIndex(topology, namespaces: namespaces)
        metrics = table.map { MetricsReading(MetricsTable($0), components: components) } ?? .empty
        summaries = patterns.map { LogSummaries($0, components: components, now: view.now) } ?? .empty
        let read = firing.map { FiringAlert.read($0, topology: topology, components: components, now: view.now) }
        alerts = read?.alerts ?? []
        calls = metrics.byWorkload.isEmpty ? nil : CallGraph(topology, components: components)
        gaps = metrics.gaps + summaries.gaps + (read?.gaps ?? [])
    }

    /// Workloads that serve badly by their measurements, or whose log says little else than errors.
    func suffers(_ workload: ObjectReference) -> Bool {
        metrics.byWorkload[workload]?.symptom != nil || (summaries.byWorkload[workload] ?? []).contains(where: \.isHeavy)
    }

    /// Alerts about one of these objects.
    func alerts(about objects: Set<ObjectReference>) -> [FiringAlert] {
        alerts.filter { $0.subject.map(objects.contains) ?? false }
    }
}

extension ApplicationTelemetry {
    /// Alerts that one citation list takes.
    private static let mostCited = 2

    /// Adds the alerts about a finding's objects to what it cites. They tell that something hurts, not why, so that they make nothing
    /// surer.
    func cite(in finding: inout Finding) {
        let about = alerts(about: [finding.object, finding.sufferer]).prefix(Self.mostCited)
        finding.citations += about.map(\.citation)
    }

    /// What was measured, in words with counts, for what a report lists as checked; `nil` where nothing was.
    var checked: String? {
        var parts: [String] = []
        if !metrics.byWorkload.isEmpty {
            let bad = metrics.byWorkload.values.filter { $0.symptom != nil }.count
            parts.append("measurements of \(Phrase.count(metrics.byWorkload.count, "workload")), \(bad) of them worse than before")
        }
        if !alerts.isEmpty {
            let names = Set(alerts.map { $0.name + ($0.subject.map { " on \($0)" } ?? "") }).sorted()
            parts.append("\(Phrase.count(names.count, "firing alert")) (\(Phrase.list(names, atMost: 3)))")
        }
        if !summaries.byWorkload.isEmpty { parts.append("summaries of \(Phrase.count(summaries.byWorkload.count, "log"))") }
        return parts.isEmpty ? nil : parts.joined(separator: "; ").capitalizedFirst
    }

    /// Workloads that serve worse than before by their measurements, in these namespaces; in all for none.
    func worse(in namespaces: [String]) -> [ObjectReference] {
        metrics.byWorkload.filter { $0.value.symptom != nil }.map(\.key).sorted().filter {
            namespaces.isEmpty || namespaces.contains($0.namespace ?? "")
        }
    }
}
