import HTTPTypes
import Hummingbird
import Logging

/// Turns every thrown error into a problem answer. What middlewares outside of it do after `next` is skipped
/// when an error passes through them, so only those that throw themselves stand inside.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let routes: RouteTable

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && context.endpointPath == "NotFound" {
            return missing(request).response(to: request)
        } catch {
            if let problem = Problem(explaining: error) { return problem.response(to: request) }
            context.logger.error(
                "request failed",
                metadata: [
                    "method": .string(request.method.rawValue), "route": .string(context.endpointPath ?? ""),
                    "error": .string(String("\(error)".prefix(500))),
                ])
            return Problem(.internalServerError, "internal error; the log of the service has it under this correlation id")
                .response(to: request)
        }
    }

    private func missing(_ request: Request) -> Problem {
        let methods = routes.methods(at: request.uri.path)
        guard !methods.isEmpty else { return Problem(.notFound, Problem.text(for: .notFound)) }
        let allowed = methods.joined(separator: ", ")
        return Problem(.methodNotAllowed, "this path answers \(allowed) only", headers: [.allow: allowed])
    }
}
