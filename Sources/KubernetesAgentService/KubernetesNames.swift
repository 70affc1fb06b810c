import AgentAPI
import Hummingbird
import ServiceKit

/// Names out of paths and queries, checked before anything is asked for them.
enum KubernetesNames {
    static func isNamespace(_ text: String) -> Bool { KubernetesName.isLabel(text) }

    /// Namespace and name of the pod in a path.
    /// - Throws: `Problem` with 400 for what no namespace or pod can be called, encoded slashes and dots included.
    static func pod(in context: ServiceContext) throws -> (namespace: String, name: String) {
        let namespace = context.parameters.get("namespace") ?? ""
        let name = context.parameters.get("name") ?? ""
        guard KubernetesName.isLabel(namespace) else { throw refusal("namespace", "at most 63") }
        guard KubernetesName.isSubdomain(name) else { throw refusal("name", "dots inside, at most 253") }
        return (namespace, name)
    }

    private static func refusal(_ part: String, _ rest: String) -> Problem {
        Problem(.badRequest, "`\(part)` in the path is no name that Kubernetes allows (lower-case letters, digits, '-' inside, \(rest))")
    }
}
