import Crypto
import Foundation

/// The API keys that a service accepts. Only their hashes are kept: whoever reads the file cannot call the service.
///
/// A file has a key a line: its name, its scope, and the SHA-256 of its text in hexadecimal, e.g. `alerts write 9f86…`. Keys are 256
/// random bits, so a plain hash cannot be guessed back.
public struct AccessKeys: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        let caller: Caller
        let hash: [UInt8]
    }

    let entries: [Entry]

    /// Reads the text of a keys file. Empty lines and lines that begin with `#` are ignored.
    /// - Throws: `AccessKeyError` naming the line.
    public init(_ text: String) throws(AccessKeyError) {
        var entries: [Entry] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            guard words.count == 3, let scope = AccessScope(rawValue: String(words[1])), let hash = Self.bytes(words[2]), hash.count == 32
            else { throw AccessKeyError(line: index + 1, reason: "is not `name scope hash`; `sre keys create` writes such lines") }
            let caller = Caller(name: String(words[0]), scope: scope)
            guard !entries.contains(where: { $0.caller.name == caller.name }) else {
                throw AccessKeyError(line: index + 1, reason: "names a key a second time")
            }
            entries.append(Entry(caller: caller, hash: hash))
        }
        guard !entries.isEmpty else { throw AccessKeyError(line: 1, reason: "and all others hold no key; nobody could call the service") }
        self.entries = entries
    }

    /// One key whose text is at hand, for a shared token.
    public init(token: String, name: String, scope: AccessScope) {
        entries = [Entry(caller: Caller(name: name, scope: scope), hash: Self.hash(token))]
    }

    /// Names and scopes, in the order of the file.
    public var callers: [Caller] { entries.map(\.caller) }

    /// Who has this key; takes the same time whichever key it is, and whether it is one.
    public func caller(with key: String) -> Caller? {
        let hash = Self.hash(key)
        var found: Caller?
        for entry in entries {
            var difference: UInt8 = 0
            for (left, right) in zip(entry.hash, hash) { difference |= left ^ right }
            if difference == 0 { found = entry.caller }
        }
        return found
    }

    /// A new key.
    /// - Returns: its text, which is shown once, and its line for the file.
    public static func make(name: String, scope: AccessScope) -> (key: String, line: String) {
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let text = random.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let key = "sre_\(text)"
        let hash = Self.hash(key).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return (key, "\(name) \(scope.rawValue) \(hash)")
    }

    private static func hash(_ key: String) -> [UInt8] { Array(SHA256.hash(data: Data(key.utf8))) }

    private static func bytes(_ hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.map { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") ? $0 - 48 : ($0 | 32) &- 87 }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 < 16 }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

public struct AccessKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    public let line: Int
    public let reason: String

    public var description: String { "line \(line) \(reason)" }
}
