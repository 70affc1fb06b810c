public import FastJSON

/// Writes JSON values as indented JSON or YAML, losing nothing: characters that could drive a terminal or hide text are written as escapes.
public enum StructuredDocument {
    /// Indented JSON with a newline at the end.
    public static func json(_ value: JSONValue) -> String {
        var text = ""
        writeJSON(value, indent: "", into: &text)
        return text + "\n"
    }

    /// YAML in block style with a newline at the end; every string is quoted, so that none can be read as another type (YAML 1.2).
    public static func yaml(_ value: JSONValue) -> String {
        var text = ""
        writeYAML(value, indent: "", isInline: true, into: &text)
        return text + "\n"
    }

    private enum Notation { case json, yaml }

    private static func quote(_ string: String, _ notation: Notation) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where SafeText.isSafe(scalar): text.unicodeScalars.append(scalar)
            case _ where notation == .yaml && scalar.value > 0xFFFF: text += "\\U" + hex(scalar.value, digits: 8)
            default: text += String(scalar).utf16.map { "\\u" + hex(UInt32($0), digits: 4) }.joined()
            }
        }
        return text + "\""
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    private static func scalar(_ value: JSONValue, _ notation: Notation) -> String {
        value.string.map { quote($0, notation) } ?? value.serialized
    }

    private static func writeJSON(_ value: JSONValue, indent: String, into text: inout String) {
        let below = indent + "  "
        switch value.kind {
        case .object where value.count > 0:
            text += "{\n"
            for (index, member) in value.members.enumerated() {
                text += (index > 0 ? ",\n" : "") + below + quote(member.key, .json) + ": "
                writeJSON(member.value, indent: below, into: &text)
            }
            text += "\n" + indent + "}"
        case .array where value.count > 0:
            text += "[\n"
            for (index, element) in value.array.enumerated() {
                text += (index > 0 ? ",\n" : "") + below
                writeJSON(element, indent: below, into: &text)
            }
            text += "\n" + indent + "]"
        default: text += scalar(value, .json)
        }
    }

    /// - Parameter isInline: whether the text stands where the first line may begin.
    private static func writeYAML(_ value: JSONValue, indent: String, isInline: Bool, into text: inout String) {
        let items: [(head: String, value: JSONValue)]
        switch value.kind {
        case .object where value.count > 0: items = value.members.map { (key($0.key) + ":", $0.value) }
        case .array where value.count > 0: items = value.array.map { ("-", $0) }
        default:
            text += scalar(value, .yaml)
            return
        }
        for (index, item) in items.enumerated() {
            text += (index == 0 && isInline ? "" : "\n" + indent) + item.head
            let isNested = item.value.count > 0 && item.value.kind != .string
            // The first member of an element stands on the line of its dash.
            let isOnDash = item.head == "-" && item.value.kind == .object
            text += isNested && !isOnDash ? "" : " "
            writeYAML(item.value, indent: indent + "  ", isInline: isOnDash, into: &text)
        }
    }

    private static func key(_ key: String) -> String {
        let isWord = !key.isEmpty && key.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || $0 == "_" }
        return isWord && !readAsOtherTypes.contains(key) ? key : quote(key, .yaml)
    }

    // Words that readers of YAML 1.1 or 1.2 take for booleans or null.
    private static let readAsOtherTypes: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
}
