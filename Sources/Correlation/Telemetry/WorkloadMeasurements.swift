internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// What the series of one workload say.
struct WorkloadMeasurements: Sendable {
    /// One series that changed.
    struct Change: Sendable {
        let measure: Measure
        let series: String
        let change: SeriesChange
    }

    /// The strongest change of each measure.
    var changes: [Measure: Change] = [:]
    /// The latest level of each measure; of several series the highest, but the lowest success rate.
    var levels: [Measure: (series: String, value: Double)] = [:]

    var measured: Set<Measure> { Set(levels.keys) }

    func rise(_ measure: Measure) -> Change? { changes[measure].flatMap { $0.change.isRise ? $0 : nil } }
    func fall(_ measure: Measure) -> Change? { changes[measure].flatMap { $0.change.isRise ? nil : $0 } }

    /// The stronger of the two risen latencies.
    var slowness: Change? {
        [rise(.latencyTail), rise(.latencyMedian)].compactMap { $0 }.max { $0.change.factor < $1.change.factor }
    }

    /// Requests that fail more often than before.
    var failures: Change? { fall(.successRate) ?? rise(.errors) }

    /// How it shows that it serves badly; `nil` where it does not.
    var symptom: Change? { slowness ?? failures }

    /// When it began to serve badly.
    var onset: Double? { [slowness, failures].compactMap { $0?.change.onset }.min() }

    /// The changes that describe how it serves badly.
    var symptoms: [Change] { [slowness, failures].compactMap { $0 } }

    mutating func add(_ measure: Measure, _ series: TimeSeries, _ change: SeriesChange?) {
        if let level = series.level {
            let isWorse = levels[measure].map { measure == .successRate ? level < $0.value : level > $0.value } ?? true
            if isWorse { levels[measure] = (series.name, level) }
        }
        guard let change else { return }
        let found = Change(measure: measure, series: series.name, change: change)
        guard let known = changes[measure] else { return changes[measure] = found }
        if change.score > known.change.score { changes[measure] = found }
    }
}

extension WorkloadMeasurements.Change {
    /// `p95latency of cart-p95latency`, as a citation of the file and column.
    func citation(of object: ObjectReference) -> Citation {
        Citation(
            source: .metric, object: object, field: "\(MetricsTable.path) \(series)",
            time: Date(timeIntervalSince1970: change.onset), text: Citation.cut(words))
    }

    /// `0.11 before, 0.98 from 2026-11-23T18:40:00Z on (8.9 times as much)`.
    var words: String {
        let from = RFC3339.format(Date(timeIntervalSince1970: change.onset))
        let till = change.end.map { " until \(RFC3339.format(Date(timeIntervalSince1970: $0)))" } ?? " on"
        return "\(Self.number(change.before)) before, \(Self.number(change.after)) from \(from)\(till)"
            + (change.before > change.floor ? " (\(Self.number(change.after / change.before)) times)" : "")
    }

    var beforeText: String { Self.number(change.before) }
    var afterText: String { Self.number(change.after) }

    /// Three significant digits, without an exponent.
    static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "?" }
        guard value != 0 else { return "0" }
        var scale = 1.0
        while abs(value) * scale < 100, scale < 1e6 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
