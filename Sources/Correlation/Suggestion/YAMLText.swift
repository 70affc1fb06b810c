/// A small manifest on its way to text. Values come from a cluster, so what is not plain is quoted, and what cannot be seen is refused.
indirect enum YAMLText {
    case text(String)
    case number(Int)
    case map([(String, YAMLText)])
    case list([YAMLText])

    /// A map of texts, by key.
    static func strings(_ map: [String: String]) -> YAMLText {
        .map(map.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    }

    /// Block style without a newline at the end; `nil` where a value has invisible characters.
    var text: String? {
        var lines: [String] = []
        return write(indent: 0, into: &lines) ? lines.joined(separator: "\n") : nil
    }

    private func write(indent: Int, into lines: inout [String]) -> Bool {
        let space = String(repeating: " ", count: indent)
        switch self {
        case .text(let value):
            guard let quoted = Self.quoted(value) else { return false }
            lines.append(space + quoted)
        case .number(let value): lines.append(space + String(value))
        case .map(let members):
            for (key, value) in members {
                guard let key = Self.quoted(key) else { return false }
                guard value.put(after: space + key + ":", indent: indent + 2, into: &lines) else { return false }
            }
        case .list(let elements):
            for element in elements {
                let start = lines.count
                guard element.write(indent: indent + 2, into: &lines), start < lines.count else { return false }
                // The first line of an element stands on the line of its dash.
                lines[start] = space + "- " + lines[start].dropFirst(indent + 2)
            }
        }
        return true
    }

    private func put(after head: String, indent: Int, into lines: inout [String]) -> Bool {
        switch self {
        case .text(let value):
            guard let quoted = Self.quoted(value) else { return false }
            lines.append(head + " " + quoted)
            return true
        case .number(let value):
            lines.append(head + " \(value)")
            return true
        case .map, .list:
            lines.append(head)
            return write(indent: indent, into: &lines)
        }
    }

    /// Bare where YAML reads it as the same text (a word that begins with a letter), else in double quotes.
    private static func quoted(_ value: String) -> String? {
        guard !value.unicodeScalars.contains(where: ShellWord.isInvisible) else { return nil }
        let isPlain = value.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || "-./_".unicodeScalars.contains($0)
        }
        let other: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        if isPlain, let first = value.first, first.isLetter, !other.contains(value.lowercased()) { return value }
        return "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
