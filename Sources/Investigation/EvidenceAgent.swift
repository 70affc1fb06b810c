public import ClusterModel
public import IncidentModel

/// Where evidence comes from: the Kubernetes agent over HTTP, or a cluster or snapshot in the same process.
public protocol EvidenceAgent: Sendable {
    /// Names of what exists, to map the words of a description to objects. One cheap call.
    func inventory() async throws(AgentError) -> Inventory

    /// All evidence for a scope, in one call; what could not be read is in its `gaps`.
    func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence
}

/// What evidence is asked for.
public struct EvidenceScope: Codable, Sendable, Hashable {
    /// Namespaces to read; empty means all.
    public var namespaces: [String]
    /// With a subject, only what is connected to it is given.
    public var subject: ObjectReference?
    /// Objects whose logs are wanted even where they look healthy.
    public var focus: [ObjectReference]

    public init(namespaces: [String] = [], subject: ObjectReference? = nil, focus: [ObjectReference] = []) {
        self.namespaces = namespaces
        self.subject = subject
        self.focus = focus
    }
}

/// Names of what exists in a cluster.
public struct Inventory: Codable, Sendable, Hashable {
    public struct Entry: Codable, Sendable, Hashable {
        public var object: ObjectReference
        /// The top owner, for pods.
        public var workload: ObjectReference?
        /// Other words people use for it: values of `app`-like labels, hosts of an Ingress.
        public var aliases: [String]

        public init(object: ObjectReference, workload: ObjectReference? = nil, aliases: [String] = []) {
            self.object = object
            self.workload = workload
            self.aliases = aliases
        }
    }

    public var namespaces: [String]
    /// Pods, workloads, Services, Ingresses, Nodes, and claims.
    public var entries: [Entry]
    public var gaps: [EvidenceGap]

    public init(namespaces: [String] = [], entries: [Entry] = [], gaps: [EvidenceGap] = []) {
        self.namespaces = namespaces
        self.entries = entries
        self.gaps = gaps
    }
}

/// Why an agent gave no evidence.
public enum AgentError: Error, Sendable, Hashable {
    /// Nothing answers, or the connection broke.
    case unreachable(String)
    case timeout(String)
    /// The agent refused or failed; its HTTP status and message.
    case refused(status: Int, message: String)
    /// An answer that is not what agents say.
    case malformed(String)

    public var message: String {
        switch self {
        case .unreachable(let text), .timeout(let text), .malformed(let text): text
        case .refused(let status, let message): "\(message) (HTTP \(status))"
        }
    }

    /// Whether the same call may succeed a little later.
    public var isTransient: Bool {
        switch self {
        case .unreachable, .timeout: true
        case .refused(let status, _): status == 429 || status >= 500
        case .malformed: false
        }
    }
}
