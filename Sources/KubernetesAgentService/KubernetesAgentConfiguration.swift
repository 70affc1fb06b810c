public import EvidenceCollection
public import KubernetesClient
public import Logging
public import ServiceKit

/// Everything that the agent can be told, with its keys.
public struct KubernetesAgentConfiguration: Sendable {
    public static let host = Setting(
        "SRE_AGENT_HOST", flag: "--host", kind: .text, default: "127.0.0.1",
        summary: "Address to listen on; `0.0.0.0` for all, as in a container.")
    public static let port = Setting(
        "SRE_AGENT_PORT", flag: "--port", kind: .integer(0...65_535), default: "8081",
        summary: "Port to listen on; 0 lets the system choose.")
    public static let kubeconfig = Setting(
        "SRE_AGENT_KUBECONFIG", flag: "--kubeconfig", kind: .path,
        summary: "Kubeconfig file; without it `KUBECONFIG`, then `~/.kube/config`, then the pod's service account.")
    public static let context = Setting(
        "SRE_AGENT_CONTEXT", flag: "--context", kind: .text, summary: "Context of the kubeconfig; without it its current one.")
    public static let namespaces = Setting(
        "SRE_AGENT_NAMESPACES", flag: "--namespaces", kind: .list, default: "",
        summary: "Namespaces to read where lists over all namespaces are forbidden.")
    public static let readsSecrets = Setting(
        "SRE_AGENT_READ_SECRETS", kind: .boolean, default: "true",
        summary: "Whether Secrets are listed; values are dropped on arrival, names and keys are kept.")
    public static let parallelism = Setting(
        "SRE_AGENT_PARALLELISM", kind: .integer(1...64), default: "8", summary: "Calls to the Kubernetes API at once.")
    public static let collections = Setting(
        "SRE_AGENT_COLLECTIONS", kind: .integer(1...64), default: "4",
        summary: "Evidence collections at once; further ones are answered with 429.")
    public static let deadline = Setting(
        "SRE_AGENT_DEADLINE_SECONDS", kind: .seconds(1...300), default: "18",
        summary: "Time for one evidence collection; what is not read by then becomes a gap.")
    public static let logTail = Setting(
        "SRE_AGENT_LOG_TAIL_LINES", kind: .integer(1...100_000), default: "300", summary: "Last lines of each log that become evidence.")
    public static let logs = Setting(
        "SRE_AGENT_LOGS", kind: .integer(0...1_000), default: "60", summary: "Logs read before healthy containers are passed over.")

    /// All keys of the agent, in the order in which they are documented; those of `CommonSettings` come on top.
    public static let all = [
        host, port, kubeconfig, context, namespaces, readsSecrets, parallelism, collections, deadline, logTail, logs,
    ]

    public var listening: ServiceApplication.Listening
    public var kubeconfigPath: String?
    public var contextName: String?
    public var limits: CollectionLimits
    /// Evidence collections at once.
    public var collectionsAtOnce: Int
    /// Seconds that requests in flight may take after SIGTERM.
    public var shutdownGraceSeconds: Int
    public var offersMetrics: Bool

    /// The values of a development set-up.
    public init(
        listening: ServiceApplication.Listening = .init(port: 8081), kubeconfigPath: String? = nil, contextName: String? = nil,
        limits: CollectionLimits = CollectionLimits(), collectionsAtOnce: Int = 4, shutdownGraceSeconds: Int = 20,
        offersMetrics: Bool = true
    ) {
        self.listening = listening
        self.kubeconfigPath = kubeconfigPath
        self.contextName = contextName
        self.limits = limits
        self.collectionsAtOnce = collectionsAtOnce
        self.shutdownGraceSeconds = shutdownGraceSeconds
        self.offersMetrics = offersMetrics
    }

    /// Reads and checks the keys.
    /// - Throws: `SettingError` naming the key, the value and what is accepted.
    public init(_ settings: Settings, common: CommonSettings) throws(SettingError) {
        var limits = CollectionLimits()
        limits.namespaces = settings.list(Self.namespaces)
        limits.readsSecrets = try settings.boolean(Self.readsSecrets)
        limits.parallelism = try settings.integer(Self.parallelism)
        limits.deadlineSeconds = try settings.seconds(Self.deadline)
        limits.logTailLines = try settings.integer(Self.logTail)
        limits.logs = try settings.integer(Self.logs)
        if let bad = limits.namespaces.first(where: { !KubernetesNames.isNamespace($0) }) {
            throw SettingError(key: Self.namespaces.key, reason: "`\(bad.prefix(80))` is not accepted; no namespace can have this name")
        }
        self.init(
            listening: .init(
                host: try settings.required(Self.host), port: try settings.integer(Self.port), crossOrigin: common.crossOrigin,
                idleSeconds: common.idleSeconds, requestSeconds: common.requestSeconds,
                // Who has the token may ask for everything; there is nothing here that could be changed.
                access: common.agentToken.map { .keys(AccessKeys(token: $0, name: "orchestrator", scope: .write)) } ?? .everybody,
                certificate: common.certificate),
            kubeconfigPath: settings.text(Self.kubeconfig), contextName: settings.text(Self.context), limits: limits,
            collectionsAtOnce: try settings.integer(Self.collections), shutdownGraceSeconds: common.shutdownGraceSeconds,
            offersMetrics: common.offersMetrics)
    }

    /// The client of the cluster that the configuration names.
    /// - Parameter environment: variables of the process, see `ClusterConnection.resolve`.
    /// - Throws: `.configuration`, saying what to fix.
    public func connect(environment: [String: String], logger: Logger) throws(ClusterReadError) -> KubernetesAPI {
        let connection = try ClusterConnection.resolve(kubeconfig: kubeconfigPath, context: contextName, environment: environment)
        return KubernetesAPI(connection: connection, options: .init(requestsInFlight: limits.parallelism), logger: logger)
    }
}
