import FastJSON
import KubernetesClient

/// A refusal, as the API server words it: a `Status` body with its HTTP status.
struct ReplayFailure: Error {
    let status: Int
    let reason: String
    let message: String
    /// What was asked for; plural and name where there are any.
    var group = ""
    var kind = ""
    var name = ""

    static func badRequest(_ message: String) -> ReplayFailure {
        ReplayFailure(status: 400, reason: "BadRequest", message: message)
    }

    static let unknownPath = ReplayFailure(
        status: 404, reason: "NotFound", message: "the server could not find the requested resource")

    static func methodNotAllowed(_ method: String) -> ReplayFailure {
        ReplayFailure(
            status: 405, reason: "MethodNotAllowed",
            message: "\(method) is not allowed: a replayed snapshot can only be read")
    }

    init(status: Int, reason: String, message: String) {
        self.status = status
        self.reason = reason
        self.message = message
    }

    /// A failed read of the snapshot.
    init(_ error: ClusterReadError) {
        switch error {
        case .forbidden(let message): self.init(status: 403, reason: "Forbidden", message: message)
        case .notFound(let message): self.init(status: 404, reason: "NotFound", message: message)
        case .badRequest(let message): self.init(status: 400, reason: "BadRequest", message: message)
        case .gone(let message): self.init(status: 410, reason: "Expired", message: message)
        default: self.init(status: 500, reason: "InternalError", message: error.message)
        }
    }

    var body: String {
        var details: [(key: String, json: String)] = []
        for (key, value) in [("name", name), ("group", group), ("kind", kind)] where !value.isEmpty {
            details.append((key, JSONText.quote(value)))
        }
        return JSONText.object([
            ("kind", "\"Status\""), ("apiVersion", "\"v1\""), ("metadata", "{}"), ("status", "\"Failure\""),
            ("message", JSONText.quote(message)), ("reason", JSONText.quote(reason)), ("details", JSONText.object(details)),
            ("code", String(status)),
        ])
    }
}
