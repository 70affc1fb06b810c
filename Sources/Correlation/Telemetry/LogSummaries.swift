internal import FastJSON
internal import FoundationEssentials
internal import IncidentModel

/// Logs of which only patterns with their counts were kept.
struct LogSummaries: Sendable {
    /// One pattern of a workload's errors, as the log signatures read its sample.
    struct Saying: Sendable {
        let said: LogFinding
        let count: Int
        /// Share of all lines of the log, or of its errors where only those were counted; `nil` where neither is known.
        let share: Double?
        let citation: Citation
    }

    let byWorkload: [ObjectReference: [Saying]]
    let gaps: [EvidenceGap]

    static let path = "telemetry/log_error_patterns.json"
    static let empty = LogSummaries(byWorkload: [:], gaps: [])
    private static let mostBytes = 64 << 20
    private static let mostServices = 5_000
    private static let mostPatterns = 200

    private init(byWorkload: [ObjectReference: [Saying]], gaps: [EvidenceGap]) {
        self.byWorkload = byWorkload
        self.gaps = gaps
    }

    init(_ data: Data, components: ComponentIndex, now: Date) {
        func none(_ reason: String) -> LogSummaries { LogSummaries(byWorkload: [:], gaps: [EvidenceGap(path: Self.path, reason: reason)]) }
        guard data.count <= Self.mostBytes else {
            self = none("\(data.count) bytes are more than is read")
            return
        }
        let root: JSONValue
        do throws(JSONError) { root = try JSONValue(parsing: data) } catch {
            self = none("it is no JSON")
            return
        }
        guard root.kind == .object else {
            self = none("it holds no services")
            return
        }
        var found: [ObjectReference: [Saying]] = [:]
        for (service, summary) in root.members.prefix(Self.mostServices) {
            guard let workload = components[service] else { continue }
            found[workload, default: []] += Self.sayings(of: service, summary, workload, now: now)
        }
        self.init(
            byWorkload: found.filter { !$0.value.isEmpty }.mapValues { sayings in
                sayings.sorted { (-$0.count, $0.citation.field ?? "") < (-$1.count, $1.citation.field ?? "") }
            }, gaps: [])
    }

    private static func sayings(of service: String, _ summary: JSONValue, _ workload: ObjectReference, now: Date) -> [Saying] {
        let lines = number(summary["total_log_count"])
        let errors = number(summary["total_errors"])
        return summary["patterns"].array.prefix(mostPatterns).enumerated().flatMap { index, pattern -> [Saying] in
            guard let sample = pattern["sample"].string ?? pattern["pattern"].string ?? pattern["template"].string, !sample.isEmpty else {
                return []
            }
            let count = Int(max(0, min(1e12, number(pattern["count"]) ?? 1)))
            guard count > 0 else { return [] }
            let total = [lines, errors].compactMap { $0 }.max()
            let share = total.flatMap { $0 > 0 ? min(1, Double(count) / $0) : nil } ?? ratio(pattern["ratio"])
            // One sample is one entry: the reading decides what it means, the counts how much.
            let reading = LogReading(String(sample.prefix(16_384)), now: now)
            return reading.findings.map { said in
                Saying(
                    said: said, count: count, share: share,
                    citation: Citation(
                        source: .log, object: workload, field: "\(path) \(service).patterns[\(index)]", time: said.last,
                        text: Citation.cut(said.line.text) + " (\(Phrase.count(count, "time")))"))
            }
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        (value.double ?? value.string.flatMap { Double($0.filter { $0 != "," }) }).flatMap { $0.isFinite ? $0 : nil }
    }

    // A share, a percentage, or either as text.
    private static func ratio(_ value: JSONValue) -> Double? {
        let text = value.string.map { $0.hasSuffix("%") ? ($0.dropLast(), 100.0) : ($0[...], 1.0) }
        guard let number = number(value) ?? text.flatMap({ pair in Double(pair.0).map { $0 / pair.1 } }), number.isFinite, number >= 0
        else { return nil }
        return number > 1 ? min(1, number / 100) : number
    }
}

extension LogSummaries.Saying {
    /// Times that count as often where the size of the log is not known.
    private static let fewestTimes = 3
    /// A lower share of a log's lines is what healthy programs say as well.
    private static let leastShare = 0.005
    /// From this share on the program hardly does anything else.
    private static let heavyShare = 0.2

    /// Whether it is said often enough to mean something.
    var isCommon: Bool { count >= Self.fewestTimes && (share ?? 1) >= Self.leastShare }

    /// Whether the program does little else than say so.
    var isHeavy: Bool { count >= Self.fewestTimes && (share ?? 0) >= Self.heavyShare }
}
