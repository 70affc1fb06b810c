extension DescriptionReading {
    private static let longestText = 4_000
    private static let zones: Set<String> = ["utc", "gmt", "z", "am", "pm", "a.m.", "p.m.", "cet", "cest", "est", "edt", "pst", "pdt"]
    private static let units: Set<String> = [
        "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hour", "hours", "d", "day", "days",
    ]

    /// When it happens, in the words of the text: a date, a time of day, or how long ago; the first of them.
    static func time(in text: String) -> String? {
        let words = text.prefix(longestText).split { $0.isWhitespace || "()[]{}<>,;\"'“”„«»".contains($0) }
            .map { word in String(word.last.map { ".:!?".contains($0) } ?? false ? word.dropLast() : word) }
        for (index, word) in words.enumerated() {
            let next = index + 1 < words.count ? words[index + 1] : ""
            if isDate(word) { return isClock(next) ? "\(word) \(next)" : word }
            if isClock(word) { return zones.contains(next.lowercased()) ? "\(word) \(next)" : word }
            let hasUnit = units.contains(next.lowercased())
            let end = index + (hasUnit ? 2 : 1)
            guard word.first?.isNumber == true, end < words.count, words[end].lowercased() == "ago" else { continue }
            let letters = word.drop(while: \.isNumber).lowercased()
            if hasUnit ? letters.isEmpty : units.contains(letters) { return words[index...end].joined(separator: " ") }
        }
        return nil
    }

    // 2026-11-27, or 2026-11-27T09:10:11Z.
    private static func isDate(_ word: String) -> Bool {
        let date = Array(word.utf8.prefix(11))
        guard date.count >= 10, date[4] == UInt8(ascii: "-"), date[7] == UInt8(ascii: "-") else { return false }
        guard [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy({ (0x30...0x39).contains(date[$0]) }) else { return false }
        return date.count == 10 || date[10] == UInt8(ascii: "T")
    }

    // 9:10, 09:10:11, 09:10Z; no address with a port.
    private static func isClock(_ word: String) -> Bool {
        let parts = (word.lowercased().hasSuffix("z") ? word.dropLast() : word[...]).split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            (1...2).contains(parts[0].count), let hour = Int(parts[0]), hour < 24
        else { return false }
        return parts.dropFirst().allSatisfy { $0.count == 2 && (Int($0) ?? 60) < 60 }
    }
}
