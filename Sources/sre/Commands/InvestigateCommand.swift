import ArgumentParser
import EvidenceCollection
import Foundation
import IncidentModel
import Investigation
import KnowledgeGraph
import KubernetesClient
import Logging
import OrchestratorService
import ServiceKit

/// `sre investigate`: one sentence in, one report out.
struct InvestigateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "investigate", abstract: "Find the root cause of what a sentence describes.",
        discussion: """
            Reads a cluster (kubeconfig), a recorded one (--snapshot), or asks an orchestrator (--server). \
            Exit codes: 0 cause found, 3 inconclusive, 4 no fault found, 1 error, 2 usage.
            """)

    @Argument(help: "What is wrong, in your words, e.g. \"checkout answers 503\".")
    var text: String

    @Option(help: ArgumentHelp("A snapshot directory or .tar.gz instead of a live cluster.", valueName: "path"))
    var snapshot: String?

    @Option(help: ArgumentHelp("URL of an orchestrator that does the work, e.g. http://127.0.0.1:8080.", valueName: "url"))
    var server: String?

    @Option(help: ArgumentHelp("Knowledge graph of what depends on what.", valueName: "file"))
    var graph: String?

    @Flag(name: .customLong("no-llm"), help: "Leave all to the rules, whatever model is configured (SRE_LLM_PROVIDER).")
    var withoutModel = false

    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var place: NamespaceOptions
    @OptionGroup var waiting: ServerOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        let sources = [snapshot != nil, server != nil, cluster.isGiven].filter { $0 }
        guard sources.count < 2 else { throw ValidationError("--snapshot, --server and --kubeconfig/--context exclude one another.") }
        if server != nil, graph != nil { throw ValidationError("--graph belongs to the orchestrator's own configuration with --server.") }
        if server != nil, withoutModel { throw ValidationError("--no-llm belongs to the orchestrator's own configuration with --server.") }
        guard text.contains(where: { !$0.isWhitespace }) else { throw ValidationError("Say in a few words what is wrong.") }
    }

    func run() async throws {
        let incident: Incident
        if let server {
            incident = try await investigate(through: server)
        } else if let snapshot {
            incident = try await investigate(SnapshotSource(path: snapshot).agent, namespace: place.namespace)
        } else {
            incident = try await investigateCluster()
        }
        try report.finish(incident)
    }

    private func investigate(_ agent: some EvidenceAgent, namespace: String?) async throws -> Incident {
        let graph = try graph.map { try KnowledgeGraph.load($0) } ?? .empty
        let settings = withoutModel ? Settings() : try await ServiceSettings.load(ModelConfiguration.all, flags: [])
        let configuration = try ServiceSettings.reading { () throws(SettingError) in try ModelConfiguration(settings) }
        return try await configuration.with { model in
            let pipeline = InvestigationPipeline(agent: agent, graph: graph, model: model, limits: .init(model: configuration.limits))
            return try await pipeline.investigate(description: text, namespace: namespace) { entry in
                report.note("\(entry.step): \(entry.message)")
            }
        }
    }

    private func investigateCluster() async throws -> Incident {
        let connection = try cluster.connection()
        report.note("reading \(connection)")
        let api = KubernetesAPI(connection: connection, logger: .silent)
        var limits = CollectionLimits()
        limits.namespaces = [place.namespace ?? connection.namespace]
        let collector = EvidenceCollector(reader: api, limits: limits, capturedAt: { Date() })
        do {
            let incident = try await investigate(collector, namespace: place.hint(from: connection))
            await api.shutdown()
            return incident
        } catch {
            await api.shutdown()
            throw error
        }
    }

    private func investigate(through server: String) async throws -> Incident {
        try await OrchestratorClient.with(server: server, options: waiting) { orchestrator in
            let id = try await orchestrator.open(description: text, namespace: place.namespace)
            report.note("incident \(id.uuidString.lowercased())")
            return try await orchestrator.follow(id, seconds: waiting.timeout) { report.note("\($0.step): \($0.message)") }
        }
    }
}
