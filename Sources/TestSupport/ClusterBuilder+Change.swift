public import ClusterModel
import IncidentModel

extension ClusterBuilder {
    /// Notes who last wrote which fields of an object, as `managedFields` does.
    /// - Parameter fields: dotted paths, e.g. `spec.replicas`.
    public mutating func edited(
        _ type: ResourceType, _ name: String, by manager: String, minutesAgo: Double, fields: [String], subresource: String? = nil,
        in namespace: String? = nil
    ) {
        let owned = fields.map { path in
            path.split(separator: ".").reversed().reduce(JSONNode.object([])) { .object([.init("f:\($1)", $0)]) }
        }
        var entry: JSONNode = [
            "manager": .string(manager), "operation": "Update", "apiVersion": .string(type.groupVersion), "fieldsType": "FieldsV1",
            "time": .string(time(minutesAgo: minutesAgo)), "fieldsV1": owned.reduce(JSONNode.object([])) { $0.merged(with: $1) },
        ]
        if let subresource { entry["subresource"] = .string(subresource) }
        change(type, name, in: namespace, ["metadata": ["managedFields": [entry]]])
    }

    /// Name of the ReplicaSet that a revision of a Deployment has.
    public func replicaSetName(_ deployment: String, _ revision: Int) -> String {
        "\(deployment)-\(Self.hash(deployment, revision))"
    }

    /// Adds a stored revision of a StatefulSet or DaemonSet.
    /// - Returns: its name, which pods of that revision carry as `controller-revision-hash`.
    @discardableResult
    public mutating func controllerRevision(
        of type: ResourceType, _ name: String, _ template: TemplateShape, revision: Int, minutesOld: Double, in namespace: String? = nil
    ) -> String {
        let full = "\(name)-\(Self.hash(name, revision))"
        let labels = ["app": name].merging(template.labels) { $1 }
        add(
            .controllerRevisions, name: full, in: namespace, labels: ["app": name],
            owner: .init(kind: type.kind, namespace: namespace ?? self.namespace, name: name), minutesOld: minutesOld,
            [
                "revision": .int(revision),
                "data": ["spec": ["template": ["$patch": "replace", "metadata": ["labels": .strings(labels)], "spec": template.spec]]],
            ])
        return full
    }
}
