import ArgumentParser
import Correlation
import FastJSON
import Foundation
import IncidentModel
import Reporting

/// `sre logs`: what a log of any size says goes wrong.
struct LogsCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Read a log of any size and list what it says goes wrong, each failure once.",
        discussion: """
            For example `kubectl logs deploy/checkout --timestamps | sre logs`. Memory does not grow with the log. Credentials are masked. \
            What a program says is a hint, not a cause: `sre investigate` holds it against the cluster.
            """)

    /// Bytes read at once.
    private static let chunkSize = 1 << 20

    @Argument(help: ArgumentHelp("The log; without one, or for -, standard input.", valueName: "file"))
    var file = "-"

    @Option(name: [.short, .customLong("output")], help: "Form of the answer.")
    var output = Format.text

    @Option(help: "When to use colour in text; auto means only on a terminal without NO_COLOR.")
    var color = ColourChoice.auto

    func run() throws {
        let digest = try read()
        switch output {
        case .text: Terminal.print(digest.text(colour: Terminal.hasColour(color), width: Terminal.width))
        case .json: Terminal.print(StructuredDocument.json(try JSONValue(parsing: IncidentJSON.encode(digest))))
        }
    }

    private func read() throws -> LogDigest {
        do {
            let input = file == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: file))
            var reader = LogDigestReader(now: Date())
            while let chunk = try input.read(upToCount: Self.chunkSize), !chunk.isEmpty { reader.read(chunk) }
            return reader.finish()
        } catch {
            throw CommandError("cannot read \(file): \(error.localizedDescription)")
        }
    }
}

extension LogDigest {
    /// For a terminal.
    fileprivate func text(colour: Bool, width: Int) -> String {
        let found = failures.isEmpty ? "no failure that is known" : "\(failures.count) kind\(failures.count == 1 ? "" : "s") of failure"
        return LabelledText.render(
            heading: "\(lineCount) lines, \(found)",
            sections: failures.map(\.section) + [.init("Last lines", failures.isEmpty ? lastLines : [])], colour: colour, width: width)
    }
}

extension LogDigest.Failure {
    fileprivate var section: LabelledText.Section {
        let state = isFatal ? ["the log ends with it"] : isRecovered ? ["over by the end"] : []
        let times = [first, last].compactMap { $0.map { RFC3339.format($0) } }
        let span = times.isEmpty ? [] : [Set(times).count == 1 ? "at \(times[0])" : "from \(times[0]) to \(times[1])"]
        let counted = "\(kind), \(count == 1 ? "once" : "\(count) times")"
        let told = details.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return LabelledText.Section(
            isFatal ? "Fatal" : isRecovered ? "Over" : "Failing",
            [([counted] + span + state).joined(separator: ", "), line] + (told.isEmpty ? [] : [told.joined(separator: "; ")]))
    }
}
