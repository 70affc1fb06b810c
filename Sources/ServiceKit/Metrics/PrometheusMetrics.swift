public import CoreMetrics
import Synchronization

/// Keeps the metrics of a process and writes them in the text format of Prometheus (version 0.0.4).
///
/// Counters end in `_total`, times are in seconds; a timer and a recorder become histograms. A metric's label is its name.
public final class PrometheusMetrics: MetricsFactory, Sendable {
    /// The one of this process; a service that offers metrics makes it the metrics system.
    public static let shared = PrometheusMetrics()

    /// Series that are kept; what comes on top is not counted, so that no caller can fill the memory.
    private static let mostSeries = 5_000

    enum Kind: String { case counter, gauge, histogram }

    struct SeriesID: Hashable {
        let name: String
        let labels: [Label]
    }

    struct Label: Hashable {
        let name: String
        let value: String
    }

    private struct State {
        var kinds: [String: Kind] = [:]
        var series: [SeriesID: MetricSeries] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    // MARK: Factory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { series(label, dimensions, .counter) }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { series(label, dimensions, .gauge) }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .histogram : .gauge)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { series(label, dimensions, .histogram) }

    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func series(_ label: String, _ dimensions: [(String, String)], _ kind: Kind) -> MetricSeries {
        let id = SeriesID(
            name: Self.name(label), labels: dimensions.map { Label(name: Self.name($0.0), value: $0.1) }.sorted { $0.name < $1.name })
        return state.withLock { state in
            if let found = state.series[id] { return found }
            let series = MetricSeries(isGauge: kind == .gauge)
            guard state.series.count < Self.mostSeries else { return series }
            state.kinds[id.name] = state.kinds[id.name] ?? kind
            state.series[id] = series
            return series
        }
    }

    // MARK: Text

    /// All series, sorted by name and labels.
    public func text() -> String {
        let (kinds, series) = state.withLock { ($0.kinds, $0.series) }
        var result = ""
        for (name, members) in Dictionary(grouping: series, by: \.key.name).sorted(by: { $0.key < $1.key }) {
            let kind = kinds[name] ?? .gauge
            result += "# TYPE \(name) \(kind.rawValue)\n"
            for (id, series) in members.sorted(by: { Self.text($0.key.labels) < Self.text($1.key.labels) }) {
                result +=
                    kind == .histogram
                    ? Self.histogram(id, series.snapshot) : "\(name)\(Self.text(id.labels)) \(Self.number(series.snapshot.value))\n"
            }
        }
        return result
    }

    private static func histogram(_ id: SeriesID, _ snapshot: MetricSeries.Snapshot) -> String {
        var text = ""
        var sum = 0
        for (bound, count) in zip(MetricSeries.bounds, snapshot.buckets) {
            sum += count
            text += "\(id.name)_bucket\(Self.text(id.labels + [Label(name: "le", value: number(bound))])) \(sum)\n"
        }
        text += "\(id.name)_bucket\(Self.text(id.labels + [Label(name: "le", value: "+Inf")])) \(snapshot.count)\n"
        return text
            + "\(id.name)_sum\(Self.text(id.labels)) \(number(snapshot.value))\n\(id.name)_count\(Self.text(id.labels)) \(snapshot.count)\n"
    }

    private static func text(_ labels: [Label]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { label in
            let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(label.name)=\"\(value)\""
        }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// Letters, digits, `_` and `:` only, as names must be.
    private static func name(_ label: String) -> String {
        let isName = label.utf8.allSatisfy(isAllowed)
        return isName ? label : String(decoding: label.utf8.map { isAllowed($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}

/// The values of one name with one set of labels.
final class MetricSeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// Upper bounds of the histogram's buckets, in seconds.
    static let bounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    struct Snapshot: Sendable {
        /// Of a counter or gauge its value, of a histogram the sum.
        var value = 0.0
        var count = 0
        var buckets = [Int](repeating: 0, count: bounds.count)
    }

    private let isGauge: Bool
    private let state = Mutex(Snapshot())

    init(isGauge: Bool) { self.isGauge = isGauge }

    var snapshot: Snapshot { state.withLock { $0 } }

    func increment(by amount: Int64) { state.withLock { $0.value += Double(amount) } }
    func increment(by amount: Double) { state.withLock { $0.value += amount } }
    func decrement(by amount: Double) { state.withLock { $0.value -= amount } }
    func set(_ value: Int64) { state.withLock { $0.value = Double(value) } }
    func set(_ value: Double) { state.withLock { $0.value = value } }
    func reset() { state.withLock { $0 = Snapshot() } }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        state.withLock { state in
            if isGauge { return state.value = value }
            state.value += value
            state.count += 1
            if let bucket = Self.bounds.firstIndex(where: { value <= $0 }) { state.buckets[bucket] += 1 }
        }
    }
}
