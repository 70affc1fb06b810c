/// Hides credentials in literal environment values, by the variable's name and by the shape of the value.
public enum CredentialMask {
    /// What stands in the place of a hidden value.
    public static let mask = "***"

    /// Longer values are cut: a summary needs the beginning only.
    private static let mostCharacters = 1_024
    private static let telling = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "APIKEY", "PRIVATEKEY", "ACCESSKEY", "BEARER", "COOKIE",
    ]
    private static let tellingWords: Set<String> = ["KEY", "PASS", "PWD", "PW", "AUTH", "JWT", "PIN", "SALT", "SIGNATURE", "CERT"]

    /// A literal value as it may be shown: hidden where `name` sounds secret, else without the password of a URL in it.
    public static func masked(_ value: String, of name: String) -> String {
        guard !value.isEmpty else { return value }
        if isSecretName(name) { return mask }
        let shown = withoutURLPassword(value)
        return shown.count > mostCharacters ? shown.prefix(mostCharacters) + "…" : shown
    }

    /// Whether a variable of this name usually holds a credential, e.g. `DB_PASSWORD`, `apiKey`, `GITHUB_TOKEN`.
    public static func isSecretName(_ name: String) -> Bool {
        let upper = name.uppercased()
        let words = upper.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let joined = words.joined()
        return telling.contains { joined.contains($0) } || words.contains { tellingWords.contains($0) } || joined.hasSuffix("KEY")
    }

    /// `postgres://app:secret@db/shop` becomes `postgres://app:***@db/shop`; every URL in the text is treated.
    static func withoutURLPassword(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let scheme = rest.firstOccurrence(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let end = rest.firstIndex { "/?# \t\n\"'".contains($0) } ?? rest.endIndex
            guard let at = rest[..<end].lastIndex(of: "@") else { continue }
            if let colon = rest[..<at].firstIndex(of: ":") {
                result += rest[...colon] + mask
            } else {
                // A long user without a password is a token.
                result += rest[..<at].utf8.count >= 20 ? mask : String(rest[..<at])
            }
            rest = rest[at...]
        }
        return result + rest
    }
}

extension Substring {
    func firstOccurrence(of needle: String) -> Range<Index>? {
        var start = startIndex
        while let found = self[start...].firstIndex(where: { $0 == needle.first }) {
            if self[found...].hasPrefix(needle) { return found..<index(found, offsetBy: needle.count) }
            start = index(after: found)
        }
        return nil
    }
}
