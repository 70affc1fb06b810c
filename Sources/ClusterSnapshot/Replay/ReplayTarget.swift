import ClusterModel

/// What a path below `/api` or `/apis` names.
struct ReplayTarget: Sendable {
    enum Action: Sendable, Equatable {
        case list
        case get(name: String)
        case log(pod: String)
    }

    let type: ResourceType
    let namespace: String?
    let action: Action

    /// Name of the object, where the path names one.
    var name: String? {
        switch action {
        case .list: nil
        case .get(let name), .log(let name): name
        }
    }

    /// - Returns: `nil` for a path that nothing is served at.
    init?(_ components: [String], among types: [String: ResourceType]) {
        let depth = components[0] == "api" ? 2 : 3
        guard components.count > depth else { return nil }
        let prefix = components[..<depth].joined(separator: "/")
        var rest = components[depth...]
        var namespace: String?
        // `namespaces` is a resource of its own, too: /api/v1/namespaces and /api/v1/namespaces/shop name that.
        if rest.first == "namespaces", rest.count > 2, rest.dropFirst(2).first != "status" {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.popFirst(), let type = types["\(prefix)/\(plural)"], namespace == nil || type.isNamespaced else {
            return nil
        }
        let tail = Array(rest)
        switch tail.count {
        case 0: action = .list
        case 1 where type.isNamespaced == (namespace != nil): action = .get(name: tail[0])
        case 2 where type == .pods && namespace != nil && tail[1] == "log": action = .log(pod: tail[0])
        case 2 where type.isNamespaced == (namespace != nil) && tail[1] == "status": action = .get(name: tail[0])
        default: return nil
        }
        self.type = type
        self.namespace = namespace
    }
}
