import CPostgres
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A value for a statement's `$1`, `$2`, …; text is never made part of a statement.
enum PostgresValue: Sendable, Hashable {
    case null
    case text(String)
    case bytes(Data)

    static func int(_ value: Int) -> PostgresValue { .text(String(value)) }
    static func double(_ value: Double) -> PostgresValue { .text("\(value)") }
    static func optional(_ text: String?) -> PostgresValue { text.map(PostgresValue.text) ?? .null }
    static func optional(_ data: Data?) -> PostgresValue { data.map(PostgresValue.bytes) ?? .null }
}

/// A failure of the server or of the connection to it.
struct PostgresError: Error, Sendable, Hashable {
    /// Five characters of `errcodes`, e.g. `23505`; nil where the server said nothing.
    var state: String?
    var message: String
    /// Whether the connection can no longer be used.
    var isConnectionLost: Bool
    /// Whether the other side closed a connection that was open, as a server does that is restarted.
    var isClosed = false

    static func lost(_ message: String) -> PostgresError { PostgresError(state: nil, message: message, isConnectionLost: true) }
}

/// One connection, used by one thread. Every wait has an end.
final class PostgresConnection {
    private let handle: OpaquePointer
    private let statementSeconds: Double

    /// - Parameters:
    ///   - address: a `postgresql://` URL or a libpq connection string; what it says goes before the defaults here.
    ///   - statementSeconds: longest time of a statement; then the connection is given up.
    init(_ address: String, statementSeconds: Double) throws(PostgresError) {
        // A process that is frozen in the middle of a transaction holds its rows' locks: the server ends it then, in the time of a
        // statement, and the same for a statement that nobody waits for any more.
        let milliseconds = Int(statementSeconds * 1_000)
        let bounds = "-c statement_timeout=\(milliseconds) -c idle_in_transaction_session_timeout=\(milliseconds)"
        let defaults = [
            ("connect_timeout", "5"), ("application_name", "sre-orchestrator"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "15000"), ("client_encoding", "UTF8"),
        ]
        // Of two values for one setting the later counts: that of the address.
        let options = [bounds, Self.option("options", in: address)].compactMap { $0 }.joined(separator: " ")
        let settings = defaults + [("dbname", address), ("options", options)]
        let names = settings.map { strdup($0.0) }
        let values = settings.map { strdup($0.1) }
        defer { (names + values).forEach { free($0) } }
        let opened = (names.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { names in
            (values.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { values in
                PQconnectdbParams(names.baseAddress, values.baseAddress, 1)
            }
        }
        guard let opened else { throw .lost("out of memory") }
        guard PQstatus(opened) == CONNECTION_OK else {
            let reason = Self.text(PQerrorMessage(opened))
            PQfinish(opened)
            throw .lost(reason)
        }
        handle = opened
        self.statementSeconds = statementSeconds
        PQsetnonblocking(handle, 1)
        // Notices are for people at a terminal.
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    /// Whether an address can be understood. What libpq says of one that it cannot is never shown: it quotes parts of the password.
    static func isValid(_ address: String) -> Bool {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(address, &message) else {
            PQfreemem(message)
            return false
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            let value = option.pointee.val.map { String(cString: $0) } ?? ""
            switch String(cString: keyword) {
            case "host" where value.contains("@"), "hostaddr" where value.contains("@"): return false
            case "port" where !value.allSatisfy({ $0.isNumber || $0 == "," }): return false
            default: break
            }
            option += 1
        }
        return true
    }

    /// What an address says of one of its parts.
    private static func option(_ name: String, in address: String) -> String? {
        guard let options = PQconninfoParse(address, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == name { return option.pointee.val.map { String(cString: $0) } }
            option += 1
        }
        return nil
    }

    /// Whether an idle connection can be used. A server says nothing unasked but that it closes the connection.
    var isAlive: Bool { PQstatus(handle) == CONNECTION_OK && !wait(for: POLLIN, seconds: 0) }

    /// Runs one statement.
    /// - Parameter seconds: longest time, where it is not that of every statement; the server has a bound of its own.
    @discardableResult
    func execute(
        _ statement: String, _ parameters: [PostgresValue] = [], within seconds: Double? = nil
    ) throws(PostgresError) -> [PostgresRow] {
        try send(statement, parameters)
        let statementSeconds = seconds ?? statementSeconds
        let deadline = ContinuousClock.now + .seconds(statementSeconds)
        while PQisBusy(handle) == 1 {
            guard wait(for: POLLIN, seconds: ContinuousClock.now.seconds(until: deadline)) else {
                throw .lost("no answer within \(Int(statementSeconds)) s")
            }
            guard PQconsumeInput(handle) == 1 else { throw lost() }
        }
        return try results()
    }

    /// Runs `work` in a transaction, which is undone where it throws.
    func transaction<Value>(_ work: () throws -> Value) throws -> Value {
        try execute("BEGIN")
        do {
            let value = try work()
            try execute("COMMIT")
            return value
        } catch {
            _ = try? execute("ROLLBACK")
            throw error
        }
    }

    /// Payloads of notifications, those of `seconds` at most; empty where none came.
    func notifications(within seconds: Double) throws(PostgresError) -> [String] {
        _ = wait(for: POLLIN, seconds: seconds)
        guard PQconsumeInput(handle) == 1 else { throw lost() }
        var payloads: [String] = []
        while let notification = PQnotifies(handle) {
            payloads.append(Self.text(notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }

    private func send(_ statement: String, _ parameters: [PostgresValue]) throws(PostgresError) {
        let encoded: [(bytes: [UInt8]?, format: Int32)] = parameters.map {
            switch $0 {
            case .null: (nil, 0)
            case .text(let text): (Array(text.utf8.prefix { $0 != 0 }) + [0], 0)
            case .bytes(let data): (Array(data), 1)
            }
        }
        let pointers = encoded.map { value -> UnsafeMutablePointer<CChar>? in
            guard let bytes = value.bytes else { return nil }
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
            return copy
        }
        defer { for pointer in pointers { pointer?.deallocate() } }
        let sent = PQsendQueryParams(
            handle, statement, Int32(parameters.count), nil, pointers.map { UnsafePointer($0) },
            encoded.map { Int32($0.bytes?.count ?? 0) },
            encoded.map(\.format), 0)
        guard sent == 1 else { throw lost() }
        let deadline = ContinuousClock.now + .seconds(statementSeconds)
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                guard wait(for: POLLIN | POLLOUT, seconds: ContinuousClock.now.seconds(until: deadline)) else {
                    throw .lost("the statement could not be sent within \(Int(statementSeconds)) s")
                }
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    private func results() throws(PostgresError) -> [PostgresRow] {
        var rows: [PostgresRow] = []
        var failure: PostgresError?
        while let result = PQgetResult(handle) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK: rows = Self.rows(result)
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            default:
                let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { Self.text($0) }
                let message =
                    PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { Self.text($0) } ?? Self.text(PQerrorMessage(handle))
                failure = PostgresError(state: state, message: message, isConnectionLost: isClosed, isClosed: isClosed)
            }
        }
        if let failure { throw failure }
        guard PQstatus(handle) == CONNECTION_OK else { throw lost() }
        return rows
    }

    private static func rows(_ result: OpaquePointer) -> [PostgresRow] {
        let width = PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            PostgresRow(
                (0..<width).map { column in
                    guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else { return nil }
                    let length = Int(PQgetlength(result, row, column))
                    return Data(UnsafeRawBufferPointer(start: value, count: length))
                })
        }
    }

    private var isClosed: Bool { PQstatus(handle) != CONNECTION_OK }

    private func lost() -> PostgresError {
        PostgresError(state: nil, message: Self.text(PQerrorMessage(handle)), isConnectionLost: true, isClosed: isClosed)
    }

    private func wait(for events: Int32, seconds: Double) -> Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let left = ContinuousClock.now.seconds(until: deadline)
            let ready = poll(&descriptor, 1, Int32(max(0, left) * 1_000))
            if ready < 0 && errno == EINTR { continue }
            return ready > 0
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        return String(cString: pointer).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// A row of an answer: text, as the server writes it.
struct PostgresRow: Sendable {
    private let columns: [Data?]

    init(_ columns: [Data?]) {
        self.columns = columns
    }

    func text(_ column: Int) -> String? { columns[column].map { String(decoding: $0, as: UTF8.self) } }
    func int(_ column: Int) -> Int { text(column).flatMap(Int.init) ?? 0 }
    func double(_ column: Int) -> Double? { text(column).flatMap(Double.init) }

    /// A `bytea`, which the server writes as `\x` and hexadecimal digits.
    func bytes(_ column: Int) -> Data? {
        guard let text = columns[column], text.starts(with: [0x5C, 0x78]) else { return nil }
        func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : (byte | 0x20) - 0x57 }
        var result = Data(capacity: text.count / 2)
        var index = text.startIndex + 2
        while index + 1 < text.endIndex {
            result.append(digit(text[index]) << 4 | digit(text[index + 1]))
            index += 2
        }
        return result
    }
}

extension ContinuousClock.Instant {
    func seconds(until other: Self) -> Double {
        let components = duration(to: other).components
        return Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
