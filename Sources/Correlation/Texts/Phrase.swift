/// Small scanners for the messages of Kubernetes: fixed words around variable parts.
enum Phrase {
    /// The text between two markers, `nil` where either is absent.
    static func between(_ text: some StringProtocol, _ start: String, _ end: String) -> String? {
        guard let opening = text.firstRange(of: start) else { return nil }
        let rest = text[opening.upperBound...]
        guard let closing = rest.firstRange(of: end) else { return nil }
        return String(rest[..<closing.lowerBound])
    }

    /// The text after a marker, to the end.
    static func after(_ text: some StringProtocol, _ start: String) -> String? {
        text.firstRange(of: start).map { String(text[$0.upperBound...]) }
    }

    static func containsAny(_ text: String, _ needles: [String]) -> Bool {
        needles.contains { text.contains($0) }
    }

    /// The first number in a text.
    static func number(in text: some StringProtocol) -> Int? {
        let digits = text.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
        return Int(digits)
    }

    /// `1 pod`, `3 pods`.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// `a`, `a and b`, `a, b and c`; long lists end with `and N more`.
    static func list(_ words: [String], atMost limit: Int = 4) -> String {
        guard words.count > 1 else { return words.first ?? "" }
        if words.count > limit { return words.prefix(limit).joined(separator: ", ") + " and \(words.count - limit) more" }
        return words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
    }

    /// A duration in the unit a person would use.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<100: "\(Int(seconds.rounded())) s"
        case ..<5_400: "\(Int((seconds / 60).rounded())) min"
        case ..<172_800: "\(Int((seconds / 3_600).rounded())) h"
        default: "\(Int((seconds / 86_400).rounded())) d"
        }
    }
}
