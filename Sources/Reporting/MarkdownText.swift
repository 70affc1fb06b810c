/// Puts text from a cluster into Markdown so that it stays text: no markup, HTML, link or mention can come of it.
///
/// Escaping does not suffice: renderers link addresses and names of people after they have resolved escapes. What is not a plain word
/// therefore goes into a code span, in which nothing is interpreted (CommonMark 6.1).
enum MarkdownText {
    /// Words as they are, everything else as code.
    static func sentence(_ text: String, limit: Int = 600) -> String {
        let words = SafeText.line(text, limit: limit).split(whereSeparator: \.isWhitespace)
        return words.map { isPlain($0) ? String($0) : code($0) }.joined(separator: " ")
    }

    /// One code span.
    static func code(_ text: some StringProtocol, limit: Int = 600) -> String {
        let safe = SafeText.line(String(text), limit: limit)
        guard safe.contains(where: { !$0.isWhitespace }) else { return "" }
        let fence = String(repeating: "`", count: longestRun(of: "`", in: safe) + 1)
        let pad = safe.hasPrefix("`") || safe.hasSuffix("`") || (safe.hasPrefix(" ") && safe.hasSuffix(" ")) ? " " : ""
        return fence + pad + safe + pad + fence
    }

    /// A fenced block; the fence is longer than any run of backticks in the text, so that nothing in it can close it (CommonMark 4.5).
    static func block(_ text: String, language: String, mostLines: Int = 60) -> [String] {
        let lines = text.split(separator: "\n").prefix(mostLines).map { SafeText.line(String($0), limit: 600) }
        guard !lines.isEmpty else { return [] }
        let fence = String(repeating: "`", count: max(3, (lines.map { longestRun(of: "`", in: $0) }.max() ?? 0) + 1))
        return [fence + language] + lines + [fence]
    }

    /// Letters with hyphens and apostrophes inside, or a whole number; one mark of punctuation may follow a word.
    private static func isPlain(_ word: Substring) -> Bool {
        let marks: Set<Unicode.Scalar> = [",", ".", ";", ":", "?"]
        var scalars = Array(word.unicodeScalars)
        let first = scalars.first
        if let last = scalars.last, marks.contains(last), first?.properties.isAlphabetic == true { scalars.removeLast() }
        if scalars.last == "," { scalars.removeLast() }
        guard let first = scalars.first, let last = scalars.last else { return false }
        if first.properties.numericType != nil { return scalars.allSatisfy { ("0"..."9").contains($0) } }
        return first.properties.isAlphabetic && last != "-"
            && scalars.allSatisfy { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "'" }
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        text.reduce(into: (longest: 0, current: 0)) { run, next in
            run.current = next == character ? run.current + 1 : 0
            run.longest = max(run.longest, run.current)
        }.longest
    }
}
