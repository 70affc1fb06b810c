public import FastJSON

/// A route of the Gateway API, with what its gateways say of it (`gateway.networking.k8s.io/v1`).
public struct HTTPRoute: KubernetesObject {
    public static let resource = ResourceType.httpRoutes

    /// What one gateway has decided about the route.
    public struct Parent: Sendable, Hashable {
        /// `namespace/name` of the gateway, with the listener where the route names one.
        public let gateway: String
        public let conditions: [Condition]
    }

    public struct Backend: Sendable, Hashable {
        public let service: String
        /// `nil` for the route's own.
        public let namespace: String?
        public let port: Int?
    }

    public let metadata: ObjectMetadata
    public let hostnames: [String]
    /// Prefixes or paths that its rules match.
    public let paths: [String]
    public let backends: [Backend]
    public let parents: [Parent]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        hostnames = json["spec", "hostnames"].strings
        let rules = json["spec", "rules"].array
        paths = rules.flatMap { $0["matches"].array }.compactMap { $0["path", "value"].string }
        backends = rules.flatMap { $0["backendRefs"].array }.compactMap { backend in
            guard (backend["kind"].string ?? "Service") == "Service", let name = backend["name"].string else { return nil }
            return Backend(service: name, namespace: backend["namespace"].string, port: backend["port"].int)
        }
        parents = json["status", "parents"].array.map { parent in
            let reference = parent["parentRef"]
            let place = [reference["namespace"].string, reference["name"].string].compactMap { $0 }.joined(separator: "/")
            return Parent(
                gateway: place + (reference["sectionName"].string.map { " listener \($0)" } ?? ""),
                conditions: parent["conditions"].array.map(Condition.init))
        }
    }
}
