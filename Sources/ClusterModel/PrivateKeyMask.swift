/// Hides the bodies of private keys in PEM (RFC 7468): blocks whole or cut at either end, in one line or many, also as they stand in JSON.
struct PrivateKeyMask {
    private static let mark = Array("PRIVATE KEY-----".utf8)
    private static let end = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)
    /// From the start of `-----BEGIN ENCRYPTED ` to the mark.
    private static let longestLabel = 40

    private let bytes: [UInt8]
    private var result: [UInt8] = []
    private var index = 0

    static func masked(_ text: String) -> String {
        var mask = PrivateKeyMask(bytes: Array(text.utf8))
        return mask.run() ? String(decoding: mask.result, as: UTF8.self) : text
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// - Returns: whether there was any.
    private mutating func run() -> Bool {
        while let mark = position(of: Self.mark, from: index) {
            let after = mark + Self.mark.count
            if let start = (max(index, mark - Self.longestLabel)..<mark).last(where: { isLabel(Self.end, from: $0, to: mark) }) {
                closeUnopened(at: start)
                result += bytes[start..<after]
                index = after
            } else {
                result += bytes[index..<after]
                hideBody(from: after)
            }
        }
        guard !result.isEmpty else { return false }
        result += bytes[index...]
        return true
    }

    /// The end of a block whose beginning was cut off: what stands right before it is the key.
    private mutating func closeUnopened(at start: Int) {
        var body = start
        while body > index, Self.isBase64(bytes[body - 1]) || "\r\n".utf8.contains(bytes[body - 1]) { body -= 1 }
        result += bytes[index..<body]
        if body < start { result += CredentialMask.mask.utf8 }
    }

    private mutating func hideBody(from start: Int) {
        result += CredentialMask.mask.utf8
        index = start
        while index < bytes.count, Self.isBody(bytes[index]), !stands(Self.dashes, at: index) { index += 1 }
        guard stands(Self.end, at: index), let closing = position(of: Self.mark, from: index), isLabel(Self.end, from: index, to: closing)
        else { return }
        result += bytes[index..<closing + Self.mark.count]
        index = closing + Self.mark.count
    }

    /// Whether what stands between is the beginning of a line that ends with the mark, such as `-----END EC `.
    private func isLabel(_ beginning: [UInt8], from start: Int, to mark: Int) -> Bool {
        guard stands(beginning, at: start), mark - start <= Self.longestLabel, start + beginning.count <= mark else { return false }
        return bytes[start + beginning.count..<mark].allSatisfy { $0 == 0x20 || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
    }

    private func position(of needle: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count, start <= bytes.count - needle.count else { return nil }
        return (start...(bytes.count - needle.count)).first { stands(needle, at: $0) }
    }

    private func stands(_ needle: [UInt8], at start: Int) -> Bool {
        start + needle.count <= bytes.count && bytes[start] == needle[0] && bytes[start..<start + needle.count].elementsEqual(needle)
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "+/=\\".utf8.contains(byte)
    }

    /// Base64 in lines, and headers such as `DEK-Info: AES-256-CBC,…`.
    private static func isBody(_ byte: UInt8) -> Bool { isBase64(byte) || " \n\r\t:,-".utf8.contains(byte) }
}
