import FoundationEssentials

/// One line of a log as it may be cited.
struct LogLine: Sendable, Hashable {
    /// How grave the program itself says the line is.
    enum Level: Int, Sendable, Comparable, CaseIterable {
        case debug, info, warning, error, fatal

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The original text without leading times, terminal controls removed, cut at 4 KiB.
    let text: String
    /// What the program said: of a JSON or logfmt line its message and error fields, otherwise the same as `text`.
    let message: String
    /// The kubelet's time of the line, or else the program's own.
    let time: Date?
    /// `nil` where the line names none.
    let level: Level?
    /// Position in the log, counted from 1.
    let number: Int

    init(text: String, message: String? = nil, time: Date? = nil, level: Level? = nil, number: Int = 1) {
        self.text = text
        self.message = message ?? text
        self.time = time
        self.level = level
        self.number = number
    }
}
