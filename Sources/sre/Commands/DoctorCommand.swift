import ArgumentParser
import FastJSON
import Foundation
import IncidentModel
import OrchestratorService
import Reporting
import ServiceKit

/// `sre doctor`: whether an installation works, and what to do where it does not.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at an installation, and say what does not work and what to do.",
        discussion: """
            With --server it looks at a running orchestrator from outside. Without, it takes the settings of `sre orchestrator` (environment, \
            .env) and looks at all that they need: files, certificates and their end, the agent and what it may not read, the store, the language \
            model, clocks and versions, and the orchestrator itself. In a cluster: kubectl exec deploy/NAME -- /usr/bin/sre doctor. \
            SRE_API_KEY is shown to the orchestrator. Changes nothing. Exit codes: 0 nothing is wrong, 1 something is.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: ArgumentHelp("Look only at the orchestrator at this URL, from outside.", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "PEM file with the authorities of the orchestrator's certificate; without it the system's, or from inside any.",
            valueName: "file"))
    var ca: String?

    @Flag(name: .customLong("no-llm"), help: "Do not ask the configured language model.")
    var withoutModel = false

    @Option(name: [.short, .customLong("output")], help: "Form of the findings.")
    var output = Format.text

    func run() async throws {
        let findings = try await findings()
        switch output {
        case .text:
            Terminal.print(findings.map(\.text).joined())
            let problems = findings.filter { $0.state == .problem }.count
            let warnings = findings.filter { $0.state == .warning }.count
            Terminal.note("\(findings.count) looked at, \(problems) problems, \(warnings) warnings")
        case .json:
            Terminal.print(StructuredDocument.json(try JSONValue(parsing: IncidentJSON.encode(findings))))
        }
        guard !findings.contains(where: { $0.state == .problem }) else { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func findings() async throws -> [DoctorFinding] {
        let key = ProcessInfo.processInfo.environment[ServerOptions.apiKey.key].flatMap { $0.isEmpty ? nil : $0 }
        if let server {
            // The same refusals of an address as everywhere.
            guard let url = URL(string: server), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false, url.user == nil
            else {
                throw CommandError("`\(server)` is not the address of an orchestrator; it must be a URL such as http://127.0.0.1:8080")
            }
            return await InstallationCheck.orchestrator(server, authorities: ca, apiKey: key)
        }
        let settings = try await ServiceSettings.load(OrchestratorConfiguration.all, flags: [])
        return await InstallationCheck(
            settings: settings, authorities: ca, apiKey: key, asksModel: !withoutModel
        ).findings()
    }
}
