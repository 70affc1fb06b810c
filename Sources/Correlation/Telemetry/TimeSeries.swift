/// One measurement over time, without the moments at which it is missing.
struct TimeSeries: Sendable {
    /// The column it comes from.
    let name: String
    /// Seconds since 1970, ascending.
    let times: [Double]
    let values: [Double]

    /// Values beyond which more say nothing new about when something changed.
    private static let mostPoints = 240

    /// The series with at most 240 points, each the median of its stretch.
    func bucketed() -> TimeSeries {
        guard values.count > Self.mostPoints else { return self }
        let size = (values.count + Self.mostPoints - 1) / Self.mostPoints
        let starts = Array(stride(from: 0, to: values.count, by: size))
        return TimeSeries(
            name: name, times: starts.map { times[$0] },
            values: starts.map { RobustStatistics.median(values[$0..<min(values.count, $0 + size)]) })
    }

    /// Growth a second of a counter that only ever grows; the series itself where it is none.
    func rateIfCounter() -> TimeSeries {
        guard values.count >= 20, let first = values.first, let last = values.last, last > first else { return self }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        // A restart sets a counter back to 0; a measurement with noise falls every other time.
        guard steps.filter({ $0 < 0 }).count <= values.count / 50, steps.filter({ $0 > 0 }).count > values.count / 2 else { return self }
        var when: [Double] = []
        var rates: [Double] = []
        for (index, step) in steps.enumerated() where step >= 0 && times[index + 1] > times[index] {
            when.append(times[index + 1])
            rates.append(step / (times[index + 1] - times[index]))
        }
        return TimeSeries(name: name, times: when, values: rates)
    }

    /// Only the points whose value means something.
    func filtered(_ isMeant: (Double) -> Bool) -> TimeSeries {
        let kept = values.indices.filter { isMeant(values[$0]) }
        return TimeSeries(name: name, times: kept.map { times[$0] }, values: kept.map { values[$0] })
    }

    /// Seconds between two points, as a rule.
    var stepSeconds: Double {
        guard let first = times.first, let last = times.last, times.count > 1 else { return 0 }
        return (last - first) / Double(times.count - 1)
    }

    /// The median of its last eighth.
    var level: Double? {
        values.isEmpty ? nil : RobustStatistics.median(values.suffix(max(3, values.count / 8)))
    }
}
