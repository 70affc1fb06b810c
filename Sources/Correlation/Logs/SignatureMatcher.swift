/// Compares one message with the whole signature table in one pass.
struct SignatureMatcher: Sendable {
    /// What was recognised in a message.
    struct Reading: Sendable {
        var match: Match?
        /// Where words say that something works again.
        var recovery: Range<Int>?
        /// Behind words such as "listening on".
        var listening: Int?
        /// The program's record of a request it served, which tells nothing about the program.
        var isAccess = false
        /// Words of a program that ends, and the help text it prints then.
        var isClosing = false
        var announcesRetry = false

        static let nothing = Reading()
    }

    struct Match: Sendable {
        let row: SignatureRow
        var subject: LogSubject
        /// Whether the host stands in another line of the entry.
        var isHostBorrowed = false
    }

    static let standard = SignatureMatcher(rows: SignatureTable.rows)

    private struct CompiledRow: Sendable {
        let row: SignatureRow
        let any: Set<Int>
        let with: [[Int]]
        let unless: [Int]
    }

    private let automaton: NeedleAutomaton
    private let rows: [CompiledRow]
    /// Rows that a literal can start, and what kind of context words it belongs to.
    private let starters: [[Int]]
    private let contexts: [ContextWords.Kind?]

    init(rows: [SignatureRow]) {
        var numbers: [String: Int] = [:]
        func number(_ needle: String) -> Int {
            let marked = Self.marked(needle)
            if let known = numbers[marked] { return known }
            numbers[marked] = numbers.count
            return numbers.count - 1
        }
        self.rows = rows.map { row in
            CompiledRow(row: row, any: Set(row.any.map(number)), with: row.with.map { $0.map(number) }, unless: row.unless.map(number))
        }
        let words = ContextWords.all.flatMap { kind, words in words.map { (number($0), kind) } }
        var needles = [String](repeating: "", count: numbers.count)
        for (needle, index) in numbers { needles[index] = needle }
        automaton = NeedleAutomaton(needles)
        var starters = [[Int]](repeating: [], count: needles.count)
        for (index, row) in self.rows.enumerated() { for needle in row.any { starters[needle].append(index) } }
        self.starters = starters
        var contexts = [ContextWords.Kind?](repeating: nil, count: needles.count)
        for (needle, kind) in words { contexts[needle] = kind }
        self.contexts = contexts
    }

    /// - Parameters:
    ///   - context: members of a structured line from which hosts and the like may be read, but which prove nothing.
    ///   - surroundings: the other lines of the same entry, for a host that the message itself does not name.
    func read(_ message: [UInt8], context: [UInt8] = [], surroundings: [UInt8] = [], level: LogLine.Level?) -> Reading {
        var hits: [NeedleAutomaton.Hit] = []
        automaton.search(message, into: &hits)
        guard !hits.isEmpty else { return .nothing }
        var reading = Reading()
        let isHarmless = readContext(hits, level: level, into: &reading)
        guard !reading.isAccess, reading.recovery == nil, !isHarmless, level != .debug else { return reading }
        let found = Set(hits.map(\.needle))
        let candidates = Set(hits.flatMap { starters[$0.needle] }).sorted()
        for index in candidates {
            let row = rows[index]
            guard row.row.evenInfo || level != .info, !row.unless.contains(where: found.contains),
                row.with.allSatisfy({ $0.contains(where: found.contains) }),
                let hit = hits.first(where: { row.any.contains($0.needle) && HitGuard.counts($0.range, in: message) }),
                let match = match(row.row, hit: hit.range, message: message, context: context, surroundings: surroundings)
            else { continue }
            reading.match = match
            break
        }
        return reading
    }

    private func match(_ row: SignatureRow, hit: Range<Int>, message: [UInt8], context: [UInt8], surroundings: [UInt8]) -> Match? {
        let text = LogText(context.isEmpty ? message : message + [0x20] + context, hit: hit)
        var subject = LogSubject()
        for extract in row.extract { extract(text, &subject) }
        let isHostBorrowed = subject.host == nil && !surroundings.isEmpty && row.signature.isAboutDependency
        if isHostBorrowed { Extract.hosts(LogText(surroundings), &subject) }
        if subject.path == nil, row.signature.isAboutFile {
            Extract.path(LogText(surroundings, hit: surroundings.count..<surroundings.count), &subject)
        }
        return row.isSatisfied(by: subject) ? Match(row: row, subject: subject, isHostBorrowed: isHostBorrowed) : nil
    }

    /// Reads the words that decide whether the others count.
    /// - Returns: whether the message itself calls what it says harmless.
    private func readContext(_ hits: [NeedleAutomaton.Hit], level: LogLine.Level?, into reading: inout Reading) -> Bool {
        var isNegated = false
        var isHarmless = false
        let isQuiet = (level ?? .info) <= .info
        for hit in hits {
            switch contexts[hit.needle] {
            case .recovery where isQuiet: reading.recovery = reading.recovery ?? hit.range
            case .negation: isNegated = true
            case .harmless: isHarmless = level != .fatal
            case .listening where level ?? .info < .error: reading.listening = reading.listening ?? hit.range.upperBound
            case .access where level ?? .info < .error: reading.isAccess = true
            case .request where hit.range.lowerBound <= 60 && level ?? .info < .error: reading.isAccess = true
            case .closing: reading.isClosing = true
            case .retry: reading.announcesRetry = true
            default: continue
            }
        }
        if isNegated {
            reading.recovery = nil
            reading.listening = nil
        }
        return isHarmless
    }

    private static func marked(_ needle: String) -> String {
        var text = needle
        if text.hasPrefix("^") { text = NeedleAutomaton.start + text.dropFirst() }
        if text.hasSuffix("$") { text = text.dropLast() + NeedleAutomaton.end }
        return text
    }
}
