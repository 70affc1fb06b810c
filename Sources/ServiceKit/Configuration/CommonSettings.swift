public import Logging

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

    /// All keys, in the order in which they are documented.
    public static let all = [environment, crossOrigins, logLevel, idleTimeout, shutdownGrace]

    public var crossOrigin: CrossOriginPolicy
    public var logLevel: Logger.Level
    public var idleSeconds: Int
    public var shutdownGraceSeconds: Int

    /// The values of a development set-up.
    public init(
        crossOrigin: CrossOriginPolicy = .any, logLevel: Logger.Level = .info, idleSeconds: Int = 60, shutdownGraceSeconds: Int = 20
    ) {
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
        self.init(
            crossOrigin: isProduction ? .origins(Set(origins)) : .any,
            logLevel: Logger.Level(rawValue: try settings.choice(Self.logLevel)) ?? .info,
            idleSeconds: try settings.integer(Self.idleTimeout), shutdownGraceSeconds: try settings.integer(Self.shutdownGrace))
    }

    private static func isOrigin(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            let host = text.dropFirst(scheme.count)
            return !host.isEmpty && !host.contains { "/?#@*".contains($0) }
        }
        return false
    }
}
