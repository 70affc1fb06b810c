import FoundationEssentials

/// Reads a log piece by piece, so that its size does not matter: memory holds one line, one entry and what was found.
///
///     var reader = LogReader(now: now)
///     for chunk in chunks { reader.read(chunk) }
///     let reading = reader.finish()
struct LogReader: Sendable {
    /// Longest line read; the rest of a longer one is skipped.
    static let maximumLineLength = 4_096
    private static let keptLines = 5
    private static let maximumPorts = 32

    private let now: Date
    private var memory: MatchMemory
    private var collector = FindingCollector()
    private var entry: LogEntry?
    private var lastRecords: [LogRecord] = []
    private var ports: Set<Int> = []
    private var lineCount = 0
    /// Start of a line whose end has not come yet.
    private var rest: [UInt8] = []

    init(now: Date, matcher: SignatureMatcher = .standard) {
        self.now = now
        memory = MatchMemory(matcher: matcher)
    }

    /// Reads the next bytes of the log, cut anywhere.
    mutating func read(_ chunk: some Sequence<UInt8>) {
        let done: Void? = chunk.withContiguousStorageIfAvailable { read($0) }
        if done == nil { Array(chunk).withUnsafeBufferPointer { read($0) } }
    }

    private mutating func read(_ chunk: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while start < chunk.count {
            guard let end = chunk[start...].firstIndex(of: 0x0a) else { return keep(chunk[start...]) }
            if rest.isEmpty {
                line(UnsafeBufferPointer(rebasing: chunk[start..<min(end, start + Self.maximumLineLength)]))
            } else {
                keep(chunk[start..<end])
                endRest()
            }
            start = end + 1
        }
    }

    private mutating func keep(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
        rest += bytes.prefix(max(0, Self.maximumLineLength - rest.count))
    }

    private mutating func endRest() {
        let bytes = rest
        rest.removeAll(keepingCapacity: true)
        bytes.withUnsafeBufferPointer { line($0) }
    }

    private mutating func line(_ raw: UnsafeBufferPointer<UInt8>) {
        lineCount += 1
        let record = LogRecord(raw, number: lineCount, now: now)
        if !record.isBlank {
            if lastRecords.count == Self.keptLines { lastRecords.removeFirst() }
            lastRecords.append(record)
        }
        if entry?.absorb(record) ?? record.isBlank { return }
        closeEntry()
        entry = LogEntry(record)
    }

    private mutating func closeEntry() {
        guard let closed = entry else { return }
        entry = nil
        let statement = LogStatement(closed, memory: &memory)
        if let port = statement.listeningPort, ports.count < Self.maximumPorts { ports.insert(port) }
        collector.add(statement)
    }

    /// Ends the log.
    consuming func finish() -> LogReading {
        if !rest.isEmpty { endRest() }
        closeEntry()
        return LogReading(
            findings: collector.findings(), lastLines: lastRecords.map(\.line), listeningPorts: ports.sorted(), lineCount: lineCount)
    }
}
