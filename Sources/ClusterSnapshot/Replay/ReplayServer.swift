public import ClusterModel
import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import ServiceLifecycle

/// A read-only Kubernetes API over a snapshot: what `kubectl`, the agent or any other client would have seen at that moment.
///
/// It knows get, list, watch and log; every other method is answered with 405.
public struct ReplayServer: ServiceLifecycle.Service {
    private let responder: ReplayResponder
    private let host: String
    private let port: Int
    private let logger: Logger
    private let onServerRunning: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - evidence: the recorded cluster; values of Secrets are never served, should it hold any.
    ///   - host: address to listen on.
    ///   - port: TCP port, 0 for any free one.
    ///   - onServerRunning: told the port once connections are accepted.
    public init(
        evidence: ClusterEvidence, host: String, port: Int, logger: Logger,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        responder = ReplayResponder(reader: SnapshotReader(evidence))
        self.host = host
        self.port = port
        self.logger = logger
        self.onServerRunning = onServerRunning
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    /// - Throws: where the address cannot be bound.
    public func run() async throws {
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(300))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { [onServerRunning] channel in await onServerRunning(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}
