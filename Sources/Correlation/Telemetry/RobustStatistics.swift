/// Statistics that single wild values do not move.
enum RobustStatistics {
    /// The middle value; 0 for none.
    static func median(_ values: some Sequence<Double>) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Spread in the unit of a standard deviation: the median absolute deviation times 1.4826, the factor that makes the two equal for
    /// a normal distribution (Rousseeuw and Croux, 1993).
    static func spread(_ values: some Sequence<Double>, around middle: Double) -> Double {
        1.4826 * median(values.map { abs($0 - middle) })
    }

    /// Noise from one value to the next, which a step or a trend hardly adds to.
    static func stepNoise(_ values: [Double]) -> Double {
        guard values.count > 2 else { return 0 }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        return spread(steps, around: median(steps)) / 2.0.squareRoot()
    }

    /// Each value replaced by the median of itself and its neighbours, so that a single outlier is gone and an edge stays.
    static func smoothed(_ values: [Double]) -> [Double] {
        guard values.count > 2 else { return values }
        return values.indices.map { index in
            let left = values[max(0, index - 1)]
            let right = values[min(values.count - 1, index + 1)]
            return max(min(left, values[index]), min(max(left, values[index]), right))
        }
    }
}
