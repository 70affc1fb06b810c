import ArgumentParser
import Foundation
import Investigation
import OrchestratorService
import Reporting
import ServiceKit

/// `sre llm`: the configured language model, apart from any incident.
struct LLMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "llm", abstract: "Look at the configured language model (SRE_LLM_PROVIDER).", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Ask the model a few small questions, and say what it can do and what will degrade.",
            discussion: "Costs a few hundred tokens. Exit codes: 0 it can be used, 1 it cannot.")

        func run() async throws {
            let settings = try await ServiceSettings.load(ModelConfiguration.all, flags: [])
            let configuration = try ServiceSettings.reading { () throws(SettingError) in try ModelConfiguration(settings) }
            guard configuration.isOn else {
                throw CommandError("no language model is configured; set \(ModelConfiguration.provider.key) (docs/language-models.md)")
            }
            let findings = try await configuration.with { model in
                guard let model else { return [ModelProbe.Finding]() }
                Terminal.note("asking \(SafeText.line(model.name, limit: 100))")
                return await ModelProbe(model: model).findings()
            }
            for finding in findings {
                Terminal.print("\(finding.isWell ? "ok  " : "not ")  \(finding.name): \(SafeText.line(finding.words, limit: 400))\n")
            }
            guard findings.allSatisfy({ $0.isWell || !$0.isNeeded }) else { throw ExitCode(ExitStatus.failure.rawValue) }
        }
    }
}
