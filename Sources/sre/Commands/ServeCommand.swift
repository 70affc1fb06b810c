import ArgumentParser
import KubernetesAgentService
import KubernetesClient
import Logging
import OrchestratorService
import ServiceKit
import ServiceLifecycle
import UnixSignals

/// `sre serve`: both services in one process, for a laptop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run both services in one process, the agent on loopback only.",
        discussion: "Takes the keys of both services (docs/configuration.md). A flag wins.")

    @OptionGroup var common: CommonServiceOptions
    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("Port of the agent on 127.0.0.1.", valueName: "port"))
    var agentPort = 8081

    @Option(help: ArgumentHelp("SQLite file that keeps incidents; `memory` keeps them until the process ends.", valueName: "file"))
    var store: String?

    @Option(help: ArgumentHelp("Knowledge graph of what depends on what.", valueName: "file"))
    var knowledgeGraph: String?

    func validate() throws {
        guard (1...65_535).contains(agentPort) else { throw ValidationError("--agent-port must lie between 1 and 65535.") }
    }

    func run() async throws {
        let (agentConfiguration, configuration, common) = try await configurations()
        let agentLogger = Logger.service(KubernetesAgent.serviceName, level: common.logLevel)
        ServiceSettings.startMetrics(common)
        let logger = Logger.service(Orchestrator.serviceName, level: common.logLevel)
        try await ServiceSettings.tracing(common, as: "serve", logger: logger) {
            let api = try ServiceSettings.connect(agentConfiguration, logger: agentLogger)
            let agent = KubernetesAgent(configuration: agentConfiguration, reader: api, logger: agentLogger)
            do {
                try await Orchestrator.with(configuration, logger: logger) { orchestrator in
                    try await Self.run(
                        [try agent.application(), try orchestrator.application()], graceSeconds: common.shutdownGraceSeconds,
                        logger: logger)
                }
            } catch let failure as ServiceFailure {
                throw CommandError(failure.description)
            } catch let failure as OrchestratorFailure {
                throw CommandError(failure.description)
            }
            await api.shutdown()
        }
    }

    private func configurations() async throws -> (KubernetesAgentConfiguration, OrchestratorConfiguration, CommonSettings) {
        typealias Agent = KubernetesAgentConfiguration
        typealias Keys = OrchestratorConfiguration
        let address = "127.0.0.1"
        let flags =
            common.flags(host: Keys.host, port: Keys.port)
            + [
                (Agent.host, address), (Agent.port, String(agentPort)), (Agent.kubeconfig, cluster.kubeconfig),
                (Agent.context, cluster.context), (Keys.agent, "http://\(address):\(agentPort)"), (Keys.store, store),
                (Keys.knowledgeGraph, knowledgeGraph),
            ]
        let settings = try await ServiceSettings.load(Agent.all + Keys.all, flags: flags)
        let common = try ServiceSettings.reading { () throws(SettingError) in try CommonSettings(settings) }
        return (
            try ServiceSettings.reading { () throws(SettingError) in try Agent(settings, common: common) },
            try ServiceSettings.reading { () throws(SettingError) in try Keys(settings, common: common) }, common
        )
    }

    private static func run(_ services: [any Service], graceSeconds: Int, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(graceSeconds)
        configuration.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: configuration).run()
    }
}
