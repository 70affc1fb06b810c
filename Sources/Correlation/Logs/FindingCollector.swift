import FoundationEssentials

/// Counts what a log says and decides at its end what of it still stands.
struct FindingCollector: Sendable {
    private struct Key: Hashable {
        let signature: LogFinding.Signature
        let host: String?
        let port: Int?
        let path: String?
        let user: String?
        let name: String?
        let isServerSide: Bool
    }

    private struct Case {
        var statement: LogStatement
        var signature: LogFinding.Signature
        var subject: LogSubject
        var level: LogLine.Level?
        var isCrash: Bool
        var announcesRetry: Bool
        var frame: String?
        var count = 0
        var first: Date?
        var last: Date?
        /// Entries, and ordinary ones among them, when it was seen last.
        var entriesThen = 0
        var ordinaryThen = 0
        var recoveredAt: Int?
    }

    private var cases: [Key: Case] = [:]
    /// Different subjects of one wording, beyond which they are counted as one.
    private var variants: [UInt64: [Key]] = [:]
    /// Words of recovery that were weighed since the last failure: programs repeat them for hours.
    private var weighedRecoveries: Set<[String]> = []
    private(set) var entries = 0
    private var ordinary = 0
    private var newest: Date?

    private static let maximumCases = 200
    private static let maximumVariants = 4
    /// Lines that may still come out of buffers after the words of a crash.
    private static let leftovers = 4
    private static let lastWordsSeconds = 60.0
    /// How long after an exception a dying program still writes what was buffered.
    private static let dyingSeconds = 1.0

    mutating func add(_ statement: LogStatement) {
        entries += 1
        if let time = statement.line.time { newest = newest.map { max($0, time) } ?? time }
        if let recovery = statement.recovery { noteRecovery(recovery, statement.recoveryRange) }
        guard let signature = statement.signature else {
            let isFine = (statement.level ?? .info) <= .info
            if isFine, !statement.isAccess, !statement.isClosing { ordinary += 1 }
            return
        }
        count(statement, signature)
    }

    private mutating func count(_ statement: LogStatement, _ signature: LogFinding.Signature) {
        weighedRecoveries.removeAll(keepingCapacity: true)
        let subject = statement.subject
        var key = Key(
            signature: signature, host: subject.host, port: subject.port, path: subject.path, user: subject.user,
            name: subject.name, isServerSide: statement.isServerSide)
        if cases[key] == nil {
            let template = LogTemplate.hash(statement.line.message, signature)
            if let known = variants[template], known.count >= Self.maximumVariants, let first = known.first {
                key = first
            } else if variants.count < 4 * Self.maximumCases {
                variants[template, default: []].append(key)
            }
            if cases[key] == nil, cases.count >= Self.maximumCases { evict() }
        }
        var found =
            cases[key]
            ?? Case(
                statement: statement, signature: signature, subject: subject, level: statement.level, isCrash: false,
                announcesRetry: false, first: statement.line.time)
        found.statement = statement
        found.level = [found.level, statement.level].compactMap { $0 }.max()
        found.isCrash = found.isCrash || statement.isCrash
        found.announcesRetry = statement.announcesRetry
        found.frame = statement.frame ?? found.frame
        found.subject.detail = statement.subject.detail ?? found.subject.detail
        found.count += 1
        found.last = statement.line.time ?? found.last
        found.entriesThen = entries
        found.ordinaryThen = ordinary
        found.recoveredAt = nil
        cases[key] = found
    }

    private mutating func evict() {
        if let oldest = cases.min(by: { $0.value.entriesThen < $1.value.entriesThen }) { cases[oldest.key] = nil }
    }

    private mutating func noteRecovery(_ message: [UInt8], _ range: Range<Int>) {
        guard !cases.isEmpty else { return }
        let words = Recovery.subjectWords(message, range)
        guard weighedRecoveries.count < Self.maximumCases, weighedRecoveries.insert(words).inserted else { return }
        let hosts = Set(cases.values.filter { $0.signature.isAboutDependency }.map { $0.subject.host })
        for (key, found) in cases where found.recoveredAt == nil && found.signature.isAboutDependency {
            let isIt =
                words.isEmpty
                ? hosts.count == 1
                : Recovery.concerns(
                    words, host: found.subject.host, port: found.subject.port, failureMessage: Array(found.statement.line.message.utf8),
                    recoveryMessage: message)
            if isIt { cases[key]?.recoveredAt = entries }
        }
    }

    /// The findings, the most relevant first.
    func findings() -> [LogFinding] {
        let ranked = cases.values.map { ($0, finding($0)) }.sorted { left, right in
            Self.rank(left.0, left.1).lexicographicallyPrecedes(Self.rank(right.0, right.1))
        }
        return Self.namingTheReason(ranked)
    }

    /// Entries between an error of a dependency and the exception that a program dies of because of it.
    private static let consequences = 12
    /// Words of an exception that only passes on that something could not be reached.
    private static let connecting = [
        "connect", "unreachable", "unavailable", "not available", "dial", "handshake", "reach ", "failed to start bean",
        "error creating bean", "application run failed", "entitymanagerfactory", "datasource", "jdbc", "hibernate", "dialect",
        "sessionfactory",
    ]

    /// A program that dies because it cannot connect says why shortly before: these are its last words, the exception only repeats them.
    private static func namingTheReason(_ ranked: [(Case, LogFinding)]) -> [LogFinding] {
        var findings = ranked.map(\.1)
        guard let end = ranked.firstIndex(where: { $0.1.isFatal }),
            ranked[end].1.signature.isGeneral || ranked[end].1.signature == .configurationInvalid
        else { return findings }
        let words = (findings[end].line.message + " " + (findings[end].detail ?? "")).lowercased()
        guard connecting.contains(where: words.contains),
            let reason = ranked.indices.first(where: { index in
                let (found, said) = ranked[index]
                let distance = ranked[end].0.entriesThen - found.entriesThen
                return said.signature.isAboutDependency && !said.signature.isGeneral && !said.isRecovered && !said.isServerSide
                    && (0...consequences).contains(distance)
            })
        else { return findings }
        findings[end].isFatal = false
        findings[reason].isFatal = true
        findings.insert(findings.remove(at: reason), at: 0)
        return findings
    }

    private func finding(_ found: Case) -> LogFinding {
        let isFatal = found.recoveredAt == nil && isLastWords(found)
        var signature = found.signature
        if signature == .loggedException, isFatal { signature = .uncaughtException }
        if signature == .uncaughtException, !isFatal { signature = .loggedException }
        return LogFinding(
            signature: signature, line: found.statement.line, count: found.count, first: found.first, last: found.last, isFatal: isFatal,
            isRecovered: !isFatal && isRecovered(found), isServerSide: found.statement.isServerSide, host: found.subject.host,
            port: found.subject.port, path: found.subject.path, user: found.subject.user, name: found.subject.name,
            detail: found.subject.detail, frame: found.frame)
    }

    /// Whether the log ends with it.
    private func isLastWords(_ found: Case) -> Bool {
        if found.last != nil, gap(found) > Self.lastWordsSeconds { return false }
        let behind = ordinary - found.ordinaryThen
        // One session of a server ends, not the server.
        if found.statement.isServerSide, found.level != .fatal || !found.isCrash, found.signature.isAboutDependency { return false }
        if found.isCrash || found.level == .fatal || found.signature.endsProgram {
            return behind <= Self.leftovers && found.level != .warning
        }
        let isDying = found.statement.isTrace && behind <= Self.leftovers && gap(found) <= Self.dyingSeconds
        guard behind == 0 || isDying, !found.announcesRetry, entries - found.entriesThen <= 6, found.signature != .waitingFor else {
            return false
        }
        return found.level == nil || found.level == .error
    }

    /// Seconds of log behind the last occurrence.
    private func gap(_ found: Case) -> TimeInterval {
        guard let last = found.last, let newest else { return .infinity }
        return newest.timeIntervalSince(last)
    }

    /// Whether the log says that it works again, or goes on long enough without it.
    private func isRecovered(_ found: Case) -> Bool {
        if found.recoveredAt != nil { return true }
        guard ordinary - found.ordinaryThen >= 3 else { return false }
        guard let last = found.last, let newest else { return entries - found.entriesThen >= max(5, entries / 4) }
        let interval = found.count > 1 ? last.timeIntervalSince(found.first ?? last) / Double(found.count - 1) : 0
        return newest.timeIntervalSince(last) > max(30, 3 * interval)
    }

    private static func rank(_ found: Case, _ finding: LogFinding) -> [Int] {
        // The last parts only make the order complete, so that the same log gives the same list.
        let tie =
            "\(finding.signature.rawValue) \(finding.host ?? "") \(finding.port ?? 0) \(finding.path ?? "") \(finding.name ?? "") \(finding.user ?? "")"
        return [
            finding.isFatal ? 0 : 1, finding.isRecovered ? 1 : 0, found.level == .warning ? 1 : 0, finding.signature.isGeneral ? 1 : 0,
            -found.entriesThen, -found.count,
        ] + tie.utf8.map(Int.init)
    }
}
