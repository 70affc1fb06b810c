public import ClusterModel
public import FastJSON
public import FoundationEssentials
import IncidentModel
public import KubernetesClient

/// Reads a recorded cluster through the port that also reads a live one.
///
/// What was not recorded is told apart from what did not exist: a list without a file answers `.notFound` like an API that is
/// not served, one that the recorder was refused answers `.forbidden`, and so does a namespace outside the recorded scope.
public struct SnapshotReader: ClusterReader {
    let evidence: ClusterEvidence
    private let resources: [String: ServedResource]
    private let positions: [String: [String: Int]]
    private let logs: [String: String]
    private let gaps: [String: String]

    /// Indexes the evidence. Values of Secrets are dropped here, should there be any.
    public init(_ evidence: ClusterEvidence) {
        self.evidence = evidence
        let lists = evidence.lists.map { path, items in
            (path, ServedResource(path: path, items: SecretRedaction.redacted(items, at: path)))
        }
        resources = Dictionary(lists) { first, _ in first }
        positions = resources.mapValues { resource in
            Dictionary(resource.items.enumerated().map { (Self.key($1), $0) }) { first, _ in first }
        }
        logs = Dictionary(evidence.logs.map { ($0.path, $0.text) }) { first, _ in first }
        gaps = Dictionary(evidence.gaps.map { ($0.path, $0.reason) }) { first, _ in first }
    }

    public func version() async throws(ClusterReadError) -> String { evidence.kubernetesVersion }

    public func list(
        _ resource: ResourceType, namespace: String?, selecting selection: ListSelection
    ) async throws(ClusterReadError) -> [JSONValue] {
        try items(of: resource, namespace: namespace, selecting: selection)
    }

    public func get(_ resource: ResourceType, namespace: String?, name: String) async throws(ClusterReadError) -> JSONValue {
        try item(of: resource, namespace: namespace, name: name)
    }

    /// The moment of the recording.
    public func serverTime() async -> Date? { evidence.capturedAt }

    public func log(_ request: LogRequest) async throws(ClusterReadError) -> String {
        try log(request, since: request.sinceSeconds.map { evidence.capturedAt.addingTimeInterval(-Double($0)) })
    }

    // MARK: The same without suspension, for the replay server

    /// Recorded lists, sorted by path.
    var served: [ServedResource] { resources.sorted { $0.key < $1.key }.map(\.value) }

    func items(
        of resource: ResourceType, namespace: String?, selecting selection: ListSelection
    ) throws(ClusterReadError) -> [JSONValue] {
        let selection = try ObjectSelection(selection)
        let items = try recorded(resource, namespace: namespace).items
        let inNamespace = resource.isNamespaced ? namespace : nil
        if inNamespace == nil, selection.isEverything { return items }
        return items.filter { item in
            (inNamespace == nil || item["metadata", "namespace"].string == inNamespace) && selection.matches(item)
        }
    }

    func item(of resource: ResourceType, namespace: String?, name: String) throws(ClusterReadError) -> JSONValue {
        let recorded = try recorded(resource, namespace: namespace)
        let key = (resource.isNamespaced ? namespace ?? "" : "") + "/" + name
        guard let position = positions[resource.path]?[key] else {
            let qualified = resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)"
            throw .notFound("\(qualified) \"\(name)\" not found")
        }
        return recorded.items[position]
    }

    func log(_ request: LogRequest, since: Date?) throws(ClusterReadError) -> String {
        let pod = try item(of: .pods, namespace: request.namespace, name: request.pod)
        let containers = ["containers", "initContainers", "ephemeralContainers"]
            .flatMap { pod["spec"][$0].array.compactMap { $0["name"].string } }
        guard containers.contains(request.container) else {
            throw .badRequest("container \(request.container) is not valid for pod \(request.pod)")
        }
        let path = ContainerLog(
            namespace: request.namespace, pod: request.pod, container: request.container, isPrevious: request.isPrevious, text: ""
        ).path
        if let text = logs[path] {
            return StoredLog(text: text).cut(
                tailLines: request.tailLines, since: since, limitBytes: request.limitBytes, hasTimestamps: request.hasTimestamps)
        }
        if let reason = gaps[path] { throw GapReason.error(for: reason) }
        throw .badRequest(
            request.isPrevious
                ? "previous terminated container \"\(request.container)\" in pod \"\(request.pod)\" not found"
                : "no log of container \"\(request.container)\" in pod \"\(request.pod)\" was recorded")
    }

    /// The list, or why it cannot be read.
    private func recorded(_ resource: ResourceType, namespace: String?) throws(ClusterReadError) -> ServedResource {
        if resource.isNamespaced, let namespace {
            if let reason = gaps[resource.path(in: namespace)] { throw GapReason.error(for: reason) }
            if let scope = evidence.namespaces, !scope.contains(namespace), !holds(resource, in: namespace) {
                throw .forbidden("namespace \"\(namespace)\" was not recorded, only \(scope.joined(separator: ", "))")
            }
        }
        if let recorded = resources[resource.path] { return recorded }
        if let reason = gaps[resource.path] { throw GapReason.error(for: reason) }
        throw .notFound("\(resource.path) was not recorded")
    }

    /// Recordings of a few namespaces also hold a little of others, such as the events of nodes.
    private func holds(_ resource: ResourceType, in namespace: String) -> Bool {
        resources[resource.path]?.items.contains { $0["metadata", "namespace"].string == namespace } ?? false
    }

    private static func key(_ item: JSONValue) -> String {
        (item["metadata", "namespace"].string ?? "") + "/" + (item["metadata", "name"].string ?? "")
    }
}

extension ResourceType {
    /// The API path of the list in one namespace, without its leading slash.
    func path(in namespace: String) -> String {
        (group.isEmpty ? "api/" : "apis/") + groupVersion + "/namespaces/\(namespace)/" + plural
    }
}
