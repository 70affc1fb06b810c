import Hummingbird
import Tracing

/// A span for each request of a route, as part of the caller's trace where it sends `traceparent`. What is open to everybody (probes,
/// metrics, documents) is asked all the time and traced by nobody.
struct RequestTracing: RouterMiddleware {
    typealias Context = ServiceContext

    /// Whether this process traces at all.
    static var isOn: Bool { !(InstrumentationSystem.tracer is NoOpTracer) }

    let routes: RouteTable
    private let tracing = TracingMiddleware<ServiceContext>()

    init(routes: RouteTable) { self.routes = routes }

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard routes.methods(at: path).contains(request.method.rawValue), routes.scope(of: request.method, at: path) != nil else {
            return try await next(request, context)
        }
        return try await tracing.handle(request, context: context, next: next)
    }
}
