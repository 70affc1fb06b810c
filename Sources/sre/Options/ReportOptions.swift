import ArgumentParser
import Foundation
import IncidentModel
import Reporting

/// How a report is printed.
struct ReportOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, yaml, markdown
    }

    @Option(name: [.short, .customLong("output")], help: "Form of the report.")
    var output = Format.text

    @Option(help: "When to use colour in text; auto means only on a terminal without NO_COLOR.")
    var color = ColourChoice.auto

    @Flag(name: .shortAndLong, help: "No progress on standard error.")
    var quiet = false

    func note(_ text: String) {
        if !quiet { Terminal.note(text) }
    }

    /// Prints the incident and ends with the status that its outcome has.
    /// - Throws: `ExitCode` for every outcome but a found cause.
    func finish(_ incident: Incident) throws {
        Terminal.print(try render(incident))
        let status = Self.status(of: incident)
        if status != .causeFound { throw ExitCode(status.rawValue) }
    }

    func render(_ incident: Incident) throws -> String {
        switch output {
        case .text: TextReport.render(incident, colour: Terminal.hasColour(color), width: Terminal.width)
        case .json: try IncidentDocument.json(incident)
        case .yaml: try IncidentDocument.yaml(incident)
        case .markdown: MarkdownReport.render(incident)
        }
    }

    static func status(of incident: Incident) -> ExitStatus {
        guard incident.status == .completed, let report = incident.report else { return .failure }
        switch report.outcome {
        case .causeFound: return .causeFound
        case .inconclusive: return .inconclusive
        case .noFault: return .noFault
        }
    }
}
