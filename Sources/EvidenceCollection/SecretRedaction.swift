import FastJSON
import KubernetesClient

/// Drops the values of Secrets: what leaves here is metadata, type and the names of keys.
enum SecretRedaction {
    /// Annotations that are known to hold no value; `last-applied-configuration` and its like hold the whole Secret.
    private static let harmlessAnnotations = ["kubernetes.io/service-account.", "meta.helm.sh/", "cert-manager.io/"]
    private static let keptMetadata: Set<String> = [
        "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "labels", "ownerReferences", "finalizers", "managedFields",
        "resourceVersion", "generation",
    ]

    /// The items, made anew without values; the documents they came from can then be freed.
    static func keysOnly(_ items: [JSONValue]) throws(ClusterReadError) -> [JSONValue] {
        do {
            return try JSONValue(parsing: JSONText.array(items.map(keysOnly))).array
        } catch {
            // Rather no Secrets than a list that seems empty.
            throw .malformed("the Secrets cannot be read: \(error)")
        }
    }

    private static func keysOnly(_ secret: JSONValue) -> String {
        var members: [(key: String, json: String)] = [
            ("metadata", metadata(secret["metadata"])), ("type", secret["type"].serialized),
        ]
        let keys = Set(secret["data"].members.map(\.key) + secret["stringData"].members.map(\.key))
        members.append(("data", JSONText.object(keys.sorted().map { (key: $0, json: "\"\"") })))
        if let isImmutable = secret["immutable"].bool { members.append(("immutable", isImmutable ? "true" : "false")) }
        return JSONText.object(members)
    }

    private static func metadata(_ json: JSONValue) -> String {
        var members = json.members.filter { keptMetadata.contains($0.key) }.map { (key: $0.key, json: $0.value.serialized) }
        let annotations = json["annotations"].members.filter { annotation in
            harmlessAnnotations.contains { annotation.key.hasPrefix($0) }
        }
        members.append(("annotations", JSONText.object(annotations.map { (key: $0.key, json: $0.value.serialized) })))
        return JSONText.object(members)
    }
}
