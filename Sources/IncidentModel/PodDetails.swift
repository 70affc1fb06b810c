public import FoundationEssentials

/// A pod as an SRE would want it summed up: what `GET /api/v1/pods/{namespace}/{name}/details` answers.
public struct PodDetails: Codable, Sendable, Hashable {
    public struct Container: Codable, Sendable, Hashable {
        public var name: String
        public var image: String
        /// `init`, `app` or `ephemeral`.
        public var role: String
        /// `running`, `waiting`, `terminated` or `unknown`.
        public var state: String
        public var reason: String?
        public var message: String?
        public var exitCode: Int?
        public var ready: Bool
        public var restartCount: Int
        public var lastState: String?
        public var lastReason: String?
        public var lastExitCode: Int?
        public var lastFinishedAt: Date?
        /// Quantities by resource name, as written in the pod.
        public var requests: [String: String]
        public var limits: [String: String]
        /// Names of variables, and where values come from (`ConfigMap name/key`, `Secret name/key`); never a Secret's value.
        public var environment: [String: String]

        public init(
            name: String, image: String, role: String, state: String, reason: String? = nil, message: String? = nil, exitCode: Int? = nil,
            ready: Bool, restartCount: Int, lastState: String? = nil, lastReason: String? = nil, lastExitCode: Int? = nil,
            lastFinishedAt: Date? = nil, requests: [String: String] = [:], limits: [String: String] = [:],
            environment: [String: String] = [:]
        ) {
            self.name = name
            self.image = image
            self.role = role
            self.state = state
            self.reason = reason
            self.message = message
            self.exitCode = exitCode
            self.ready = ready
            self.restartCount = restartCount
            self.lastState = lastState
            self.lastReason = lastReason
            self.lastExitCode = lastExitCode
            self.lastFinishedAt = lastFinishedAt
            self.requests = requests
            self.limits = limits
            self.environment = environment
        }

        enum CodingKeys: String, CodingKey {
            case name, image, role, state, reason, message
            case exitCode = "exit_code"
            case ready
            case restartCount = "restart_count"
            case lastState = "last_state"
            case lastReason = "last_reason"
            case lastExitCode = "last_exit_code"
            case lastFinishedAt = "last_finished_at"
            case requests, limits, environment
        }
    }

    public struct Condition: Codable, Sendable, Hashable {
        public var type: String
        public var status: String
        public var reason: String?
        public var message: String?

        public init(type: String, status: String, reason: String? = nil, message: String? = nil) {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
        }
    }

    public struct Event: Codable, Sendable, Hashable {
        public var type: String
        public var reason: String
        public var message: String
        public var count: Int
        public var lastSeen: Date?

        public init(type: String, reason: String, message: String, count: Int, lastSeen: Date? = nil) {
            self.type = type
            self.reason = reason
            self.message = message
            self.count = count
            self.lastSeen = lastSeen
        }

        enum CodingKeys: String, CodingKey {
            case type, reason, message, count
            case lastSeen = "last_seen"
        }
    }

    public var name: String
    public var namespace: String
    public var phase: String
    public var reason: String?
    public var ready: Bool
    public var restartCount: Int
    public var node: String?
    public var podIP: String?
    public var serviceAccount: String?
    public var createdAt: Date?
    public var labels: [String: String]
    /// Controllers above the pod, nearest first.
    public var owners: [ObjectReference]
    public var containers: [Container]
    public var conditions: [Condition]
    public var events: [Event]

    public init(
        name: String, namespace: String, phase: String, reason: String? = nil, ready: Bool, restartCount: Int, node: String? = nil,
        podIP: String? = nil, serviceAccount: String? = nil, createdAt: Date? = nil, labels: [String: String] = [:],
        owners: [ObjectReference] = [], containers: [Container] = [], conditions: [Condition] = [], events: [Event] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.phase = phase
        self.reason = reason
        self.ready = ready
        self.restartCount = restartCount
        self.node = node
        self.podIP = podIP
        self.serviceAccount = serviceAccount
        self.createdAt = createdAt
        self.labels = labels
        self.owners = owners
        self.containers = containers
        self.conditions = conditions
        self.events = events
    }

    enum CodingKeys: String, CodingKey {
        case name, namespace, phase, reason, ready
        case restartCount = "restart_count"
        case node
        case podIP = "pod_ip"
        case serviceAccount = "service_account"
        case createdAt = "created_at"
        case labels, owners, containers, conditions, events
    }
}
