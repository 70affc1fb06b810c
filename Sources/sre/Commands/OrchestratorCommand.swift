import ArgumentParser
import Logging
import OrchestratorService
import ServiceKit

/// `sre orchestrator`: the public REST API.
struct OrchestratorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orchestrator", abstract: "Run the service that takes incidents and investigates them.",
        discussion: "Every flag has an environment key, and there are more keys: docs/configuration.md. A flag wins.")

    @OptionGroup var common: CommonServiceOptions

    @Option(help: ArgumentHelp("Where the Kubernetes agent listens.", valueName: "url"))
    var agent: String?

    @Option(help: ArgumentHelp("SQLite file that keeps incidents; `memory` keeps them until the process ends.", valueName: "file"))
    var store: String?

    @Option(help: ArgumentHelp("Knowledge graph of what depends on what.", valueName: "file"))
    var knowledgeGraph: String?

    func run() async throws {
        typealias Keys = OrchestratorConfiguration
        let flags =
            common.flags(host: Keys.host, port: Keys.port)
            + [(Keys.agent, agent), (Keys.store, store), (Keys.knowledgeGraph, knowledgeGraph)]
        let settings = try await ServiceSettings.load(Keys.all, flags: flags)
        let common = try ServiceSettings.reading { () throws(SettingError) in try CommonSettings(settings) }
        let configuration = try ServiceSettings.reading { () throws(SettingError) in try Keys(settings, common: common) }
        ServiceSettings.startMetrics(common)
        let logger = Logger.service(Orchestrator.serviceName, level: common.logLevel)
        do {
            try await ServiceSettings.tracing(common, as: Orchestrator.serviceName, logger: logger) {
                try await Orchestrator.with(configuration, logger: logger) { try await $0.run() }
            }
        } catch let failure as ServiceFailure {
            throw CommandError(failure.description)
        } catch let failure as OrchestratorFailure {
            throw CommandError(failure.description)
        }
    }
}
