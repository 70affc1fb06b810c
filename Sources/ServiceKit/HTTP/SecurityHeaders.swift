import HTTPTypes
import Hummingbird

/// The headers that every answer carries, errors and protocol errors included.
enum SecurityHeaders {
    static let fields: [(name: HTTPField.Name, value: String)] = [
        (HTTPField.Name("X-Content-Type-Options"), "nosniff"),
        (HTTPField.Name("X-Frame-Options"), "DENY"),
        (HTTPField.Name("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'"),
        (HTTPField.Name("Referrer-Policy"), "no-referrer"),
        (HTTPField.Name("Cache-Control"), "no-store"),
    ].compactMap { name, value in name.map { ($0, value) } }

    /// Sets the headers that an answer does not set itself.
    static func add(to headers: inout HTTPFields) {
        for field in fields where headers[field.name] == nil { headers[field.name] = field.value }
    }
}

struct SecurityHeadersMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        SecurityHeaders.add(to: &response.headers)
        return response
    }
}
