/// Text in two columns for a terminal: a heading, then labels with what belongs to them.
public enum LabelledText {
    /// One label with its lines; each line wraps beside it.
    public struct Section: Sendable {
        public let label: String
        public let lines: [String]

        public init(_ label: String, _ lines: [String]) {
            self.label = label
            self.lines = lines
        }
    }

    /// - Parameters:
    ///   - colour: whether ANSI colours may be used.
    ///   - width: columns of the terminal; 60 to 100 are used.
    public static func render(heading: String, sections: [Section], colour: Bool, width: Int) -> String {
        var columns = TextColumns(width: TextReport.readable(width), style: TextStyle(hasColour: colour))
        columns.paragraph(SafeText.line(heading), .bold)
        for section in sections where !section.lines.isEmpty {
            columns.blank()
            columns.rows(section.label, section.lines.map { SafeText.line($0) })
        }
        return columns.lines.joined(separator: "\n") + "\n"
    }
}
