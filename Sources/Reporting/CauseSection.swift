import FoundationEssentials
import IncidentModel

/// One root cause in the text report.
struct CauseSection {
    /// More causes than this are given one line each.
    static let mostInFull = 3
    private static let mostCitations = 4
    private static let mostReasons = 3
    private static let mostLinks = 7
    private static let mostCommands = 3
    private static let mostSuggested = 24
    private static let mostNamed = 6
    /// A log line or message is cut here; the JSON report has all of it.
    private static let citedCells = 170

    let cause: RootCause
    let evidenceTime: Date

    static func percent(_ probability: Double) -> String {
        "\(Int((min(max(probability, 0), 1) * 100).rounded())) %"
    }

    static func oneLine(_ cause: RootCause, because reason: String? = nil) -> String {
        let head = "\(cause.cause.rawValue) on \(cause.object) (\(percent(cause.confidence))): "
        let statement = head + (cause.statement.isEmpty ? "" : cause.statement)
        return SafeText.line(reason.map { "\(head)\($0)" } ?? statement, limit: 180)
    }

    func write(to columns: inout TextColumns, number: String) {
        columns.paragraph(number + SafeText.line("\(cause.cause.rawValue) on \(cause.object)", limit: 300), .bold)
        columns.paragraph(SafeText.line(cause.statement, limit: 600), indent: 2)
        columns.blank()
        columns.row("Confidence", "\(cause.level.rawValue) (\(Self.percent(cause.confidence)))", confidenceEmphasis)
        columns.rows("", cause.reasons.prefix(Self.mostReasons).map { "+ " + SafeText.line($0, limit: 240) })
        columns.rows("", cause.reasonsAgainst.prefix(Self.mostReasons).map { "- " + SafeText.line($0, limit: 240) })
        columns.rows("Chain", chain, hanging: 4)
        evidence(to: &columns)
        if let change = cause.change { columns.row("Changed", text(of: change), hanging: 2) }
        if !cause.fix.isEmpty { columns.row("Fix", SafeText.line(cause.fix, limit: 600)) }
        suggestion(to: &columns)
        columns.rows("Verify", cause.verify.prefix(Self.mostCommands).map { SafeText.line($0, limit: 400) })
        impact(to: &columns)
    }

    private func suggestion(to columns: inout TextColumns) {
        guard let suggestion = cause.suggestion else { return }
        columns.row("Suggested", suggestion.form == .yaml ? "not executed; the part of the manifest:" : "not executed:", .dim)
        for line in suggestion.text.split(separator: "\n").prefix(Self.mostSuggested) {
            columns.row("", "  " + SafeText.line(String(line), limit: 400), hanging: 4)
        }
    }

    /// Who suffers, and who else needs those that do.
    private func impact(to columns: inout TextColumns) {
        let affected = cause.affected.filter { $0 != cause.object }
        if !affected.isEmpty { columns.row("Affected", Self.names(affected)) }
        if !cause.dependents.isEmpty { columns.row("Needed by", Self.names(cause.dependents)) }
    }

    /// Names under their kinds, nearest first, with a count where there are many.
    static func names(_ objects: [ObjectReference]) -> String {
        let shown = objects.prefix(mostNamed).map(\.description).joined(separator: ", ")
        let more = objects.count - mostNamed
        return SafeText.line(more > 0 ? "\(objects.count): \(shown) and \(more) more" : shown, limit: 600)
    }

    private var confidenceEmphasis: TextStyle.Emphasis {
        switch cause.level {
        case .high: .green
        case .medium: .yellow
        case .low: .red
        }
    }

    private var chain: [String] {
        guard cause.chain.count > 1 else { return [] }
        let shown = cause.chain.prefix(Self.mostLinks).enumerated().map { index, step in
            let cited = step.citations.isEmpty ? "" : " [\(step.citations.joined(separator: " "))]"
            let object = step.object.description
            let isNamed = step.statement.hasPrefix(object) || step.statement.hasPrefix("\(step.object.kind) \(step.object.name) ")
            let text = isNamed ? step.statement : "\(object): \(step.statement)"
            return (index == 0 ? "" : "└ ") + SafeText.line(text, limit: 260) + SafeText.line(cited, limit: 60)
        }
        return cause.chain.count > Self.mostLinks ? shown + ["└ …"] : shown
    }

    private func evidence(to columns: inout TextColumns) {
        // What the cause itself rests on comes before what only leads to it.
        let decisive = Set(cause.chain.last?.citations ?? [])
        var seen: Set<String> = []
        // Replicas of one pod say the same: once is enough here.
        let ordered = (cause.citations.filter { decisive.contains($0.id) } + cause.citations.filter { !decisive.contains($0.id) })
            .filter { $0.text.isEmpty || seen.insert("\($0.source) \($0.field ?? "") \($0.text)").inserted }
        let shown = ordered.prefix(Self.mostCitations)
        for (index, citation) in shown.enumerated() {
            let id = citation.id.isEmpty ? "" : SafeText.line(citation.id, limit: 12) + "  "
            columns.row(index == 0 ? "Evidence" : "", id + place(of: citation), hanging: 4)
            if !citation.text.isEmpty { columns.row("", "    " + SafeText.line(citation.text, limit: Self.citedCells), hanging: 4, .dim) }
        }
        let more = cause.citations.count - shown.count
        if more > 0 { columns.row("", "… and \(more) more (-o json shows all)") }
    }

    /// Where a citation stands: object and field, event and reason, or container and time.
    private func place(of citation: Citation) -> String {
        var parts = [citation.object.description]
        switch citation.source {
        case .object: citation.field.map { parts.append($0) }
        case .event: parts.append("event " + (citation.field ?? ""))
        case .log: parts.append("log of " + (citation.container ?? "its container"))
        case .absence: parts.append("absent from the complete list")
        case .alert, .metric, .graph: parts.append(citation.source.rawValue + (citation.field.map { " " + $0 } ?? ""))
        }
        if let time = citation.time { parts.append(clock(time)) }
        return SafeText.line(parts.joined(separator: " · "), limit: 240)
    }

    private func text(of change: ObservedChange) -> String {
        var text = "\(change.object) · \(change.field)"
        switch (change.from, change.to) {
        case (let from?, let to?): text += ": \(from) → \(to)"
        case (nil, let to?): text += ": now \(to)"
        case (let from?, nil): text += ": was \(from)"
        case (nil, nil): break
        }
        if let time = change.time { text += " · \(clock(time)) (\(age(time)))" }
        if let manager = change.manager { text += " · by \(manager)" }
        return SafeText.line(text, limit: 400)
    }

    /// The time of day where it is the day of the evidence, else date and time.
    private func clock(_ time: Date) -> String {
        let text = RFC3339.format(time)
        return text.prefix(10) == RFC3339.format(evidenceTime).prefix(10) ? String(text.dropFirst(11)) : text
    }

    private func age(_ time: Date) -> String {
        let seconds = evidenceTime.timeIntervalSince(time)
        switch seconds {
        case ..<0: return "after the evidence"
        case ..<120: return "\(Int(seconds)) s before"
        case ..<7_200: return "\(Int(seconds / 60)) min before"
        case ..<172_800: return "\(Int(seconds / 3_600)) h before"
        default: return "\(Int(min(seconds / 86_400, 99_999))) days before"
        }
    }
}
