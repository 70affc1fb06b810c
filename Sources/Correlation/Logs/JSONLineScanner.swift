/// Walks a JSON object that may be cut short, without building a tree. Damage ends the walk quietly: a log is no contract.
struct JSONLineScanner {
    enum Value {
        case text([UInt8])
        case other([UInt8])

        var bytes: [UInt8] {
            switch self {
            case .text(let bytes), .other(let bytes): bytes
            }
        }
    }

    private let bytes: [UInt8]
    private var index = 0
    private static let maximumDepth = 5

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Calls `visit` with name in lower case, names of the enclosing members, and value of each scalar member.
    mutating func readObject(depth: Int, path: [String] = [], visit: (String, [String], Value) -> Void) {
        guard take(UInt8(ascii: "{")) else { return }
        while index < bytes.count {
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            guard let name = readString(), skipSpace(), take(UInt8(ascii: ":")) else {
                index = bytes.count
                return
            }
            skipSpace()
            readValue(named: String(decoding: name.map(LogText.fold), as: UTF8.self), depth: depth, path: path, visit: visit)
            skipSpace()
            if !take(UInt8(ascii: ",")), !(index < bytes.count && bytes[index] == UInt8(ascii: "}")) {
                index = bytes.count
            }
        }
    }

    private mutating func readValue(named name: String, depth: Int, path: [String], visit: (String, [String], Value) -> Void) {
        guard index < bytes.count else { return }
        switch bytes[index] {
        case UInt8(ascii: "\""):
            if let text = readString() { visit(name, path, .text(text)) }
        case UInt8(ascii: "{") where depth < Self.maximumDepth:
            readObject(depth: depth + 1, path: path + [name], visit: visit)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            skipNested()
        default:
            let start = index
            while index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "}") { index += 1 }
            visit(name, path, .other(Array(bytes[start..<index])))
        }
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipNested() {
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                _ = readString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
            if depth == 0 { return }
        }
    }

    /// The text of a string, escapes resolved; one that is cut short counts as far as it goes.
    private mutating func readString() -> [UInt8]? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") { index += 1 }
        var result = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return result }
            if byte == UInt8(ascii: "\\") { readEscape(into: &result) } else { result.append(byte) }
        }
        return result
    }

    private mutating func readEscape(into result: inout [UInt8]) {
        guard index < bytes.count else { return }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): result.append(0x0a)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"): result.append(0x20)
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self)
            index = min(index + 4, bytes.count)
            guard let code = UInt32(digits, radix: 16), code >= 0x20, let scalar = Unicode.Scalar(code) else { return }
            result += Array(String(Character(scalar)).utf8)
        default: result.append(byte)
        }
    }
}

/// Reads `key=value key="quoted value"` lines.
enum LogfmtScanner {
    /// Whether a line begins with a pair and has a second one.
    static func looksLikeLogfmt(_ text: [UInt8]) -> Bool {
        guard let equals = text.prefix(32).firstIndex(of: UInt8(ascii: "=")), equals > 0, text[..<equals].allSatisfy(isKeyByte),
            text[equals + 1..<text.count].contains(UInt8(ascii: "="))
        else { return false }
        return true
    }

    static func read(_ text: [UInt8], visit: (String, [UInt8]) -> Void) {
        var index = 0
        while index < text.count {
            while index < text.count, !isKeyByte(text[index]) { index += 1 }
            let start = index
            while index < text.count, isKeyByte(text[index]) { index += 1 }
            guard index < text.count, text[index] == UInt8(ascii: "="), start < index else { continue }
            let name = String(decoding: text[start..<index].map(LogText.fold), as: UTF8.self)
            index += 1
            visit(name, value(text, &index))
        }
    }

    private static func value(_ text: [UInt8], _ index: inout Int) -> [UInt8] {
        guard index < text.count else { return [] }
        var result: [UInt8] = []
        guard text[index] == UInt8(ascii: "\"") else {
            while index < text.count, text[index] > 0x20 {
                result.append(text[index])
                index += 1
            }
            return result
        }
        index += 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count {
                index += 1
                result.append(text[index] == UInt8(ascii: "n") ? 0x0a : text[index])
            } else {
                result.append(text[index])
            }
            index += 1
        }
        index += 1
        return result
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        LogText.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "@")
    }
}
