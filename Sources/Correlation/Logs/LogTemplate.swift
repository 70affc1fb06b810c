/// Log lines without what is different each time, so that lines that say the same become one.
enum LogTemplate {
    /// A number for lines of one signature that differ only in words with digits and quoted names.
    static func hash(_ text: String, _ signature: LogFinding.Signature) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in signature.rawValue.utf8 { mix(byte) }
        var quote: UInt8?
        var word: [UInt8] = []
        func flush() {
            let isId = word.contains(where: LogText.isDigit)
            if isId { mix(UInt8(ascii: "#")) } else { word.forEach(mix) }
            word.removeAll(keepingCapacity: true)
        }
        for byte in text.utf8 {
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            if LogText.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") {
                word.append(byte)
            } else {
                flush()
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") { quote = byte }
                mix(byte)
            }
        }
        flush()
        return hash
    }

    // MARK: To read

    /// Digits from which a number is a counter, an address or a time rather than something to read.
    private static let longNumber = 6
    /// Hexadecimal digits from which a word is a hash.
    private static let longHex = 8
    /// Letters and digits mixed, from which a word is a token or an id.
    private static let longMixed = 20

    /// The line with ids, hashes and long numbers taken out. Short numbers stay: ports, exit codes and status codes are what a line is about.
    static func of(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let end = bytes[index...].firstIndex { !isWord($0) } ?? bytes.count
            guard end > index else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let word = bytes[index..<end]
            // What stands behind a dash is part of a name, such as a pod's.
            if result.last != UInt8(ascii: "-"), isVariable(word) {
                result += (word.allSatisfy(LogText.isDigit) ? "<number>" : "<id>").utf8
                index = endOfGroups(bytes, end)
            } else {
                result += word
                index = end
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isVariable(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.contains(where: LogText.isDigit) else { return false }
        if word.allSatisfy(LogText.isDigit) { return word.count >= longNumber }
        return word.count >= longMixed || (word.count >= longHex && word.allSatisfy(isHex))
    }

    /// The further groups of a UUID, of 4 to 12 hexadecimal digits each behind a dash.
    private static func endOfGroups(_ bytes: [UInt8], _ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] == UInt8(ascii: "-") {
            let end = bytes[(index + 1)...].firstIndex { !isWord($0) } ?? bytes.count
            let group = bytes[(index + 1)..<end]
            guard (4...12).contains(group.count), group.allSatisfy(isHex) else { break }
            index = end
        }
        return index
    }

    private static func isWord(_ byte: UInt8) -> Bool { LogText.isAlphanumeric(byte) }
    private static func isHex(_ byte: UInt8) -> Bool {
        LogText.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
