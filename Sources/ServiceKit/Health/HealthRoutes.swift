import FastJSON
import HTTPTypes
import Hummingbird

/// Liveness and readiness, alike in all services.
public enum HealthRoutes {
    /// `/health`, `/api/v1/health`, `/livez` and `/readyz`.
    /// - Parameter dependencies: what `/readyz` checks, all at once.
    public static func routes(dependencies: [Dependency]) -> [Route] {
        let alive = ["/health", "/api/v1/health", "/livez"].map { path in
            Route.get(path) { _, _ in .json("{\"status\":\"ok\"}") }.needing(nil)
        }
        return alive + [Route.get("/readyz") { _, _ in try await readiness(dependencies) }.needing(nil)]
    }

    private static let version = JSONText.quote(Version.current)

    private static func readiness(_ dependencies: [Dependency]) async throws -> Response {
        let states = await withTaskGroup(of: (Int, Dependency.State).self) { group in
            for (index, dependency) in dependencies.enumerated() {
                group.addTask { (index, await dependency.state()) }
            }
            return await group.reduce(into: [Int: Dependency.State]()) { $0[$1.0] = $1.1 }
        }
        var missing: [String] = []
        let checks = dependencies.enumerated().map { index, dependency in
            let state = states[index] ?? .notReady("no answer")
            if case .notReady(let reason) = state { missing.append("\(dependency.name): \(reason)") }
            return json(dependency.name, state)
        }
        guard missing.isEmpty else {
            throw Problem(
                .serviceUnavailable, "not ready: " + missing.joined(separator: "; "),
                members: ["checks": JSONText.array(checks), "version": version])
        }
        return .json(JSONText.object([("status", "\"ok\""), ("version", version), ("checks", JSONText.array(checks))]))
    }

    private static func json(_ name: String, _ state: Dependency.State) -> String {
        let (status, message): (String, String?) =
            switch state {
            case .ready: ("ok", nil)
            case .limited(let text): ("limited", text)
            case .notReady(let text): ("not_ready", text)
            }
        var members = [(key: "name", json: JSONText.quote(name)), (key: "status", json: JSONText.quote(status))]
        if let message { members.append((key: "message", json: JSONText.quote(message))) }
        return JSONText.object(members)
    }
}

extension Route {
    /// `/openapi.yaml`: the description of the API that has these routes.
    public static func openAPI(_ document: String) -> Route {
        Route.get("/openapi.yaml") { _, _ in .text(document, type: "application/yaml") }.needing(nil)
    }
}
