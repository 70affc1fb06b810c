import ClusterModel
import Crypto
import Foundation
import Investigation

/// Hides from a model what it need not know: the one place where text is made fit to leave this process.
///
/// Credentials that can be told by a name or a prefix become `***` for good. Everything else that is hidden becomes a placeholder such as
/// `[mail-3fa2c1]`, the same for the same text within an investigation, and is put back into the answer.
struct Redactor {
    private static let digits = 6
    /// Words of placeholders: as names they would be found in these.
    private static let reserved: Set<String> = ["name", "mail", "key", "phone", "card"]

    private let key: SymmetricKey
    private let hidesAddresses: Bool
    /// Longest first, so that a name within another is no part of it.
    private let names: [String]
    private(set) var originals: [String: String] = [:]

    /// - Parameters:
    ///   - salt: of the investigation; without it nobody can try texts out against placeholders.
    ///   - names: of objects, where these are hidden.
    init(salt: Data, hidden: Set<HiddenData>, names: [String] = []) {
        key = SymmetricKey(data: SHA256.hash(data: salt))
        hidesAddresses = hidden.contains(.addresses)
        self.names =
            hidden.contains(.names)
            ? Set(names).subtracting(Self.reserved).filter { $0.utf8.count >= 3 }.sorted { ($1.count, $0) < ($0.count, $1) } : []
    }

    /// A text as it may leave.
    ///
    /// Questions are JSON: what follows an escaped line break or tab begins a line of its own.
    mutating func redacted(_ text: String) -> String {
        let bytes = Array(CredentialMask.withoutPrivateKeys(text).utf8)
        var result = ""
        var start = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                index += 1
                continue
            }
            let isBreak = "nrtbfu".utf8.contains(bytes[index + 1])
            let end = min(bytes.count, index + (bytes[index + 1] == UInt8(ascii: "u") ? 6 : 2))
            if isBreak {
                result += redactedLine(String(decoding: bytes[start..<index], as: UTF8.self))
                result += String(decoding: bytes[index..<end], as: UTF8.self)
                start = end
            }
            index = end
        }
        return result + redactedLine(String(decoding: bytes[start...], as: UTF8.self))
    }

    private mutating func redactedLine(_ line: String) -> String {
        let bytes = Array(withoutNames(CredentialMask.inText(line)).utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        for hit in SecretShapes.hits(in: bytes, addresses: hidesAddresses) {
            result += bytes[position..<hit.range.lowerBound]
            result += placeholder(hit.word, String(decoding: bytes[hit.range], as: UTF8.self)).utf8
            position = hit.range.upperBound
        }
        result += bytes[position...]
        return String(decoding: result, as: UTF8.self)
    }

    /// An answer with what was hidden in it.
    func restored(_ text: String) -> String {
        guard text.contains("[") else { return text }
        return originals.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }

    private mutating func withoutNames(_ text: String) -> String {
        var text = text
        for name in names where text.contains(name) { text = text.replacing(name, with: placeholder("name", name)) }
        return text
    }

    private mutating func placeholder(_ word: String, _ original: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data((word + "/" + original).utf8), using: key)
        let hex = code.prefix(Self.digits / 2).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let placeholder = "[\(word)-\(hex)]"
        originals[placeholder] = original
        return placeholder
    }
}
