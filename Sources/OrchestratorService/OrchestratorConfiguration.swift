public import Foundation
public import IncidentRecords
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
    public static let agentAuthorities = Setting(
        "SRE_AGENT_CA", kind: .path,
        summary: "PEM file with the authorities of the agent's certificate, where its URL is https; else the system's.")
    public static let agentClientCertificate = Setting(
        "SRE_AGENT_CLIENT_CERTIFICATE", kind: .path, summary: "PEM file with the certificate that is shown to the agent, for mutual TLS.")
    public static let agentClientKey = Setting(
        "SRE_AGENT_CLIENT_KEY", kind: .path, summary: "PEM file with the key of that certificate.")
    public static let store = Setting(
        "SRE_STORE", flag: "--store", kind: .path, default: "sre-orchestrator.sqlite",
        summary: "SQLite file that keeps incidents; `memory` keeps them until the process ends.")
    public static let knowledgeGraph = Setting(
        "SRE_KNOWLEDGE_GRAPH", flag: "--knowledge-graph", kind: .path, summary: "The `knowledge_graph.yaml` to use.")
    public static let concurrency = Setting(
        "SRE_CONCURRENCY", kind: .integer(1...256), default: "4", summary: "Investigations at once.")
    public static let stepTimeout = Setting(
        "SRE_STEP_TIMEOUT_SECONDS", kind: .seconds(1...300), default: "30",
        summary: "Time for one step of an investigation; then the incident fails.")
    public static let attempts = Setting(
        "SRE_INVESTIGATION_ATTEMPTS", kind: .integer(1...20), default: "3",
        summary: "Times that an investigation is taken up, its process having died in between, before it fails.")
    public static let lease = Setting(
        "SRE_LEASE_SECONDS", kind: .seconds(5...600), default: "30",
        summary: "Time after which the incident of a process that went silent is taken over.")
    public static let databaseURL = Setting(
        "SRE_DATABASE_URL", kind: .text, isSecret: true,
        summary:
            "PostgreSQL 15 or newer that keeps incidents instead of the file: `postgresql://user:password@host/database`. Any number of orchestrators can share it."
    )
    public static let databaseConnections = Setting(
        "SRE_DATABASE_CONNECTIONS", kind: .integer(1...64), default: "4", summary: "Connections to PostgreSQL; one more listens.")
    public static let encryptionKey = Setting(
        "SRE_ENCRYPTION_KEY", kind: .text, isSecret: true,
        summary:
            "Keys that seal what is stored (32 bytes in Base64, comma-separated): the first seals, all open. Without one nothing is sealed."
    )
    public static let encryptionKeyFile = Setting(
        "SRE_ENCRYPTION_KEY_FILE", kind: .path, summary: "File with such keys, one a line, in place of `SRE_ENCRYPTION_KEY`.")
    public static let retentionDays = Setting(
        "SRE_RETENTION_DAYS", kind: .integer(0...36_500), default: "0",
        summary: "Days after which finished incidents are deleted; 0 keeps them.")
    public static let retentionCount = Setting(
        "SRE_RETENTION_COUNT", kind: .integer(0...100_000_000), default: "0",
        summary: "Incidents that are kept; finished ones beyond it are deleted, oldest first. 0 for no bound.")
    public static let retentionMegabytes = Setting(
        "SRE_RETENTION_MEGABYTES", kind: .integer(0...100_000_000), default: "0",
        summary: "Megabytes of incidents that are kept; finished ones beyond it are deleted, oldest first. 0 for no bound.")
    public static let queueLimit = Setting(
        "SRE_QUEUE_LIMIT", kind: .integer(1...10_000_000), default: "20000",
        summary: "Incidents that may wait to be investigated; further ones are refused with 503.")
    public static let foldSeconds = Setting(
        "SRE_FOLD_SECONDS", kind: .integer(0...86_400), default: "0",
        summary:
            "A report without `Idempotency-Key` that equals one of the last so many seconds is the same incident; 0 opens a new one each time."
    )
    public static let review = Setting(
        "SRE_REVIEW", kind: .boolean, default: "false",
        summary: "Whether a person has to accept a cause (`PATCH /api/v1/incidents/{id}/review`) before it is reported.")

    /// All keys of the orchestrator, in the order in which they are documented; those of `CommonSettings` come on top.
    public static let all =
        [
            host, port, agent, agentTimeout, agentAuthorities, agentClientCertificate, agentClientKey, store, databaseURL,
            databaseConnections,
            encryptionKey, encryptionKeyFile, retentionDays, retentionCount, retentionMegabytes, queueLimit, foldSeconds, knowledgeGraph,
            concurrency, stepTimeout, attempts, lease, review,
        ] + ModelConfiguration.all

    /// How the orchestrator proves to the agent who it is, and whom it believes to be the agent.
    public struct AgentAccess: Sendable, Hashable {
        public var token: String?
        /// Path of a PEM file, as the two below.
        public var authorities: String?
        public var certificate: String?
        public var key: String?

        public init(token: String? = nil, authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
            self.token = token
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
        }
    }

    /// Where incidents are kept.
    public enum Storage: Sendable, Hashable {
        case memory
        case file(path: String)
        /// The URL of a PostgreSQL database, which may hold a password.
        case postgres(address: String, connections: Int)
    }

    public var listening: ServiceApplication.Listening
    public var agentURL: URL
    /// Seconds for a call to the agent, all its tries included.
    public var agentTimeoutSeconds: Double
    public var agentAccess: AgentAccess
    public var storage: Storage
    /// Seals what is stored.
    public var cipher: RecordCipher
    public var retention: Retention
    var intake: IncidentIntake.Limits
    public var knowledgeGraphPath: String?
    public var pipeline: InvestigationPipeline.Limits
    public var model: ModelConfiguration
    public var runner: InvestigationRunner.Limits
    /// Seconds that requests in flight may take after SIGTERM.
    public var shutdownGraceSeconds: Int
    public var offersMetrics: Bool

    public init(
        listening: ServiceApplication.Listening = .init(port: 8080), agentURL: URL, agentTimeoutSeconds: Double = 20,
        storage: Storage = .memory, knowledgeGraphPath: String? = nil, pipeline: InvestigationPipeline.Limits = .init(),
        runner: InvestigationRunner.Limits = .init(), shutdownGraceSeconds: Int = 20, cipher: RecordCipher = RecordCipher(),
        retention: Retention = Retention(), queueLimit: Int = 20_000, foldingSeconds: Double? = nil,
        agentAccess: AgentAccess = AgentAccess(), offersMetrics: Bool = true,
        model: ModelConfiguration = ModelConfiguration()
    ) {
        self.listening = listening
        self.agentURL = agentURL
        self.agentTimeoutSeconds = agentTimeoutSeconds
        self.storage = storage
        self.knowledgeGraphPath = knowledgeGraphPath
        self.pipeline = pipeline
        self.runner = runner
        self.shutdownGraceSeconds = shutdownGraceSeconds
        self.cipher = cipher
        self.retention = retention
        self.agentAccess = agentAccess
        self.offersMetrics = offersMetrics
        self.model = model
        self.pipeline.model = model.limits
        intake = IncidentIntake.Limits(queued: queueLimit, foldingSeconds: foldingSeconds)
    }

    /// Reads and checks the keys.
    /// - Throws: `SettingError` naming the key, the value and what is accepted.
    public init(_ settings: Settings, common: CommonSettings) throws(SettingError) {
        guard let agentURL = try settings.url(Self.agent) else {
            throw SettingError(key: Self.agent.key, reason: "is not set; it must be \(Self.agent.accepted)")
        }
        let days = try settings.integer(Self.retentionDays)
        let folding = try settings.integer(Self.foldSeconds)
        self.init(
            listening: .init(
                host: try settings.required(Self.host), port: try settings.integer(Self.port), crossOrigin: common.crossOrigin,
                idleSeconds: common.idleSeconds, requestSeconds: common.requestSeconds,
                access: common.apiKeysPath.map { .file($0) } ?? .everybody, requestsPerMinute: common.requestsPerMinute,
                certificate: common.certificate),
            agentURL: agentURL, agentTimeoutSeconds: try settings.seconds(Self.agentTimeout),
            storage: try Self.storage(settings), knowledgeGraphPath: settings.text(Self.knowledgeGraph),
            pipeline: try Self.pipeline(settings),
            runner: .init(
                concurrency: try settings.integer(Self.concurrency), leaseSeconds: try settings.seconds(Self.lease),
                attempts: try settings.integer(Self.attempts)),
            shutdownGraceSeconds: common.shutdownGraceSeconds, cipher: try Self.cipher(settings),
            retention: Retention(
                seconds: days == 0 ? nil : Double(days) * 86_400, count: try Self.bound(settings, Self.retentionCount),
                bytes: try Self.bound(settings, Self.retentionMegabytes).map { $0 * 1_000_000 }),
            queueLimit: try settings.integer(Self.queueLimit), foldingSeconds: folding == 0 ? nil : Double(folding),
            agentAccess: AgentAccess(
                token: common.agentToken, authorities: settings.text(Self.agentAuthorities),
                certificate: settings.text(Self.agentClientCertificate), key: settings.text(Self.agentClientKey)),
            offersMetrics: common.offersMetrics, model: try ModelConfiguration(settings))
    }

    /// Bounds of an investigation.
    public static func pipeline(_ settings: Settings) throws(SettingError) -> InvestigationPipeline.Limits {
        // The agent's client has its own retries; retrying retries would only trip its circuit breaker.
        .init(
            stepSeconds: try settings.seconds(stepTimeout), retry: RetryDelays(attempts: 1), asksForReview: try settings.boolean(review))
    }

    /// Where incidents are kept: PostgreSQL where an address is given, else a file or memory.
    public static func storage(_ settings: Settings) throws(SettingError) -> Storage {
        if let address = settings.text(databaseURL) {
            guard address.hasPrefix("postgresql://") || address.hasPrefix("postgres://") else {
                throw SettingError(key: databaseURL.key, reason: "is not accepted; it must begin with postgresql://")
            }
            return .postgres(address: address, connections: try settings.integer(databaseConnections))
        }
        let store = try settings.required(Self.store)
        return store == "memory" ? .memory : .file(path: store)
    }

    /// The seal of what is stored, from the environment or a file.
    public static func cipher(_ settings: Settings) throws(SettingError) -> RecordCipher {
        let (key, text): (String, String)
        if let path = settings.text(encryptionKeyFile) {
            guard let content = try? String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8) else {
                throw SettingError(key: encryptionKeyFile.key, reason: "\(path) cannot be read; check that it exists and may be read")
            }
            (key, text) = (encryptionKeyFile.key, content)
        } else if let content = settings.text(encryptionKey) {
            (key, text) = (encryptionKey.key, content)
        } else {
            return RecordCipher()
        }
        do {
            return RecordCipher(try EncryptionKeys(text))
        } catch {
            throw SettingError(key: key, reason: error.description)
        }
    }

    private static func bound(_ settings: Settings, _ setting: Setting) throws(SettingError) -> Int? {
        let value = try settings.integer(setting)
        return value == 0 ? nil : value
    }
}
