public import FastJSON
public import FoundationEssentials
import IncidentModel
public import Investigation

/// Why a body is not an evidence scope.
public struct EvidenceScopeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, naming the member.
    public let message: String

    public var description: String { message }
}

extension EvidenceScope {
    /// More than this in one request is a mistake of the caller.
    private static let mostEntries = 1_000

    /// Reads a scope: `{"namespaces":[…],"subject":{"kind","namespace","name"},"focus":[{…}]}`, every member optional, others ignored.
    /// - Throws: `EvidenceScopeError` for what is no object, has members of the wrong type, or names that Kubernetes cannot have.
    public init(wire root: JSONValue) throws(EvidenceScopeError) {
        guard root.kind == .object else { throw EvidenceScopeError(message: "the body must be a JSON object") }
        self.init(
            namespaces: try Self.namespaces(root["namespaces"]),
            subject: root["subject"].isNothing ? nil : try Self.object(root["subject"], at: "subject"),
            focus: try Self.objects(root["focus"]))
    }

    /// The scope in its wire form.
    public var wireData: Data {
        var members: [(key: String, json: String)] = [("namespaces", JSONText.array(namespaces.map(JSONText.quote)))]
        if let subject { members.append(("subject", Self.json(subject))) }
        members.append(("focus", JSONText.array(focus.map(Self.json))))
        return Data(JSONText.object(members).utf8)
    }

    private static func namespaces(_ json: JSONValue) throws(EvidenceScopeError) -> [String] {
        if json.isNothing { return [] }
        let names = json.strings
        guard json.kind == .array, names.count == json.count else {
            throw EvidenceScopeError(message: "'namespaces' must be an array of strings")
        }
        guard names.count <= mostEntries else {
            throw EvidenceScopeError(message: "'namespaces' may name at most \(mostEntries)")
        }
        guard names.allSatisfy(KubernetesName.isLabel) else {
            throw EvidenceScopeError(message: "'namespaces' holds a name that no namespace can have (lower-case letters, digits, '-')")
        }
        return names
    }

    private static func objects(_ json: JSONValue) throws(EvidenceScopeError) -> [ObjectReference] {
        if json.isNothing { return [] }
        guard json.kind == .array, json.count <= mostEntries else {
            throw EvidenceScopeError(message: "'focus' must be an array of at most \(mostEntries) objects")
        }
        var objects: [ObjectReference] = []
        for entry in json.array { objects.append(try object(entry, at: "focus")) }
        return objects
    }

    private static func object(_ json: JSONValue, at member: String) throws(EvidenceScopeError) -> ObjectReference {
        guard json.kind == .object, let kind = json["kind"].string, let name = json["name"].string else {
            throw EvidenceScopeError(message: "'\(member)' must be an object with 'kind', 'namespace' and 'name'")
        }
        let namespace = json["namespace"]
        guard namespace.isNothing || namespace.kind == .string else {
            throw EvidenceScopeError(message: "'\(member).namespace' must be a string or null")
        }
        guard !kind.isEmpty, kind.utf8.count <= 63, kind.utf8.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }) else {
            throw EvidenceScopeError(message: "'\(member).kind' must be a Kubernetes kind such as 'Deployment'")
        }
        guard KubernetesName.isPathSegment(name) else {
            throw EvidenceScopeError(message: "'\(member).name' is no name that an object can have")
        }
        let given = namespace.string.flatMap { $0.isEmpty ? nil : $0 }
        guard given.map(KubernetesName.isLabel) ?? true else {
            throw EvidenceScopeError(message: "'\(member).namespace' is no name that a namespace can have")
        }
        return ObjectReference(kind: kind, namespace: given, name: name)
    }

    private static func json(_ object: ObjectReference) -> String {
        JSONText.object([
            ("kind", JSONText.quote(object.kind)), ("namespace", object.namespace.map(JSONText.quote) ?? "null"),
            ("name", JSONText.quote(object.name)),
        ])
    }
}
