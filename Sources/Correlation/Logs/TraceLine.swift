/// What one line is in a stack trace.
enum TraceLine: Equatable {
    /// A stack frame; its text where it is the program's own and not a library's.
    case frame(own: String?)
    /// An inner exception in line: `Caused by: …`, ` ---> …`, `[cause]: …`.
    case cause
    /// `Caused by:` alone, with the causes below.
    case causeList
    case pythonHeader
    /// Links two Python tracebacks: the first is what brought the second, or was merely being handled.
    case pythonLink(isDirect: Bool)
    case goroutine
    /// Ornament of a trace without a statement.
    case note
    case other

    static func read(_ record: LogRecord) -> TraceLine {
        let text = LogText(Array(record.text.drop { $0 == 0x20 || $0 == 0x09 }))
        guard text.count > 0 else { return .note }
        if let frame = frame(text, isIndented: record.isIndented) { return frame }
        if text.hasPrefix("caused by:") { return text.skippingSpaces(10) == text.count ? .causeList : .cause }
        if text.hasPrefix("---> ") || text.hasPrefix("[cause]: ") { return .cause }
        if text.hasPrefix("traceback (most recent call last)") { return .pythonHeader }
        if text.hasPrefix("during handling of the above exception") { return .pythonLink(isDirect: false) }
        if text.hasPrefix("the above exception was the direct cause") { return .pythonLink(isDirect: true) }
        if text.hasPrefix("goroutine "), text.contains(" [") { return .goroutine }
        return notes.contains { text.hasPrefix($0) } || isOrnament(text) ? .note : .other
    }

    private static let notes = [
        "--- end of", "note: run with", "stack backtrace:", "stack trace:", "exit status", "node.js v", "thrown in", "[signal ",
        "suppressed:", "common frames omitted",
        "some details are omitted", "error: process exited", "triggeruncaughtexception", "emitted 'error' event", "require stack:",
    ]

    private static func isOrnament(_ text: LogText) -> Bool {
        text.count <= 3 && text.bytes.allSatisfy { "^~{}[]()|;,-=*.".utf8.contains($0) }
            || text.bytes.allSatisfy { "^~ -=*".utf8.contains($0) }
    }

    private static func frame(_ text: LogText, isIndented: Bool) -> TraceLine? {
        if text.hasPrefix("at "), isIndented || text.contains("(") { return .frame(own: own(text.string(3..<text.count))) }
        if text.hasPrefix("... "), text.contains(" more") || text.contains(" omitted") { return .note }
        if text.hasPrefix("file \""), isIndented, let line = text.after(", line ") { return pythonFrame(text, line) }
        if text.hasPrefix("created by ") { return .frame(own: nil) }
        if text[0] == UInt8(ascii: "#"), LogText.isDigit(text[1]), text[2] == 0x20 || text[3] == 0x20 {
            return .frame(own: own(text.string(3..<text.count).trimmingSpaces))
        }
        if text.contains(".rb:"), text.contains(":in "), isIndented || text.hasPrefix("from ") {
            return .frame(own: own(text.string((text.hasPrefix("from ") ? 5 : 0)..<text.count)))
        }
        if isIndented, text.contains(".go:"), text[0] == UInt8(ascii: "/") {
            return .frame(own: own(text.string(text.run(from: 0) { $0 > 0x20 })))
        }
        return nil
    }

    private static func pythonFrame(_ text: LogText, _ line: Int) -> TraceLine {
        guard let file = text.quoted(at: 5)?.text, let number = text.number(at: line) else { return .frame(own: nil) }
        let function = text.after(" in ", from: line).map { " in " + text.string($0..<text.count) } ?? ""
        return .frame(own: own("\(file):\(number)\(function)"))
    }

    /// The text of a frame, unless it lies in a library or the runtime.
    static func own(_ frame: String) -> String? {
        let text = LogText(frame)
        guard !libraryParts.contains(where: text.contains), !libraryPrefixes.contains(where: { text.hasPrefix($0) }), frame.utf8.count > 3
        else { return nil }
        return String(frame.prefix(200))
    }

    private static let libraryParts = [
        "site-packages", "dist-packages", "/lib/python", "<frozen", "node_modules", "node:internal", "(internal/", "/usr/local/go/",
        "/go/pkg/mod/", "/gems/", "/usr/lib/ruby",
        "/usr/local/lib/ruby", "/vendor/", "/rustc/", ".cargo/registry", "(native method)", "<anonymous>)", "{main}", "<internal:",
    ]

    private static let libraryPrefixes = [
        "java.", "javax.", "jdk.", "sun.", "com.sun.", "jakarta.", "kotlin.", "kotlinx.", "scala.", "akka.", "org.springframework.",
        "org.apache.", "org.hibernate.", "org.postgresql.", "org.eclipse.",
        "org.jboss.", "org.h2.", "org.flywaydb.", "liquibase.", "com.zaxxer.", "com.mysql.", "com.mongodb.", "com.fasterxml.",
        "com.google.", "com.rabbitmq.", "io.netty.", "io.grpc.", "io.lettuce.", "io.quarkus.",
        "io.vertx.", "io.micrometer.", "reactor.", "redis.clients.", "okhttp3.", "feign.", "ch.qos.", "oracle.", "ojdbc", "system.",
        "microsoft.", "npgsql", "stackexchange.", "mysql", "mongodb.", "grpc.",
        "rabbitmq.", "confluent.", "rust_begin_unwind", "core::", "std::", "alloc::", "process.", "module.", "new promise",
        "async promise", "object.<anonymous> (node:",
    ]
}

extension String {
    fileprivate var trimmingSpaces: String { String(drop { $0 == " " }) }
}
