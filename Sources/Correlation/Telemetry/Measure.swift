/// What a series measures, as far as it bears on causes.
enum Measure: String, Sendable, CaseIterable {
    case cpu, cpuThrottling, memory, requests, successRate, errors, latencyMedian, latencyTail
    case networkLoss, networkLatency, networkTraffic, diskUse, diskTraffic

    /// Words of the measure's own name, beginning with it: `cpu_cfs`, `p95latency`, `network_receive_bytes`. Common exporters and public
    /// recordings of microservice faults name them so.
    init?(_ name: some StringProtocol) {
        let word = name.lowercased().replacing("-", with: "_")
        // What is allowed is no measurement.
        if Phrase.containsAny(word, ["limit", "quota", "cpu_request", "mem_request", "memory_request"]) { return nil }
        guard let found = Self.starts.first(where: { start in start.words.contains { word.hasPrefix($0) } }) else { return nil }
        self = found.refine(word)
    }

    var isLatency: Bool { self == .latencyMedian || self == .latencyTail }

    private typealias Start = (words: [String], refine: @Sendable (String) -> Measure)

    private static let starts: [Start] = [
        (["cpu", "container_cpu", "throttl"], { Phrase.containsAny($0, ["cfs", "throttl"]) ? .cpuThrottling : .cpu }),
        (["mem", "container_memory", "rss", "working_set"], { _ in .memory }),
        (
            [
                "p50", "p75", "p90", "p95", "p99", "latency", "duration", "response_time", "request_duration", "mean_latency",
                "avg_latency",
            ], { latency($0) }
        ),
        (
            ["rps", "qps", "load", "workload", "requests", "request_rate", "request_count", "throughput", "istio_requests"],
            { _ in .requests }
        ),
        (["success", "availability"], { _ in .successRate }),
        (["error", "err_rate", "failure", "failed", "5xx", "http_5xx"], { _ in .errors }),
        (["network", "net_", "tcp_", "packet", "container_network"], { network($0) }),
        (["disk", "fs_", "filesystem", "io_", "diskio", "container_fs", "volume"], { disk($0) }),
    ]

    private static func latency(_ word: String) -> Measure {
        Phrase.containsAny(word, ["75", "90", "95", "99", "max"]) ? .latencyTail : .latencyMedian
    }

    private static func network(_ word: String) -> Measure {
        if Phrase.containsAny(word, ["loss", "drop", "retrans", "error", "fail", "reset"]) { return .networkLoss }
        return Phrase.containsAny(word, ["latency", "delay", "rtt"]) ? .networkLatency : .networkTraffic
    }

    private static func disk(_ word: String) -> Measure {
        let isUse = Phrase.containsAny(word, ["percent", "ratio", "used", "usage_rate", "utilization"])
        return isUse && !Phrase.containsAny(word, ["io", "read", "write"]) ? .diskUse : .diskTraffic
    }
}

/// The name of a column taken apart: `<workload>-<measure>`.
struct SeriesName: Sendable, Hashable {
    let component: String
    let measure: Measure

    private static let separators: Set<Character> = ["-", "_", ".", ":", "/", "|"]

    /// - Parameter isKnown: whether a name is that of a workload, Service or pod; the longest known one wins, for names have dashes.
    init?(_ column: String, isKnown: (String) -> Bool) {
        let splits = column.indices.filter { Self.separators.contains(column[$0]) && $0 > column.startIndex }
        let parts = splits.map { (component: String(column[..<$0]), rest: column[column.index(after: $0)...]) }.filter { !$0.rest.isEmpty }
        if let known = parts.last(where: { isKnown($0.component) && Measure($0.rest) != nil }), let measure = Measure(known.rest) {
            self.init(component: known.component, measure: measure)
            return
        }
        // From the right, as long as the rest begins with a word of a measure.
        guard var index = parts.indices.last(where: { Measure(parts[$0].rest) != nil }) else { return nil }
        while index > 0, Measure(parts[index - 1].rest) != nil { index -= 1 }
        guard let measure = Measure(parts[index].rest) else { return nil }
        self.init(component: parts[index].component, measure: measure)
    }

    private init(component: String, measure: Measure) {
        self.component = component
        self.measure = measure
    }
}
