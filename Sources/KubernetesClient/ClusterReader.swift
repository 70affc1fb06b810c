public import ClusterModel
public import FastJSON
public import FoundationEssentials

/// Read access to one cluster: the live API, or a recorded snapshot. There is no verb that writes.
public protocol ClusterReader: Sendable {
    /// `gitVersion` of the API server, e.g. `v1.36.2`.
    func version() async throws(ClusterReadError) -> String

    /// The items of a list, all pages of it.
    /// - Parameter namespace: `nil` lists over all namespaces, and is the only choice for cluster-scoped resources.
    func list(_ resource: ResourceType, namespace: String?, selecting selection: ListSelection) async throws(ClusterReadError)
        -> [JSONValue]

    /// One object.
    /// - Throws: `.notFound` only when the object really is absent.
    func get(_ resource: ResourceType, namespace: String?, name: String) async throws(ClusterReadError) -> JSONValue

    /// The log of one container, cut to the limits of the request.
    func log(_ request: LogRequest) async throws(ClusterReadError) -> String

    /// What the cluster's own clock says, `nil` where it does not tell: ages are measured by it, not by the reader's clock.
    func serverTime() async -> Date?
}

extension ClusterReader {
    public func serverTime() async -> Date? { nil }
}

/// Selectors of a list call, in the API's own syntax; `nil` selects everything.
public struct ListSelection: Sendable, Hashable {
    public var labels: String?
    public var fields: String?

    public init(labels: String? = nil, fields: String? = nil) {
        self.labels = labels
        self.fields = fields
    }

    public static let everything = ListSelection()
}

/// Which part of which container log to read.
public struct LogRequest: Sendable, Hashable {
    public var namespace: String
    public var pod: String
    public var container: String
    /// The run before the current one.
    public var isPrevious: Bool
    /// Last lines to give; `nil` gives all.
    public var tailLines: Int?
    public var sinceSeconds: Int?
    public var limitBytes: Int?
    /// Whether each line starts with its RFC 3339 time.
    public var hasTimestamps: Bool

    public init(
        namespace: String, pod: String, container: String, isPrevious: Bool = false, tailLines: Int? = nil, sinceSeconds: Int? = nil,
        limitBytes: Int? = nil, hasTimestamps: Bool = true
    ) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
        self.isPrevious = isPrevious
        self.tailLines = tailLines
        self.sinceSeconds = sinceSeconds
        self.limitBytes = limitBytes
        self.hasTimestamps = hasTimestamps
    }
}

/// Why something could not be read, in the terms that callers act on.
public enum ClusterReadError: Error, Sendable, Hashable {
    case unauthorized(String)
    case forbidden(String)
    case notFound(String)
    case conflict(String)
    /// The list or watch is too old to be continued.
    case gone(String)
    /// Asked to come back later; seconds where the server said so.
    case tooManyRequests(retryAfterSeconds: Int?, String)
    case badRequest(String)
    /// The API server answered 5xx.
    case serverError(status: Int, String)
    case timeout(String)
    /// No connection, broken TLS, wrong address.
    case unreachable(String)
    /// An answer that is no Kubernetes answer.
    case malformed(String)
    /// Client-side configuration that cannot work, e.g. an unusable kubeconfig.
    case configuration(String)

    public var message: String {
        switch self {
        case .unauthorized(let text), .forbidden(let text), .notFound(let text), .conflict(let text), .gone(let text),
            .tooManyRequests(_, let text), .badRequest(let text), .serverError(_, let text), .timeout(let text), .unreachable(let text),
            .malformed(let text), .configuration(let text):
            text
        }
    }

    /// Whether the same call may succeed a little later.
    public var isTransient: Bool {
        switch self {
        case .tooManyRequests, .serverError, .timeout, .unreachable, .gone: true
        case .unauthorized, .forbidden, .notFound, .conflict, .badRequest, .malformed, .configuration: false
        }
    }
}
