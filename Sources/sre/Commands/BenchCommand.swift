import ArgumentParser
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import Investigation
import OrchestratorService
import Reporting
import ServiceKit

/// `sre bench`: runs recorded incidents through the steps that the service runs, and scores the answers.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Run recorded incidents and score the answers against their labels.",
        discussion: """
            Every directory below DIR with incident.json and snapshot/ or snapshot.tar.gz is a case. Only these two are read for the answer; \
            expected.json, where present, is the label. docs/snapshot-format.md defines the scores. The baseline answers by the first word of \
            `kubectl get pods`.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("Directory with the cases.", valueName: "dir"))
    var directory: String

    @Option(name: [.short, .customLong("output")], help: "Form of the scores.")
    var output = Format.text

    @Option(help: ArgumentHelp("Directory that gets one result file a case.", valueName: "dir"))
    var results: String?

    @Flag(help: "Run every case again and again with parts of its evidence taken away, which is what confidence is fitted on.")
    var degrade = false

    @Option(help: ArgumentHelp("File that gets one line of JSON an answer, for scripts/calibrate.", valueName: "file"))
    var rows: String?

    @Option(
        help: ArgumentHelp(
            "Ask with the descriptions of this file, one JSON object a line, in place of the cases' own, and score what was read in them.",
            valueName: "file"))
    var descriptions: String?

    @Flag(name: .customLong("llm"), help: "Use the configured language model (SRE_LLM_PROVIDER) beside the rules.")
    var withModel = false

    @Flag(help: "List every case that was answered wrongly.")
    var verbose = false

    func run() async throws {
        let cases = try cases()
        let settings = withModel ? try await ServiceSettings.load(ModelConfiguration.all, flags: []) : Settings()
        let configuration = try ServiceSettings.reading { () throws(SettingError) in try ModelConfiguration(settings) }
        guard configuration.isOn == withModel else {
            throw CommandError("no language model is configured; set \(ModelConfiguration.provider.key) (docs/language-models.md)")
        }
        let summary = try await configuration.with { try await self.summary(of: cases, model: $0, limits: configuration.limits) }
        try present(summary)
    }

    private func cases() throws -> [BenchCase] {
        let cases = try BenchCase.all(in: directory)
        guard !cases.isEmpty else {
            throw CommandError("no case below \(directory): a case is a directory with incident.json and snapshot/ or snapshot.tar.gz")
        }
        guard let descriptions else { return cases }
        return try BenchDescription.all(in: descriptions).map { description in
            guard var item = cases.first(where: { $0.name == description.scenario }) else {
                throw CommandError("\(descriptions) describes \(description.scenario), which is no case below \(directory)")
            }
            item.description = description
            return item
        }
    }

    @inline(never)
    private func present(_ summary: BenchSummary) throws {
        switch output {
        case .text: Terminal.print(summary.text(isVerbose: verbose))
        case .json: Terminal.print(try Self.json(summary))
        }
    }

    // Kept out of `run`: the optimiser of Swift 6.3.1 crashes on the coroutine that inlining makes of the two.
    @inline(never)
    private func summary(
        of cases: [BenchCase], model: (any LanguageModel)?, limits: InvestigationPipeline.ModelLimits
    ) async throws -> BenchSummary {
        var summary = BenchSummary()
        var lines: [String] = []
        for item in cases {
            let label = try item.label()
            for outcome in await outcomes(item, model, limits) {
                summary.add(outcome, label: label)
                if let row = label.flatMap({ BenchRow(case: item.name, variant: outcome.variant, answers: outcome.answers, label: $0) }) {
                    lines.append(String(decoding: try IncidentJSON.encode(row), as: UTF8.self))
                }
                if outcome.variant == Degradation.whole.rawValue, let results { try write(outcome.result, to: results) }
                if let error = outcome.result.error { Terminal.note("\(item.name): \(error)") }
            }
        }
        if let rows { try write(lines, to: rows) }
        return summary
    }

    @inline(never)
    private func outcomes(
        _ item: BenchCase, _ model: (any LanguageModel)?, _ limits: InvestigationPipeline.ModelLimits
    ) async -> [BenchRun.Outcome] {
        await BenchRun(item: item, isDegraded: degrade, model: model, limits: limits).outcomes()
    }

    private func write(_ lines: [String], to file: String) throws {
        do {
            try lines.map { $0 + "\n" }.joined().write(to: URL(filePath: file), atomically: true, encoding: .utf8)
        } catch {
            throw CommandError("cannot write \(file): \(error.localizedDescription)")
        }
    }

    private func write(_ result: BenchResult, to directory: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Self.json(result).write(to: URL(filePath: "\(directory)/\(result.fileName)"), atomically: true, encoding: .utf8)
        } catch {
            throw CommandError("cannot write to \(directory): \(error.localizedDescription)")
        }
    }

    private static func json(_ value: some Encodable) throws -> String {
        StructuredDocument.json(try JSONValue(parsing: IncidentJSON.encode(value)))
    }
}
