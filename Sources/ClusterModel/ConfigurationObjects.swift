public import FastJSON
public import IncidentModel

public struct ConfigMap: KubernetesObject {
    public static let resource = ResourceType.configMaps

    public let metadata: ObjectMetadata
    public let data: [String: String]
    /// Names of all keys, those of binary data included.
    public let keys: Set<String>

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        data = json["data"].stringMap
        keys = Set(json["data"].members.map(\.key) + json["binaryData"].members.map(\.key))
    }
}

/// A Secret, of which only the names of its keys are ever read.
public struct Secret: KubernetesObject {
    public static let resource = ResourceType.secrets

    public let metadata: ObjectMetadata
    public let type: String
    public let keys: Set<String>

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        type = json["type"].string ?? "Opaque"
        keys = Set(json["data"].members.map(\.key) + json["stringData"].members.map(\.key))
    }
}

public struct ServiceAccount: KubernetesObject {
    public static let resource = ResourceType.serviceAccounts

    public let metadata: ObjectMetadata
    public let imagePullSecrets: [String]
    public let automountServiceAccountToken: Bool?

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        imagePullSecrets = json["imagePullSecrets"].array.compactMap { $0["name"].string }
        automountServiceAccountToken = json["automountServiceAccountToken"].bool
    }
}

/// A Role or ClusterRole.
public struct Role: KubernetesObject {
    public struct Rule: Sendable, Hashable {
        public let verbs: [String]
        public let apiGroups: [String]
        public let resources: [String]
        public let resourceNames: [String]

        /// Whether the rule allows the verb on the resource (`pods`, `pods/log`), as RBAC evaluates it.
        public func allows(verb: String, group: String, resource: String) -> Bool {
            let wanted = resource.split(separator: "/").last.map { "*/\($0)" }
            return (verbs.contains(verb) || verbs.contains("*")) && (apiGroups.contains(group) || apiGroups.contains("*"))
                && resources.contains { $0 == resource || $0 == "*" || (resource.contains("/") && $0 == wanted) }
        }
    }

    public static let resource = ResourceType.roles

    public let metadata: ObjectMetadata
    public let rules: [Rule]

    public var reference: ObjectReference {
        namespace.isEmpty
            ? ObjectReference(kind: "ClusterRole", namespace: nil, name: name)
            : ObjectReference(kind: "Role", namespace: namespace, name: name)
    }

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        rules = json["rules"].array.map {
            Rule(
                verbs: $0["verbs"].strings, apiGroups: $0["apiGroups"].strings, resources: $0["resources"].strings,
                resourceNames: $0["resourceNames"].strings)
        }
    }
}

/// A RoleBinding or ClusterRoleBinding.
public struct RoleBinding: KubernetesObject {
    public struct Subject: Sendable, Hashable {
        public let kind: String
        public let namespace: String
        public let name: String
    }

    public static let resource = ResourceType.roleBindings

    public let metadata: ObjectMetadata
    public let roleKind: String
    public let roleName: String
    public let subjects: [Subject]

    public var reference: ObjectReference {
        namespace.isEmpty
            ? ObjectReference(kind: "ClusterRoleBinding", namespace: nil, name: name)
            : ObjectReference(kind: "RoleBinding", namespace: namespace, name: name)
    }

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        roleKind = json["roleRef", "kind"].string ?? ""
        roleName = json["roleRef", "name"].string ?? ""
        subjects = json["subjects"].array.map {
            Subject(kind: $0["kind"].string ?? "", namespace: $0["namespace"].string ?? "", name: $0["name"].string ?? "")
        }
    }
}
