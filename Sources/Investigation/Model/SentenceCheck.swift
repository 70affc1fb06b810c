import Foundation
import IncidentModel

/// Decides which of a model's sentences stand in a report. What a sentence means cannot be checked; that it speaks of something in the
/// evidence, and that every name, number, time and code in it stands there, can.
struct SentenceCheck {
    private static let longestSentence = 400

    private let ids: Set<String>
    /// All that a sentence may name, in lower case.
    private let corpus: String
    private let codes: Set<String>
    /// Names of the objects in the report, in lower case.
    private let names: Set<String>

    /// Said of a system in which a cause was found, these would be a verdict, which is not a model's to give. Of the languages that most
    /// reports are written in; the list is a help and no proof.
    private static let verdicts = [
        "no fault", "no issue", "no problem", "nothing is wrong", "nothing wrong", "false alarm", "all good", "works fine", "working fine",
        "fully operational", "can be ignored", "no action", "kein fehler", "fehlalarm", "alles in ordnung", "kein problem",
        "aucun problème",
        "fausse alerte", "ningún problema", "falsa alarma", "ложная тревога", "всё в порядке", "没有问题", "一切正常", "误报", "問題ありません",
    ]
    private static let verdictWords: Set<String> = ["healthy", "gesund", "sain", "saine", "sano", "sana", "здоров", "正常", "健康"]

    init(causes: [RootCause]) {
        var ids: Set<String> = []
        var texts: [String] = []
        for (index, cause) in causes.enumerated() {
            ids.formUnion(cause.citations.map { "\(index + 1).\($0.id)" })
            texts += [cause.cause.rawValue, cause.statement, cause.fix, cause.object.description]
            // Not the text of logs and events, which programs write: of it counts what the rules have read in it.
            texts += cause.citations.filter { $0.source != .log && $0.source != .event }.map(\.text)
            texts += cause.citations.flatMap { [$0.object.description, $0.field ?? "", $0.time.map { RFC3339.format($0) } ?? ""] }
            texts += cause.chain.flatMap { [$0.statement, $0.object.description] } + (cause.affected + cause.dependents).map(\.description)
            texts += cause.details.flatMap { [$0.key, $0.value] }
            if let change = cause.change {
                texts += [change.object.description, change.field, change.from ?? "", change.to ?? "", change.manager ?? ""]
                texts += change.time.map { [RFC3339.format($0)] } ?? []
            }
        }
        self.ids = ids
        corpus = texts.joined(separator: "\n").lowercased()
        var names: Set<String> = []
        for cause in causes {
            var objects: [ObjectReference] = [cause.object]
            objects += cause.affected
            objects += cause.dependents
            objects += cause.citations.map(\.object)
            objects += cause.chain.map(\.object)
            for object in objects { names.formUnion([object.name, object.namespace].compactMap { $0?.lowercased() }) }
        }
        self.names = names
        codes = Set(causes.map { $0.cause.rawValue.lowercased() })
    }

    /// The sentences that may stand, with the evidence that exists.
    func kept(_ sentences: [Explanation.Sentence], atMost count: Int) -> [Explanation.Sentence] {
        Array(sentences.lazy.compactMap(kept).prefix(count))
    }

    private func kept(_ sentence: Explanation.Sentence) -> Explanation.Sentence? {
        let text = sentence.text.trimmingCharacters(in: .whitespaces)
        let evidence = sentence.evidence.filter(ids.contains)
        guard !evidence.isEmpty, (1...Self.longestSentence).contains(text.count), isPlain(text), !isVerdictOrCommand(text),
            isGrounded(text)
        else { return nil }
        return Explanation.Sentence(text: text, evidence: evidence)
    }

    /// No control characters, markup or addresses.
    private func isPlain(_ text: String) -> Bool {
        !text.contains("://") && !text.contains("](")
            && !text.unicodeScalars.contains { scalar in
                "<>`\u{2028}\u{2029}".unicodeScalars.contains(scalar)
                    || [.control, .format, .privateUse, .surrogate].contains(scalar.properties.generalCategory)
            }
    }

    /// Commands come from the rules alone.
    private static let programs: Set<String> = [
        "kubectl", "helm", "oc", "sudo", "rm", "curl", "wget", "sh", "bash", "docker", "crictl", "ctr", "nsenter", "ssh", "scp", "eval",
        "chmod",
    ]

    private func isVerdictOrCommand(_ text: String) -> Bool {
        let lower = text.lowercased()
        if Self.words(lower).contains(where: Self.programs.contains) { return true }
        return Self.verdicts.contains(where: lower.contains) || Self.words(lower).contains(where: Self.verdictWords.contains)
    }

    /// Whether it speaks of something in the evidence, and everything in it that is a name or a number by its looks stands there.
    private func isGrounded(_ text: String) -> Bool {
        var isAnchored = false
        for original in Self.words(text) {
            let word = original.lowercased()
            if CauseCodeNames.all.contains(word) {
                guard codes.contains(word) else { return false }
            } else if Self.isTelling(original) {
                guard stands(word) else { return false }
            } else if !names.contains(word) {
                continue
            }
            isAnchored = true
        }
        return isAnchored
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0.isWhitespace || "\"'“”„’‘«»()[]{},;!?…。、，".contains($0) }
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".:-–—/")) }.filter { !$0.isEmpty }
    }

    /// Digits, the marks that names and paths are built with, or capitals within, as in codes; abbreviations are none.
    private static func isTelling(_ word: String) -> Bool {
        let inner = word.dropFirst()
        let hasCapitals = inner.contains(where: \.isUppercase) && (inner.contains(where: \.isLowercase) || word.count > 5)
        return hasCapitals || word.contains(where: \.isNumber) || inner.dropLast().contains { "-_./:=@#%".contains($0) }
    }

    /// Whether it stands there as a whole: `3` is neither in `30` nor in `cart-7d3f9`.
    private func stands(_ word: String) -> Bool {
        corpus.contains(whole: word) { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }
}

/// All codes in lower case: a sentence may name those of its report only.
private enum CauseCodeNames {
    static let all = Set(CauseCode.allCases.map { $0.rawValue.lowercased() })
}
