/// One configuration key, described as data: what reads it and what documents it are the same.
public struct Setting: Sendable, Hashable {
    /// What a value must look like.
    public enum Kind: Sendable, Hashable {
        case text
        case path
        /// `http://` or `https://` with a host.
        case url
        case boolean
        case integer(ClosedRange<Int>)
        /// Seconds, fractions allowed.
        case seconds(ClosedRange<Double>)
        case choice([String])
        /// Comma-separated texts.
        case list
    }

    /// Environment variable, e.g. `SRE_PORT`.
    public let key: String
    /// Command line flag, e.g. `--port`; `nil` where there is none.
    public let flag: String?
    public let kind: Kind
    /// As one would write it; `nil` where the key may be absent.
    public let defaultValue: String?
    public let isSecret: Bool
    /// One sentence for the documentation.
    public let summary: String

    public init(_ key: String, flag: String? = nil, kind: Kind, default: String? = nil, isSecret: Bool = false, summary: String) {
        self.key = key
        self.flag = flag
        self.kind = kind
        self.defaultValue = `default`
        self.isSecret = isSecret
        self.summary = summary
    }

    /// What is accepted, in words, e.g. `an integer from 1 to 64`.
    public var accepted: String {
        switch kind {
        case .text: "a text"
        case .path: "a file path"
        case .url: "a URL such as http://127.0.0.1:8081"
        case .boolean: "true or false"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .seconds(let range): "seconds from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
        case .choice(let words): words.count > 1 ? "one of " + words.joined(separator: ", ") : words.joined()
        case .list: "texts separated by commas"
        }
    }

    /// The row of `docs/configuration.md`.
    public var documentation: String {
        let flag = flag.map { "`\($0)`" } ?? "–"
        let value = defaultValue.map { "`\($0)`" } ?? "–"
        return "| `\(key)` | \(flag) | \(accepted) | \(value) | \(isSecret ? "yes" : "no") | \(summary) |"
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}

/// A configuration value that cannot be used: names key, value and what is accepted, in one line.
public struct SettingError: Error, Sendable, Hashable, CustomStringConvertible {
    public let key: String
    public let reason: String

    public init(key: String, reason: String) {
        self.key = key
        self.reason = reason
    }

    public var description: String { "\(key): \(reason)" }
}
