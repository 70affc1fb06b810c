import ArgumentParser
import Correlation
import FastJSON
import IncidentModel
import Reporting

/// `sre explain`: what a cause code means, what it rests on, and what to do.
struct ExplainCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain a cause code of a report; without one, list all codes.",
        discussion: "The entries are those of docs/rules.md. An unknown code ends with status 2 and the codes that are near.")

    @Argument(
        help: ArgumentHelp("A code such as ConfigMapNotFound.", valueName: "code"), completion: .list(CauseCode.allCases.map(\.rawValue)))
    var code: String?

    @Option(name: [.short, .customLong("output")], help: "Form of the explanation.")
    var output = Format.text

    @Option(help: "When to use colour in text; auto means only on a terminal without NO_COLOR.")
    var color = ColourChoice.auto

    func validate() throws {
        guard let code, CauseCatalogue.code(named: code) == nil else { return }
        let near = CauseCatalogue.nearest(to: code).map(\.rawValue).joined(separator: ", ")
        throw ValidationError("There is no cause code \(SafeText.line(code, limit: 60)). Near: \(near). `sre explain` lists all.")
    }

    func run() throws {
        let entry = code.flatMap(CauseCatalogue.code).map(CauseCatalogue.entry)
        switch output {
        case .text:
            let hasColour = Terminal.hasColour(color)
            Terminal.print(entry.map { $0.text(colour: hasColour, width: Terminal.width) } ?? Self.overview(colour: hasColour))
        case .json:
            let json = entry?.json ?? JSONText.array(CauseCatalogue.entries.map(\.json))
            Terminal.print(StructuredDocument.json(try JSONValue(parsing: json)))
        case .markdown: Terminal.print(entry?.markdown() ?? CauseCatalogue.markdown())
        }
    }

    private static func overview(colour: Bool) -> String {
        CauseCatalogue.chapters.map { chapter in
            LabelledText.render(
                heading: chapter.group.rawValue, sections: [.init("", chapter.entries.map { "\($0.code.rawValue): \($0.meaning)" })],
                colour: colour, width: Terminal.width)
        }.joined(separator: "\n")
    }
}

extension CauseEntry {
    /// For a terminal.
    fileprivate func text(colour: Bool, width: Int) -> String {
        LabelledText.render(
            heading: code.rawValue,
            sections: [
                .init("Means", [meaning]), .init("Group", [group.rawValue]), .init("Found on", [reportedOn]),
                .init("Rests on", signals.map { "- " + $0 }), .init("Looks alike", lookAlikes.map { "- " + $0 }),
                .init("Fix", [fix]), .init("Verify", verify), .init("Details", [detailsKeys.joined(separator: ", ")]),
                .init("Source", ["docs/rules.md#\(code.rawValue.lowercased())" + modesText]),
            ], colour: colour, width: width)
    }

    private var modesText: String { modes.isEmpty ? "" : ", failure modes \(modes.joined(separator: ", "))" }

    fileprivate var json: String {
        func array(_ texts: [String]) -> String { JSONText.array(texts.map(JSONText.quote)) }
        return JSONText.object([
            ("code", JSONText.quote(code.rawValue)), ("group", JSONText.quote(group.rawValue)), ("meaning", JSONText.quote(meaning)),
            ("reported_on", JSONText.quote(reportedOn)), ("signals", array(signals)), ("look_alikes", array(lookAlikes)),
            ("fix", JSONText.quote(fix)), ("verify", array(verify)), ("details_keys", array(detailsKeys)), ("modes", array(modes)),
        ])
    }
}
