import FoundationEssentials
import IncidentModel

/// Times at the start of log lines, in the forms programs write them. Times without zone are read as UTC.
enum LogTime {
    /// Reads a time that starts at a position.
    /// - Returns: the position behind it and the time, which is `nil` for a time of day without date.
    static func read(_ bytes: [UInt8], at start: Int) -> (end: Int, time: Date?)? {
        if let date = dateAndTime(bytes, at: start) { return date }
        return clock(bytes, at: start).map { ($0, nil) }
    }

    /// `2026-11-23T18:46:09.123Z`, `2026-11-23 18:46:09,123`, `2026/11/23 18:46:09`, with optional zone.
    private static func dateAndTime(_ bytes: [UInt8], at start: Int) -> (end: Int, time: Date?)? {
        guard start + 19 <= bytes.count, digits(bytes, start, 4), digits(bytes, start + 5, 2), digits(bytes, start + 8, 2) else {
            return nil
        }
        let separator = bytes[start + 4]
        let middle = bytes[start + 10]
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/"), bytes[start + 7] == separator,
            middle == UInt8(ascii: "T") || middle == 0x20, var end = clock(bytes, at: start + 11)
        else { return nil }
        var text = Array(bytes[start..<end])
        text[4] = UInt8(ascii: "-")
        text[7] = UInt8(ascii: "-")
        text[10] = UInt8(ascii: "T")
        let zone = zone(bytes, at: end)
        end = zone.end
        text += zone.text
        return (end, text.withUnsafeBufferPointer { RFC3339.parse($0) })
    }

    /// `18:46:09`, with optional fraction.
    private static func clock(_ bytes: [UInt8], at start: Int) -> Int? {
        guard start + 8 <= bytes.count, digits(bytes, start, 2), digits(bytes, start + 3, 2), digits(bytes, start + 6, 2),
            bytes[start + 2] == UInt8(ascii: ":"), bytes[start + 5] == UInt8(ascii: ":")
        else { return nil }
        var end = start + 8
        if end + 1 < bytes.count, bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: ","), LogText.isDigit(bytes[end + 1]) {
            end += 1
            while end < bytes.count, LogText.isDigit(bytes[end]) { end += 1 }
        }
        return end
    }

    private static func zone(_ bytes: [UInt8], at start: Int) -> (end: Int, text: [UInt8]) {
        let utc = (start, [UInt8(ascii: "Z")])
        guard start < bytes.count else { return utc }
        if bytes[start] == UInt8(ascii: "Z") { return (start + 1, utc.1) }
        let sign = bytes[start] == 0x20 ? start + 1 : start
        if sign + 4 < bytes.count, bytes[sign] == UInt8(ascii: "+") || bytes[sign] == UInt8(ascii: "-"), digits(bytes, sign + 1, 2) {
            let colon = bytes[sign + 3] == UInt8(ascii: ":") ? 1 : 0
            if sign + 5 + colon <= bytes.count, digits(bytes, sign + 3 + colon, 2) {
                var text = Array(bytes[sign...sign + 2])
                text.append(UInt8(ascii: ":"))
                text += bytes[sign + 3 + colon...sign + 4 + colon]
                return (sign + 5 + colon, text)
            }
        }
        for word in [" UTC", " GMT"] where bytes[start...].starts(with: word.utf8) { return (start + 4, utc.1) }
        return utc
    }

    /// The time of a klog head such as `E1123 18:46:09.123456`, whose year is the newest that does not lie after `now`.
    static func klog(_ bytes: [UInt8], now: Date) -> Date? {
        guard bytes.count > 14, digits(bytes, 1, 4), let end = clock(bytes, at: 6) else { return nil }
        let year = Int(RFC3339.format(now).prefix(4)) ?? 1970
        for candidate in [year, year - 1] {
            var date = Array("\(candidate)-".utf8)
            date += bytes[1...2]
            date.append(UInt8(ascii: "-"))
            date += bytes[3...4]
            date.append(UInt8(ascii: "T"))
            date += bytes[6..<end]
            date.append(UInt8(ascii: "Z"))
            let time = date.withUnsafeBufferPointer { RFC3339.parse($0) }
            if let time, time <= now.addingTimeInterval(86_400) { return time }
        }
        return nil
    }

    private static func digits(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Bool {
        guard start + count <= bytes.count else { return false }
        for index in start..<start + count where !LogText.isDigit(bytes[index]) { return false }
        return true
    }
}
