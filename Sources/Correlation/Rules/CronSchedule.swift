internal import FoundationEssentials

/// The five fields of a cron schedule, as robfig/cron reads them for the CronJob controller.
struct CronSchedule: Sendable {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// Where both day fields are restricted, either suffices.
    private let isAnyDay: Bool

    private static let macros = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
    private static let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// - Returns: `nil` for text that is no schedule; `@every` and zones in the text are none here either.
    init?(_ text: String) {
        let expanded = Self.macros[text.lowercased().trimmingSpaces] ?? text
        let fields = expanded.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { String($0).lowercased() }
        guard fields.count == 5, let minutes = Self.values(fields[0], 0...59), let hours = Self.values(fields[1], 0...23),
            let days = Self.values(fields[2], 1...31), let months = Self.values(fields[3], 1...12, names: Self.monthNames, first: 1),
            let weekdays = Self.values(fields[4], 0...7, names: Self.dayNames, first: 0)
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = Set(weekdays.map { $0 % 7 })
        isAnyDay = !fields[2].hasPrefix("*") && !fields[2].hasPrefix("?") && !fields[4].hasPrefix("*") && !fields[4].hasPrefix("?")
    }

    /// Whether it comes due in every hour of every day.
    var isHourly: Bool { hours.count == 24 && days.count == 31 && months.count == 12 && weekdays.count == 7 }

    /// Whether its day is in none of its months, such as 31 February.
    var neverComes: Bool {
        guard !isAnyDay, weekdays.count == 7, let first = days.min() else { return false }
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return months.allSatisfy { first > longest[$0 - 1] }
    }

    /// The last time it came due before a moment, in UTC; `nil` where that is before `start`, or more than a year ago.
    func last(before moment: Date, notBefore start: Date) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var day = calendar.startOfDay(for: moment)
        for _ in 0..<366 {
            guard day.addingTimeInterval(86_400) > start else { return nil }
            let parts = calendar.dateComponents([.month, .day, .weekday], from: day)
            if isDue(month: parts.month ?? 0, day: parts.day ?? 0, weekday: (parts.weekday ?? 1) - 1),
                let time = lastTime(on: day, before: moment)
            {
                return time >= start ? time : nil
            }
            day = day.addingTimeInterval(-86_400)
        }
        return nil
    }

    private func isDue(month: Int, day: Int, weekday: Int) -> Bool {
        guard months.contains(month) else { return false }
        return isAnyDay ? days.contains(day) || weekdays.contains(weekday) : days.contains(day) && weekdays.contains(weekday)
    }

    private func lastTime(on day: Date, before moment: Date) -> Date? {
        for hour in hours.sorted(by: >) {
            for minute in minutes.sorted(by: >) {
                let time = day.addingTimeInterval(Double(hour * 3_600 + minute * 60))
                if time < moment { return time }
            }
        }
        return nil
    }

    // MARK: Fields

    private static func values(_ field: String, _ range: ClosedRange<Int>, names: [String] = [], first: Int = 0) -> Set<Int>? {
        var result: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count <= 2, let span = span(String(halves[0]), range, names: names, first: first, hasStep: halves.count == 2)
            else {
                return nil
            }
            let step = halves.count == 2 ? Int(halves[1]) ?? 0 : 1
            guard step > 0 else { return nil }
            result.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        return result.isEmpty ? nil : result
    }

    private static func span(
        _ text: String, _ range: ClosedRange<Int>, names: [String], first: Int, hasStep: Bool
    ) -> ClosedRange<Int>? {
        if text == "*" || text == "?" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { end in
            Int(end) ?? names.firstIndex(of: String(end)).map { $0 + first }
        }
        guard (1...2).contains(ends.count), let low = ends[0], range.contains(low) else { return nil }
        // `5/10` runs from 5 to the end of the range.
        guard ends.count == 2 else { return low...(hasStep ? range.upperBound : low) }
        guard let high = ends[1], range.contains(high), low <= high else { return nil }
        return low...high
    }
}

extension String {
    fileprivate var trimmingSpaces: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
