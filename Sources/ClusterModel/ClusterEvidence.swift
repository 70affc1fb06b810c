public import FastJSON
public import FoundationEssentials
public import IncidentModel

/// What was read from a cluster, as the API returned it: the one form in which snapshots, the agent and the engine meet.
///
/// A list that is absent from `lists` was not read; an empty one was read and holds nothing. The two must not be confused.
public struct ClusterEvidence: Sendable {
    /// The "now" of the evidence: ages and "recent" are measured from here, never from a clock.
    public var capturedAt: Date
    public var kubernetesVersion: String
    /// Namespaces that were read; `nil` means all of them.
    public var namespaces: [String]?
    public var gaps: [EvidenceGap]
    /// Items by list path, see `ResourceType.path`.
    public var lists: [String: [JSONValue]]
    public var logs: [ContainerLog]
    /// Contents of the snapshot's `telemetry/` files by file name, e.g. `alerts.json`.
    public var telemetry: [String: Data]
    /// Text of `knowledge_graph.yaml`, where the evidence brings one.
    public var knowledgeGraph: String?

    public init(
        capturedAt: Date, kubernetesVersion: String, namespaces: [String]? = nil, gaps: [EvidenceGap] = [],
        lists: [String: [JSONValue]] = [:], logs: [ContainerLog] = [], telemetry: [String: Data] = [:], knowledgeGraph: String? = nil
    ) {
        self.capturedAt = capturedAt
        self.kubernetesVersion = kubernetesVersion
        self.namespaces = namespaces
        self.gaps = gaps
        self.lists = lists
        self.logs = logs
        self.telemetry = telemetry
        self.knowledgeGraph = knowledgeGraph
    }
}

/// The log of one run of one container.
public struct ContainerLog: Sendable, Hashable {
    public var namespace: String
    public var pod: String
    public var container: String
    /// Whether it is the log of the run before the current one.
    public var isPrevious: Bool
    /// Lines, newest at the end; each may start with an RFC 3339 time, as `timestamps=true` gives.
    public var text: String

    public init(namespace: String, pod: String, container: String, isPrevious: Bool, text: String) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
        self.isPrevious = isPrevious
        self.text = text
    }

    /// `logs/shop/cart-0/cart` or `logs/shop/cart-0/cart.previous`: its file in a snapshot, without `.log`.
    public var path: String { "logs/\(namespace)/\(pod)/\(container)" + (isPrevious ? ".previous" : "") }
}
