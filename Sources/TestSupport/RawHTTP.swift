import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Sends bytes over a real socket, for requests that no HTTP client would send.
public enum RawHTTP {
    /// What came back.
    public struct Answer: Sendable {
        public let status: Int
        /// Names in lower case.
        public let headers: [(name: String, value: String)]
        public let body: String

        /// The first header of this name.
        public func header(_ name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }
    }

    /// No connection, or nothing that looks like an answer.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(_ description: String) { self.description = description }
    }

    /// Sends a request to 127.0.0.1 and reads one answer.
    /// - Parameters:
    ///   - bytes: all that is sent, head and body, as it is.
    ///   - closesSending: whether the sending side is closed afterwards, as by a client that breaks off.
    ///   - seconds: how long to wait for bytes.
    public static func send(
        _ bytes: [UInt8], port: Int, closesSending: Bool = false, seconds: Int = 10
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: blocked threads of the dispatch pool would be missing where the server under test runs.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try exchange(bytes, port: port, closesSending: closesSending, seconds: seconds, read: answer(from:)) })
            }
        }
    }

    /// Sends text. See `send(_:port:closesSending:seconds:)` for bytes.
    public static func send(_ text: String, port: Int, closesSending: Bool = false, seconds: Int = 10) async throws -> Answer {
        try await send(Array(text.utf8), port: port, closesSending: closesSending, seconds: seconds)
    }

    /// Sends text and reads everything until the other side closes.
    public static func conversation(_ text: String, port: Int, seconds: Int = 10) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try exchange(Array(text.utf8), port: port, closesSending: false, seconds: seconds) { socket in
                            String(decoding: received(from: socket) { _ in false }, as: UTF8.self)
                        }
                    })
            }
        }
    }

    /// Sends a well-formed request.
    /// - Parameter body: sent with its `Content-Length`; `nil` sends none.
    public static func request(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil, port: Int
    ) async throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return try await send(Array((head + "\r\n").utf8) + (body ?? []), port: port)
    }

    private static func exchange<Value>(
        _ bytes: [UInt8], port: Int, closesSending: Bool, seconds: Int, read: (_ socket: Int32) throws -> Value
    ) throws -> Value {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure("no socket") }
        defer { close(socket) }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        try connect(socket, port: port)
        write(bytes, to: socket)
        if closesSending { shutdown(socket, Int32(SHUT_WR)) }
        return try read(socket)
    }

    static func connect(_ socket: Int32, port: Int) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure("nothing listens on port \(port)") }
    }

    // A server may answer and close before it has read everything: what it said is read all the same.
    private static func write(_ bytes: [UInt8], to socket: Int32) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.send(socket, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func answer(from socket: Int32) throws -> Answer {
        let bytes = received(from: socket) { parse($0, isComplete: false) != nil }
        guard let answer = parse(bytes, isComplete: false) ?? parse(bytes, isComplete: true) else {
            throw Failure("no HTTP answer but \(bytes.count) bytes")
        }
        return answer
    }

    /// Reads until `isEnough`, or the other side closes or says nothing.
    private static func received(from socket: Int32, until isEnough: ([UInt8]) -> Bool) -> [UInt8] {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while !isEnough(received) {
            let count = recv(socket, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            received += chunk[..<count]
        }
        return received
    }

    private static func parse(_ bytes: [UInt8], isComplete: Bool) -> Answer? {
        let separator = Array("\r\n\r\n".utf8)
        guard bytes.count >= 16, let end = (0...(bytes.count - 4)).first(where: { bytes[$0..<$0 + 4].elementsEqual(separator) }) else {
            return nil
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        let body = bytes[(end + 4)...]
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? (status == 204 ? 0 : nil)
        if let length, body.count >= length {
            return Answer(status: status, headers: headers, body: String(decoding: body.prefix(length), as: UTF8.self))
        }
        guard isComplete else { return nil }
        return Answer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
    }
}
