/// Writing JSON by hand, for documents that embed parts which are JSON text already.
public enum JSONText {
    /// `text` as a JSON string literal, quotes included; control characters are escaped.
    public static func quote(_ text: String) -> String {
        var result = "\""
        result.reserveCapacity(text.utf8.count + 2)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// An object from keys and values that are JSON text already, in the given order.
    public static func object(_ members: [(key: String, json: String)]) -> String {
        "{" + members.map { quote($0.key) + ":" + $0.json }.joined(separator: ",") + "}"
    }

    /// An array from values that are JSON text already.
    public static func array(_ elements: some Sequence<String>) -> String {
        "[" + elements.joined(separator: ",") + "]"
    }
}
