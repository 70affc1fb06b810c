import Hummingbird
import Metrics
import Synchronization

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

    private let metrics: RequestMetrics

    init(service: String) { metrics = RequestMetrics(service: service) }

    @concurrent func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        // Paths that do not exist share one route, so that callers cannot make series up.
        let route = context.endpointPath ?? "none"
        metrics.answered(Self.method(request), route, Int(response.status.code), in: start.duration(to: .now))
        return response
    }

    private static func method(_ request: Request) -> String {
        ["GET", "HEAD", "POST", "PATCH", "OPTIONS"].contains(request.method.rawValue) ? request.method.rawValue : "other"
    }
}

/// The metrics of requests. They are looked up once: every request counts here, and a look-up by labels takes longer than the counting.
private final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let service: String
    private let known = Mutex<[Key: (count: Counter, time: Timer)]>([:])

    init(service: String) { self.service = service }

    func answered(_ method: String, _ route: String, _ status: Int, in duration: Duration) {
        let key = Key(method: method, route: route, status: status)
        let (count, time) = known.withLock { known in
            if let found = known[key] { return found }
            let labels = [("service", service), ("method", method), ("route", route)]
            let made = (
                count: Counter(label: "http_server_requests_total", dimensions: labels + [("status", String(status))]),
                time: Timer(label: "http_server_request_duration_seconds", dimensions: labels)
            )
            known[key] = made
            return made
        }
        count.increment()
        time.record(duration: duration)
    }
}
