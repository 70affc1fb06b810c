import Crypto
import Foundation

/// The keys under which a store keeps what it was told and what it found: the first one seals, all of them open. To rotate, put a new
/// key before the old ones; what is written from then on is under the new one.
public struct EncryptionKeys: Sendable {
    /// A 256-bit key and the name by which records find it again.
    struct Named: Sendable {
        let key: SymmetricKey
        /// The first four bytes of the key's SHA-256.
        let name: Data
    }

    let all: [Named]

    /// - Parameter text: keys of 32 bytes in Base64, separated by commas or white space; lines that begin with `#` are ignored.
    /// - Throws: `EncryptionKeyError` that tells which key is at fault, and never what it is.
    public init(_ text: String) throws(EncryptionKeyError) {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.drop(while: \.isWhitespace).hasPrefix("#") }
        let words = lines.flatMap { $0.split { $0 == "," || $0.isWhitespace } }
        guard !words.isEmpty else { throw .missing }
        var keys: [Named] = []
        for (index, word) in words.enumerated() {
            guard let bytes = Data(base64Encoded: String(word)), bytes.count == 32 else { throw .malformed(index + 1) }
            keys.append(Named(key: SymmetricKey(data: bytes), name: Data(SHA256.hash(data: bytes).prefix(4))))
        }
        all = keys
    }
}

public enum EncryptionKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    case missing
    case malformed(Int)

    public var description: String {
        switch self {
        case .missing: "has no key; `openssl rand -base64 32` makes one"
        case .malformed(let number): "key \(number) is not 32 bytes in Base64; `openssl rand -base64 32` makes one"
        }
    }
}
