import Foundation
import Hummingbird
import HummingbirdTLS
import KubernetesClient
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// What the server saw of one request.
struct SeenRequest: Sendable {
    /// Path and query as they came over the wire.
    let target: String
    let method: String
    let headers: HTTPFields

    var path: String { String(target.prefix { $0 != "?" }) }

    /// The still encoded value of a query member.
    func query(_ name: String) -> String? {
        let members = target.drop { $0 != "?" }.dropFirst().split(separator: "&")
        return members.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    var authorization: String? { headers[.authorization] }
}

/// A server on loopback that keeps what it was asked.
final class FakeServer: Sendable {
    typealias Answer = @Sendable (_ request: SeenRequest, _ index: Int) async throws -> Response

    let port: Int
    let scheme: String
    private let log: Mutex<[SeenRequest]>

    private init(port: Int, scheme: String) {
        self.port = port
        self.scheme = scheme
        log = Mutex([])
    }

    var address: String { "\(scheme)://127.0.0.1:\(port)" }
    var seen: [SeenRequest] { log.withLock { $0 } }

    private func note(_ request: SeenRequest) -> Int {
        log.withLock { log in
            log.append(request)
            return log.count - 1
        }
    }

    /// Runs a server for the length of `body`.
    static func run(
        tls: TLSConfiguration? = nil, answer: @escaping Answer, _ body: @escaping @Sendable (FakeServer) async throws -> Void
    ) async throws {
        let (ports, started) = AsyncStream<Int>.makeStream()
        let current = Mutex<FakeServer?>(nil)
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            let seen = SeenRequest(target: request.head.path ?? "", method: request.method.rawValue, headers: request.headers)
            let server = current.withLock { $0 }
            return try await answer(seen, server?.note(seen) ?? 0)
        }
        var logger = Logger(label: "fake-server")
        logger.logLevel = .critical
        let application = Application(
            responder: responder, server: try tls.map { try .tls(tlsConfiguration: $0) } ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in started.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        // Ended gracefully, not by cancellation: a connection that Hummingbird has accepted but not begun to serve when it is
        // cancelled stops the process.
        let services = ServiceGroup(configuration: .init(services: [application], logger: logger))
        async let running: Void = services.run()
        var iterator = ports.makeAsyncIterator()
        let server = FakeServer(port: await iterator.next() ?? 0, scheme: tls == nil ? "http" : "https")
        current.withLock { $0 = server }
        do {
            try await body(server)
        } catch {
            await services.triggerGracefulShutdown()
            try await running
            throw error
        }
        await services.triggerGracefulShutdown()
        try await running
    }

    /// Keeps an answer back for a while, or until the server ends.
    static func hold(_ duration: Duration) async throws {
        try await cancelWhenGracefulShutdown { try await Task.sleep(for: duration) }
    }
}

extension Response {
    static func json(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "text/plain"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// A Kubernetes `Status` of failure.
    static func failure(_ code: Int, _ message: String, headers: HTTPFields = [:]) -> Response {
        json(
            #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"\#(message)","code":\#(code)}"#,
            status: .init(code: code), headers: headers)
    }

    /// A page of a list of pods with these names.
    static func pods(_ names: [String], next: String = "") -> Response {
        let items = names.map { #"{"metadata":{"name":"\#($0)"}}"# }.joined(separator: ",")
        return json(#"{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"\#(next)"},"items":[\#(items)]}"#)
    }

    static let version = json(#"{"major":"1","minor":"36","gitVersion":"v1.36.2"}"#)

    /// Sends chunks one by one; the connection is cut afterwards where `isCut`.
    static func chunks(_ texts: [String], isCut: Bool = false, holding: Duration = .zero) -> Response {
        Response(
            status: .ok,
            body: .init { writer in
                for text in texts { try await writer.write(ByteBuffer(string: text)) }
                if holding > .zero { try await FakeServer.hold(holding) }
                if isCut { throw CancellationError() }
                try await writer.finish(nil)
            })
    }
}

extension KubernetesAPI.Options {
    /// Short pauses, so that tests of retries take no time.
    static func quick(
        pageSize: Int = 500, requestsInFlight: Int = 8, deadline: Duration = .seconds(20), attemptTimeout: Duration = .seconds(15),
        attempts: Int = 3
    ) -> KubernetesAPI.Options {
        KubernetesAPI.Options(
            pageSize: pageSize, requestsInFlight: requestsInFlight, deadline: deadline, attemptTimeout: attemptTimeout, attempts: attempts,
            firstRetryPause: .milliseconds(5))
    }
}

/// Runs a client of `connection`, and shuts it down.
func withAPI(
    _ connection: ClusterConnection, options: KubernetesAPI.Options = .quick(), _ body: (KubernetesAPI) async throws -> Void
) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let api = KubernetesAPI(connection: connection, options: options, logger: logger)
    do {
        try await body(api)
    } catch {
        await api.shutdown()
        throw error
    }
    await api.shutdown()
}

/// Runs a plain HTTP server and a client of it.
func withAPI(
    options: KubernetesAPI.Options = .quick(), answer: @escaping FakeServer.Answer,
    _ body: @escaping @Sendable (KubernetesAPI, FakeServer) async throws -> Void
) async throws {
    try await FakeServer.run(answer: answer) { server in
        try await withAPI(try ClusterConnection(server: server.address), options: options) { try await body($0, server) }
    }
}

/// The error that `operation` throws; `nil` where it succeeds.
func failure<Value>(_ operation: () async throws(ClusterReadError) -> Value) async -> ClusterReadError? {
    do throws(ClusterReadError) {
        _ = try await operation()
        return nil
    } catch {
        return error
    }
}
