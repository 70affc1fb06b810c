public import HTTPTypes
public import Hummingbird

/// One operation of a REST face. Routes are data, so that the 405 answers and the test of the OpenAPI document are made from the same list.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Request, ServiceContext) async throws -> Response

    public let method: HTTPRequest.Method
    /// As in OpenAPI: `/api/v1/incidents/{id}`.
    public let path: String
    /// What a caller must be allowed to do; nil where everybody may ask, keys or not.
    public var scope: AccessScope?
    let handler: Handler

    /// A route that needs `read` for GET, and `write` for everything else.
    public init(_ method: HTTPRequest.Method, _ path: String, handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
        scope = method == .get ? .read : .write
    }

    /// The same route for another scope, or for everybody.
    public func needing(_ scope: AccessScope?) -> Route {
        var route = self
        route.scope = scope
        return route
    }

    public static func get(_ path: String, handler: @escaping Handler) -> Route { Route(.get, path, handler: handler) }

    public static func post(_ path: String, handler: @escaping Handler) -> Route { Route(.post, path, handler: handler) }
}

/// Which methods a path has; Hummingbird itself answers a wrong method with 404.
struct RouteTable: Sendable {
    private let entries: [(segments: [Substring], method: HTTPRequest.Method, scope: AccessScope?)]

    init(_ routes: [Route]) {
        entries = routes.map { ($0.path.split(separator: "/"), $0.method, $0.scope) }
    }

    /// What a request needs: the scope of its route; nil for a route that is open to everybody. Where there is no such route, looking
    /// is what it takes to be told so.
    func scope(of method: HTTPRequest.Method, at path: String) -> AccessScope? {
        let segments = path.split(separator: "/")
        let method = method == .head ? .get : method
        guard let entry = entries.first(where: { $0.method == method && Self.matches($0.segments, segments) }) else { return .read }
        return entry.scope
    }

    /// Methods of a request path, sorted; empty where the path does not exist.
    func methods(at path: String) -> [String] {
        let segments = path.split(separator: "/")
        let found = entries.filter { Self.matches($0.segments, segments) }.map(\.method)
        guard !found.isEmpty else { return [] }
        let heads = found.contains(.get) ? [HTTPRequest.Method.head.rawValue] : []
        return Set(found.map(\.rawValue) + heads).sorted()
    }

    private static func matches(_ pattern: [Substring], _ path: [Substring]) -> Bool {
        pattern.count == path.count && zip(pattern, path).allSatisfy { $0 == $1 || $0.first == "{" }
    }
}
