import FastJSON
import Foundation
import HTTPTypes
import Hummingbird
import LanguageModels
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A provider on loopback that speaks one wire format, refuses what does not follow it, and answers as a test says.
final class FakeProvider: Sendable {
    enum Reply: Sendable {
        case text(String)
        case calls([(name: String, arguments: String)])
        case refusal, truncated, empty
        /// A status with headers and, in the provider's own form, a message.
        case failure(Int, headers: [String: String] = [:], message: String = "as the test wants")
        /// A body that is not what was promised, with status 200.
        case garbage(String)
        case slow
        case cut
    }

    struct Seen: Sendable {
        let path: String
        let headers: HTTPFields
        let body: String

        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .missing }
    }

    let port: Int
    let provider: ModelAccess.Provider
    private let log = Mutex<[Seen]>([])

    private init(port: Int, provider: ModelAccess.Provider) {
        self.port = port
        self.provider = provider
    }

    var seen: [Seen] { log.withLock { $0 } }

    /// The base address, as one would configure it.
    var address: URL {
        let path = [.chatCompletions, .responses].contains(provider) ? "/v1" : ""
        return URL(string: "http://127.0.0.1:\(port)\(path)") ?? URL(filePath: "/")
    }

    /// Runs a provider for the length of `body`.
    /// - Parameters:
    ///   - knowsSchemas: whether it refuses to hold answers to a schema, as older servers do.
    ///   - checks: whether requests have to follow the format.
    ///   - answer: gets the number of the request, from 1, and the request.
    static func run(
        _ provider: ModelAccess.Provider, knowsSchemas: Bool = true, checks: Bool = true,
        answer: @escaping @Sendable (Int, Seen) -> Reply,
        _ body: @escaping @Sendable (FakeProvider) async throws -> Void
    ) async throws {
        let (ports, started) = AsyncStream<Int>.makeStream()
        let current = Mutex<FakeProvider?>(nil)
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 16 << 20))
            let seen = Seen(path: request.head.path ?? "", headers: request.headers, body: text)
            guard let server = current.withLock({ $0 }) else { return Response(status: .internalServerError) }
            let number = server.log.withLock { log in
                log.append(seen)
                return log.count
            }
            let form = ProviderForm(provider: provider)
            if checks, let problem = form.problem(seen, knowsSchemas: knowsSchemas) {
                return form.failure(problem.status, [:], problem.message)
            }
            return try await form.response(to: answer(number, seen))
        }
        var logger = Logger(label: "provider")
        logger.logLevel = .critical
        let application = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in started.yield(channel.localAddress?.port ?? 0) }, logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        let services = ServiceGroup(configuration: configuration)
        async let running: Void = services.run()
        var iterator = ports.makeAsyncIterator()
        let server = FakeProvider(port: await iterator.next() ?? 0, provider: provider)
        current.withLock { $0 = server }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        await services.triggerGracefulShutdown()
        try? await running
        try outcome.get()
    }
}
