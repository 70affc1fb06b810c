import FoundationEssentials
import IncidentModel

/// A recorded log, cut as the kubelet cuts a live one.
struct StoredLog {
    let text: String

    /// - Parameters:
    ///   - tailLines: last lines to keep, `nil` for all.
    ///   - since: drops lines written before; a line without a time belongs to the line above it.
    ///   - limitBytes: first bytes of what is left.
    ///   - hasTimestamps: `false` removes the time at the start of each line.
    func cut(tailLines: Int?, since: Date?, limitBytes: Int?, hasTimestamps: Bool) -> String {
        if tailLines == nil, since == nil, limitBytes == nil, hasTimestamps { return text }
        let bytes = Array(text.utf8)
        var lines = Self.lines(of: bytes)
        if let tailLines { lines = lines.suffix(max(0, tailLines)) }
        var output: [UInt8] = []
        var isWanted = true
        for line in lines {
            let (time, content) = Self.time(at: line)
            if let since, let time { isWanted = time >= since }
            if isWanted { output.append(contentsOf: hasTimestamps ? line : content) }
            if let limitBytes, output.count >= limitBytes { break }
        }
        return String(decoding: Self.prefix(of: output, bytes: limitBytes), as: UTF8.self)
    }

    /// Lines with their newline. (Characters will not do: `\r\n` is a single one.)
    private static func lines(of bytes: [UInt8]) -> ArraySlice<ArraySlice<UInt8>> {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            lines.append(bytes[start..<end])
            start = end
        }
        return lines[...]
    }

    private static func time(at line: ArraySlice<UInt8>) -> (Date?, ArraySlice<UInt8>) {
        guard let space = line.prefix(40).firstIndex(of: UInt8(ascii: " ")) else { return (nil, line) }
        let stamp = line[..<space]
        guard let time = stamp.withUnsafeBufferPointer({ RFC3339.parse($0) }) else { return (nil, line) }
        return (time, line[(space + 1)...])
    }

    /// At most `bytes` bytes, ending with a whole character.
    private static func prefix(of output: [UInt8], bytes: Int?) -> ArraySlice<UInt8> {
        guard let bytes, output.count > bytes else { return output[...] }
        var end = max(0, bytes)
        while end > 0, output[end] & 0xC0 == 0x80 { end -= 1 }
        return output[..<end]
    }
}
