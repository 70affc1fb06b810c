extension CredentialMask {
    /// Free text, such as a log line, without the credentials that can be told by their shape or by the word in front of them.
    ///
    /// Hidden are passwords in URLs, values of secret names (`password=…`, `"apiKey": "…"`, `--token …`), `Authorization` values, JSON web
    /// tokens, keys of well-known issuers by their prefix, and PEM private keys. Prefixes: the issuers' own documentation of
    /// token formats (GitHub, GitLab, Slack, AWS, Google, Stripe, npm, PyPI).
    public static func inText(_ text: String) -> String {
        var words = TextMask(withoutURLPassword(withoutPrivateKeys(text)))
        words.run()
        return words.result
    }

    /// Free text without private keys in PEM: a block, whole or cut, in one line or many.
    public static func withoutPrivateKeys(_ text: String) -> String { PrivateKeyMask.masked(text) }

    /// The beginning of a text, and with `tail` its end too, cut where no credential can be cut through: a part of one is not told by its
    /// shape any more.
    /// - Parameters:
    ///   - limit: most characters.
    ///   - tail: how many of them are kept of the end.
    public static func cut(_ text: String, to limit: Int, tail: Int = 0) -> String {
        guard text.count > limit else { return text }
        let end = tail == 0 ? "" : String(text.suffix(tail).drop { $0 != " " })
        return text.prefix(limit - tail - 1).withoutDoubtfulEnd + "…" + end.withoutDoubtfulStart
    }
}

extension StringProtocol {
    /// Longer than most words of a language.
    private var isOrdinaryWord: Bool { count <= 16 && allSatisfy { $0.isLetter || ".,;:!?()'\"[]".contains($0) } }

    /// A card number has four parts or five, and a key fewer.
    private var mostDoubtfulWords: Int { 6 }

    fileprivate var withoutDoubtfulEnd: String {
        var words = split(separator: " ", omittingEmptySubsequences: false)
        // The last word may be a part.
        if words.count > 1 { words.removeLast() }
        for _ in 0..<mostDoubtfulWords where words.count > 1 {
            if let last = words.last, last.isOrdinaryWord { break }
            words.removeLast()
        }
        return words.joined(separator: " ")
    }

    fileprivate var withoutDoubtfulStart: String {
        var words = split(separator: " ", omittingEmptySubsequences: false)[...]
        for _ in 0..<mostDoubtfulWords where words.count > 1 {
            if let first = words.first, !first.isEmpty, first.isOrdinaryWord { break }
            words.removeFirst()
        }
        return words.joined(separator: " ")
    }
}

/// Walks over the words of a text and hides those that are credentials.
private struct TextMask {
    private let bytes: [UInt8]
    private var output: [UInt8] = []
    private var index = 0

    /// Beginnings of keys and tokens, and how long the whole is at least.
    private static let prefixes: [(start: [UInt8], length: Int)] = [
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20), ("glpat-", 20), ("xoxb-", 20),
        ("xoxp-", 20), ("xoxa-", 20), ("xapp-", 20), ("AKIA", 20), ("ASIA", 20), ("AIza", 30), ("ya29.", 20), ("sk_live_", 16),
        ("rk_live_", 16), ("sk_test_", 16), ("sk-proj-", 24), ("sk-ant-", 24), ("npm_", 30), ("pypi-", 30), ("hvs.", 20), ("dop_v1_", 30),
        ("SG.", 30),
        ("whsec_", 20), ("shpat_", 20), ("eyJ", 30),
    ].map { (Array($0.0.utf8), $0.1) }

    init(_ text: String) { bytes = Array(text.utf8) }

    var result: String { String(decoding: output, as: UTF8.self) }

    mutating func run() {
        output.reserveCapacity(bytes.count)
        while index < bytes.count {
            let end = wordEnd(index)
            guard end > index else {
                output.append(bytes[index])
                index += 1
                continue
            }
            word(index..<end)
        }
    }

    private mutating func word(_ range: Range<Int>) {
        index = range.upperBound
        if isToken(range) { return output.append(contentsOf: CredentialMask.mask.utf8) }
        output.append(contentsOf: bytes[range])
        let isScheme = Self.lowercased(bytes[range]) == "bearer" || Self.lowercased(bytes[range]) == "basic"
        if isScheme { return hideValue(from: index, isAfterScheme: true) }
        guard range.count <= 64, isSecretName(range) else { return }
        hideValue(from: index, isAfterScheme: false, isOption: bytes[range.lowerBound] == UInt8(ascii: "-"))
    }

    /// Hides what follows `=`, `:` or, for an option or an authorization scheme, a space.
    private mutating func hideValue(from start: Int, isAfterScheme: Bool, isOption: Bool = false) {
        var position = start
        while position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27 || bytes[position] == 0x5c { position += 1 }
        position = skipSpaces(position)
        guard position < bytes.count else { return }
        if bytes[position] == 0x3d || bytes[position] == 0x3a {
            position += 1
            position = skipSpaces(position)
        } else if !isAfterScheme {
            // `--password hunter2`; another option is no value.
            guard isOption, position > start, bytes[position] != UInt8(ascii: "-") else { return }
        }
        while position < bytes.count, [0x22, 0x27, 0x5c, 0x60].contains(bytes[position]) { position += 1 }
        let value = valueEnd(position)
        let text = Self.lowercased(bytes[position..<value])
        if !isAfterScheme && isAddressOrTag(name: start, position, value) { return }
        // A scheme in front of the credential stays; words that say that there is none are no credential.
        guard value > position, !["bearer", "basic", "true", "false", "yes", "no", "null", "nil", "none", "***"].contains(text) else {
            return
        }
        if isAfterScheme && value - position < 8 { return }
        // `token: expected ',' but got 'x'`: prose behind a colon is no value.
        if !isAfterScheme && isProse(position, value, after: start) { return }
        output.append(contentsOf: bytes[start..<position])
        output.append(contentsOf: CredentialMask.mask.utf8)
        index = value
    }

    /// `token-service:8080` is an address and `acme/tokens:1.2` an image; small numbers are counts.
    private func isAddressOrTag(name end: Int, _ start: Int, _ valueEnd: Int) -> Bool {
        let isNumber = valueEnd - start <= 5 && bytes[start..<valueEnd].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        guard start == end + 1, bytes[end] == 0x3a else { return isNumber }
        var begin = end
        while begin > 0, Self.isWordByte(bytes[begin - 1]) { begin -= 1 }
        let isCompound = bytes[begin..<end].contains(0x2d) || bytes[begin..<end].contains(0x2e)
        return isNumber || isCompound || (begin > 0 && bytes[begin - 1] == 0x2f)
    }

    /// Behind a colon and a space, an ordinary word that another word follows is a sentence.
    private func isProse(_ start: Int, _ end: Int, after name: Int) -> Bool {
        let hasColonAndSpace = start >= 2 && bytes[start - 1] == 0x20 && bytes[name..<start].contains(0x3a)
        let isWord = bytes[start..<end].allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }
        return hasColonAndSpace && isWord && end < bytes.count && bytes[end] == 0x20
    }

    private func isToken(_ range: Range<Int>) -> Bool {
        guard range.count >= 16 else { return false }
        return Self.prefixes.contains { start, length in
            range.count >= length && bytes[range].starts(with: start) && (start != [0x65, 0x79, 0x4a] || bytes[range].contains(0x2e))
        }
    }

    /// `DB_PASSWORD`, `apiKey`, `--token`: names that hold credentials; plain `key`, `auth` and `cert` in prose are no such names.
    private func isSecretName(_ range: Range<Int>) -> Bool {
        let words = String(decoding: bytes[range], as: UTF8.self).uppercased().split { !$0.isLetter && !$0.isNumber }
        let joined = words.joined()
        return Self.telling.contains { joined.contains($0) } || words.contains { ["PWD", "PASS", "JWT"].contains($0) }
    }

    private static let telling = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "APIKEY", "PRIVATEKEY", "ACCESSKEY"]

    private func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
        return end
    }

    private func valueEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] > 0x20, ![0x22, 0x27, 0x2c, 0x3b, 0x26, 0x29, 0x5d, 0x7d, 0x60].contains(bytes[end]) {
            end += 1
        }
        // The backslash in front of a quote is the quote's.
        if end > start, end < bytes.count, bytes[end - 1] == 0x5c, bytes[end] == 0x22 || bytes[end] == 0x27 { end -= 1 }
        return end
    }

    private func skipSpaces(_ start: Int) -> Int {
        var position = start
        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
        return position
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a || byte >= 0x30 && byte <= 0x39 || byte == 0x5f || byte == 0x2d || byte == 0x2e
    }

    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self).lowercased() }
}
