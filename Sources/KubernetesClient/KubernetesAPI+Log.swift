import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension KubernetesAPI {
    /// - Throws: `.notFound` also where the kubelet answers 200 but has no such log any more.
    public func log(_ request: LogRequest) async throws(ClusterReadError) -> String {
        let limit = request.limitBytes ?? transport.options.maximumLogBytes
        let path = try RequestPath(request, limitBytes: limit)
        return try await transport.get(path, through: calls) { response in
            if response.status == .noContent { return "" }
            let bytes = try await response.body.start(limit)
            if let refusal = LogRefusal.message(bytes) { throw ClusterReadError.notFound(refusal) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The log of one container as it arrives, for logs that should not be held in memory. It ends where the log ends now; lines
    /// written later do not follow. The server's errors are thrown here, before the first bytes; a pause longer than the attempt
    /// timeout or a cut connection is thrown while reading.
    public func streamLog(_ request: LogRequest) async throws(ClusterReadError) -> LogStream {
        let server = transport.connection.server
        return try await transport.get(RequestPath(request, limitBytes: request.limitBytes), through: calls) { response in
            var iterator = response.body.makeAsyncIterator()
            let first = try await iterator.next().map { Array($0.readableBytesView) }
            if let first, let refusal = LogRefusal.message(first) { throw ClusterReadError.notFound(refusal) }
            return LogStream(first: first, rest: iterator, server: server)
        }
    }
}

/// The kubelet's words in the place of a log, sent with status 200.
enum LogRefusal {
    private static let words = "unable to retrieve container logs for "

    static func message(_ bytes: [UInt8]) -> String? {
        // A real log may hold these words somewhere, but not as all there is.
        guard bytes.count < 1_024, bytes.starts(with: words.utf8) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.dropLast().contains("\n") ? nil : HostileText.line(text)
    }
}
