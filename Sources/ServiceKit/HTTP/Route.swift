public import HTTPTypes
public import Hummingbird

/// One operation of a REST face. Routes are data, so that the 405 answers and the test of the OpenAPI document are made from the same list.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Request, ServiceContext) async throws -> Response

    public let method: HTTPRequest.Method
    /// As in OpenAPI: `/api/v1/incidents/{id}`.
    public let path: String
    let handler: Handler

    public init(_ method: HTTPRequest.Method, _ path: String, handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }

    public static func get(_ path: String, handler: @escaping Handler) -> Route { Route(.get, path, handler: handler) }

    public static func post(_ path: String, handler: @escaping Handler) -> Route { Route(.post, path, handler: handler) }
}

/// Which methods a path has; Hummingbird itself answers a wrong method with 404.
struct RouteTable: Sendable {
    private let entries: [(segments: [Substring], method: HTTPRequest.Method)]

    init(_ routes: [Route]) {
        entries = routes.map { ($0.path.split(separator: "/"), $0.method) }
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
