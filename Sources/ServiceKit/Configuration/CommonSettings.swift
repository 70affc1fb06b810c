import Foundation
public import Logging
public import TraceExport

/// Keys that every service reads.
public struct CommonSettings: Sendable, Hashable {
    public static let environment = Setting(
        "SRE_ENVIRONMENT", flag: "--environment", kind: .choice(["development", "production"]), default: "development",
        summary: "In development every web page may call the API; in production only those of `SRE_CORS_ORIGINS`.")
    public static let crossOrigins = Setting(
        "SRE_CORS_ORIGINS", kind: .list, default: "",
        summary: "Origins whose web pages may call the API in production, e.g. `https://console.example.com`.")
    public static let logLevel = Setting(
        "SRE_LOG_LEVEL", flag: "--log-level", kind: .choice(["debug", "info", "warning", "error", "critical"]), default: "info",
        summary: "The lowest level that is logged.")
    public static let idleTimeout = Setting(
        "SRE_IDLE_TIMEOUT_SECONDS", kind: .integer(1...3_600), default: "60",
        summary: "A client connection without traffic is closed after this time.")
    public static let shutdownGrace = Setting(
        "SRE_SHUTDOWN_GRACE_SECONDS", kind: .integer(1...300), default: "20",
        summary: "How long requests and investigations in flight may go on after SIGTERM.")

    public static let requestTimeout = Setting(
        "SRE_REQUEST_TIMEOUT_SECONDS", kind: .integer(1...3_600), default: "30",
        summary: "How long a client may take to send a request; then its connection is closed.")
    public static let apiKeys = Setting(
        "SRE_API_KEYS_FILE", kind: .path,
        summary:
            "File with the API keys that the orchestrator accepts (`sre keys create` writes its lines; read again when it changes). Without one everybody may call."
    )
    public static let rateLimit = Setting(
        "SRE_RATE_LIMIT_PER_MINUTE", kind: .integer(0...1_000_000), default: "0",
        summary: "Requests that one API key, or without keys one address, may make in a minute; 0 for no bound.")
    public static let agentToken = Setting(
        "SRE_AGENT_TOKEN", kind: .text, isSecret: true,
        summary:
            "Token that the orchestrator shows the agent, and that the agent wants from its callers. Without one everybody may call the agent."
    )
    public static let tlsCertificate = Setting(
        "SRE_TLS_CERTIFICATE", kind: .path,
        summary:
            "PEM file with the service's certificate and its chain, read again when it changes. Without one the service speaks plain HTTP.")
    public static let tlsKey = Setting(
        "SRE_TLS_KEY", kind: .path, summary: "PEM file with the key of the certificate.")
    public static let tlsClientAuthorities = Setting(
        "SRE_TLS_CLIENT_CA", kind: .path,
        summary: "PEM file with the authorities of which a client must have a certificate. Without one clients need none.")

    public static let metrics = Setting(
        "SRE_METRICS", kind: .boolean, default: "true", summary: "Whether metrics are kept and shown to Prometheus at `/metrics`.")

    // The keys that OpenTelemetry names keep its names, so that what sets them for all services of a cluster sets them here too.
    public static let traceEndpoint = Setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT", kind: .url,
        summary: "Collector that gets traces: OpenTelemetry protocol over HTTP, as JSON, to `/v1/traces`. Without one nothing is traced.")
    public static let traceHeaders = Setting(
        "OTEL_EXPORTER_OTLP_HEADERS", kind: .list, isSecret: true,
        summary: "Headers for the collector, `name=value` with values percent-encoded, e.g. `authorization=Bearer%20abc`.")
    public static let traceService = Setting(
        "OTEL_SERVICE_NAME", kind: .text, summary: "Name of the service in traces; by default `sre-` and the name of the command.")
    public static let tracePercent = Setting(
        "SRE_TRACE_SAMPLE_PERCENT", kind: .integer(0...100), default: "100",
        summary: "Of the traces that begin here, how many are recorded; for those of a caller, the caller decides.")

    /// All keys, in the order in which they are documented.
    public static let all = [
        environment, crossOrigins, logLevel, idleTimeout, requestTimeout, shutdownGrace, apiKeys, rateLimit, agentToken, tlsCertificate,
        tlsKey, tlsClientAuthorities, metrics, traceEndpoint, traceHeaders, traceService, tracePercent,
    ]

    public var crossOrigin: CrossOriginPolicy
    public var logLevel: Logger.Level
    public var idleSeconds: Int
    public var shutdownGraceSeconds: Int
    public var requestSeconds: Int
    /// File of the orchestrator's API keys.
    public var apiKeysPath: String?
    public var requestsPerMinute: Int?
    public var agentToken: String?
    public var certificate: ServerCertificate.Files?
    public var offersMetrics: Bool
    /// Nil where nothing is traced.
    public var traces: TraceExporter.Target?

    /// The values of a development set-up.
    public init(
        crossOrigin: CrossOriginPolicy = .any, logLevel: Logger.Level = .info, idleSeconds: Int = 60, shutdownGraceSeconds: Int = 20,
        requestSeconds: Int = 30, apiKeysPath: String? = nil, requestsPerMinute: Int? = nil, agentToken: String? = nil,
        certificate: ServerCertificate.Files? = nil, offersMetrics: Bool = true, traces: TraceExporter.Target? = nil
    ) {
        self.requestSeconds = requestSeconds
        self.apiKeysPath = apiKeysPath
        self.requestsPerMinute = requestsPerMinute
        self.agentToken = agentToken
        self.certificate = certificate
        self.offersMetrics = offersMetrics
        self.traces = traces
        self.crossOrigin = crossOrigin
        self.logLevel = logLevel
        self.idleSeconds = idleSeconds
        self.shutdownGraceSeconds = shutdownGraceSeconds
    }

    /// Reads and checks the keys.
    public init(_ settings: Settings) throws(SettingError) {
        let isProduction = try settings.choice(Self.environment) == "production"
        let origins = settings.list(Self.crossOrigins)
        if let bad = origins.first(where: { !Self.isOrigin($0) }) {
            throw SettingError(
                key: Self.crossOrigins.key,
                reason: "`\(bad.prefix(80))` is not accepted; an origin is scheme and host, such as https://console.example.com")
        }
        let perMinute = try settings.integer(Self.rateLimit)
        self.init(
            crossOrigin: isProduction ? .origins(Set(origins)) : .any,
            logLevel: Logger.Level(rawValue: try settings.choice(Self.logLevel)) ?? .info,
            idleSeconds: try settings.integer(Self.idleTimeout), shutdownGraceSeconds: try settings.integer(Self.shutdownGrace),
            requestSeconds: try settings.integer(Self.requestTimeout), apiKeysPath: settings.text(Self.apiKeys),
            requestsPerMinute: perMinute == 0 ? nil : perMinute, agentToken: settings.text(Self.agentToken),
            certificate: try Self.certificate(settings), offersMetrics: try settings.boolean(Self.metrics),
            traces: try Self.traces(settings))
    }

    private static func certificate(_ settings: Settings) throws(SettingError) -> ServerCertificate.Files? {
        let authorities = settings.text(tlsClientAuthorities)
        switch (settings.text(tlsCertificate), settings.text(tlsKey)) {
        case (let certificate?, let key?): return .init(certificate: certificate, key: key, clientAuthorities: authorities)
        case (nil, nil):
            guard authorities == nil else {
                throw SettingError(key: tlsClientAuthorities.key, reason: "needs \(tlsCertificate.key) and \(tlsKey.key) beside it")
            }
            return nil
        default: throw SettingError(key: tlsCertificate.key, reason: "needs \(tlsKey.key) beside it, and the other way round")
        }
    }

    private static func traces(_ settings: Settings) throws(SettingError) -> TraceExporter.Target? {
        guard let endpoint = try settings.url(traceEndpoint) else { return nil }
        var headers: [String: String] = [:]
        for pair in settings.list(traceHeaders) {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, let value = parts[1].removingPercentEncoding, isHeader(parts[0], value) else {
                throw SettingError(
                    key: traceHeaders.key, reason: "the given value is not accepted; it must be `name=value`, separated by commas")
            }
            headers[parts[0]] = value
        }
        return .init(
            endpoint: endpoint, headers: headers, service: settings.text(traceService), percent: try settings.integer(tracePercent))
    }

    private static func isHeader(_ name: String, _ value: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x2D || $0 == 0x5F }
            && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func isOrigin(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            let host = text.dropFirst(scheme.count)
            return !host.isEmpty && !host.contains { "/?#@*".contains($0) }
        }
        return false
    }
}
