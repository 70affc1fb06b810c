import Metrics
import ServiceKit

/// Reads a service's settings the way all services do: flags win over the environment, which wins over `.env`.
enum ServiceSettings {
    /// - Parameters:
    ///   - keys: every key the service knows, those of `CommonSettings` excepted.
    ///   - flags: what the command line gave; `nil` where a flag was not given.
    /// - Throws: `CommandError` where `.env` cannot be read.
    static func load(_ keys: [Setting], flags: [(Setting, String?)]) async throws -> Settings {
        let given = flags.compactMap { setting, value in value.map { (setting.key, $0) } }
        do {
            return try await Settings.load(keys + CommonSettings.all, flags: Dictionary(given) { $1 })
        } catch {
            throw CommandError(error.description)
        }
    }

    /// Runs the part of a start that reads settings, with their errors as the command line shows them.
    static func reading<Value>(_ read: () throws(SettingError) -> Value) throws -> Value {
        do {
            return try read()
        } catch {
            throw CommandError(error.description)
        }
    }

    /// Begins to keep metrics, where they are wanted; once in a process, before the services are made.
    static func startMetrics(_ common: CommonSettings) {
        if common.offersMetrics { MetricsSystem.bootstrap(PrometheusMetrics.shared) }
    }
}
