/// The bytes of a message with the small searches that extractors are made of. Positions are byte offsets.
struct LogText: Sendable {
    let bytes: [UInt8]
    /// The same bytes with ASCII letters in lower case.
    let folded: [UInt8]
    /// Where the literal of the matched signature stands.
    let hit: Range<Int>

    init(_ bytes: [UInt8], hit: Range<Int> = 0..<0) {
        self.bytes = bytes
        folded = bytes.map(Self.fold)
        self.hit = hit.clamped(to: 0..<bytes.count)
    }

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    var count: Int { bytes.count }

    /// The byte at a position, 0 outside of the text.
    subscript(_ index: Int) -> UInt8 {
        index >= 0 && index < bytes.count ? bytes[index] : 0
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    /// Start of the first occurrence of a lowercase literal.
    func position(of needle: String, from start: Int = 0) -> Int? {
        var needle = needle
        return needle.withUTF8 { needle in
            guard let first = needle.first, start >= 0, start + needle.count <= folded.count else { return nil }
            return folded.withUnsafeBufferPointer { text in
                let last = text.count - needle.count
                var index = start
                while index <= last {
                    if text[index] == first {
                        var length = 1
                        while length < needle.count, text[index + length] == needle[length] { length += 1 }
                        if length == needle.count { return index }
                    }
                    index += 1
                }
                return nil
            }
        }
    }

    /// Position right behind the first occurrence of a lowercase literal.
    func after(_ needle: String, from start: Int = 0) -> Int? {
        position(of: needle, from: start).map { $0 + needle.utf8.count }
    }

    func contains(_ needle: String) -> Bool { position(of: needle) != nil }

    func hasPrefix(_ needle: String, at start: Int = 0) -> Bool {
        start >= 0 && folded.count >= start + needle.utf8.count && zip(folded[start...], needle.utf8).allSatisfy { $0 == $1 }
    }

    /// The longest run of accepted bytes from a position on.
    func run(from start: Int, while accepts: (UInt8) -> Bool) -> Range<Int> {
        var end = min(max(start, 0), count)
        let start = end
        while end < count, accepts(bytes[end]) { end += 1 }
        return start..<end
    }

    func skippingSpaces(_ start: Int) -> Int {
        run(from: start) { $0 == 0x20 || $0 == 0x09 }.upperBound
    }

    /// Position right behind the run of accepted bytes that ends before a position, going backwards.
    func runStart(before end: Int, while accepts: (UInt8) -> Bool) -> Int {
        var start = min(max(end, 0), count)
        while start > 0, accepts(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// The text between quotes that open at a position, and the position behind the closing one.
    func quoted(at start: Int) -> (text: String, end: Int)? {
        let quote = self[start]
        guard Self.isQuote(quote) else { return nil }
        let body = run(from: start + 1) { $0 != quote }
        guard self[body.upperBound] == quote, !body.isEmpty, body.count <= 256 else { return nil }
        return (string(body), body.upperBound + 1)
    }

    /// A whole number of at most five digits that no digit follows.
    func number(at start: Int) -> Int? {
        let digits = run(from: start, while: Self.isDigit)
        guard (1...5).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int(bytes[$1] - 0x30) }
    }

    /// A port number: 1 to 65,535.
    func port(at start: Int) -> Int? {
        number(at: start).flatMap { (1...65_535).contains($0) ? $0 : nil }
    }

    static func fold(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }
    static func isHostByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x2e || byte == 0x2d || byte == 0x5f }
}
