import ArgumentParser
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import Investigation
import Reporting

/// `sre bench`: runs recorded incidents through the steps that the service runs, and scores the answers.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Run recorded incidents and score the answers against their labels.",
        discussion: """
            Every directory below DIR with incident.json and snapshot/ or snapshot.tar.gz is a case. Only these two are read for the answer; \
            expected.json, where present, is the label. docs/snapshot-format.md defines the scores.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: ArgumentHelp("Directory with the cases.", valueName: "dir"))
    var directory: String

    @Option(name: [.short, .customLong("output")], help: "Form of the scores.")
    var output = Format.text

    @Option(help: ArgumentHelp("Directory that gets one result file a case.", valueName: "dir"))
    var results: String?

    @Flag(help: "List every case that was answered wrongly.")
    var verbose = false

    func run() async throws {
        try present(await summary(of: cases()))
    }

    private func cases() throws -> [BenchCase] {
        let cases = try BenchCase.all(in: directory)
        guard !cases.isEmpty else {
            throw CommandError("no case below \(directory): a case is a directory with incident.json and snapshot/ or snapshot.tar.gz")
        }
        return cases
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
    private func summary(of cases: [BenchCase]) async throws -> BenchSummary {
        var summary = BenchSummary()
        for item in cases {
            let (result, answers) = await answer(item)
            summary.add(result, answers: answers, label: try item.label())
            if let results { try write(result, to: results) }
            if let error = result.error { Terminal.note("\(item.name): \(error)") }
        }
        return summary
    }

    /// One case, from opening its snapshot to the report.
    @inline(never)
    private func answer(_ item: BenchCase) async -> (BenchResult, [RootCause]) {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let input = try item.input()
            let pipeline = InvestigationPipeline(agent: try SnapshotSource(path: item.snapshot).agent)
            let incident = try await pipeline.investigate(description: input.description, namespace: input.namespace)
            let causes = incident.report?.rootCauses ?? []
            let seconds = Self.seconds(start.duration(to: clock.now))
            return (BenchResult(case: item.name, seconds: seconds, rootCauses: causes, error: nil), causes)
        } catch {
            let seconds = Self.seconds(start.duration(to: clock.now))
            return (BenchResult(case: item.name, seconds: seconds, rootCauses: [], error: "\(error)"), [])
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

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
