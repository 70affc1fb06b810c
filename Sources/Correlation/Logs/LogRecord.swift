import FoundationEssentials
import IncidentModel

/// One line of a log, taken apart.
struct LogRecord: Sendable {
    let number: Int
    let time: Date?
    let level: LogLine.Level?
    /// The line without leading times.
    let text: [UInt8]
    /// What the program said; differs from `text` where the line is JSON or logfmt.
    let message: [UInt8]
    /// Members of a structured line that say where or whom it concerns, such as `address=10.0.0.7:80`.
    let context: [UInt8]
    /// Lines of a stack trace that a structured line carries in a member.
    let embedded: [[UInt8]]
    let isStructured: Bool
    /// Whether the program wrote a time of its own, so that the line cannot continue another.
    let hasOwnTime: Bool
    let isIndented: Bool

    var isBlank: Bool { text.allSatisfy { $0 <= 0x20 } }

    /// Whether the line begins an entry for sure.
    var startsEntry: Bool { isStructured || hasOwnTime || level != nil }

    var line: LogLine {
        LogLine(
            text: String(decoding: text, as: UTF8.self), message: isStructured ? String(decoding: message, as: UTF8.self) : nil,
            time: time, level: level, number: number)
    }
}

extension LogRecord {
    /// Takes a raw line apart; terminal sequences and control characters are dropped.
    init(_ raw: UnsafeBufferPointer<UInt8>, number: Int, now: Date) {
        let (kubeletTime, offset) = Self.kubeletTime(raw)
        let bytes = Self.cleaned(raw[offset...])
        let indent = bytes.first == 0x20 || bytes.first == 0x09
        let begin = bytes.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
        var text = bytes
        var ownTime: (end: Int, time: Date?)?
        if begin < 2, let time = LogTime.read(bytes, at: begin) {
            ownTime = time
            let rest = bytes[time.end...]
            text = Array(rest.drop { $0 == 0x20 || $0 == 0x09 })
        }
        let structured = StructuredLine(text)
        let start = ownTime == nil ? begin : 0
        let level = structured.map(\.level) ?? LogLine.Level.find(in: text, from: start)
        let bracketTime = start < text.count && text[start] == UInt8(ascii: "[") ? LogTime.read(text, at: start + 1) : nil
        let ownDate = ownTime?.time ?? bracketTime?.time ?? structured?.time ?? LogTime.klog(text, now: now)
        self.init(
            number: number, time: kubeletTime ?? ownDate, level: level, text: text, message: structured?.message ?? text,
            context: structured?.context ?? [], embedded: structured?.embedded ?? [], isStructured: structured != nil,
            hasOwnTime: ownTime != nil || bracketTime != nil || ownDate != nil, isIndented: indent && ownTime == nil && level == nil)
    }

    /// The time the kubelet puts in front of each line, and where the line proper begins.
    private static func kubeletTime(_ raw: UnsafeBufferPointer<UInt8>) -> (Date?, Int) {
        guard raw.count >= 20, raw[4] == UInt8(ascii: "-"), raw[10] == UInt8(ascii: "T"),
            let end = raw.prefix(40).firstIndex(of: 0x20) ?? (raw.count < 40 ? raw.count : nil),
            let time = RFC3339.parse(UnsafeBufferPointer(rebasing: raw[..<end]))
        else { return (nil, 0) }
        return (time, min(end + 1, raw.count))
    }

    private static func cleaned(_ raw: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        if !raw.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7f }) { return Array(raw) }
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            index += 1
            if byte == 0x1b, index < raw.endIndex, raw[index] == UInt8(ascii: "[") {
                index += 1
                while index < raw.endIndex, !(0x40...0x7e).contains(raw[index]) { index += 1 }
                index = min(index + 1, raw.endIndex)
            } else if byte == 0x09 || (byte >= 0x20 && byte != 0x7f) {
                result.append(byte)
            }
        }
        return result
    }
}
