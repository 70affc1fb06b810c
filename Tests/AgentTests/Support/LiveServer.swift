import Hummingbird
import Logging
import ServiceKit
import ServiceLifecycle
import Testing

/// Runs a server on a free port of loopback while `body` runs, and ends it in good order.
///
/// A server that is cancelled, or that ends while a connection is just being accepted, can abort the whole process.
func withLiveServer<Value: Sendable>(
    _ server: @Sendable (_ onListening: @escaping @Sendable (Int) -> Void) throws -> any Service,
    _ body: (_ port: Int) async throws -> Value
) async throws -> Value {
    let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
    var configuration = ServiceGroupConfiguration(services: [try server { continuation.yield($0) }], logger: .silent)
    // Some tests leave an answer hanging on purpose; nothing is accepted any more by then.
    configuration.maximumGracefulShutdownDuration = .seconds(1)
    let group = ServiceGroup(configuration: configuration)
    async let running: Void = group.run()
    var iterator = ports.makeAsyncIterator()
    let port = try #require(await iterator.next())
    let result: Result<Value, any Error>
    do {
        result = .success(try await body(port))
    } catch {
        result = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try? await running
    return try result.get()
}
