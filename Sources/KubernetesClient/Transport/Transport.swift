import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1

/// Sends requests to one API server, with credentials, retries and deadlines. GET is the only method it knows.
struct Transport: Sendable {
    let connection: ClusterConnection
    let credentials: any CredentialSource
    let options: KubernetesAPI.Options
    let places: AsyncSemaphore
    let logger: Logger
    private let origin: String

    init(connection: ClusterConnection, options: KubernetesAPI.Options, logger: Logger) {
        self.connection = connection
        self.options = options
        self.logger = logger
        credentials = connection.credentials.source()
        places = AsyncSemaphore(options.requestsInFlight)
        origin = connection.address.base(servedAs: connection.tls.serverName)
    }

    /// An HTTP client for this server.
    /// - Parameters:
    ///   - connections: how many may be open at once; beyond that requests wait.
    ///   - idleLimit: how long an answer may pause.
    func makeClient(connections: Int, idleLimit: Duration) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = connection.tls.configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5), read: TimeAmount(idleLimit))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Otherwise a refused port or a wrong authority shows only after seconds; we have retries of our own.
        configuration.connectionPool.retryConnectionEstablishment = false
        // One connection a request in flight: a stuck stream cannot stop the others, as it could on one HTTP/2 connection.
        configuration.httpVersion = .http1Only
        if let name = connection.tls.serverName, name != connection.address.host {
            configuration.dnsOverride = [name: connection.address.host]
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Sends a request until it succeeds, cannot succeed, or the deadline is near, and reads the answer of status 200 or 204.
    /// - Parameter read: reads the body; whatever it throws counts as a failed attempt.
    func get<Value: Sendable>(
        _ path: RequestPath, through client: HTTPClient, reading read: @escaping @Sendable (HTTPClientResponse) async throws -> Value
    ) async throws(ClusterReadError) -> Value {
        guard await places.acquire(within: options.deadline) else {
            throw .timeout(
                Task.isCancelled ? "the read was cancelled" : "\(connection.server) is so slow that the call never got its turn")
        }
        defer { places.release() }
        var credential = try await credentials.current()
        var isRenewed = false
        var attempt = 1
        var deadline = ContinuousClock.now + options.deadline
        while true {
            let failure: AttemptFailure
            do throws(AttemptFailure) {
                return try await self.attempt(path, credential, until: deadline, through: client, reading: read)
            } catch {
                failure = error
            }
            if case .unauthorized = failure.error, !isRenewed, let fresh = try await credentials.renewed(after: credential) {
                (credential, isRenewed) = (fresh, true)
                deadline = .now + options.deadline
                continue
            }
            try await rest(after: failure, attempt: attempt, until: deadline, path: path)
            attempt += 1
        }
    }

    private func rest(
        after failure: AttemptFailure, attempt: Int, until deadline: ContinuousClock.Instant, path: RequestPath
    ) async throws(ClusterReadError) {
        let policy = Retrying(attempts: options.attempts, firstPause: options.firstRetryPause)
        let remaining = ContinuousClock.now.duration(to: deadline)
        guard !Task.isCancelled, let pause = policy.pause(after: failure, attempt: attempt, remaining: remaining) else {
            throw failure.error
        }
        logger.debug("Kubernetes API request failed and is tried again", metadata: ["path": "\(path)", "attempt": "\(attempt)"])
        do { try await Task.sleep(for: pause) } catch { throw failure.error }
    }

    private func attempt<Value: Sendable>(
        _ path: RequestPath, _ credential: RequestCredential, until deadline: ContinuousClock.Instant, through client: HTTPClient,
        reading read: @escaping @Sendable (HTTPClientResponse) async throws -> Value
    ) async throws(AttemptFailure) -> Value {
        let limit = min(options.attemptTimeout, ContinuousClock.now.duration(to: deadline))
        let server = connection.server
        let late = AttemptFailure(.timeout("\(server) did not answer within \(limit.inSeconds) s"), isWorthRetrying: true)
        let request = request(path, credential)
        return try await withTimeLimit(limit, orThrow: late) { () throws(AttemptFailure) in
            do {
                // The library's own deadline ends with the head of the answer; the time limit around this covers the body too.
                let response = try await client.execute(request, timeout: TimeAmount(limit), logger: nil)
                guard response.status == .ok || response.status == .noContent else {
                    let body = try await response.body.start(64 << 10)
                    throw StatusAnswer.failure(
                        status: Int(response.status.code), headers: response.headers, body: body, path: path.description)
                }
                return try await read(response)
            } catch {
                throw AttemptFailure(transport: error, server: server)
            }
        }
    }

    private func request(_ path: RequestPath, _ credential: RequestCredential) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: origin + path.description)
        request.method = .GET
        request.headers.add(name: "Host", value: connection.address.authority)
        request.headers.add(name: "User-Agent", value: options.userAgent)
        request.headers.add(name: "Accept", value: "application/json, */*")
        if let authorization = credential.authorization { request.headers.add(name: "Authorization", value: authorization) }
        if let identity = credential.identity { request.tlsConfiguration = connection.tls.configuration(identity: identity) }
        return request
    }
}

extension HTTPClientResponse.Body {
    /// The first bytes of the body; the rest is not read.
    func start(_ limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in self {
            bytes += chunk.readableBytesView.prefix(limit - bytes.count)
            if bytes.count >= limit { break }
        }
        return bytes
    }
}

extension Duration {
    /// Seconds with one decimal, for messages.
    fileprivate var inSeconds: String {
        let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
