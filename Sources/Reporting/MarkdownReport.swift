import FoundationEssentials
public import IncidentModel

/// The report as Markdown, for tickets and chats.
public enum MarkdownReport {
    /// Renders an incident. Text from the cluster can make no markup, HTML or link in it.
    public static func render(_ incident: Incident) -> String {
        var lines = ["# Incident \(incident.id.uuidString.lowercased())", "", "> " + MarkdownText.sentence(incident.description), ""]
        lines += facts(of: incident)
        guard let report = incident.report else { return lines.joined(separator: "\n") + "\n" }
        if !report.summary.isEmpty { lines += ["", MarkdownText.sentence(report.summary)] }
        for (index, cause) in report.rootCauses.enumerated() {
            let title = "## Root cause" + (report.rootCauses.count > 1 ? " \(index + 1)" : "")
            lines += ["", title, ""] + section(of: cause, number: index + 1, isLinked: report.explanation != nil)
        }
        if let explanation = report.explanation { lines += section(of: explanation) }
        lines += list("Less likely", report.alternatives.map { oneLine($0, because: $0.reasonsAgainst.first) })
        lines += list("Elsewhere", report.elsewhere.map { oneLine($0) })
        lines += list("Checked", report.checked.map { MarkdownText.sentence($0) })
        lines += list("Could not be read", GapDigest(report.gaps).lines.map { MarkdownText.sentence($0) })
        lines += list("Next steps", report.nextSteps.map { MarkdownText.sentence($0) })
        return lines.joined(separator: "\n") + "\n"
    }

    private static func facts(of incident: Incident) -> [String] {
        var facts = ["- **Status:** \(incident.status.rawValue)"]
        if let report = incident.report {
            facts.append("- **Outcome:** \(outcome(report.outcome))")
            facts.append("- **Evidence of:** \(RFC3339.format(report.evidenceTime))")
        }
        facts.append("- **Opened:** \(RFC3339.format(incident.createdAt))")
        if let end = incident.completedAt { facts.append("- **Completed:** \(RFC3339.format(end))") }
        if let error = incident.error { facts.append("- **Error:** \(MarkdownText.sentence(error))") }
        return facts
    }

    private static func outcome(_ outcome: Report.Outcome) -> String {
        switch outcome {
        case .causeFound: "root cause found"
        case .noFault: "no fault found"
        case .inconclusive: "inconclusive"
        }
    }

    /// A model's words, each sentence with links to its evidence.
    private static func section(of explanation: Explanation) -> [String] {
        let author = MarkdownText.code(explanation.model)
        var lines = [
            "", "## In the words of \(author)", "", "Every sentence rests on the evidence it links to; the causes above are the rules'.",
        ]
        for section in explanation.sections {
            lines += list(
                section.title,
                section.sentences.map { sentence in
                    MarkdownText.sentence(sentence.text) + sentence.evidence.filter(isID).map { " [\($0)](#evidence-\($0))" }.joined()
                }, level: 3)
        }
        return lines
    }

    /// `1.e2`: digits, a dot, letters and digits, so that it can stand in an anchor.
    private static func isID(_ id: String) -> Bool {
        id.utf8.allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2E }
    }

    private static func section(of cause: RootCause, number: Int, isLinked: Bool) -> [String] {
        var lines = [
            "**\(cause.cause.rawValue)** on \(MarkdownText.code(cause.object.description)),"
                + " confidence **\(cause.level.rawValue)** (\(CauseSection.percent(cause.confidence)))",
            "", MarkdownText.sentence(cause.statement),
        ]
        lines += list(
            "Why", cause.reasons.map { MarkdownText.sentence($0) } + cause.reasonsAgainst.map { "but: " + MarkdownText.sentence($0) },
            level: 3)
        lines += list("Chain", cause.chain.map(step), level: 3)
        lines += list(
            "Evidence",
            cause.citations.map { citation in
                let anchor = isLinked && isID(citation.id) ? "<a id=\"evidence-\(number).\(citation.id)\"></a>" : ""
                return anchor + self.citation(citation)
            }, level: 3)
        if let change = cause.change { lines += list("Recent change", [self.change(change)], level: 3) }
        if !cause.fix.isEmpty { lines += ["", "### Fix", "", MarkdownText.sentence(cause.fix)] }
        if let suggestion = cause.suggestion { lines += suggested(suggestion) }
        lines += list("Verify", cause.verify.map { MarkdownText.code($0) }, level: 3)
        lines += list("Affected", cause.affected.map { MarkdownText.code($0.description) }, level: 3)
        lines += list("Needed by", cause.dependents.map { MarkdownText.code($0.description) }, level: 3)
        return lines
    }

    private static func suggested(_ change: SuggestedChange) -> [String] {
        ["", "### Suggested change, not executed", ""] + MarkdownText.block(change.text, language: change.form == .yaml ? "yaml" : "sh")
    }

    private static func step(_ step: CausalStep) -> String {
        let cited = step.citations.filter { !$0.isEmpty }.map { " " + MarkdownText.code($0) }.joined()
        return MarkdownText.code(step.object.description) + ": " + MarkdownText.sentence(step.statement) + cited
    }

    private static func citation(_ citation: Citation) -> String {
        let place = [citation.object.description, citation.field, citation.container, citation.time.map { RFC3339.format($0) }]
        let head = [citation.id.isEmpty ? nil : MarkdownText.code(citation.id), citation.source.rawValue].compactMap { $0 }
        return (head + place.compactMap { $0 }.map { MarkdownText.code($0) } + [MarkdownText.code(citation.text)]).filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private static func change(_ change: ObservedChange) -> String {
        var text = MarkdownText.code(change.object.description) + " " + MarkdownText.code(change.field)
        if let from = change.from { text += " from " + MarkdownText.code(from) }
        if let to = change.to { text += " to " + MarkdownText.code(to) }
        if let time = change.time { text += " at " + RFC3339.format(time) }
        if let manager = change.manager { text += " by " + MarkdownText.code(manager) }
        return text
    }

    private static func oneLine(_ cause: RootCause, because reason: String? = nil) -> String {
        "**\(cause.cause.rawValue)** on \(MarkdownText.code(cause.object.description)) (\(CauseSection.percent(cause.confidence))): "
            + MarkdownText.sentence(reason ?? cause.statement)
    }

    private static func list(_ title: String, _ items: [String], level: Int = 2) -> [String] {
        items.isEmpty ? [] : ["", String(repeating: "#", count: level) + " " + title, ""] + items.map { "- " + $0 }
    }
}
