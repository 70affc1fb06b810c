import AsyncHTTPClient
import NIOCore
import Synchronization

/// The bytes of a log in pieces of any size, read from the connection no faster than they are consumed. Can be iterated once.
public final class LogStream: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = ClusterReadError

    private struct Unread {
        let first: [UInt8]?
        let rest: HTTPClientResponse.Body.AsyncIterator
    }

    private let unread: Mutex<Unread?>
    private let server: String

    init(first: [UInt8]?, rest: sending HTTPClientResponse.Body.AsyncIterator, server: String) {
        unread = Mutex(Unread(first: first, rest: rest))
        self.server = server
    }

    public func makeAsyncIterator() -> AsyncIterator {
        let taken = unread.withLock { unread in
            let taken = unread
            unread = nil
            return taken
        }
        return AsyncIterator(first: taken?.first, rest: taken?.rest, server: server)
    }

    /// Reads the pieces in order.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var first: [UInt8]?
        var rest: HTTPClientResponse.Body.AsyncIterator?
        let server: String

        /// - Throws: `.timeout` or `.unreachable` when the log breaks off.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws(ClusterReadError) -> [UInt8]? {
            if let first {
                self.first = nil
                return first
            }
            do {
                return try await rest?.next(isolation: actor).map { Array($0.readableBytesView) }
            } catch {
                rest = nil
                throw AttemptFailure(transport: error, server: server).error
            }
        }
    }
}
