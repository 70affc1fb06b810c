/// Bounds of one evidence collection, so that a question never costs the cluster more than this.
public struct CollectionLimits: Sendable, Hashable {
    /// Namespaces to read where lists over all namespaces are forbidden; empty means there is nothing to fall back to.
    public var namespaces: [String] = []
    /// Calls to the Kubernetes API at once, at least 1.
    public var parallelism = 8
    /// Whether Secrets are listed. Values are dropped on arrival; only names and keys are kept.
    public var readsSecrets = true
    /// The whole collection; what is not read by then becomes a gap.
    public var deadlineSeconds: Double = 18
    /// Bytes kept of each value of a ConfigMap.
    public var configMapValueBytes = 64 << 10
    /// Container runs whose logs are read because they look broken or were asked for.
    public var brokenLogs = 200
    /// Logs read in all before healthy containers are passed over.
    public var logs = 60
    /// Healthy pods of one workload whose logs are read.
    public var healthyPodsPerWorkload = 2
    /// Last lines read of each log.
    public var logTailLines = 300
    /// Bytes read of each log.
    public var logBytes = 256 << 10
    /// Namespaces outside the scope that are read because something in it points there.
    public var connectedNamespaces = 10

    public init() {}
}
