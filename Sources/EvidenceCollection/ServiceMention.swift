/// Names of Services inside text: environment values, arguments, configuration files and log lines.
enum ServiceMention {
    /// Longer texts are read from their end: logs grow there.
    private static let mostBytes = 64 << 10

    /// Namespaces of names of the form `service.namespace.svc`.
    static func namespaces(in text: String) -> Set<String> {
        guard holdsMark(text) else { return [] }
        return Set(hosts(in: text).compactMap { $0.count >= 3 && $0[2] == "svc" ? String($0[1]) : nil })
    }

    /// Words of the text that may be host names, split at their dots.
    static func hosts(in text: String) -> [[Substring]] {
        let tail = text.utf8.count <= mostBytes ? Substring(text) : Substring(decoding: text.utf8.suffix(mostBytes), as: UTF8.self)
        return tail.utf8.split { !isHostByte($0) }.filter { $0.count <= 253 }.map { Substring($0).split(separator: ".") }
    }

    /// Whether `.svc` occurs: a quick look, for few of many texts hold one.
    private static func holdsMark(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count >= 4 else { return false }
            return (0...bytes.count - 4).contains { index in
                bytes[index] == UInt8(ascii: ".") && bytes[index + 1] == UInt8(ascii: "s") && bytes[index + 2] == UInt8(ascii: "v")
                    && bytes[index + 3] == UInt8(ascii: "c")
            }
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
}
