public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
import UnixSignals

/// The HTTP server of a service: routes behind the middlewares and limits that all services share.
public struct ServiceApplication: Service {
    /// Where and how a service listens.
    public struct Listening: Sendable, Hashable {
        public var host: String
        /// 0 lets the system choose.
        public var port: Int
        public var crossOrigin: CrossOriginPolicy
        /// Seconds without traffic after which a connection is closed.
        public var idleSeconds: Int

        public init(host: String = "127.0.0.1", port: Int, crossOrigin: CrossOriginPolicy = .origins([]), idleSeconds: Int = 60) {
            self.host = host
            self.port = port
            self.crossOrigin = crossOrigin
            self.idleSeconds = idleSeconds
        }
    }

    /// The Hummingbird application, for tests that speak to the router without a socket.
    public let application: Application<RouterResponder<ServiceContext>>
    private let listening: Listening
    private let logger: Logger

    /// - Parameters:
    ///   - name: name of the service, given as `Server` header.
    ///   - services: what runs as long as the server does, e.g. an investigation runner.
    ///   - onListening: called with the port once connections are accepted.
    public init(
        name: String, listening: Listening, routes: [Route], services: [any Service] = [], logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.listening = listening
        self.logger = logger
        // Hummingbird announces its start in words of its own; ours are below.
        var serverLogger = logger
        serverLogger.logLevel = logger.logLevel == .info ? .notice : logger.logLevel
        application = Application(
            router: Self.router(routes, crossOrigin: listening.crossOrigin),
            server: .http1(configuration: Self.channel(listening)),
            configuration: ApplicationConfiguration(
                address: .hostname(listening.host, port: listening.port), serverName: name,
                availableConnectionsDelegate: .maximum(RequestLimits.connections, logger: logger)),
            services: services,
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? listening.port
                logger.info("listening", metadata: ["host": .string(listening.host), "port": .stringConvertible(port)])
                await onListening(port)
            },
            logger: serverLogger)
    }

    /// Serves until the surrounding service group shuts down or the task is cancelled.
    /// - Throws: `ServiceFailure.cannotListen` where the address cannot be bound.
    public func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            throw ServiceFailure.cannotListen(host: listening.host, port: listening.port, reason: error.description)
        } catch let error as SocketAddressError {
            throw ServiceFailure.cannotListen(host: listening.host, port: listening.port, reason: "\(error)")
        }
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in flight end within `graceSeconds`.
    public func runUntilSignal(graceSeconds: Int = 20) async throws {
        var configuration = ServiceGroupConfiguration(services: [self], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(graceSeconds)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }

    private static func router(_ routes: [Route], crossOrigin: CrossOriginPolicy) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: SecurityHeadersMiddleware())
        router.add(middleware: CorrelationMiddleware())
        router.add(middleware: CrossOriginMiddleware(policy: crossOrigin))
        router.add(middleware: ErrorMiddleware(routes: RouteTable(routes)))
        for route in routes { router.on(RouterPath(route.path), method: route.method, use: route.handler) }
        return router
    }

    private static func channel(_ listening: Listening) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [MalformedRequestHandler()],
            idleTimeout: .seconds(Int64(listening.idleSeconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: RequestLimits.headerBytes, maxHeaderListSize: RequestLimits.headerBytes,
                maxHeaderFieldCount: RequestLimits.headerCount))
    }
}

/// Why a service cannot run.
public enum ServiceFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotListen(host: String, port: Int, reason: String)

    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason); choose another host or port"
        }
    }
}
