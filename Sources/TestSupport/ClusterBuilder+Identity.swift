import ClusterModel

extension ClusterBuilder {
    /// Adds a Role, or a ClusterRole where `cluster` is set.
    public mutating func role(
        _ name: String, verbs: [String], resources: [String], groups: [String] = [""], resourceNames: [String] = [], cluster: Bool = false,
        in namespace: String? = nil
    ) {
        var rule: JSONNode = [
            "verbs": .array(verbs.map(JSONNode.string)), "resources": .array(resources.map(JSONNode.string)),
            "apiGroups": .array(groups.map(JSONNode.string)),
        ]
        if !resourceNames.isEmpty { rule["resourceNames"] = .array(resourceNames.map(JSONNode.string)) }
        add(cluster ? .clusterRoles : .roles, name: name, in: namespace, ["rules": [rule]])
    }

    /// Adds a RoleBinding of a ServiceAccount, or a ClusterRoleBinding where `cluster` is set.
    public mutating func binding(
        _ name: String, role: String, kind: String = "Role", account: String, of home: String? = nil, cluster: Bool = false,
        in namespace: String? = nil
    ) {
        add(
            cluster ? .clusterRoleBindings : .roleBindings, name: name, in: namespace,
            [
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(role)],
                "subjects": [["kind": "ServiceAccount", "namespace": .string(home ?? self.namespace), "name": .string(account)]],
            ])
    }

    /// Adds a LimitRange of one type.
    public mutating func limitRange(
        _ name: String, type: String = "Container", max: [String: String] = [:], min: [String: String] = [:],
        defaults: [String: String] = [:], in namespace: String? = nil
    ) {
        var limit: JSONNode = ["type": .string(type)]
        if !max.isEmpty { limit["max"] = .strings(max) }
        if !min.isEmpty { limit["min"] = .strings(min) }
        if !defaults.isEmpty {
            limit["default"] = .strings(defaults)
            limit["defaultRequest"] = .strings(defaults)
        }
        add(.limitRanges, name: name, in: namespace, ["spec": ["limits": [limit]]])
    }

    /// The first ReplicaSet that a Deployment of this builder has.
    public func replicaSetName(of deployment: String, revision: Int = 1) -> String {
        "\(deployment)-\(Self.hash(deployment, revision))"
    }
}
