import AsyncHTTPClient
public import ClusterModel
public import FastJSON
public import Logging
import NIOCore

/// Reads a live cluster over its API: get, list, watch and log, and no verb that writes.
///
/// Every call has a deadline, waits for its turn where too many are in flight, and is tried again after errors that may pass.
/// Call `shutdown()` at the end.
public final class KubernetesAPI: ClusterReader, Sendable {
    let transport: Transport
    let calls: HTTPClient
    let watches: HTTPClient

    /// - Parameters:
    ///   - connection: see `ClusterConnection.resolve`.
    ///   - logger: gets retries at debug level; never credentials.
    public init(connection: ClusterConnection, options: Options = Options(), logger: Logger) {
        transport = Transport(connection: connection, options: options, logger: logger)
        // Log streams are read at their reader's pace and hold a connection meanwhile, beside the calls in flight.
        calls = transport.makeClient(connections: options.requestsInFlight + 64, idleLimit: options.attemptTimeout)
        // Watches stay open for minutes: in one pool with the calls they would starve them. The server ends each in time.
        watches = transport.makeClient(connections: 256, idleLimit: .seconds(Self.watchSeconds + 30))
    }

    deinit {
        for client in [calls, watches] { client.shutdown { _ in } }
    }

    /// Closes all connections, running calls included. Returns after half a second at the latest: the HTTP library can take
    /// seconds over a cancelled stream, and goes on with that in the background.
    public func shutdown() async {
        let (closed, continuation) = AsyncStream<Void>.makeStream()
        for client in [calls, watches] { client.shutdown { _ in continuation.yield() } }
        _ = try? await withTimeLimit(.milliseconds(500), orThrow: CancellationError()) { () throws(CancellationError) in
            var iterator = closed.makeAsyncIterator()
            await iterator.next()
            await iterator.next()
        }
    }

    public func version() async throws(ClusterReadError) -> String {
        let answer = try await object(RequestPath(["version"]))
        guard let version = answer["gitVersion"].string else {
            throw .malformed("\(transport.connection.server) does not say its version; is it a Kubernetes API server?")
        }
        return HostileText.line(version, limit: 100)
    }

    public func get(_ resource: ResourceType, namespace: String?, name: String) async throws(ClusterReadError) -> JSONValue {
        try await object(RequestPath(resource, namespace: namespace, name: name))
    }

    /// Any document of the API that GET answers with JSON, such as discovery.
    /// - Parameter path: without query and not encoded, e.g. `/apis/apps/v1`.
    /// - Throws: `.badRequest` for a path with empty, `.` or `..` parts.
    public func raw(_ path: String) async throws(ClusterReadError) -> JSONValue {
        let relative = path.hasPrefix("/") ? path.dropFirst() : path[...]
        return try await object(RequestPath(relative.split(separator: "/", omittingEmptySubsequences: false).map(String.init)))
    }

    /// A JSON object; a `Status` that reports failure is thrown, whatever HTTP status it came with.
    func object(_ path: RequestPath) async throws(ClusterReadError) -> JSONValue {
        let limit = transport.options.maximumAnswerBytes
        let server = transport.connection.server
        return try await transport.get(path, through: calls) { response in
            let body: ByteBuffer
            do {
                body = try await response.body.collect(upTo: limit)
            } catch is NIOTooManyBytesError {
                throw ClusterReadError.malformed("the answer to \(path) is larger than \(limit >> 20) MiB")
            }
            guard let value = try? body.withUnsafeReadableBytes({ try JSONValue(parsing: $0) }), value.kind == .object else {
                throw ClusterReadError.malformed("\(server) answers \(path) with something that is no JSON object")
            }
            if value["kind"].string == "Status", value["status"].string == "Failure" {
                throw StatusAnswer.failure(object: value, path: path.description)
            }
            return value
        }
    }
}
