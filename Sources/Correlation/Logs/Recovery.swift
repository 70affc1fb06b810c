/// Whether a line that says that something works again is about a dependency that failed before.
enum Recovery {
    /// Words that name a kind of dependency, with the ports and names such have.
    private static let kinds: [(words: Set<String>, ports: Set<Int>, names: [String])] = [
        (
            ["database", "db", "sql", "datasource", "datastore"], [5432, 3306, 1433, 1521, 27017],
            ["db", "sql", "postgres", "pg", "mysql", "maria", "mongo", "oracle", "store"]
        ),
        (["redis", "cache"], [6379], ["redis", "cache", "valkey"]),
        (
            ["amqp", "rabbit", "rabbitmq", "broker", "queue", "mq"], [5672, 5671, 1883, 9092],
            ["rabbit", "amqp", "mq", "queue", "broker", "mqtt", "kafka"]
        ),
        (["kafka"], [9092], ["kafka", "broker"]),
    ]

    /// The words next to "reachable again", "connected to" and the like that say what works; empty where none does.
    static func subjectWords(_ message: [UInt8], _ range: Range<Int>) -> [String] {
        let text = LogText(message)
        let start = text.runStart(before: range.lowerBound) { !"]:;,()\"".utf8.contains($0) || $0 == 0x20 }
        let before = words(text.folded[start..<range.lowerBound]).suffix(3)
        let end = text.run(from: range.upperBound) { !";,(\"".utf8.contains($0) }.upperBound
        let behind = words(text.folded[range.upperBound..<max(end, range.upperBound)]).prefix(4)
        return (Array(before) + Array(behind)).filter { !stopWords.contains($0) && $0.count >= 2 }
    }

    /// Whether one of the words means the dependency of a failure.
    static func concerns(_ words: [String], host: String?, port: Int?, failureMessage: [UInt8], recoveryMessage: [UInt8]) -> Bool {
        let same = zip(failureMessage, recoveryMessage).prefix { $0 == $1 }.count
        let tokens = Set(
            self.words(failureMessage.dropFirst(same).prefix(600).map(LogText.fold)[...])
                + self.words(Array((host ?? "").lowercased().utf8)[...]))
        return words.contains { word in
            tokens.contains { related($0, word) } || isKind(word, host: host, port: port)
        }
    }

    private static func related(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard min(left.utf8.count, right.utf8.count) >= 4, abs(left.utf8.count - right.utf8.count) <= 4 else { return false }
        return left.hasPrefix(right) || right.hasPrefix(left) || left.hasSuffix(right) || right.hasSuffix(left)
    }

    private static func isKind(_ word: String, host: String?, port: Int?) -> Bool {
        kinds.contains { kind in
            kind.words.contains(word)
                && (port.map(kind.ports.contains) ?? false || kind.names.contains { (host ?? "").lowercased().contains($0) })
        }
    }

    private static func words(_ bytes: ArraySlice<UInt8>) -> [String] {
        bytes.split { !LogText.isAlphanumeric($0) }.filter { $0.contains(where: LogText.isLetter) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static let stopWords: Set<String> = [
        "info", "notice", "the", "to", "is", "now", "again", "connection", "connections", "established", "successfully", "with", "at",
        "on", "and", "for", "was", "has", "been", "server",
        "after", "attempt", "attempts", "retry", "retries", "ok", "of", "in", "from", "http", "https", "tcp", "it", "we", "msg", "level",
        "svc", "cluster", "local", "health", "check", "status",
    ]
}
