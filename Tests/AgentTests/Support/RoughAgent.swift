import AgentAPI
import AsyncHTTPClient
import FastJSON
import Foundation
import HTTPTypes
import Hummingbird
import Investigation
import NIOCore
import ServiceKit
import ServiceLifecycle
import Synchronization

/// A server on loopback that answers as a test says, and remembers the requests.
struct RoughAgent: Sendable {
    struct Seen: Sendable {
        var paths: [String] = []
        var correlationIDs: [String?] = []
        var deadlines: [String?] = []
        var bodies: [String] = []
    }

    private final class Record: Sendable {
        let seen = Mutex(Seen())
    }

    private let record = Record()
    private let answer: @Sendable (_ number: Int, _ path: String) async throws -> Response

    /// - Parameter answer: gets the number of the request, from 1, and its path.
    init(_ answer: @escaping @Sendable (_ number: Int, _ path: String) async throws -> Response) {
        self.answer = answer
    }

    var seen: Seen { record.seen.withLock { $0 } }

    /// Runs `body` with a client of this server.
    func run<Value: Sendable>(
        timeoutSeconds: Double = 5, largestResponseBytes: Int = 1 << 20, breaker: CircuitBreaker = CircuitBreaker(threshold: 100),
        _ body: @Sendable @escaping (AgentClient) async throws -> Value
    ) async throws -> Value {
        let router = Router()
        for method in [HTTPRequest.Method.get, .post] {
            router.on("**", method: method) { [record, answer] request, _ in
                let text = String(buffer: try await request.body.collect(upTo: 1 << 20))
                let number = record.seen.withLock { seen in
                    seen.paths.append(request.uri.path)
                    seen.correlationIDs.append(HTTPField.Name("X-Correlation-ID").flatMap { request.headers[$0] })
                    seen.deadlines.append(HTTPField.Name(CallDeadline.header).flatMap { request.headers[$0] })
                    seen.bodies.append(text)
                    return seen.paths.count
                }
                return try await answer(number, request.uri.path)
            }
        }
        let responder = router.buildResponder()
        let make: @Sendable (@escaping @Sendable (Int) -> Void) -> any ServiceLifecycle.Service = { onListening in
            Application(
                responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: .silent)
        }
        return try await withLiveServer(make) { port in
            guard let url = URL(string: "http://127.0.0.1:\(port)/") else { throw AgentError.malformed("no url") }
            return try await Self.withClient { http in
                try await body(
                    AgentClient(
                        baseURL: url, httpClient: http, timeoutSeconds: timeoutSeconds, largestResponseBytes: largestResponseBytes,
                        retries: RetryPolicy(firstDelay: .milliseconds(10)), breaker: breaker))
            }
        }
    }

    /// An HTTP client that is shut down afterwards.
    static func withClient<Value: Sendable>(_ body: (HTTPClient) async throws -> Value) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        // As the orchestrator has it: a refused connection is an answer.
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let value = try await body(http)
            try await http.shutdown()
            return value
        } catch {
            try? await http.shutdown()
            throw error
        }
    }
}
