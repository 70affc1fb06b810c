/// Whether words in a message are the program's own, or a counter's label or quoted data.
enum HitGuard {
    static func counts(_ hit: Range<Int>, in message: [UInt8]) -> Bool {
        !isCountOfNone(hit, message) && !isQuotedData(hit, message)
    }

    /// `0 connection refused`, `no timeouts`, `connection refused errors: 0`, `timeouts=0`.
    private static func isCountOfNone(_ hit: Range<Int>, _ message: [UInt8]) -> Bool {
        for word in ["no ", "0 ", "zero ", "without "] where hit.lowerBound >= word.utf8.count {
            let start = hit.lowerBound - word.utf8.count
            let isPart = start > 0 && (LogText.isAlphanumeric(message[start - 1]) || ".:".utf8.contains(message[start - 1]))
            if !isPart, message[start..<hit.lowerBound].map(LogText.fold).elementsEqual(word.utf8) { return true }
        }
        var index = hit.upperBound
        for suffix in ["_errors", " errors", " error", "_count", " count", "s", "_total"] where matches(message, suffix, at: index) {
            index += suffix.utf8.count
        }
        let separator = index
        while index < message.count, index < separator + 3, ":= ".utf8.contains(message[index]) { index += 1 }
        guard index > separator, index < message.count, message[index] == UInt8(ascii: "0") else { return false }
        let next = index + 1 < message.count ? message[index + 1] : 0x20
        return !LogText.isAlphanumeric(next) && !".:-_".utf8.contains(next)
    }

    /// Text in quotes that belongs to a key which is not about an error, such as `query="connection refused"`.
    private static func isQuotedData(_ hit: Range<Int>, _ message: [UInt8]) -> Bool {
        var open: Int?
        var index = 0
        while index < min(hit.lowerBound, message.count) {
            if message[index] == UInt8(ascii: "\"") { open = open == nil ? index : nil }
            index += 1
        }
        guard let open else { return false }
        var end = open
        while end > 0, " \\\"".utf8.contains(message[end - 1]) { end -= 1 }
        guard end > 0, message[end - 1] == UInt8(ascii: "=") || message[end - 1] == UInt8(ascii: ":") else { return false }
        end -= 1
        while end > 0, " \\\"".utf8.contains(message[end - 1]) { end -= 1 }
        var start = end
        while start > 0, LogText.isAlphanumeric(message[start - 1]) || message[start - 1] == UInt8(ascii: "_") { start -= 1 }
        let key = String(decoding: message[start..<end].map(LogText.fold), as: UTF8.self)
        return dataKeys.contains { key == $0 || key.hasSuffix("_" + $0) }
    }

    private static func matches(_ message: [UInt8], _ word: String, at index: Int) -> Bool {
        index + word.utf8.count <= message.count && message[index..<index + word.utf8.count].map(LogText.fold).elementsEqual(word.utf8)
    }

    /// Keys under which programs log what others wrote.
    private static let dataKeys: Set<String> = [
        "input", "query", "q", "search", "title", "subject", "comment", "text", "payload", "body", "request", "content", "feedback",
        "review", "term", "keyword", "keywords",
        "value", "note", "prompt", "answer", "form", "agent", "referrer", "referer", "cookie",
    ]
}
