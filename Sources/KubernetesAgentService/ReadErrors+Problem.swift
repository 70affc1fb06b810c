import HTTPTypes
import Investigation
import KubernetesClient
import ServiceKit

extension Problem {
    /// Messages of an API server may quote half an object.
    private static let mostCharacters = 500

    /// The answer to a call that the Kubernetes API would not, or could not, serve. Each of its errors keeps its meaning.
    init(_ error: ClusterReadError) {
        let text = String(error.message.prefix(Self.mostCharacters))
        switch error {
        case .unauthorized: self.init(.badGateway, "the Kubernetes API does not accept the agent's credentials: \(text)")
        case .forbidden: self.init(.forbidden, "the agent may not read this: \(text)")
        case .notFound: self.init(.notFound, text)
        case .conflict: self.init(.conflict, text)
        case .gone: self.init(.gone, text)
        case .tooManyRequests(let seconds, _):
            self.init(.tooManyRequests, "the Kubernetes API is busy: \(text)", headers: [.retryAfter: String(seconds ?? 1)])
        case .badRequest: self.init(.badRequest, text)
        case .serverError(let status, _): self.init(.badGateway, "the Kubernetes API failed (HTTP \(status)): \(text)")
        case .timeout: self.init(.gatewayTimeout, "the Kubernetes API did not answer in time: \(text)")
        case .unreachable: self.init(.serviceUnavailable, "the Kubernetes API cannot be reached: \(text)")
        case .malformed: self.init(.badGateway, "the Kubernetes API answered with something else: \(text)")
        case .configuration: self.init(.serviceUnavailable, "the agent's access to the cluster is not configured right: \(text)")
        }
    }

    /// The answer to a collection that read nothing at all.
    init(_ error: AgentError) {
        let text = String(error.message.prefix(Self.mostCharacters))
        switch error {
        case .unreachable: self.init(.serviceUnavailable, text)
        case .timeout: self.init(.gatewayTimeout, text)
        case .malformed: self.init(.badGateway, text)
        case .refused(403, _): self.init(.forbidden, "the agent may not read anything of this: \(text)")
        case .refused(429, _): self.init(.tooManyRequests, "the Kubernetes API is busy: \(text)", headers: [.retryAfter: "1"])
        case .refused: self.init(.badGateway, text)
        }
    }
}
