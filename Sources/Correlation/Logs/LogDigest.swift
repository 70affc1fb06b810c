public import FoundationEssentials
internal import IncidentModel

/// What a log of any size says goes wrong: each failure once, with how often and when it was said.
public struct LogDigest: Encodable, Sendable {
    /// One failure and everything the log says about it. Texts are of the log, cut, and without the credentials in them.
    public struct Failure: Encodable, Sendable {
        /// Its class in words, such as `connection refused`.
        public let kind: String
        /// The most telling line.
        public let line: String
        /// Entries that say the same.
        public let count: Int
        public let first: Date?
        public let last: Date?
        /// Whether the log ends with it.
        public let isFatal: Bool
        /// Whether the log goes on without it, or says that it is over.
        public let isRecovered: Bool
        /// Host, port, path, user, name and first own stack frame, as far as the log tells them.
        public let details: [String: String]

        enum CodingKeys: String, CodingKey {
            case kind, line, count, first, last, details
            case isFatal = "fatal"
            case isRecovered = "recovered"
        }
    }

    public let lineCount: Int
    /// The last words first, then what still stands.
    public let failures: [Failure]
    /// The last lines that are not empty, oldest first.
    public let lastLines: [String]

    enum CodingKeys: String, CodingKey {
        case failures
        case lineCount = "lines"
        case lastLines = "last_lines"
    }

    init(_ reading: LogReading) {
        lineCount = reading.lineCount
        failures = reading.findings.map(Failure.init)
        lastLines = reading.lastLines.map { Citation.cut($0.text) }
    }
}

/// Reads a log piece by piece; memory holds a line, an entry, and what was found so far.
public struct LogDigestReader: Sendable {
    private var reader: LogReader

    /// - Parameter now: dates without a year are read as the last such date before it.
    public init(now: Date) { reader = LogReader(now: now) }

    /// Reads the next bytes of the log, cut anywhere.
    public mutating func read(_ chunk: some Sequence<UInt8>) { reader.read(chunk) }

    /// Ends the log.
    public consuming func finish() -> LogDigest { LogDigest(reader.finish()) }
}

extension LogDigest.Failure {
    fileprivate init(_ finding: LogFinding) {
        kind = finding.signature.words
        line = Citation.cut(finding.line.text)
        count = finding.count
        first = finding.first
        last = finding.last
        isFatal = finding.isFatal
        isRecovered = finding.isRecovered
        let told = [
            "host": finding.host, "port": finding.port.map { String($0) }, "path": finding.path, "user": finding.user, "name": finding.name,
            "detail": finding.detail, "frame": finding.frame,
        ]
        details = told.compactMapValues { $0.map(Citation.cut) }
    }
}

extension LogFinding.Signature {
    /// Its name as words: `connectionRefused` is "connection refused".
    fileprivate var words: String {
        rawValue.reduce(into: "") { words, letter in words += letter.isUppercase ? " \(letter.lowercased())" : String(letter) }
    }
}
