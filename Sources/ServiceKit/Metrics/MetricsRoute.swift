import Hummingbird
import Metrics

extension Route {
    /// `/metrics`, for Prometheus. It tells counts and times and no names of a cluster; who may reach it is a matter of the network.
    /// - Parameter refresh: sets the gauges that are only known when somebody asks.
    public static func metrics(refresh: @escaping @Sendable () async -> Void = {}) -> Route {
        Route.get("/metrics") { _, _ in
            await refresh()
            return .text(PrometheusMetrics.shared.text(), type: "text/plain; version=0.0.4; charset=utf-8")
        }.needing(nil)
    }
}

/// Counts requests and measures how long they take, by method, route and status.
struct MetricsMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    let service: String

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        // Paths that do not exist share one route, so that callers cannot make series up.
        let route = context.endpointPath ?? "none"
        let labels = [("service", service), ("method", Self.method(request)), ("route", route)]
        Counter(label: "http_server_requests_total", dimensions: labels + [("status", String(response.status.code))]).increment()
        Timer(label: "http_server_request_duration_seconds", dimensions: labels).record(duration: start.duration(to: .now))
        return response
    }

    private static func method(_ request: Request) -> String {
        ["GET", "HEAD", "POST", "PATCH", "OPTIONS"].contains(request.method.rawValue) ? request.method.rawValue : "other"
    }
}
