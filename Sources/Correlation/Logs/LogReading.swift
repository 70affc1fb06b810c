import FoundationEssentials

/// What one log says, boiled down.
struct LogReading: Sendable {
    /// One for each kind of failure and subject; the last words first, then what still stands, the latest before the others.
    let findings: [LogFinding]
    /// The last lines that are not empty, oldest first, at most five.
    let lastLines: [LogLine]
    /// Ports the program says it listens on, ascending.
    let listeningPorts: [Int]
    let lineCount: Int
}

extension LogReading {
    /// Reads the text of one container's log.
    /// - Parameter now: when the evidence was taken; dates without a year are read as the last such date before it.
    init(_ text: String, now: Date) {
        var reader = LogReader(now: now)
        reader.read(text.utf8)
        self = reader.finish()
    }
}
