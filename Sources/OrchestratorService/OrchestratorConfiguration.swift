public import Foundation
public import Investigation
public import ServiceKit

/// Everything that the orchestrator can be told, with its keys.
public struct OrchestratorConfiguration: Sendable {
    public static let host = Setting(
        "SRE_ORCHESTRATOR_HOST", flag: "--host", kind: .text, default: "127.0.0.1",
        summary: "Address to listen on; `0.0.0.0` for all, as in a container.")
    public static let port = Setting(
        "SRE_ORCHESTRATOR_PORT", flag: "--port", kind: .integer(0...65_535), default: "8080",
        summary: "Port to listen on; 0 lets the system choose.")
    public static let agent = Setting(
        "SRE_AGENT_URL", flag: "--agent", kind: .url, default: "http://127.0.0.1:8081", summary: "Where the Kubernetes agent listens.")
    public static let agentTimeout = Setting(
        "SRE_AGENT_TIMEOUT_SECONDS", kind: .seconds(1...300), default: "20",
        summary: "Time for a call to the agent, all its tries included.")
    public static let store = Setting(
        "SRE_STORE", flag: "--store", kind: .path, default: "sre-orchestrator.sqlite",
        summary: "SQLite file that keeps incidents; `memory` keeps them until the process ends.")
    public static let knowledgeGraph = Setting(
        "SRE_KNOWLEDGE_GRAPH", flag: "--knowledge-graph", kind: .path, summary: "The `knowledge_graph.yaml` to use.")
    public static let concurrency = Setting(
        "SRE_CONCURRENCY", kind: .integer(1...64), default: "4", summary: "Investigations at once.")
    public static let stepTimeout = Setting(
        "SRE_STEP_TIMEOUT_SECONDS", kind: .seconds(1...300), default: "30",
        summary: "Time for one step of an investigation; then the incident fails.")
    public static let attempts = Setting(
        "SRE_INVESTIGATION_ATTEMPTS", kind: .integer(1...20), default: "3",
        summary: "Times that an investigation is taken up again after its process died.")
    public static let lease = Setting(
        "SRE_LEASE_SECONDS", kind: .seconds(5...600), default: "30",
        summary: "Time after which the incident of a process that went silent is taken over.")

    /// All keys of the orchestrator, in the order in which they are documented; those of `CommonSettings` come on top.
    public static let all = [host, port, agent, agentTimeout, store, knowledgeGraph, concurrency, stepTimeout, attempts, lease]

    /// Where incidents are kept.
    public enum Storage: Sendable, Hashable {
        case memory
        case file(path: String)
    }

    public var listening: ServiceApplication.Listening
    public var agentURL: URL
    /// Seconds for a call to the agent, all its tries included.
    public var agentTimeoutSeconds: Double
    public var storage: Storage
    public var knowledgeGraphPath: String?
    public var pipeline: InvestigationPipeline.Limits
    public var runner: InvestigationRunner.Limits
    /// Seconds that requests in flight may take after SIGTERM.
    public var shutdownGraceSeconds: Int

    public init(
        listening: ServiceApplication.Listening = .init(port: 8080), agentURL: URL, agentTimeoutSeconds: Double = 20,
        storage: Storage = .memory, knowledgeGraphPath: String? = nil, pipeline: InvestigationPipeline.Limits = .init(),
        runner: InvestigationRunner.Limits = .init(), shutdownGraceSeconds: Int = 20
    ) {
        self.listening = listening
        self.agentURL = agentURL
        self.agentTimeoutSeconds = agentTimeoutSeconds
        self.storage = storage
        self.knowledgeGraphPath = knowledgeGraphPath
        self.pipeline = pipeline
        self.runner = runner
        self.shutdownGraceSeconds = shutdownGraceSeconds
    }

    /// Reads and checks the keys.
    /// - Throws: `SettingError` naming the key, the value and what is accepted.
    public init(_ settings: Settings, common: CommonSettings) throws(SettingError) {
        guard let agentURL = try settings.url(Self.agent) else {
            throw SettingError(key: Self.agent.key, reason: "is not set; it must be \(Self.agent.accepted)")
        }
        let store = try settings.required(Self.store)
        self.init(
            listening: .init(
                host: try settings.required(Self.host), port: try settings.integer(Self.port), crossOrigin: common.crossOrigin,
                idleSeconds: common.idleSeconds),
            agentURL: agentURL, agentTimeoutSeconds: try settings.seconds(Self.agentTimeout),
            storage: store == "memory" ? .memory : .file(path: store), knowledgeGraphPath: settings.text(Self.knowledgeGraph),
            // The agent's client has its own retries; retrying retries would only trip its circuit breaker.
            pipeline: .init(stepSeconds: try settings.seconds(Self.stepTimeout), retry: RetryDelays(attempts: 1)),
            runner: .init(
                concurrency: try settings.integer(Self.concurrency), leaseSeconds: try settings.seconds(Self.lease),
                attempts: try settings.integer(Self.attempts)),
            shutdownGraceSeconds: common.shutdownGraceSeconds)
    }
}
