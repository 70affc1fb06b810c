/// A lasting change of a measurement.
struct SeriesChange: Sendable, Hashable {
    /// Typical value before, and from the onset on.
    let before: Double
    let after: Double
    /// Seconds since 1970.
    let onset: Double
    /// When it went back; `nil` while it lasts.
    let end: Double?
    /// The difference in units of the noise before.
    let score: Double
    /// Below this a value counts as nothing.
    let floor: Double

    var isRise: Bool { after > before }
    /// How many times more, or less.
    var factor: Double {
        let low = max(min(before, after), floor, 1e-12)
        return max(max(before, after), floor, 1e-12) / low
    }
}

/// Finds the moment from which on a series has another level.
///
/// The values before a split and those after it are compared by their medians. To count, the difference must be many times the noise,
/// matter in size, last, and have hardly been seen before; a slow drift does not count unless it is asked for. The thresholds are judged
/// on generated series: noise, daily waves, single outliers, random walks and steps.
struct ChangeDetector: Sendable {
    /// How many times more or less a level must be.
    var factor = 1.5
    /// Least difference, in the unit of the series.
    var leastDifference = 0.0
    /// Below this a value counts as nothing.
    var floor = 0.0
    /// Noise is never taken to be less than this share of the level: quantised measurements stand still for long.
    var leastNoise = 0.03
    /// Whether a slow climb counts as well as a step.
    var isGradualAllowed = false

    private static let fewestPoints = 12
    private static let leastScore = 5.0
    private static let mostSplits = 60
    /// What comes and goes so many times is how a system lives: a cron job, a batch.
    private static let habit = 3
    private static let calmPoints = 3

    func change(in series: TimeSeries) -> SeriesChange? {
        let series = series.bucketed()
        let values = RobustStatistics.smoothed(series.values)
        let count = values.count
        guard count >= Self.fewestPoints, isWorthALook(values) else { return nil }
        let noise = RobustStatistics.stepNoise(series.values)
        let window = max(4, count / 10)
        let first = max(5, count / 12)
        for split in stride(from: first, through: count - 3, by: max(1, count / Self.mostSplits)) {
            guard contrast(values, split, window: window, noise: noise) != nil else { continue }
            let near = (split...min(count - 3, split + window)).compactMap { contrast(values, $0, window: window, noise: noise) }
            guard let best = near.max(by: { abs($0.difference) < abs($1.difference) }),
                let onset = onset(values, best, from: max(first / 2, split - window)), isStep(values, best, at: onset),
                episodes(values, best, from: onset) < Self.habit
            else { continue }
            return change(series, values, best, onset: onset, window: window)
        }
        return nil
    }

    private struct Contrast {
        let before: Double
        let after: Double
        let score: Double
        var difference: Double { after - before }
        var half: Double { (before + after) / 2 }
        func isBeyond(_ value: Double) -> Bool { difference > 0 ? value > half : value < half }
    }

    // Cheap: most series of a healthy system end here.
    private func isWorthALook(_ values: [Double]) -> Bool {
        guard let low = values.min(), let high = values.max() else { return false }
        return isLarge(low, high)
    }

    private func isLarge(_ before: Double, _ after: Double) -> Bool {
        let low = max(min(before, after), floor)
        let high = max(before, after)
        return high - min(before, after) > leastDifference && high >= factor * low && high > floor
    }

    private func contrast(_ values: [Double], _ split: Int, window: Int, noise: Double) -> Contrast? {
        let left = values[..<split]
        let right = values[split..<min(values.count, split + window)]
        let before = RobustStatistics.median(left)
        let after = RobustStatistics.median(right)
        guard isLarge(before, after) else { return nil }
        let spread = max(RobustStatistics.spread(left, around: before), noise, leastNoise * max(abs(before), floor), 1e-12)
        let found = Contrast(before: before, after: after, score: abs(after - before) / spread)
        // Few values behind the split prove little.
        guard found.score >= (right.count < 5 ? 1.6 * Self.leastScore : Self.leastScore),
            4 * right.filter(found.isBeyond).count >= 3 * right.count, 20 * left.filter(found.isBeyond).count <= left.count
        else { return nil }
        return found
    }

    private func onset(_ values: [Double], _ found: Contrast, from start: Int) -> Int? {
        (start..<values.count - 1).first { found.isBeyond(values[$0]) && found.isBeyond(values[$0 + 1]) }
    }

    private func isStep(_ values: [Double], _ found: Contrast, at onset: Int) -> Bool {
        if isGradualAllowed { return true }
        let near = max(4, values.count / 16)
        let left = values[max(0, onset - near)..<onset]
        let right = values[onset..<min(values.count, onset + near)]
        guard !left.isEmpty else { return false }
        let jump = RobustStatistics.median(right) - RobustStatistics.median(left)
        return jump * found.difference > 0 && abs(jump) >= 0.65 * abs(found.difference)
    }

    // Stretches beyond, between which it came back to what it was.
    private func episodes(_ values: [Double], _ found: Contrast, from onset: Int) -> Int {
        var count = 0
        var calm = Self.calmPoints
        for value in values[onset...] {
            if abs(value - found.before) < 0.25 * abs(found.difference) {
                calm += 1
            } else if found.isBeyond(value) {
                if calm >= Self.calmPoints { count += 1 }
                calm = 0
            }
        }
        return count
    }

    private func change(_ series: TimeSeries, _ values: [Double], _ found: Contrast, onset: Int, window: Int) -> SeriesChange {
        let tail = values.suffix(min(window, values.count - onset))
        let isOver = tail.filter(found.isBeyond).count * 4 < tail.count
        let last = values.indices.last { $0 >= onset && found.isBeyond(values[$0]) } ?? onset
        let episode = values[onset...max(last, onset)]
        // A climb is judged by how high it got.
        let after = RobustStatistics.median(isGradualAllowed ? episode.suffix(window) : episode)
        return SeriesChange(
            before: found.before, after: after, onset: series.times[onset], end: isOver ? series.times[last] : nil, score: found.score,
            floor: floor)
    }
}
