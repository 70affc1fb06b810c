public import Hummingbird
import HummingbirdCore
import HummingbirdTLS
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
        /// Seconds that a client may take to send a request.
        public var requestSeconds: Int
        public var access: AccessControl.Source
        /// Requests of one caller in a minute; nil for no bound.
        public var requestsPerMinute: Int?
        /// Open connections; further ones wait in the backlog. From fifteen sixteenths of it on, each new one closes the one that has
        /// asked for nothing for the longest time.
        public var connections: Int
        /// Nil for plain HTTP.
        public var certificate: ServerCertificate.Files?

        public init(
            host: String = "127.0.0.1", port: Int, crossOrigin: CrossOriginPolicy = .origins([]), idleSeconds: Int = 60,
            requestSeconds: Int = 30, access: AccessControl.Source = .everybody, requestsPerMinute: Int? = nil,
            connections: Int = RequestLimits.connections, certificate: ServerCertificate.Files? = nil
        ) {
            self.host = host
            self.port = port
            self.crossOrigin = crossOrigin
            self.idleSeconds = idleSeconds
            self.requestSeconds = requestSeconds
            self.access = access
            self.requestsPerMinute = requestsPerMinute
            self.connections = connections
            self.certificate = certificate
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
    /// - Throws: `ServiceFailure` where keys or certificate cannot be read.
    public init(
        name: String, listening: Listening, routes: [Route], services: [any Service] = [], logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws(ServiceFailure) {
        self.listening = listening
        self.logger = logger
        // Hummingbird announces its start in words of its own; ours are below.
        var serverLogger = logger
        serverLogger.logLevel = logger.logLevel == .info ? .notice : logger.logLevel
        application = Application(
            router: Self.router(name, routes, listening.crossOrigin, try Self.access(listening)),
            server: try Self.server(listening, logger),
            configuration: ApplicationConfiguration(
                address: .hostname(listening.host, port: listening.port), serverName: name,
                availableConnectionsDelegate: .maximum(listening.connections, logger: logger)),
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

    private static func router(
        _ name: String, _ routes: [Route], _ crossOrigin: CrossOriginPolicy, _ access: AccessControl
    ) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self, options: [.autoGenerateHeadEndpoints])
        let table = RouteTable(routes)
        router.add(middleware: SecurityHeadersMiddleware())
        router.add(middleware: CorrelationMiddleware())
        router.add(middleware: MetricsMiddleware(service: name))
        router.add(middleware: CrossOriginMiddleware(policy: crossOrigin))
        router.add(middleware: ErrorMiddleware(routes: table))
        router.add(middleware: AccessMiddleware(control: access, routes: table))
        if RequestTracing.isOn {
            // Behind the keys: strangers decide neither what is traced nor how much. Errors become answers within the span.
            router.add(middleware: RequestTracing(routes: table))
            router.add(middleware: ErrorMiddleware(routes: table))
        }
        for route in routes { router.on(RouterPath(route.path), method: route.method, use: route.handler) }
        return router
    }

    private static func access(_ listening: Listening) throws(ServiceFailure) -> AccessControl {
        do {
            return try AccessControl(listening.access, requestsPerMinute: listening.requestsPerMinute)
        } catch {
            guard case .file(let path) = listening.access else { throw .keys(path: "", reason: "\(error)") }
            let reason = (error as? AccessKeyError)?.description ?? "cannot be read; check that it exists and may be read"
            throw .keys(path: path, reason: reason)
        }
    }

    private static func server(_ listening: Listening, _ logger: Logger) throws(ServiceFailure) -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(configuration: channel(listening))
        guard let files = listening.certificate else { return plain }
        do {
            return try .tls(plain, tlsConfiguration: try ServerCertificate(files, logger: logger).configuration())
        } catch {
            throw .certificate("\(error)")
        }
    }

    private static func channel(_ listening: Listening) -> HTTP1Channel.Configuration {
        let crowd = ConnectionCrowd(limit: listening.connections - listening.connections / 16)
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestDeadlineHandler(
                    requestTime: .seconds(Int64(listening.requestSeconds)), idleTime: .seconds(Int64(listening.idleSeconds)), crowd: crowd),
                MalformedRequestHandler(),
            ],
            idleTimeout: .seconds(Int64(listening.idleSeconds)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: RequestLimits.headerBytes, maxHeaderListSize: RequestLimits.headerBytes,
                maxHeaderFieldCount: RequestLimits.headerCount))
    }
}

/// Why a service cannot run.
public enum ServiceFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotListen(host: String, port: Int, reason: String)
    case keys(path: String, reason: String)
    case certificate(String)

    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host):\(port): \(reason); choose another host or port"
        case .keys(let path, let reason): "\(CommonSettings.apiKeys.key): \(path): \(reason)"
        case .certificate(let reason): "\(CommonSettings.tlsCertificate.key): \(reason)"
        }
    }
}
