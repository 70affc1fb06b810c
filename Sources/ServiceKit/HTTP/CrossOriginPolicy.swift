import HTTPTypes
import Hummingbird

/// Which web pages may call the API from a browser.
public enum CrossOriginPolicy: Sendable, Hashable {
    /// Every page: for development.
    case any
    /// Pages of these origins, such as `https://console.example.com`, and no others.
    case origins(Set<String>)

    func allows(_ origin: String) -> Bool {
        switch self {
        case .any: true
        case .origins(let origins): origins.contains(origin)
        }
    }
}

struct CrossOriginMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let policy: CrossOriginPolicy

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        let isAllowed = policy.allows(origin)
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response = isPreflight && isAllowed ? Self.preflight : try await next(request, context)
        response.headers[.vary] = "Origin"
        guard isAllowed else { return response }
        response.headers[.accessControlAllowOrigin] = policy == .any ? "*" : origin
        response.headers[.accessControlExposeHeaders] = "Location, X-Correlation-ID"
        return response
    }

    private static var preflight: Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: "GET, PATCH, POST",
                .accessControlAllowHeaders: "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-Correlation-ID",
                .accessControlMaxAge: "600",
            ])
    }
}
