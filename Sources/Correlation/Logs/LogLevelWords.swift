/// Levels as programs write them.
extension LogLine.Level {
    /// The level a word stands for, whatever its case; `nil` for any other word.
    init?(word: ArraySlice<UInt8>) {
        guard (1...13).contains(word.count) else { return nil }
        switch String(decoding: word.map(LogText.fold), as: UTF8.self) {
        case "trace", "debug", "dbug", "dbg", "trc", "verbose", "finest", "finer", "fine", "trce", "debug1": self = .debug
        case "info", "information", "inf", "informational", "notice", "note", "detail", "hint", "statement", "context", "success":
            self = .info
        case "warn", "warning", "wrn", "warnings": self = .warning
        case "error", "err", "eror", "fail", "severe", "erro", "failure": self = .error
        case "fatal", "critical", "crit", "crt", "emerg", "emergency", "alert", "panic", "ftl", "dpanic", "fata": self = .fatal
        default: return nil
        }
    }

    /// Numeric levels: 10 to 60 as pino and bunyan write them, 0 to 7 as syslog does.
    init?(number: Int) {
        switch number {
        case 60...: self = .fatal
        case 50..<60: self = .error
        case 40..<50: self = .warning
        case 30..<40: self = .info
        case 10..<30: self = .debug
        case 0...2: self = .fatal
        case 3: self = .error
        case 4: self = .warning
        case 5, 6: self = .info
        case 7: self = .debug
        default: return nil
        }
    }

    /// The level in the head of a plain line, such as `ERROR`, `[error]`, `fail:`, `E1123 …`, `E, [`, `1:M 23 Nov … #`.
    ///
    /// Only the first words count, and of words in prose only those written in capitals: "no errors" is no level.
    static func find(in bytes: [UInt8], from start: Int) -> LogLine.Level? {
        if let short = shortForm(bytes, from: start) { return short }
        var index = start
        if index < bytes.count, bytes[index] == UInt8(ascii: "["), let time = LogTime.read(bytes, at: index + 1) { index = time.end }
        var plainWords = 0
        for _ in 0..<8 where index < min(bytes.count, start + 120) {
            while index < bytes.count, !isWord(bytes[index]) { index += 1 }
            let begin = index
            while index < bytes.count, isWord(bytes[index]) { index += 1 }
            guard begin < index else { return nil }
            let word = bytes[begin..<index]
            if let level = LogLine.Level(word: word), isMarked(word, in: bytes, plainWords: plainWords) { return level }
            let bracketed = begin > 0 && (bytes[begin - 1] == UInt8(ascii: "[") || bytes[begin - 1] == UInt8(ascii: "("))
            if !bracketed, word.contains(where: LogText.isLetter), !word.elementsEqual("UTC".utf8) { plainWords += 1 }
            if bracketed, !LogText.isDigit(bytes[begin]), let close = bytes[index...].prefix(60).firstIndex(of: UInt8(ascii: "]")) {
                index = close + 1
            }
            if plainWords > 1 { return nil }
        }
        return nil
    }

    private static func isMarked(_ word: ArraySlice<UInt8>, in bytes: [UInt8], plainWords: Int) -> Bool {
        let capitals = word.allSatisfy { !LogText.isLetter($0) || $0 < 0x61 }
        let before = word.startIndex > 0 ? bytes[word.startIndex - 1] : 0x20
        let after = word.endIndex < bytes.count ? bytes[word.endIndex] : 0x20
        if before == UInt8(ascii: "["), after == UInt8(ascii: "]") || after == 0x20 { return true }
        if before == UInt8(ascii: "<"), after == UInt8(ascii: ">") { return true }
        if capitals, word.count >= 3 { return plainWords == 0 || (after != UInt8(ascii: "-") && plainWords == 1) }
        return plainWords == 0 && after == UInt8(ascii: ":") && word.startIndex < 40
    }

    private static func shortForm(_ bytes: [UInt8], from start: Int) -> LogLine.Level? {
        guard start + 6 < bytes.count else { return nil }
        let isKlog = (start + 1...start + 4).allSatisfy { LogText.isDigit(bytes[$0]) } && bytes[start + 5] == 0x20
        let isRuby = bytes[start + 1] == UInt8(ascii: ",") && bytes[start + 2] == 0x20 && bytes[start + 3] == UInt8(ascii: "[")
        if isKlog || isRuby {
            switch bytes[start] {
            case UInt8(ascii: "D"): return .debug
            case UInt8(ascii: "I"): return .info
            case UInt8(ascii: "W"): return .warning
            case UInt8(ascii: "E"): return .error
            case UInt8(ascii: "F"): return .fatal
            default: return nil
            }
        }
        return redis(bytes, from: start)
    }

    /// `1:M 23 Nov 2026 18:46:09.123 # text`: the mark after the time is the level.
    private static func redis(_ bytes: [UInt8], from start: Int) -> LogLine.Level? {
        guard LogText.isDigit(bytes[start]), let colon = bytes[start...].prefix(8).firstIndex(of: UInt8(ascii: ":")),
            colon + 26 < bytes.count,
            "MSCX".utf8.contains(bytes[colon + 1]), bytes[colon + 2] == 0x20
        else { return nil }
        for index in colon + 20..<min(colon + 32, bytes.count - 2) where bytes[index] == 0x20 && bytes[index + 2] == 0x20 {
            switch bytes[index + 1] {
            case UInt8(ascii: "."): return .debug
            case UInt8(ascii: "-"), UInt8(ascii: "*"): return .info
            // The gravest of its four levels, also that of the words with which it dies.
            case UInt8(ascii: "#"): return .error
            default: continue
            }
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        LogText.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }
}
