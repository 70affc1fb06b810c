public import ClusterModel
import FastJSON
public import Foundation
public import IncidentModel

/// Builds a small cluster for a test in a few lines.
///
///     var cluster = ClusterBuilder()
///     cluster.deployment("cart", pods: [.crashLooping(.init(1))])
///     cluster.service("cart", port: 8080)
///     cluster.log("cart", "panic: no config")
///     let view = cluster.view()
///
/// Everything is in namespace `shop` unless said otherwise; a namespace `shop`, a ready node `worker-1` and the default
/// ServiceAccount are there from the start. Each list of `ResourceType.all` counts as read unless it is removed.
public struct ClusterBuilder: Sendable {
    /// The "now" of the cluster.
    public var capturedAt = Date(timeIntervalSince1970: 1_795_460_400)  // 2026-11-23T19:00:00Z
    public var kubernetesVersion = "v1.36.2"
    /// Where objects go that name no namespace.
    public var namespace: String
    /// Namespaces that count as read; `nil` means all.
    public var scope: [String]?
    public var gaps: [EvidenceGap] = []
    public var telemetry: [String: Data] = [:]
    public var knowledgeGraph: String?

    var objects: [String: [JSONNode]] = [:]
    var odd: [String: [JSONValue]] = [:]
    var logs: [ContainerLog] = []
    /// Services, as `namespace/name`, whose EndpointSlice must be missing.
    var withoutEndpoints: Set<String> = []
    private var removed: Set<String> = []
    var serial = 0

    public init(namespace: String = "shop") {
        self.namespace = namespace
        add(.namespaces, name: namespace, ["status": ["phase": "Active"]])
        node("worker-1")
        add(.serviceAccounts, name: "default", in: namespace, [:])
    }

    // MARK: Results

    /// The cluster as it would have been read.
    public func evidence() -> ClusterEvidence {
        var lists: [String: [JSONValue]] = [:]
        for type in ResourceType.all { lists[type.path] = (objects[type.path] ?? []).map(\.value) + (odd[type.path] ?? []) }
        for type in ResourceType.addOns { lists[type.path] = objects[type.path]?.map(\.value) }
        addEndpoints(to: &lists)
        for path in removed { lists[path] = nil }
        return ClusterEvidence(
            capturedAt: capturedAt, kubernetesVersion: kubernetesVersion, namespaces: scope, gaps: gaps, lists: lists, logs: logs,
            telemetry: telemetry, knowledgeGraph: knowledgeGraph)
    }

    public func view() -> ClusterView { ClusterView(evidence()) }

    /// A time as objects carry it, so many minutes before the snapshot.
    public func time(minutesAgo minutes: Double) -> String {
        RFC3339.format(capturedAt.addingTimeInterval(-minutes * 60))
    }

    // MARK: Anything

    /// Adds an object: `body` is merged over its metadata.
    public mutating func add(
        _ type: ResourceType, name: String, in namespace: String? = nil, labels: [String: String] = [:],
        annotations: [String: String] = [:], owner: ObjectReference? = nil, minutesOld: Double = 60, _ body: JSONNode
    ) {
        let space = type.isNamespaced ? namespace ?? self.namespace : nil
        var metadata: JSONNode = [
            "name": .string(name), "uid": .string(Self.uid(type.kind, space, name)), "resourceVersion": .string(String(next())),
            "creationTimestamp": .string(time(minutesAgo: minutesOld)), "generation": 1,
        ]
        if let space { metadata["namespace"] = .string(space) }
        if !labels.isEmpty { metadata["labels"] = .strings(labels) }
        if !annotations.isEmpty { metadata["annotations"] = .strings(annotations) }
        if let owner {
            let version = ResourceType.of(kind: owner.kind)?.groupVersion ?? "v1"
            metadata["ownerReferences"] = [
                [
                    "apiVersion": .string(version), "kind": .string(owner.kind), "name": .string(owner.name),
                    "uid": .string(Self.uid(owner.kind, owner.namespace, owner.name)), "controller": true,
                ]
            ]
        }
        objects[type.path, default: []].append(JSONNode.object([.init("metadata", metadata)]).merged(with: body))
    }

    /// Adds an item to the list of a kind exactly as the text has it; text that is no JSON is passed over.
    public mutating func raw(_ kind: String, _ json: String) {
        guard let type = ResourceType.of(kind: kind), let value = try? JSONValue(parsing: json) else { return }
        odd[type.path, default: []].append(value)
    }

    /// Merges `change` into an object that was added before.
    public mutating func change(_ type: ResourceType, _ name: String, in namespace: String? = nil, _ change: JSONNode) {
        let space = type.isNamespaced ? namespace ?? self.namespace : nil
        objects[type.path] = objects[type.path]?.map { Self.has($0, name, space) ? $0.merged(with: change) : $0 }
    }

    /// Takes an object out again.
    public mutating func remove(_ type: ResourceType, _ name: String, in namespace: String? = nil) {
        let space = type.isNamespaced ? namespace ?? self.namespace : nil
        objects[type.path]?.removeAll { Self.has($0, name, space) }
    }

    /// Makes a list one that was not read; with a reason, the gap says why.
    public mutating func removeList(_ type: ResourceType, reason: String? = nil) {
        removed.insert(type.path)
        if let reason { gaps.append(EvidenceGap(path: type.path, reason: reason)) }
    }

    mutating func next() -> Int {
        serial += 1
        return 1_000 + serial
    }

    static func uid(_ kind: String, _ namespace: String?, _ name: String) -> String {
        "uid-\(kind.lowercased())-\(namespace ?? "")-\(name)"
    }

    private static func has(_ node: JSONNode, _ name: String, _ namespace: String?) -> Bool {
        node["metadata"]?["name"] == .string(name) && node["metadata"]?["namespace"] == namespace.map(JSONNode.string)
    }
}
