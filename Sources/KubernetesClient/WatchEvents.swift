import AsyncHTTPClient
import NIOCore

/// The changes of a list as they happen, read no faster than they are consumed. The connection opens with the first `next()` and
/// closes when the iterator goes or its task is cancelled.
public struct WatchEvents: AsyncSequence, Sendable {
    public typealias Element = WatchEvent
    public typealias Failure = ClusterReadError

    let open: @Sendable () async throws(ClusterReadError) -> HTTPClientResponse.Body
    let server: String

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(open: open, server: server) }

    /// Reads the events in order; ends when the server ends the watch, which it does every few minutes.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private enum Progress {
            case closed
            case open(HTTPClientResponse.Body.AsyncIterator)
            case ended
        }

        // More than any object that etcd holds.
        private static let lineLimit = 16 << 20

        private let open: @Sendable () async throws(ClusterReadError) -> HTTPClientResponse.Body
        private let server: String
        private var progress = Progress.closed
        private var buffer = ByteBuffer()
        // Bytes of the buffer that are known to hold no line end.
        private var scanned = 0

        init(open: @escaping @Sendable () async throws(ClusterReadError) -> HTTPClientResponse.Body, server: String) {
            self.open = open
            self.server = server
        }

        /// - Throws: see `KubernetesAPI.watch`.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws(ClusterReadError) -> WatchEvent? {
            do throws(ClusterReadError) {
                while true {
                    if let event = try bufferedEvent() { return event }
                    guard let chunk = try await read(isolation: actor) else {
                        progress = .ended
                        return nil
                    }
                    buffer.discardReadBytes()
                    buffer.writeImmutableBuffer(chunk)
                    guard buffer.readableBytes <= Self.lineLimit else { throw .malformed("the watch sent an event larger than 16 MiB") }
                }
            } catch {
                progress = .ended
                buffer.clear()
                throw error
            }
        }

        private mutating func read(isolation actor: isolated (any Actor)?) async throws(ClusterReadError) -> ByteBuffer? {
            if case .closed = progress { progress = .open(try await open().makeAsyncIterator()) }
            guard case .open(var chunks) = progress else { return nil }
            do {
                let chunk = try await chunks.next(isolation: actor)
                progress = .open(chunks)
                return chunk
            } catch {
                throw AttemptFailure(transport: error, server: server).error
            }
        }

        private mutating func bufferedEvent() throws(ClusterReadError) -> WatchEvent? {
            while let end = buffer.readableBytesView.dropFirst(scanned).firstIndex(of: UInt8(ascii: "\n")) {
                let count = end - buffer.readerIndex
                scanned = 0
                guard var line = buffer.readSlice(length: count + 1), count > 0 else { continue }
                line.moveWriterIndex(to: line.readerIndex + count)
                let result = line.withUnsafeReadableBytes { bytes in
                    Result { () throws(ClusterReadError) in try WatchEvent(parsing: bytes) }
                }
                return try result.get()
            }
            scanned = buffer.readableBytes
            return nil
        }
    }
}
