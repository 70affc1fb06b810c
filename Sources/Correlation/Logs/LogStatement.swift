import FoundationEssentials

/// What one entry of a log comes to.
struct LogStatement: Sendable {
    let line: LogLine
    let level: LogLine.Level?
    let signature: LogFinding.Signature?
    let subject: LogSubject
    let frame: String?
    let isCrash: Bool
    let isTrace: Bool
    let isServerSide: Bool
    let recovery: [UInt8]?
    let recoveryRange: Range<Int>
    let listeningPort: Int?
    let isAccess: Bool
    let isClosing: Bool
    let announcesRetry: Bool
}

extension LogStatement {
    /// Reads an entry: the deepest statement with a known signature decides, of which others may complete host and port.
    init(_ entry: LogEntry, memory: inout MatchMemory) {
        let ordered = entry.byDepth
        let surroundings = entry.parts.count > 1 ? Array(entry.parts.prefix(8).map(\.bytes).joined(separator: [0x20]).prefix(2_048)) : []
        var flags = SignatureMatcher.Reading()
        var decided: (part: LogEntry.Part, match: SignatureMatcher.Match)?
        var port: Int?
        var recovery: (bytes: [UInt8], range: Range<Int>)?
        for part in ordered {
            let context = part.record.number == entry.head.number ? entry.head.context : []
            let reading = memory.read(part.bytes, context: context, surroundings: surroundings, level: entry.head.level)
            flags.isAccess = flags.isAccess || reading.isAccess
            flags.isClosing = flags.isClosing || reading.isClosing
            flags.announcesRetry = flags.announcesRetry || reading.announcesRetry
            if let range = reading.recovery { recovery = recovery ?? (part.bytes, range) }
            if let start = reading.listening { port = port ?? ListeningPorts.port(part.bytes, context: context, from: start) }
            if let match = reading.match, Self.counts(match, part), Self.outranks(match, decided?.match) { decided = (part, match) }
        }
        // A name and what is wrong with it may stand on two lines.
        if decided == nil, !entry.isTrace, !surroundings.isEmpty {
            let match = memory.read(surroundings, context: [], surroundings: [], level: entry.head.level).match
            decided = match.map { (entry.parts[0], $0) }
        }
        self.init(entry: entry, ordered: ordered, decided: decided, flags: flags, port: port, recovery: recovery)
    }

    /// A look-up that failed before the last exception says little; a dependency or a file that failed then is most likely its cause.
    private static func counts(_ match: SignatureMatcher.Match, _ part: LogEntry.Part) -> Bool {
        !part.wasBeingHandled || match.row.signature.isAboutDependency || match.row.signature.isAboutFile
    }

    /// Whether a shallower statement tells more: it names a cause where the deeper does not, or the host.
    private static func outranks(_ match: SignatureMatcher.Match, _ decided: SignatureMatcher.Match?) -> Bool {
        guard let decided else { return true }
        if decided.row.signature == match.row.signature {
            let losesPort = decided.subject.port != nil && match.subject.port == nil
            return decided.isHostBorrowed && match.subject.host != nil && !match.isHostBorrowed && !losesPort
        }
        return decided.row.signature.isGeneral && !match.row.signature.isGeneral
    }

    private init(
        entry: LogEntry, ordered: [LogEntry.Part], decided: (part: LogEntry.Part, match: SignatureMatcher.Match)?,
        flags: SignatureMatcher.Reading, port: Int?, recovery: (bytes: [UInt8], range: Range<Int>)?
    ) {
        let head = entry.head
        let deepest = ordered.first { $0.isException }
        let exceptionPart = decided.map { $0.part.isException ? $0.part : deepest } ?? deepest
        let exception = exceptionPart.flatMap { ExceptionText($0.bytes, anyType: entry.isPython) ?? Self.bare($0, entry) }
        var subject = decided?.match.subject ?? LogSubject()
        var signature = decided?.match.row.signature
        if signature == nil, entry.isTrace, head.level == nil || (head.level ?? .info) >= .warning, exception != nil || entry.isCrash {
            signature = entry.isCrash ? Self.crashSignature(exception) : .loggedException
            subject.name = exception?.name
        }
        if signature == nil, head.level == .fatal, !Self.isSessionOnly(head) { signature = .fatalMessage }
        if entry.isTrace, let exception { subject.detail = subject.detail ?? exception.phrase }
        if signature == .uncaughtException || signature == .loggedException || signature == .panic, subject.name == nil {
            subject.name = exception?.name
        }
        let cited = decided?.part ?? deepest ?? entry.parts[0]
        line = cited.record.number == head.number ? head.line : Self.line(cited, head)
        level = entry.isCrash ? max(head.level ?? .error, .error) : head.level
        self.signature = flags.isAccess ? nil : signature
        self.subject = subject
        frame = decided?.part.frame ?? ordered.lazy.compactMap(\.frame).first
        isCrash = entry.isCrash
        isTrace = entry.isTrace
        isServerSide = (signature?.isAboutDependency ?? false) && Self.isServerSide(head)
        self.recovery = signature == nil ? recovery?.bytes : nil
        recoveryRange = recovery?.range ?? 0..<0
        listeningPort = port
        isAccess = flags.isAccess
        isClosing = flags.isClosing
        announcesRetry = flags.announcesRetry
    }

    private static func crashSignature(_ exception: ExceptionText?) -> LogFinding.Signature {
        exception?.type == "panic" || exception?.type == "fatal error" ? .panic : .uncaughtException
    }

    /// The message of a panic that stands on a line of its own.
    private static func bare(_ part: LogEntry.Part, _ entry: LogEntry) -> ExceptionText? {
        guard entry.isCrash, part.isException else { return nil }
        return ExceptionText(
            Array("thread 'x' panicked at '\(String(decoding: part.bytes.map { $0 == 0x27 ? 0x60 : $0 }, as: UTF8.self))'".utf8))
    }

    private static func line(_ part: LogEntry.Part, _ head: LogRecord) -> LogLine {
        let line = part.record.line
        return LogLine(
            text: line.text, message: line.message, time: line.time ?? head.time, level: line.level ?? head.level, number: line.number)
    }

    /// PostgreSQL calls the end of one client's session fatal; the server itself, process 1 in a container, goes on.
    private static func isSessionOnly(_ head: LogRecord) -> Bool {
        isPostgresServer(head) && !LogText(head.message).contains("could not") && !LogText(Array(head.text.prefix(80))).contains("[1] ")
    }

    private static func isServerSide(_ head: LogRecord) -> Bool {
        isPostgresServer(head) || LogText(head.message).contains("[my-0") || isMongoServer(head)
    }

    /// MongoDB since 4.4 writes JSON; what a client did stands under the connection it came by.
    private static func isMongoServer(_ head: LogRecord) -> Bool {
        guard head.isStructured else { return false }
        let text = LogText(Array(head.text.prefix(400)))
        return text.contains("\"ctx\":\"conn") && text.contains("\"c\":")
    }

    /// `[7] FATAL:  …` behind the time, as PostgreSQL's standard prefix has it.
    private static func isPostgresServer(_ head: LogRecord) -> Bool {
        let text = LogText(Array(head.text.prefix(80)))
        guard let close = text.position(of: "] "), close < 60 else { return false }
        let begin = text.runStart(before: close) { LogText.isDigit($0) || $0 == UInt8(ascii: "-") }
        guard begin < close, text[begin - 1] == UInt8(ascii: "[") else { return false }
        var index = close + 1
        // `user@database` may stand in between.
        for _ in 0..<2 {
            index = text.skippingSpaces(index)
            for word in ["fatal:  ", "error:  ", "panic:  ", "log:  ", "warning:  "] where text.hasPrefix(word, at: index) { return true }
            index = text.run(from: index) { $0 > 0x20 }.upperBound
        }
        return false
    }
}
