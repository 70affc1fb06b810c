/// Integers that do not fit into 64 bits are JSON, and simdjson refuses them: such documents are read with these numbers as fractions.
enum LongIntegers {
    /// Digits of which every integer fits into 64 bits.
    private static let safeDigits = 18

    /// The document with `.0` behind every longer integer; nil where there is none, so that nothing would be won.
    static func asFractions(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        var (isInString, isEscaped, hasLong) = (false, false, false)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isInString {
                (isInString, isEscaped) = (isEscaped || byte != UInt8(ascii: "\""), !isEscaped && byte == UInt8(ascii: "\\"))
            } else if isDigit(byte) {
                let end = bytes[index...].firstIndex { !isDigit($0) } ?? bytes.count
                result += bytes[index..<end]
                let isWhole = end == bytes.count || ![".", "e", "E"].contains(Unicode.Scalar(bytes[end]))
                let startsNumber = index == 0 || !isPartOfFraction(bytes[index - 1], before: index - 1, in: bytes)
                if end - index > safeDigits, isWhole, startsNumber {
                    result += [UInt8(ascii: "."), UInt8(ascii: "0")]
                    hasLong = true
                }
                index = end
                continue
            } else {
                isInString = byte == UInt8(ascii: "\"")
            }
            result.append(byte)
            index += 1
        }
        return hasLong ? result : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    // Digits behind a point, or behind an exponent and its sign.
    private static func isPartOfFraction(_ byte: UInt8, before index: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
        if [".", "e", "E"].contains(Unicode.Scalar(byte)) { return true }
        guard ["+", "-"].contains(Unicode.Scalar(byte)), index > 0 else { return false }
        return ["e", "E"].contains(Unicode.Scalar(bytes[index - 1]))
    }
}
