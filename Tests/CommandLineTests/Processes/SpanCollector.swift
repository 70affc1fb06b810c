import FastJSON
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A collector of traces on loopback: takes OTLP over HTTP as JSON, and keeps the spans.
final class SpanCollector: Sendable {
    struct Span: Sendable {
        let service: String
        let json: JSONValue

        var name: String { json["name"].string ?? "" }
        var trace: String { json["traceId"].string ?? "" }
        var id: String { json["spanId"].string ?? "" }
        var parent: String? { json["parentSpanId"].string }
        var kind: Int { json["kind"].int ?? 0 }

        /// The text of an attribute.
        func text(_ key: String) -> String? { Span.text(key, in: json["attributes"]) }

        static func text(_ key: String, in attributes: JSONValue) -> String? {
            attributes.array.first { $0["key"].string == key }?["value"]["stringValue"].string
        }
    }

    private struct State {
        var spans: [Span] = []
        var paths: [String] = []
        var authorizations: [String?] = []
        var refusals: [Int]
    }

    private let state: Mutex<State>

    private init(_ refusals: [Int]) { state = Mutex(State(refusals: refusals)) }

    var spans: [Span] { state.withLock { $0.spans } }
    var paths: [String] { state.withLock { $0.paths } }
    var authorizations: [String?] { state.withLock { $0.authorizations } }

    /// Runs a collector for the length of `body`.
    /// - Parameter refusals: statuses of its first answers; then it takes everything.
    static func run(
        refusing refusals: [Int] = [], _ body: @escaping @Sendable (_ collector: SpanCollector, _ address: String) async throws -> Void
    ) async throws {
        let collector = SpanCollector(refusals)
        let (ports, started) = AsyncStream<Int>.makeStream()
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            let data = Data((try await request.body.collect(upTo: 16 << 20)).readableBytesView)
            return Response(status: .init(code: collector.take(request, data)), body: .init(byteBuffer: ByteBuffer(string: "{}")))
        }
        var logger = Logger(label: "collector")
        logger.logLevel = .critical
        let application = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in started.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        let services = ServiceGroup(configuration: .init(services: [application], logger: logger))
        async let running: Void = services.run()
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next() ?? 0
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(collector, "http://127.0.0.1:\(port)")) } catch { outcome = .failure(error) }
        await services.triggerGracefulShutdown()
        try await running
        try outcome.get()
    }

    private func take(_ request: Request, _ data: Data) -> Int {
        state.withLock { state in
            state.paths.append(request.uri.path)
            state.authorizations.append(request.headers[.authorization])
            if !state.refusals.isEmpty { return state.refusals.removeFirst() }
            guard request.headers[.contentType] == "application/json", let json = try? JSONValue(parsing: data) else { return 400 }
            for resource in json["resourceSpans"].array {
                let service = Span.text("service.name", in: resource["resource"]["attributes"]) ?? ""
                for scope in resource["scopeSpans"].array {
                    state.spans += scope["spans"].array.map { Span(service: service, json: $0) }
                }
            }
            return 200
        }
    }
}
