import ArgumentParser
import Foundation
import IncidentModel

/// `sre incident`: the report of an incident that an orchestrator already has.
struct IncidentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident", abstract: "Print the report of an incident, waiting for its end.",
        discussion: "Exit codes: 0 cause found, 3 inconclusive, 4 no fault found, 1 error, 2 usage.")

    @Argument(help: "Id of the incident.")
    var id: String

    @Option(help: ArgumentHelp("URL of the orchestrator, e.g. http://127.0.0.1:8080.", valueName: "url"))
    var server: String

    @OptionGroup var waiting: ServerOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard UUID(uuidString: id) != nil else { throw ValidationError("An id looks like 4f1c2f0e-3c1b-4b8e-9a51-0d5a6c1f7e21.") }
    }

    func run() async throws {
        guard let id = UUID(uuidString: id) else { return }
        let incident = try await OrchestratorClient.with(server: server, options: waiting) { orchestrator in
            try await orchestrator.follow(id, seconds: waiting.timeout) { report.note("\($0.step): \($0.message)") }
        }
        try report.finish(incident)
    }
}
