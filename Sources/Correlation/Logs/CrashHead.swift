/// First lines that runtimes print for an error nobody handled.
enum CrashHead {
    /// The line itself states the exception.
    case exception
    case traceback
    /// Rust since 1.73: the message follows on the next line.
    case panicWithoutMessage
    /// Node.js prints place and source before the exception.
    case source
    /// Ruby puts place before and type behind the message.
    case ruby(statement: [UInt8], frame: String?)

    static func read(_ text: LogText) -> CrashHead? {
        guard text.count > 0 else { return nil }
        switch text.folded[0] {
        case UInt8(ascii: "p") where text.hasPrefix("panic: "), UInt8(ascii: "f") where text.hasPrefix("fatal error: "): return .exception
        case UInt8(ascii: "p") where text.hasPrefix("php fatal error:"): return .exception
        case UInt8(ascii: "e") where text.hasPrefix("exception in thread "): return .exception
        case UInt8(ascii: "u")
        where text.hasPrefix("unhandled exception") || text.hasPrefix("uncaught ") || text.hasPrefix("unhandledpromiserejection"):
            return .exception
        case UInt8(ascii: "t") where text.hasPrefix("traceback (most recent call last)"): return .traceback
        case UInt8(ascii: "t") where text.hasPrefix("terminate called"): return .exception
        case UInt8(ascii: "t") where text.hasPrefix("thread '"):
            guard let start = text.after("panicked at ") else { return nil }
            return text.quoted(at: start) == nil ? .panicWithoutMessage : .exception
        default: break
        }
        return isSourcePosition(text) ? .source : ruby(text)
    }

    /// `/app/config.js:5` alone on a line.
    private static func isSourcePosition(_ text: LogText) -> Bool {
        guard text.count <= 300, LogText.isDigit(text[text.count - 1]), !text.bytes.contains(0x20) else { return false }
        return [".js:", ".cjs:", ".mjs:", ".ts:"].contains(where: text.contains) || (text.hasPrefix("node:") && text.count > 8)
    }

    /// `/app/server.rb:12:in 'connect': message (TypeError)`.
    private static func ruby(_ text: LogText) -> CrashHead? {
        guard text.bytes.last == UInt8(ascii: ")") || text.contains("error"), let place = text.after(".rb:"), place < 200,
            let inside = text.position(of: ":in ", from: place),
            let colon = text.position(of: "': ", from: inside), let open = text.bytes.lastIndex(of: UInt8(ascii: "(")), open > colon + 3
        else { return nil }
        let type = text.string(open + 1..<max(text.count - 1, open + 1))
        guard ExceptionText(Array(type.utf8)) != nil || type.hasPrefix("Errno::") else { return nil }
        let message = text.string(colon + 3..<text.runStart(before: open) { $0 == 0x20 })
        return .ruby(statement: Array("\(type): \(message)".utf8), frame: TraceLine.own(text.string(0..<colon + 1)))
    }
}
