/// Names one Kubernetes object: what reports, citations and causes point at.
public struct ObjectReference: Hashable, Codable, Sendable {
    public let kind: String
    /// `nil` for cluster-scoped objects.
    public let namespace: String?
    public let name: String

    public init(kind: String, namespace: String?, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }
}

extension ObjectReference: Comparable {
    public static func < (left: ObjectReference, right: ObjectReference) -> Bool {
        (left.namespace ?? "", left.kind, left.name) < (right.namespace ?? "", right.kind, right.name)
    }
}

extension ObjectReference: CustomStringConvertible {
    /// `Deployment shop/cart`, or `Node worker-1`.
    public var description: String {
        namespace.map { "\(kind) \($0)/\(name)" } ?? "\(kind) \(name)"
    }
}
