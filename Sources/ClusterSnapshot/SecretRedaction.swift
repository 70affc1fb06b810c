import ClusterModel
import FastJSON

/// Takes the values out of Secrets and leaves the names of their keys.
enum SecretRedaction {
    /// Keeps a whole manifest, values included, where an object was applied by kubectl.
    private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

    /// The items with every Secret among them emptied; other lists come back as they are.
    static func redacted(_ items: [JSONValue], at path: String) -> [JSONValue] {
        path == ResourceType.secrets.path ? items.map(redacted) : items
    }

    /// One Secret without its values.
    static func redacted(_ secret: JSONValue) -> JSONValue {
        guard !isEmptied(secret) else { return secret }
        // What was just written from parsed JSON parses; a Secret that somehow does not is dropped, never let through.
        return (try? JSONValue(parsing: emptied(secret))) ?? .missing
    }

    private static func isEmptied(_ secret: JSONValue) -> Bool {
        secret["metadata", "annotations", lastApplied].isMissing
            && ["data", "stringData"].allSatisfy { key in
                secret[key].isNothing || (secret[key].kind == .object && secret[key].members.allSatisfy { $0.value.string == "" })
            }
    }

    private static func emptied(_ secret: JSONValue) -> String {
        JSONText.object(
            secret.members.map { key, value in
                switch key {
                case "data", "stringData":
                    (key, JSONText.object(value.members.map { ($0.key, "\"\"") }))
                case "metadata":
                    (
                        key,
                        JSONText.object(
                            value.members.map { ($0.key, $0.key == "annotations" ? annotations($0.value) : $0.value.serialized) })
                    )
                default: (key, value.serialized)
                }
            })
    }

    private static func annotations(_ json: JSONValue) -> String {
        JSONText.object(json.members.filter { $0.key != lastApplied }.map { ($0.key, $0.value.serialized) })
    }
}
