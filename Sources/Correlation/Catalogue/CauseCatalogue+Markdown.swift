internal import IncidentModel

extension CauseCatalogue {
    /// The whole of `docs/rules.md`. A test keeps the file equal to it.
    public static func markdown() -> String {
        var lines = introduction
        for (group, members) in chapters {
            let links = members.map { "[\($0.code.rawValue)](#\($0.code.rawValue.lowercased()))" }
            lines.append("- **\(group.rawValue)**: \(links.joined(separator: ", "))")
        }
        for (group, members) in chapters {
            lines += ["", "## \(group.rawValue)"]
            for entry in members { lines += entry.markdownLines(level: 3) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = [
        "# Rule catalogue",
        "",
        "Every cause code that a report can name: what it means, what it rests on, what looks alike, and what to do. A code names the",
        "fault and never the symptom: `CrashLoopBackOff`, `Pending` and a roll-out past its deadline are symptoms, and have no code.",
        "",
        "This page is made from the code (`Sources/Correlation/Catalogue`). After a change there, write it anew with",
        "`UPDATE_DOCS=1 swift test --filter CatalogueTests`.",
        "",
        "How to read an entry:",
        "",
        "- **Reported on** is the object that has to change. *Workload* is the top owner of the pods: Deployment, StatefulSet,",
        "  DaemonSet, CronJob, Job or a bare Pod.",
        "- **Rests on** lists what shows the fault, the strongest first. Backquoted words are as Kubernetes or a log has them.",
        "- **Looks alike** lists what the same symptoms can also mean, and what tells the two apart.",
        "- **Fix** and **Check by hand** have placeholders such as `{container}`. A report fills them in, leaves out sentences and",
        "  commands without a value, and puts `-n NAMESPACE` for `{scope}`. The commands only read; nothing is ever executed.",
        "- **Details** are the keys of `details` that such a cause may carry.",
        "- **Modes** are ids of the failure modes behind it. The letter is the area: A images, B container creation, C crashes, P probes,",
        "  S scheduling, V storage, Q admission, W workload controllers, H autoscaling, N network, K nodes, E evictions, R identity,",
        "  X recent changes, G service mesh, Z control plane, M performance.",
        "",
        "## Codes",
        "",
    ]
}

extension CauseEntry {
    /// The entry as a section of Markdown, under a heading of this level.
    public func markdown(level: Int = 1) -> String { markdownLines(level: level).dropFirst().joined(separator: "\n") + "\n" }

    func markdownLines(level: Int) -> [String] {
        var lines = ["", String(repeating: "#", count: level) + " \(code.rawValue)", "", meaning, "", "**Reported on:** \(reportedOn)"]
        lines += ["", "**Rests on**", ""] + signals.map { "- \($0)" }
        lines += ["", "**Looks alike**", ""] + lookAlikes.map { "- \($0)" }
        lines += ["", "**Fix:** \(fix)", "", "**Check by hand**", "", "```sh"] + verify + ["```"]
        lines += ["", "**Details:** \(detailsKeys.map { "`\($0)`" }.joined(separator: ", "))"]
        if !modes.isEmpty { lines += ["", "**Modes:** \(modes.joined(separator: ", "))"] }
        return lines
    }
}
