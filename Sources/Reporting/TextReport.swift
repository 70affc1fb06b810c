public import IncidentModel

/// The report as an SRE reads it in a terminal, within 20 seconds: outcome first, then the cause, what it rests on, and what to do.
public enum TextReport {
    /// Narrower than this nothing fits; wider than 100 columns lines get hard to follow.
    private static let widths = 60...100

    /// A width that is read with ease.
    static func readable(_ width: Int) -> Int { min(max(width, widths.lowerBound), widths.upperBound) }

    /// Renders an incident for a terminal. Everything in it is made safe to show.
    /// - Parameters:
    ///   - colour: whether ANSI colours may be used.
    ///   - width: columns of the terminal; 60 to 100 are used.
    public static func render(_ incident: Incident, colour: Bool, width: Int) -> String {
        var columns = TextColumns(width: readable(width), style: TextStyle(hasColour: colour))
        columns.heading(of: incident)
        if let report = incident.report {
            columns.causes(of: report)
            columns.remainder(of: report)
        }
        return columns.lines.joined(separator: "\n") + "\n"
    }
}

extension TextColumns {
    fileprivate mutating func heading(of incident: Incident) {
        paragraph("“" + SafeText.line(incident.description, limit: 2 * width) + "”", .dim)
        blank()
        guard let report = incident.report else {
            switch incident.status {
            case .failed: paragraph("INVESTIGATION FAILED", .red)
            default: paragraph(incident.status.rawValue.uppercased(), .yellow)
            }
            incident.error.map { paragraph(SafeText.line($0, limit: 10 * width), indent: 2) }
            return
        }
        switch report.outcome {
        case .causeFound:
            let count = report.rootCauses.count
            paragraph(count == 1 ? "ROOT CAUSE FOUND" : "\(count) ROOT CAUSES FOUND", .red)
        case .noFault: paragraph("NO FAULT FOUND", .green)
        case .inconclusive: paragraph("INCONCLUSIVE", .yellow)
        }
        if report.outcome != .causeFound || report.rootCauses.isEmpty {
            paragraph(SafeText.line(report.summary, limit: 8 * width), indent: 2)
        }
        if let error = incident.error { row("Error", SafeText.line(error, limit: 10 * width)) }
    }

    fileprivate mutating func causes(of report: Report) {
        for (index, cause) in report.rootCauses.enumerated() {
            blank()
            if index < CauseSection.mostInFull {
                let number = report.rootCauses.count > 1 ? "\(index + 1). " : ""
                CauseSection(cause: cause, evidenceTime: report.evidenceTime).write(to: &self, number: number)
            } else {
                row("\(index + 1).", CauseSection.oneLine(cause), hanging: 2)
            }
        }
    }

    fileprivate mutating func remainder(of report: Report) {
        report.explanation.map { explanation(in: $0) }
        blank()
        let isSure = report.outcome == .causeFound
        rows("Less likely", shortened(report.alternatives, to: 4) { CauseSection.oneLine($0, because: $0.reasonsAgainst.first) })
        rows("Elsewhere", shortened(report.elsewhere, to: 6) { CauseSection.oneLine($0) })
        if !isSure { rows("Checked", shortened(report.checked, to: 8) { SafeText.line($0, limit: 3 * width) }) }
        rows("Not read", shortened(GapDigest(report.gaps).lines, to: 5) { SafeText.line($0, limit: 2 * width) })
        rows("Next", shortened(report.nextSteps, to: 5) { SafeText.line($0, limit: 4 * width) })
    }

    /// Apart from what the rules found, and marked as what it is.
    private mutating func explanation(in explanation: Explanation) {
        blank()
        paragraph("In the words of \(SafeText.line(explanation.model, limit: 80)), every sentence on the evidence it names:", .dim)
        for section in explanation.sections {
            rows(
                section.title,
                section.sentences.map {
                    SafeText.line($0.text, limit: 5 * width) + " ["
                        + $0.evidence.map { SafeText.line($0, limit: 12) }.joined(separator: ", ") + "]"
                })
        }
    }

    private func shortened<Element>(_ elements: [Element], to limit: Int, _ text: (Element) -> String) -> [String] {
        let shown = elements.prefix(limit).map(text)
        return elements.count > limit ? shown + ["… and \(elements.count - limit) more (-o json shows all)"] : shown
    }
}
