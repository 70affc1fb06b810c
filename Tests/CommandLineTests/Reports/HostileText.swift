import Foundation
import IncidentModel

/// What someone may write into names, log lines and messages to fool a terminal, a browser or a reader.
enum HostileText {
    /// Positions in `samples`: the runner prints arguments, and these texts are not to reach anyone's terminal.
    static let numbers = Array(samples.indices)

    static let samples: [String] = [
        "\u{1B}[2J\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{7}", "\u{1B}]8;;http://evil.example\u{1B}\\click\u{1B}]8;;\u{1B}\\",
        "\u{9B}31m",
        "a\u{0}b", "back\u{8}\u{8}space", "line\r\nfeed\u{85}next\u{2028}sep\u{2029}par", "\u{202E}gnp.exe\u{202C}", "\u{2066}iso\u{2069}",
        "zero\u{200B}width\u{200D}\u{FEFF}", "soft\u{AD}hyphen", "tag\u{E0041}\u{E0042}", "filler\u{3164}\u{115F}\u{2800}",
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;", "[click](javascript:alert(1))",
        "![x](http://evil.example/x.png)",
        "http://evil.example www.evil.example me@evil.example @everyone #1", "`code` ``two`` ```\nfence\n```",
        "# heading\n- list\n1. one\n> quote",
        "| a | b |\n|---|---|", "**bold** _it_ ~~no~~ $x$", "\"},\"injected\":{\"a\":\"", "key: value # comment\n- item",
        "!!python/object:x", "*alias &anchor",
        String(repeating: "x", count: 5_000), "e" + String(repeating: "\u{301}", count: 500), "{{7*7}} ${jndi:ldap://x}", "\t\ttabs",
        "",
    ]

    /// An incident whose every text is hostile.
    static func incident(_ text: String) -> Incident {
        let object = ObjectReference(kind: text, namespace: text, name: text)
        let citation = Citation(
            id: text, source: .log, object: object, field: text, container: text, time: Date(timeIntervalSince1970: 1), text: text)
        let change = ObservedChange(object: object, field: text, from: text, to: text, time: Date(timeIntervalSince1970: 0), manager: text)
        let cause = RootCause(
            cause: .applicationError, object: object, statement: text, confidence: 0.93, reasons: [text], reasonsAgainst: [text],
            basis: [text: 1], details: [text: text], affected: [object], dependents: [object],
            chain: [CausalStep(object: object, statement: text, citations: [text]), CausalStep(object: object, statement: text)],
            citations: [citation], change: change, fix: text,
            suggestion: SuggestedChange(form: .yaml, text: text), verify: [text])
        var incident = Incident(
            id: UUID(), description: text, namespace: text, cluster: text, labels: [text: text], createdAt: Date(timeIntervalSince1970: 10))
        incident.status = .completed
        incident.error = text
        incident.suggestedRootCause = text
        incident.evidence.podLogs = text
        incident.report = Report(
            outcome: .causeFound, summary: text, subjects: [object], scope: [text], rootCauses: [cause], alternatives: [cause],
            elsewhere: [cause],
            checked: [text], gaps: [EvidenceGap(path: text, reason: text)], nextSteps: [text],
            evidenceTime: Date(timeIntervalSince1970: 100))
        return incident
    }

    /// The scalars of a text that must not reach a terminal.
    static func dangerous(in text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A, 0x20...0x7E: false
            case 0...0x1F, 0x7F...0x9F, 0xAD, 0x115F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFEFF, 0xE0000...0xE0FFF:
                true
            default: false
            }
        }
    }
}
