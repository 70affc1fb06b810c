/// Puts a prefix before every line of a text that arrives in pieces of any size.
struct LinePrefixing {
    private let prefix: [UInt8]
    private var isAtLineStart = true

    init(prefix: String) {
        self.prefix = Array(prefix.utf8)
    }

    mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + prefix.count)
        for byte in bytes {
            if isAtLineStart { result += prefix }
            result.append(byte)
            isAtLineStart = byte == UInt8(ascii: "\n")
        }
        return result
    }

    /// Ends a last line that has no line break.
    mutating func end() -> [UInt8] {
        guard !isAtLineStart else { return [] }
        isAtLineStart = true
        return [UInt8(ascii: "\n")]
    }
}
