import ArgumentParser
import KubernetesAgentService
import KubernetesClient
import Logging
import ServiceKit

/// `sre k8s-agent`: the service with access to the cluster.
struct KubernetesAgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "k8s-agent", abstract: "Run the agent that reads the cluster.",
        discussion: "Every flag has an environment key, and there are more keys: docs/configuration.md. A flag wins.")

    @OptionGroup var common: CommonServiceOptions
    @OptionGroup var cluster: ClusterOptions

    @Option(help: ArgumentHelp("Namespaces to read where lists over all are forbidden, separated by commas.", valueName: "list"))
    var namespaces: String?

    func run() async throws {
        typealias Keys = KubernetesAgentConfiguration
        let flags =
            common.flags(host: Keys.host, port: Keys.port)
            + [(Keys.kubeconfig, cluster.kubeconfig), (Keys.context, cluster.context), (Keys.namespaces, namespaces)]
        let settings = try await ServiceSettings.load(Keys.all, flags: flags)
        let common = try ServiceSettings.reading { () throws(SettingError) in try CommonSettings(settings) }
        let configuration = try ServiceSettings.reading { () throws(SettingError) in try Keys(settings, common: common) }
        ServiceSettings.startMetrics(common)
        let logger = Logger.service(KubernetesAgent.serviceName, level: common.logLevel)
        try await ServiceSettings.tracing(common, as: KubernetesAgent.serviceName, logger: logger) {
            let api = try ServiceSettings.connect(configuration, logger: logger)
            do {
                try await KubernetesAgent(configuration: configuration, reader: api, logger: logger).run()
            } catch let failure as ServiceFailure {
                throw CommandError(failure.description)
            }
            await api.shutdown()
        }
    }
}
