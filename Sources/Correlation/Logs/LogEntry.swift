/// One thing a program said: a line and the lines that continue it, stack traces included.
///
/// It keeps only what decides: statements, and of the frames the first own one each.
struct LogEntry: Sendable {
    /// A line that states something.
    struct Part: Sendable {
        var record: LogRecord
        var bytes: [UInt8]
        var isException = false
        /// The first own frame of this exception.
        var frame: String?
        /// Whether the next traceback of a Python chain is a direct consequence of this one.
        var leadsDirectly = false
        /// Whether the program was dealing with it when the last exception came: often a try that was expected to fail.
        var wasBeingHandled = false
    }

    /// What the next line is expected to be.
    private enum Mode { case plain, stack, pythonFrames, goroutine, panicMessage, nodeSource, causeList }

    private(set) var parts: [Part]
    /// Whether the first line is one that runtimes print for an error nobody handled.
    private(set) var isCrash = false
    private(set) var isTrace = false
    private(set) var isPython = false
    private var mode = Mode.plain
    private var pendingFrame: String?
    private var pendingLink: Bool?
    private var sourceLines = 0

    private static let maximumParts = 40

    var head: LogRecord { parts[0].record }

    init(_ record: LogRecord) {
        parts = [Part(record: record, bytes: record.message)]
        let text = LogText(record.message)
        if let kind = CrashHead.read(text) {
            isCrash = true
            isTrace = true
            start(kind, text)
        }
        for line in record.embedded { absorb(embedded: line) }
    }

    private mutating func start(_ kind: CrashHead, _ text: LogText) {
        switch kind {
        case .exception:
            mode = .stack
            parts[0].isException = true
        case .traceback:
            mode = .pythonFrames
            isPython = true
        case .panicWithoutMessage: mode = .panicMessage
        case .source: mode = .nodeSource
        case .ruby(let statement, let frame):
            mode = .stack
            parts[0].bytes = statement
            parts[0].isException = true
            parts[0].frame = frame
        }
    }

    /// Takes a further line, if it belongs to this entry.
    /// - Returns: `false` for a line that begins the next one.
    mutating func absorb(_ record: LogRecord) -> Bool {
        if record.isStructured || record.hasOwnTime { return false }
        if record.isBlank { return true }
        let awaitsException = mode == .pythonFrames || mode == .nodeSource || mode == .panicMessage
        if let level = record.level, !awaitsException || level < .error { return false }
        return absorb(record, as: TraceLine.read(record))
    }

    /// Takes a line of a stack trace that a structured line carries.
    private mutating func absorb(embedded bytes: [UInt8]) {
        let head = head
        let isIndented = bytes.first == 0x20 || bytes.first == 0x09
        let record = LogRecord(
            number: head.number, time: head.time, level: nil, text: bytes, message: bytes, context: [], embedded: [], isStructured: false,
            hasOwnTime: false, isIndented: isIndented)
        if record.isBlank { return }
        let kind = TraceLine.read(record)
        if kind == .pythonHeader, pendingLink == nil { pendingLink = false }
        if !absorb(record, as: kind) { add(record, isException: ExceptionText(bytes) != nil) }
    }

    private mutating func absorb(_ record: LogRecord, as line: TraceLine) -> Bool {
        switch line {
        case .frame(let own): addFrame(own)
        case .cause: add(record, isException: true)
        case .causeList: mode = .causeList
        case .pythonHeader:
            guard pendingLink != nil || (head.level ?? .info) >= .error else { return false }
            parts[parts.count - 1].leadsDirectly = pendingLink ?? false
            pendingLink = nil
            pendingFrame = nil
            (mode, isTrace, isPython) = (.pythonFrames, true, true)
        case .pythonLink(let isDirect): pendingLink = isDirect
        case .goroutine:
            guard isTrace || mode == .goroutine || (head.level ?? .info) >= .error else { return false }
            (mode, isTrace) = (.goroutine, true)
        case .note: break
        case .other: return absorbStatement(record)
        }
        return true
    }

    private mutating func absorbStatement(_ record: LogRecord) -> Bool {
        switch mode {
        case .pythonFrames:
            if record.isIndented { return true }
            add(record, isException: true)
            parts[parts.count - 1].frame = pendingFrame
            mode = .stack
            return true
        case .panicMessage:
            add(record, isException: true)
            mode = .stack
            return true
        case .nodeSource:
            sourceLines += 1
            guard !record.isIndented, ExceptionText(record.text) != nil, !LogText(record.text).hasPrefix("throw ") else {
                return sourceLines < 10
            }
            add(record, isException: true)
            mode = .stack
            return true
        case .goroutine: return true
        case .causeList where record.isIndented:
            add(record, isException: true)
            return true
        case .plain, .stack, .causeList:
            if record.isIndented {
                add(record, isException: false)
                return true
            }
            guard (head.level ?? .info) >= .warning || isTrace, parts.count < 3, Self.isBareException(record.text) else { return false }
            add(record, isException: true)
            mode = .stack
            return true
        }
    }

    private mutating func add(_ record: LogRecord, isException: Bool) {
        if isException { isTrace = true }
        let bytes = Array(record.text.drop { $0 == 0x20 || $0 == 0x09 })
        if parts.count >= Self.maximumParts {
            guard isException else { return }
            parts.removeLast()
        }
        parts.append(Part(record: record, bytes: bytes, isException: isException))
    }

    private mutating func addFrame(_ own: String?) {
        isTrace = true
        if mode == .pythonFrames {
            pendingFrame = own ?? pendingFrame
        } else if mode == .goroutine || mode == .plain || mode == .stack || mode == .causeList {
            if parts[parts.count - 1].frame == nil { parts[parts.count - 1].frame = own }
            guard mode == .plain else { return }
            mode = .stack
            // Node.js and the JVM print an exception that somebody caught without any word in front of it.
            if !parts.contains(where: \.isException), ExceptionText(parts[parts.count - 1].bytes) != nil {
                parts[parts.count - 1].isException = true
            }
        }
    }

    /// `java.lang.IllegalStateException: …` at the start of a line: a dotted type, as log frameworks print below their line.
    private static func isBareException(_ bytes: [UInt8]) -> Bool {
        let first = bytes.prefix { $0 > 0x20 && $0 != UInt8(ascii: ":") }
        guard first.contains(UInt8(ascii: ".")) || first.contains(UInt8(ascii: "\\")) || first.count == bytes.count || first.count > 5
        else { return false }
        return first.count < bytes.count + 1 && ExceptionText(Array(first)) != nil
    }

    /// Statements from the one that most likely names the cause to the one that least likely does.
    var byDepth: [Part] {
        let exceptions = parts.filter(\.isException)
        var ordered = isPython ? Self.pythonOrder(exceptions) : Array(exceptions.reversed())
        ordered += parts.filter { !$0.isException }
        return ordered
    }

    /// Last traceback first; what led to it directly before it.
    private static func pythonOrder(_ exceptions: [Part]) -> [Part] {
        var groups: [[Part]] = []
        for part in exceptions {
            if let last = groups.last?.last, last.leadsDirectly { groups[groups.count - 1].append(part) } else { groups.append([part]) }
        }
        for index in groups.indices.dropLast() { for part in groups[index].indices { groups[index][part].wasBeingHandled = true } }
        return groups.reversed().flatMap { $0 }
    }
}
