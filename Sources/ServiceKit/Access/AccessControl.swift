import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Who may call a service, and how often. Without keys everybody may, as in development.
public final class AccessControl: Sendable {
    /// Where the keys are.
    public enum Source: Sendable, Hashable {
        case everybody
        case keys(AccessKeys)
        /// Read again when it changes.
        case file(String)
    }

    /// Seconds between looks at a keys file.
    private static let lookSeconds = 5.0
    /// Unknown keys of one address in a minute, after which further unknown ones have to wait.
    private static let failuresPerMinute = 20

    private struct State {
        var keys: AccessKeys?
        var version: FileVersion?
        var looked: ContinuousClock.Instant
    }

    private let source: Source
    private let state: Mutex<State>
    private let requests: RateLimit?
    private let failures = RateLimit(perMinute: failuresPerMinute)

    /// - Parameter requestsPerMinute: of one key, or of one address where there are no keys; nil for no bound.
    /// - Throws: `AccessKeyError`, or what reading the file throws.
    public init(_ source: Source, requestsPerMinute: Int? = nil) throws {
        self.source = source
        requests = requestsPerMinute.map { RateLimit(perMinute: $0) }
        let state: State
        switch source {
        case .everybody: state = State(keys: nil, looked: .now)
        case .keys(let keys): state = State(keys: keys, looked: .now)
        case .file(let path):
            let (keys, version) = try Self.read(path)
            state = State(keys: keys, version: version, looked: .now)
        }
        self.state = Mutex(state)
    }

    /// The caller of a request, where it may do what needs `scope`.
    /// - Returns: nil where everybody may call.
    /// - Throws: `Problem` with 401, 403 or 429.
    func admit(_ request: Request, from address: String, needing scope: AccessScope, logger: Logger) throws(Problem) -> Caller? {
        guard let keys = currentKeys(logger) else {
            try take(requests, address)
            return nil
        }
        guard let key = Self.key(in: request) else {
            throw Problem(.unauthorized, "an API key is needed: `Authorization: Bearer …`", headers: [.wwwAuthenticate: "Bearer"])
        }
        guard let caller = keys.caller(with: key) else {
            // Only guesses are counted: who has a key is not shut out by others behind the same address.
            if let seconds = failures.take(address) { throw Self.tooMany(seconds) }
            throw Problem(.unauthorized, "this API key is not known", headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
        }
        try take(requests, caller.name)
        guard caller.scope >= scope else {
            throw Problem(.forbidden, "this API key may \(caller.scope.rawValue); `\(scope.rawValue)` is needed here")
        }
        return caller
    }

    private func take(_ limit: RateLimit?, _ name: String) throws(Problem) {
        if let seconds = limit?.take(name) { throw Self.tooMany(seconds) }
    }

    private static func tooMany(_ seconds: Int) -> Problem {
        Problem(.tooManyRequests, "too many requests; try again in \(seconds) s", headers: [.retryAfter: String(seconds)])
    }

    /// `X-API-Key` for callers whose `Authorization` is taken; a request with more than one is one without.
    private static func key(in request: Request) -> String? {
        let bearers = request.headers[values: .authorization]
        let plain = HTTPField.Name("X-API-Key").map { request.headers[values: $0] } ?? []
        guard bearers.count + plain.count == 1 else { return nil }
        guard let bearer = bearers.first else { return plain.first }
        let words = bearer.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        return String(words[1])
    }

    /// A keys file that cannot be read any more, or has become wrong, changes nothing.
    private func currentKeys(_ logger: Logger) -> AccessKeys? {
        guard case .file(let path) = source else { return state.withLock { $0.keys } }
        return state.withLock { state in
            guard state.looked.duration(to: .now) > .seconds(Self.lookSeconds) else { return state.keys }
            state.looked = .now
            guard FileVersion(of: path) != state.version else { return state.keys }
            do {
                (state.keys, state.version) = try Self.read(path)
                logger.info("API keys read again", metadata: ["path": .string(path)])
            } catch {
                logger.error("API keys not read again", metadata: ["path": .string(path), "error": .string("\(error)")])
            }
            return state.keys
        }
    }

    private static func read(_ path: String) throws -> (AccessKeys, FileVersion?) {
        // Before the content: what changes in between is read again.
        let version = FileVersion(of: path)
        return (try AccessKeys(try String(contentsOfFile: path, encoding: .utf8)), version)
    }
}

struct AccessMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let control: AccessControl
    let routes: RouteTable

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        // What is not there is told to those who may look only: others learn nothing of the paths.
        guard let scope = routes.scope(of: request.method, at: request.uri.path) else { return try await next(request, context) }
        var context = context
        context.caller = try control.admit(request, from: context.address, needing: scope, logger: context.logger)
        return try await next(request, context)
    }
}
