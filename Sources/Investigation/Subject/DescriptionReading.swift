/// What a description says, before it is held against what exists: the words that may be names, and what they are said to be.
///
/// Nothing here knows a language: words around names differ, names of Kubernetes objects do not.
public struct DescriptionReading: Codable, Sendable, Hashable {
    /// A word that may name something.
    public struct Mention: Codable, Sendable, Hashable {
        /// Lower-cased, without quotes and punctuation at its ends.
        public var word: String
        /// What a label such as `pod=` or `namespace:` before it, or a slash, says it is: `pod`, `namespace`, `service`, …
        public var role: String?

        public init(word: String, role: String? = nil) {
            self.word = word
            self.role = role
        }
    }

    /// In order of appearance, each once.
    public var mentions: [Mention]
    /// The part of the text that tells of an error, cut short.
    public var errorSummary: String?
    /// The part that says when.
    public var time: String?
    /// What a model read in it, which counts where the words alone lead to nothing that exists.
    public var suggestion: Suggestion?

    /// A model's reading.
    public struct Suggestion: Codable, Sendable, Hashable {
        public var mentions: [Mention]
        public var error: String?
        public var time: String?

        public init(mentions: [Mention], error: String? = nil, time: String? = nil) {
            self.mentions = mentions
            self.error = error
            self.time = time
        }
    }

    /// Longest description that is read; the rest adds nothing.
    private static let longestText = 65_536
    private static let mostMentions = 400

    /// Reads a description of any language; deterministic.
    public init(_ text: String) {
        let words = Self.words(String(text.prefix(Self.longestText)))
        var mentions: [Mention] = []
        var role: String?
        for word in words {
            guard mentions.count < Self.mostMentions else { break }
            if let label = Self.label(word) {
                role = label
                continue
            }
            let found = Self.mentions(in: word, role: role)
            if !found.isEmpty { role = nil }
            for mention in found where !mentions.contains(mention) { mentions.append(mention) }
        }
        self.mentions = mentions
        errorSummary = Self.errorSummary(text)
        time = Self.time(in: text)
    }

    // MARK: Words

    private static func words(_ text: String) -> [Substring] {
        text.split { $0.isWhitespace || "\"'`“”‘’«»„()[]{}<>,;|!?*".contains($0) || isOfScriptWithoutSpaces($0) }
    }

    /// Thai to Tibetan, Myanmar, Khmer, kana and Han, Hangul (whose particles stick to names), and full-width forms: names stand right beside
    /// these, which are in no name themselves.
    private static let scriptsWithoutSpaces: [ClosedRange<UInt32>] = [
        0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3000...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7AF, 0xFF00...0xFFEF,
    ]

    private static func isOfScriptWithoutSpaces(_ character: Character) -> Bool {
        guard !character.isASCII, let scalar = character.unicodeScalars.first else { return false }
        return scriptsWithoutSpaces.contains { $0.contains(scalar.value) }
    }

    /// Labels as alerts and people write them, by what they name.
    private static let roles: [String: String] = [
        "pod": "pod", "pods": "pod", "pod_name": "pod", "namespace": "namespace", "ns": "namespace", "namespaces": "namespace",
        "exported_namespace": "namespace",
        "service": "service", "svc": "service", "deployment": "workload", "deploy": "workload", "statefulset": "workload",
        "sts": "workload", "daemonset": "workload",
        "ds": "workload", "job": "workload", "job_name": "workload", "cronjob": "workload", "replicaset": "workload",
        "workload": "workload", "app": "workload",
        "container": "container", "node": "node", "nodename": "node", "instance": "instance", "ingress": "ingress", "pvc": "claim",
        "persistentvolumeclaim": "claim",
        "hpa": "autoscaler", "horizontalpodautoscaler": "autoscaler",
    ]

    // `namespace` or `namespace:` on its own: the next word is one.
    private static func label(_ word: Substring) -> String? {
        roles[trimmed(word).lowercased()]
    }

    private static func mentions(in word: Substring, role: String?) -> [Mention] {
        for separator in ["=", ":"] {
            let parts = word.split(separator: Character(separator), maxSplits: 1)
            if parts.count == 2, let named = roles[trimmed(parts[0]).lowercased()] { return mentions(in: parts[1], role: named) }
        }
        if let mark = word.firstRange(of: "://") {
            let rest = word[mark.upperBound...]
            return host(rest.prefix { $0 != "/" && $0 != ":" })
        }
        let name = trimmed(word)
        let parts = name.split(separator: "/").map(String.init)
        if parts.count == 2, parts.allSatisfy(isName) {
            // `namespace/name`, or `kind/name` as kubectl writes it.
            if let kind = roles[parts[0].lowercased()] { return [Mention(word: parts[1].lowercased(), role: kind)] }
            return [Mention(word: parts[0].lowercased(), role: "namespace"), Mention(word: parts[1].lowercased(), role: role)]
        }
        guard isName(name) else { return [] }
        return [Mention(word: name.lowercased(), role: role)]
    }

    private static func host(_ text: Substring) -> [Mention] {
        isName(String(text)) ? [Mention(word: text.lowercased(), role: "host")] : []
    }

    private static func trimmed(_ word: Substring) -> String {
        var word = word
        while let last = word.last, ".:,;!?=-_/".contains(last) { word = word.dropLast() }
        while let first = word.first, ".:,;!?=-_/#@".contains(first) { word = word.dropFirst() }
        // A genitive is no part of a name.
        for ending in ["'s", "’s"] where word.hasSuffix(ending) { word = word.dropLast(2) }
        return String(word)
    }

    // DNS-1123 subdomain, as all names here are; upper case is forgiven.
    private static func isName(_ text: String) -> Bool {
        (2...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x2E }
    }

    // MARK: Error

    private static let errorWords = [
        "crashloopbackoff", "imagepullbackoff", "errimagepull", "createcontainerconfigerror", "oomkilled", "pending", "evicted", "refused",
        "timeout", "timed out", "not ready",
        "5xx", "500", "502", "503", "504", "404", "error", "failed", "failing", "fails", "down", "unreachable", "restart",
    ]

    private static func errorSummary(_ text: String) -> String? {
        let sentences = text.split { ".!?\n".contains($0) }
        let telling = sentences.first { sentence in
            let lower = sentence.lowercased()
            return errorWords.contains { lower.contains($0) }
        }
        return (telling ?? sentences.first).map { String($0.drop { $0.isWhitespace }.prefix(200)) }
    }
}
