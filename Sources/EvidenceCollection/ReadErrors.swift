import IncidentModel
import Investigation
import KubernetesClient

extension AgentError {
    /// The same failure in the words of the agent's port.
    init(_ error: ClusterReadError) {
        self =
            switch error {
            case .unauthorized(let text): .refused(status: 401, message: "the Kubernetes API does not accept the credentials: \(text)")
            case .forbidden(let text): .refused(status: 403, message: text)
            case .notFound(let text): .refused(status: 404, message: text)
            case .conflict(let text): .refused(status: 409, message: text)
            case .gone(let text): .refused(status: 410, message: text)
            case .tooManyRequests(_, let text): .refused(status: 429, message: text)
            case .badRequest(let text): .refused(status: 400, message: text)
            case .serverError(let status, let text): .refused(status: status, message: text)
            case .timeout(let text): .timeout("the Kubernetes API did not answer in time: \(text)")
            case .unreachable(let text): .unreachable("the Kubernetes API cannot be reached: \(text)")
            case .malformed(let text): .malformed("the Kubernetes API answered with something else: \(text)")
            case .configuration(let text): .unreachable("the access to the cluster is not configured right: \(text)")
            }
    }
}

extension EvidenceGap {
    /// Texts of an API server may quote half an object.
    private static let mostCharacters = 300

    /// The gap that a failed read leaves.
    init(path: String, error: ClusterReadError) {
        let kind =
            switch error {
            case .unauthorized: "unauthorized"
            case .forbidden: "forbidden"
            case .notFound: "not served"
            case .conflict: "conflict"
            case .gone: "expired"
            case .tooManyRequests: "too many requests"
            case .badRequest: "refused"
            case .serverError(let status, _): "server error \(status)"
            case .timeout: "timeout"
            case .unreachable: "unreachable"
            case .malformed: "malformed answer"
            case .configuration: "configuration"
            }
        self.init(path: path, reason: "\(kind): \(error.message.prefix(Self.mostCharacters))")
    }
}
