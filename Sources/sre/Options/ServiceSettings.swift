import Foundation
import KubernetesAgentService
import KubernetesClient
import Logging
import Metrics
import ServiceKit
import TraceExport
import Tracing

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

    /// The cluster that an agent is told to read.
    static func connect(_ configuration: KubernetesAgentConfiguration, logger: Logger) throws -> KubernetesAPI {
        do {
            return try configuration.connect(environment: ProcessInfo.processInfo.environment, logger: logger)
        } catch {
            throw CommandError(error.message)
        }
    }

    /// Runs a service and sends what is traced meanwhile, where that is wanted. Once in a process; HTTP clients are made in `work`, since
    /// they trace only what they find set up.
    static func tracing<Result>(
        _ common: CommonSettings, as name: String, logger: Logger, _ work: () async throws -> Result
    ) async throws -> Result {
        guard let target = common.traces else { return try await work() }
        let exporter = TraceExporter(target, name: "sre-\(name)", version: Version.current, logger: logger)
        InstrumentationSystem.bootstrap(exporter.tracer)
        return try await exporter.sending(while: work)
    }

    /// Begins to keep metrics, where they are wanted; once in a process, before the services are made.
    static func startMetrics(_ common: CommonSettings) {
        if common.offersMetrics { MetricsSystem.bootstrap(PrometheusMetrics.shared) }
    }
}
