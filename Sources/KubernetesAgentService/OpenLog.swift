import KubernetesClient

/// A log whose first bytes have arrived, so that the API's errors are known before an answer begins.
enum OpenLog: Sendable {
    case stream(LogStream)
    case text(String)

    fileprivate static let pieceBytes = 64 << 10

    /// Streams from a live API; other readers hold their logs in memory anyway.
    init(_ request: LogRequest, from reader: any ClusterReader) async throws(ClusterReadError) {
        if let api = reader as? KubernetesAPI {
            self = .stream(try await api.streamLog(request))
        } else {
            self = .text(try await reader.log(request))
        }
    }

    static func opened(_ request: LogRequest, from reader: any ClusterReader) async -> Result<OpenLog, ClusterReadError> {
        do throws(ClusterReadError) { return .success(try await OpenLog(request, from: reader)) } catch { return .failure(error) }
    }

    /// The bytes in pieces, once.
    var pieces: Pieces {
        switch self {
        case .stream(let stream): Pieces(stream: stream.makeAsyncIterator(), rest: [])
        case .text(let text): Pieces(stream: nil, rest: Array(text.utf8)[...])
        }
    }

    struct Pieces {
        fileprivate var stream: LogStream.AsyncIterator?
        fileprivate var rest: ArraySlice<UInt8>

        mutating func next() async throws(ClusterReadError) -> [UInt8]? {
            if stream != nil { return try await stream?.next() }
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(OpenLog.pieceBytes) }
            return Array(rest.prefix(OpenLog.pieceBytes))
        }
    }
}
