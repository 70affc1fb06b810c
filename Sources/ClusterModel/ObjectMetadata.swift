public import FastJSON
public import FoundationEssentials
public import IncidentModel

/// A Kubernetes object as the engine reads it.
public protocol KubernetesObject: Sendable {
    static var resource: ResourceType { get }
    var metadata: ObjectMetadata { get }
    /// The object's name for reports.
    var reference: ObjectReference { get }
    /// Reads the fields that are there; unknown, missing and odd ones are passed over.
    init(_ json: JSONValue)
}

extension KubernetesObject {
    public var name: String { metadata.name }
    public var namespace: String { metadata.namespace }

    public var reference: ObjectReference {
        ObjectReference(kind: Self.resource.kind, namespace: Self.resource.isNamespaced ? namespace : nil, name: name)
    }
}

public struct ObjectMetadata: Sendable {
    public let name: String
    /// Empty for cluster-scoped objects.
    public let namespace: String
    public let uid: String
    public let generation: Int
    public let creationTime: Date?
    public let deletionTime: Date?
    public let labels: [String: String]
    public let annotations: [String: String]
    public let owners: [OwnerReference]
    public let finalizers: [String]
    public let managedFields: [ManagedFieldsEntry]

    /// - Parameter keepingFields: whether to unfold `managedFields`; lists of thousands of Pods and Events skip it.
    public init(_ json: JSONValue, keepingFields: Bool = true) {
        name = json["name"].string ?? ""
        namespace = json["namespace"].string ?? ""
        uid = json["uid"].string ?? ""
        generation = json["generation"].int ?? 0
        creationTime = json["creationTimestamp"].time
        deletionTime = json["deletionTimestamp"].time
        labels = json["labels"].stringMap
        annotations = json["annotations"].stringMap
        owners = json["ownerReferences"].array.map(OwnerReference.init)
        finalizers = json["finalizers"].strings
        managedFields = keepingFields ? json["managedFields"].array.map(ManagedFieldsEntry.init) : []
    }

    /// The owner that manages the object, if any. A lone owner of a kind that makes pods manages it even where the flag was not recorded.
    public var controller: OwnerReference? {
        if let marked = owners.first(where: \.isController) { return marked }
        guard owners.count == 1, let only = owners.first, OwnerReference.managing.contains(only.kind) else { return nil }
        return only
    }
}

public struct OwnerReference: Sendable, Hashable {
    public let kind: String
    public let name: String
    public let uid: String
    public let isController: Bool

    static let managing: Set<String> = [
        "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicationController", "Node",
    ]

    init(kind: String, name: String) {
        self.kind = kind
        self.name = name
        uid = ""
        isController = true
    }

    public init(_ json: JSONValue) {
        kind = json["kind"].string ?? ""
        name = json["name"].string ?? ""
        uid = json["uid"].string ?? ""
        isController = json["controller"].bool ?? false
    }
}

extension ObjectMetadata {
    /// Who wrote `path` last, itself or through a subresource such as `scale`.
    public func lastWriter(of path: String, orThrough subresource: String? = nil) -> ManagedFieldsEntry? {
        managedFields.filter { $0.owns(path) || $0.subresource == subresource }.max {
            ($0.time ?? .distantPast, $0.manager) < ($1.time ?? .distantPast, $1.manager)
        }
    }
}

/// Who last wrote which fields, and when: the API server's own change log.
public struct ManagedFieldsEntry: Sendable, Hashable {
    public let manager: String
    public let operation: String
    public let subresource: String
    public let time: Date?
    /// Dotted paths of owned fields, e.g. `spec.selector.app`; list keys are dropped from the path.
    public let fields: [String]

    /// More paths than this say nothing more about a change.
    private static let mostFields = 200

    public init(_ json: JSONValue) {
        manager = json["manager"].string ?? ""
        operation = json["operation"].string ?? ""
        subresource = json["subresource"].string ?? ""
        time = json["time"].time
        var paths: [String] = []
        Self.unfold(json["fieldsV1"], under: "", into: &paths)
        fields = paths
    }

    private static func unfold(_ json: JSONValue, under path: String, into paths: inout [String]) {
        for (key, value) in json.members where paths.count < mostFields {
            guard key != "." else { continue }
            let isField = key.hasPrefix("f:")
            let below = isField ? (path.isEmpty ? "" : path + ".") + key.dropFirst(2) : path
            if value.count == 0 { if isField { paths.append(below) } } else { unfold(value, under: below, into: &paths) }
        }
    }

    /// Whether the entry owns `path` or something below it.
    public func owns(_ path: String) -> Bool {
        fields.contains { $0 == path || ($0.hasPrefix(path) && $0.dropFirst(path.count).first == ".") }
    }
}

extension JSONValue {
    /// An RFC 3339 time.
    var time: Date? { string.flatMap(RFC3339.parse) }
}
