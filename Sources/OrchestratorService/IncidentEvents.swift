import Foundation
import HTTPTypes
import Hummingbird
import IncidentModel
import Investigation
import Logging
import NIOCore
import ServiceKit
import ServiceLifecycle
import Synchronization

/// `GET /api/v1/incidents/{id}/events`: the journal of an incident as server-sent events, from the store, so that every replica can serve
/// every stream and a broken one is resumed where it was.
///
/// An entry is an event `journal` whose id is its sequence number; `end` with the final status closes the stream.
struct IncidentEvents: Sendable {
    /// Bounds of all streams together, and of each.
    struct Limits: Sendable {
        /// Streams at once; each keeps a connection.
        var streams = 900
        /// Seconds of silence after which a comment shows both sides that the connection lives.
        var heartbeatSeconds = 15.0
        /// Seconds between looks at the store while it tells nothing: hints may be lost.
        var lookSeconds = 5.0
    }

    let store: any IncidentStore
    private let limits: Limits
    private let streams = Counter()

    init(store: any IncidentStore, limits: Limits = Limits()) {
        self.store = store
        self.limits = limits
    }

    func response(_ id: UUID, _ request: Request) async throws -> Response {
        let position = try Self.position(of: request)
        guard let place = streams.take(atMost: limits.streams) else {
            throw Problem(
                .serviceUnavailable, "too many event streams are open; try again, or read the journal", headers: [.retryAfter: "5"])
        }
        let texts = texts(id, after: position)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                // Held until the stream ends, however it does.
                defer { withExtendedLifetime(place) {} }
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    for try await text in texts { try await writer.write(ByteBuffer(string: text)) }
                }
                try await writer.finish(nil)
            })
    }

    /// What the stream says, as it happens; ends with the incident, at a shutdown, or when nobody reads it any more.
    private func texts(_ id: UUID, after position: Int) -> AsyncThrowingStream<String, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await follow(id, after: position) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func follow(_ id: UUID, after position: Int, say: @Sendable (String) -> Void) async throws {
        var position = position
        var lastWord = ContinuousClock.now
        say("retry: 2000\n\n")
        for await _ in looks(id).cancelOnGracefulShutdown() {
            // In this order, so that a final status means that the entries are complete.
            // Retention may have deleted it meanwhile; then there is nothing more to say, and nothing is made up.
            guard let status = try await store.incident(id)?.status else { return }
            let entries = try await store.journal(of: id, after: position)
            var text = try entries.map { try Self.event("journal", id: $0.sequence, $0) }.joined()
            position = entries.last?.sequence ?? position
            if status.isFinal { text += "event: end\ndata: {\"status\":\"\(status.rawValue)\"}\n\n" }
            if text.isEmpty, lastWord.duration(to: .now) > .seconds(limits.heartbeatSeconds) { text = ": still here\n\n" }
            if !text.isEmpty {
                say(text)
                lastWord = .now
            }
            if status.isFinal { return }
        }
    }

    /// When to look at the store: at once, when it tells of the incident, and now and then.
    private func looks(_ id: UUID) -> AsyncStream<Void> {
        let changes = store.changes.subscribe { $0 == .incident(id) }
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.yield()
            let listening = Task {
                for await _ in changes { continuation.yield() }
            }
            let looking = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(limits.lookSeconds))
                    continuation.yield()
                }
            }
            continuation.onTermination = { _ in
                listening.cancel()
                looking.cancel()
            }
        }
    }

    /// JSON has no line breaks, so an event's data is one line.
    private static func event(_ name: String, id: Int, _ value: some Encodable) throws -> String {
        "id: \(id)\nevent: \(name)\ndata: \(String(decoding: try IncidentJSON.encode(value), as: UTF8.self))\n\n"
    }

    private static func position(of request: Request) throws -> Int {
        let after = try request.integer("after", default: 0, in: 0...Int(Int32.max))
        guard let name = HTTPField.Name("Last-Event-ID"), let text = request.headers[name], !text.isEmpty else { return after }
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let position = Int(text) else {
            throw Problem(.badRequest, "`Last-Event-ID` must be the id of an event of this stream")
        }
        return position
    }
}

/// Counts what is open; a place is given back when nobody holds it any more.
final class Counter: Sendable {
    final class Place: Sendable {
        private let counter: Counter

        init(_ counter: Counter) { self.counter = counter }

        deinit { counter.count.withLock { $0 -= 1 } }
    }

    private let count = Mutex(0)

    func take(atMost limit: Int) -> Place? {
        let isFree = count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
        return isFree ? Place(self) : nil
    }
}
