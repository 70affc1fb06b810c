internal import FoundationEssentials
internal import IncidentModel

/// The table of metrics, by workload.
struct MetricsReading: Sendable {
    let byWorkload: [ObjectReference: WorkloadMeasurements]
    let gaps: [EvidenceGap]
    /// Moments closer together than this cannot be told apart.
    let resolutionSeconds: Double

    static let empty = MetricsReading(byWorkload: [:], gaps: [], resolutionSeconds: 0)

    private init(byWorkload: [ObjectReference: WorkloadMeasurements], gaps: [EvidenceGap], resolutionSeconds: Double) {
        self.byWorkload = byWorkload
        self.gaps = gaps
        self.resolutionSeconds = resolutionSeconds
    }

    private typealias Named = (reference: ObjectReference, measure: Measure, series: TimeSeries)

    init(_ table: MetricsTable, components: ComponentIndex) {
        var named: [Named] = []
        var unknown: Set<String> = []
        for series in table.series {
            guard let name = SeriesName(series.name, isKnown: { components[$0] != nil }) else { continue }
            guard let reference = components[name.component] else {
                unknown.insert(name.component)
                continue
            }
            let prepared = Self.prepared(series, name.measure)
            if !prepared.values.isEmpty { named.append((reference, name.measure, prepared)) }
        }
        let floors = Self.floors(named)
        var result: [ObjectReference: WorkloadMeasurements] = [:]
        for (reference, measure, series) in named {
            let detector = Self.detector(measure, series, floor: floors[measure] ?? 0)
            result[reference, default: WorkloadMeasurements()].add(measure, series, detector.change(in: series))
        }
        var gaps = table.gaps
        if named.isEmpty, let first = unknown.min() {
            gaps.append(
                EvidenceGap(
                    path: MetricsTable.path, reason: "its \(Phrase.count(unknown.count, "component")) (\(first), …) are no workloads here"))
        }
        let resolution = named.map { 2 * $0.series.bucketed().stepSeconds }.max() ?? 0
        self.init(byWorkload: result, gaps: gaps, resolutionSeconds: max(resolution, 1))
    }

    private static func prepared(_ series: TimeSeries, _ measure: Measure) -> TimeSeries {
        switch measure {
        case .cpu, .cpuThrottling, .requests, .errors, .networkTraffic, .networkLoss, .diskTraffic: series.rateIfCounter()
        // Without requests there is no latency; exporters write 0.
        case .latencyMedian, .latencyTail, .networkLatency: series.filtered { $0 > 0 }
        case .memory, .diskUse: series
        case .successRate: unit(series.filtered { $0 >= 0 })
        }
    }

    // Success in 0...1, whether it was written so or in percent.
    private static func unit(_ series: TimeSeries) -> TimeSeries {
        guard (series.values.max() ?? 0) > 1.5 else { return series }
        return TimeSeries(name: series.name, times: series.times, values: series.values.map { $0 / 100 })
    }

    /// What counts as nothing: a tenth of what the workloads have in the middle. A rise from next to nothing to little is none.
    private static func floors(_ named: [Named]) -> [Measure: Double] {
        var levels: [Measure: [Double]] = [:]
        for (_, measure, series) in named {
            let level = RobustStatistics.median(series.bucketed().values)
            if level > 0 { levels[measure, default: []].append(level) }
        }
        return levels.mapValues { 0.1 * RobustStatistics.median($0) }
    }

    // How much of a change matters, by measure. Memory climbs slowly when it leaks; the rest steps.
    private static func detector(_ measure: Measure, _ series: TimeSeries, floor: Double) -> ChangeDetector {
        let scale = max(series.values.max() ?? 0, 0) > 1.5 ? 100.0 : 1.0
        switch measure {
        case .cpu: return ChangeDetector(factor: 1.6, floor: floor)
        case .cpuThrottling: return ChangeDetector(factor: 1.5, leastDifference: 0.05 * scale, floor: floor)
        case .memory: return ChangeDetector(factor: 1.25, floor: floor, isGradualAllowed: true)
        case .requests: return ChangeDetector(factor: 1.5, floor: floor)
        case .successRate: return ChangeDetector(factor: 1, leastDifference: 0.02, leastNoise: 0.003)
        case .errors: return ChangeDetector(factor: 2, leastDifference: scale == 1 ? 0.02 : 1, floor: min(floor, 0.01 * scale))
        case .latencyMedian, .latencyTail, .networkLatency: return ChangeDetector(factor: 1.5, floor: 0.1 * floor)
        case .networkLoss: return ChangeDetector(factor: 2, floor: floor)
        case .networkTraffic: return ChangeDetector(factor: 1.5, floor: floor)
        case .diskUse: return ChangeDetector(factor: 1.1, floor: floor, isGradualAllowed: true)
        case .diskTraffic: return ChangeDetector(factor: 2, floor: floor)
        }
    }
}
