internal import ClusterModel
internal import FastJSON
public import IncidentModel

extension EvidenceLookup {
    /// What says nothing about what is wrong, or says it a second time.
    private static let leftOut: Set<String> = [
        "managedFields", "uid", "resourceVersion", "selfLink", "kubectl.kubernetes.io/last-applied-configuration",
    ]
    /// Last parts of fields that say that something is wrong, or why.
    private static let telling: Set<String> = ["reason", "message", "exitCode", "signal", "status", "phase", "deletionTimestamp"]

    /// All fields of an object, in its own order; literal values that hold credentials are hidden.
    public func fields(of object: ObjectReference) -> [Piece] {
        guard let json = json(of: object) else { return [] }
        var pieces: [Piece] = []
        for member in json.members where member.key != "kind" && member.key != "apiVersion" {
            // The values of a Secret are nobody's business, wherever the evidence comes from.
            if object.kind == "Secret", ["data", "stringData"].contains(member.key) {
                let keys = member.value.members.map(\.key).joined(separator: " ")
                pieces.append(Piece(.field(object, member.key, "keys: \(keys)")))
            } else {
                collect(member.value, at: member.key, key: member.key, of: object, into: &pieces)
            }
        }
        return pieces
    }

    func json(of object: ObjectReference) -> JSONValue? {
        guard let resource = ResourceType.of(kind: object.kind) else { return nil }
        return evidence.lists[resource.path]?.first { item in
            item["metadata", "name"].string == object.name
                && (!resource.isNamespaced || item["metadata", "namespace"].string == object.namespace)
        }
    }

    private func collect(_ json: JSONValue, at path: String, key: String, of object: ObjectReference, into pieces: inout [Piece]) {
        guard !Self.leftOut.contains(key) else { return }
        switch json.kind {
        case .object:
            // `{name: DB_PASSWORD, value: …}`, of variables and headers: the name says what the value is.
            if let name = json["name"].string, let value = json["value"].string {
                return add(CredentialMask.masked(value, of: name), at: path, key: key, of: object, to: &pieces)
            }
            for member in json.members { collect(member.value, at: "\(path).\(member.key)", key: member.key, of: object, into: &pieces) }
        case .array:
            let elements = json.array
            if elements.allSatisfy({ $0.kind != .object && $0.kind != .array }) {
                let words = elements.map { $0.string ?? $0.serialized }
                return add(CredentialMask.masked(words.joined(separator: " "), of: key), at: path, key: key, of: object, to: &pieces)
            }
            for (index, element) in elements.enumerated() {
                let name = element["name"].string ?? element["type"].string ?? String(index)
                collect(element, at: "\(path)[\(name)]", key: key, of: object, into: &pieces)
            }
        case .string, .integer, .double, .bool:
            add(CredentialMask.masked(json.string ?? json.serialized, of: key), at: path, key: key, of: object, to: &pieces)
        case .null, .missing: break
        }
    }

    private func add(_ text: String, at path: String, key: String, of object: ObjectReference, to pieces: inout [Piece]) {
        let isTelling = path.hasPrefix("status") && Self.telling.contains(key)
        pieces.append(Piece(.field(object, path, text), weight: isTelling ? 2 : path.hasPrefix("metadata") ? 0 : 1))
    }
}
