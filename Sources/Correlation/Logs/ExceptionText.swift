/// An exception as a line of a stack trace states it: type and message.
struct ExceptionText: Sendable, Hashable {
    /// Without package or module, such as `NullPointerException`; for Go panics `panic`.
    let type: String
    /// As the log has it, such as `java.lang.NullPointerException`.
    let name: String
    let message: String

    /// `ZeroDivisionError: division by zero`.
    var phrase: String {
        LogSubject.clip(message.isEmpty ? type : "\(type): \(message)")
    }

    /// Words in front of the exception proper.
    private static let leads = [
        "caused by: ", "---> ", "[cause]: ", "unhandled exception. ", "unhandled exception: ", "uncaught exception ", "uncaught ",
        "suppressed: ", "exception in thread ",
        "(caused by ", "error: uncaught ",
    ]

    /// - Parameter anyType: whether any identifier before a colon is a type, as in the last line of a Python traceback.
    init?(_ bytes: [UInt8], anyType: Bool = false) {
        let text = LogText(bytes)
        if let panic = Self.panic(text) {
            self = panic
            return
        }
        var start = text.skippingSpaces(0)
        for lead in Self.leads {
            guard let behind = text.after(lead, from: 0), behind < 160 else { continue }
            start = lead == "exception in thread " ? text.quoted(at: behind).map { $0.end + 1 } ?? behind : behind
        }
        guard let (range, end) = Self.type(in: text, from: start, anyType: anyType) else { return nil }
        let full = text.string(range)
        type = full.split(whereSeparator: { $0 == "." || $0 == ":" || $0 == "\\" || $0 == "$" }).last.map(String.init) ?? full
        name = full
        message = text.string(text.skippingSpaces(end)..<text.count)
    }

    private init(type: String, message: String) {
        self.type = type
        name = type
        self.message = message
    }

    private static func panic(_ text: LogText) -> ExceptionText? {
        for lead in ["panic: ", "fatal error: "] where text.hasPrefix(lead) {
            return ExceptionText(type: lead == "panic: " ? "panic" : "fatal error", message: text.string(lead.utf8.count..<text.count))
        }
        guard text.hasPrefix("thread '"), let start = text.after("panicked at ") else { return nil }
        // Before Rust 1.73 the message stood in quotes on the same line; since then it follows on the next.
        return ExceptionText(type: "panic", message: text.quoted(at: start)?.text ?? "")
    }

    /// The first word from a position on that is named like an exception and ends with a colon, a blank after it or the text.
    private static func type(in text: LogText, from start: Int, anyType: Bool) -> (Range<Int>, Int)? {
        var index = start
        for attempt in 0..<12 where index < text.count {
            let run = text.run(from: index) { LogText.isAlphanumeric($0) || "._$\\".utf8.contains($0) || ($0 == UInt8(ascii: ":")) }
            var end = run.upperBound
            while end > run.lowerBound, text[end - 1] == UInt8(ascii: ":") || text[end - 1] == UInt8(ascii: ".") { end -= 1 }
            let range = run.lowerBound..<end
            let isFirst = attempt == 0
            let closes = text[end] == UInt8(ascii: ":") || end == text.count || text[end] == 0x20 || text[end] == UInt8(ascii: "(")
            if closes, isType(text, range) || (anyType && isFirst && text[end] == UInt8(ascii: ":") && !range.isEmpty) {
                return (range, text[end] == UInt8(ascii: ":") ? end + 1 : end)
            }
            if anyType, isFirst, end == text.count, !range.isEmpty { return (range, end) }
            index = max(run.upperBound, index) + 1
        }
        return nil
    }

    private static func isType(_ text: LogText, _ range: Range<Int>) -> Bool {
        guard range.count > 4, !range.contains(where: { text.bytes[$0] == UInt8(ascii: "/") }) else { return false }
        let name = text.folded[range]
        let last = text.string(range).split(whereSeparator: { ".:\\$".contains($0) }).last ?? ""
        guard last.first?.isUppercase ?? false else { return false }
        return [
            "error", "exception", "throwable", "interrupt", "failure", "fault", "exit", "warning",
        ].contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
            || text.string(range).hasPrefix("Errno::")
    }
}
