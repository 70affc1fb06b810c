import HTTPTypes
import Hummingbird
import IncidentModel
import Logging

extension HTTPField.Name {
    /// `X-Correlation-ID`.
    static let correlationID = HTTPField.Name("X-Correlation-ID") ?? .from
    /// `X-Request-ID`, which callers may send in its place.
    static let requestID = HTTPField.Name("X-Request-ID") ?? .from
}

/// Gives each request its correlation id, echoes it, and logs the request when it is done.
struct CorrelationMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let correlation = Self.correlation(of: request)
        return try await CorrelationID.$current.withValue(correlation) {
            let start = ContinuousClock.now
            var response = try await next(request, context)
            response.headers[.correlationID] = correlation.text
            context.logger.debug(
                "request answered",
                metadata: [
                    "method": .string(request.method.rawValue), "route": .string(context.endpointPath ?? ""),
                    "status": .stringConvertible(response.status.code), "duration": .string("\(ContinuousClock.now - start)"),
                ])
            return response
        }
    }

    private static func correlation(of request: Request) -> CorrelationID {
        request.headers[.correlationID].flatMap(CorrelationID.init(_:)) ?? request.headers[.requestID].flatMap(CorrelationID.init(_:))
            ?? .random()
    }
}
