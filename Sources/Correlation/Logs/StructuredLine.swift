import FoundationEssentials
import IncidentModel

/// The members of a JSON or logfmt line that matter: message, errors, level, time and what it concerns.
///
/// Members with other names are data of the program, such as what a user typed, and never count as its words.
struct StructuredLine: Sendable {
    var message: [UInt8] = []
    private(set) var level: LogLine.Level?
    private(set) var time: Date?
    private(set) var context: [UInt8] = []
    private(set) var embedded: [[UInt8]] = []
    private var hasMessage = false
    private var errors: [[UInt8]] = []
    private var memberCount = 0

    /// What a member means, by its name in lower case.
    private enum Role { case message, error, level, time, context, group }

    private static let roles: [String: Role] = {
        var roles: [String: Role] = [:]
        let names: [(Role, String)] = [
            (.message, "msg message @m @mt short_message renderedmessage event logmessage"),
            (
                .error,
                """
                err error error.message exception cause reason errmsg err_msg error_message exception_message exception_class exc_info \
                stack stacktrace stack_trace error.stack_trace error.type error.stack traceback @x type code panic
                """
            ),
            (.level, "level severity lvl @l loglevel log_level levelname level_name log.level s severity_text"),
            (.time, "ts time timestamp @timestamp @t t date datetime"),
            (
                .context,
                """
                addr address host port url uri path file filename endpoint server peer upstream broker brokers database db user \
                resource namespace remote remote_addr listen target_host db_host syscall dependency service_name
                """
            ),
            (.group, "attr fields context data log params properties"),
        ]
        for (role, list) in names { for name in list.split(separator: " ") { roles[String(name)] = role } }
        return roles
    }()

    /// - Returns: `nil` for a line that is neither JSON nor logfmt.
    init?(_ text: [UInt8]) {
        if text.first == UInt8(ascii: "{") {
            var scanner = JSONLineScanner(text)
            scanner.readObject(depth: 0) { take(name: $0, path: $1, value: $2) }
            guard memberCount > 0 else { return nil }
        } else {
            guard LogfmtScanner.looksLikeLogfmt(text) else { return nil }
            LogfmtScanner.read(text) { take(name: $0, path: [], value: .text($1)) }
            guard hasMessage || level != nil || !errors.isEmpty else { return nil }
        }
        assemble()
    }

    private mutating func take(name: String, path: [String], value: JSONLineScanner.Value) {
        memberCount += 1
        let insideError = path.contains { Self.roles[$0] == .error }
        if let first = path.first, !insideError, Self.roles[first] != .group { return }
        guard let role = Self.roles[name] else { return insideError ? addContext(name, value) : () }
        switch role {
        case .message:
            if insideError {
                addError(value.bytes)
            } else if !hasMessage, path.isEmpty || message.isEmpty, case .text(let text) = value {
                message = text
                hasMessage = true
            }
        case .error:
            if name == "type" || name == "code", !insideError { return }
            addError(value.bytes)
        case .level:
            guard level == nil, path.isEmpty else { return }
            level = Self.level(value, name: name)
        case .time:
            if time == nil { time = Self.time(value) }
        case .context, .group: addContext(name, value)
        }
    }

    private mutating func addError(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, errors.count < 8 else { return }
        guard bytes.contains(0x0a) else { return errors.append(bytes) }
        embedded += bytes.split(separator: 0x0a).prefix(200).map { Array($0) }
    }

    private mutating func addContext(_ name: String, _ value: JSONLineScanner.Value) {
        guard context.count < 1_024, name != "stack" else { return }
        context += [0x20] + Array(name.utf8) + [UInt8(ascii: "=")] + value.bytes.prefix(256)
    }

    /// Joins message and errors to one sentence; an error that the message already quotes is not said twice.
    private mutating func assemble() {
        for error in errors where !error.allSatisfy(LogText.isDigit) && !Self.contains(message, error) {
            if !message.isEmpty { message += [UInt8(ascii: ":"), 0x20] }
            message += error
        }
        if message.isEmpty, let first = embedded.first { message = first }
        message = message.map { $0 < 0x20 ? 0x20 : $0 }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard !part.isEmpty, part.count <= text.count else { return false }
        return LogText(text).position(of: String(decoding: part.map(LogText.fold), as: UTF8.self)) != nil
    }

    private static func level(_ value: JSONLineScanner.Value, name: String) -> LogLine.Level? {
        let bytes = value.bytes
        if let number = Int(String(decoding: bytes, as: UTF8.self)) { return LogLine.Level(number: number) }
        guard name == "s", bytes.count <= 2 else { return LogLine.Level(word: bytes[...]) }
        // MongoDB's severities.
        return ["F": .fatal, "E": .error, "W": .warning, "I": .info][String(decoding: bytes.prefix(1), as: UTF8.self)] ?? .debug
    }

    private static func time(_ value: JSONLineScanner.Value) -> Date? {
        let bytes = value.bytes
        if bytes.count > 18 { return LogTime.read(bytes, at: 0)?.time }
        guard let number = Double(String(decoding: bytes, as: UTF8.self)), number > 1e8 else { return nil }
        return Date(timeIntervalSince1970: number > 1e11 ? number / 1_000 : number)
    }
}
