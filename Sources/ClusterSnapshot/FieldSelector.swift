import FastJSON

/// A field selector such as `spec.nodeName=worker-1,status.phase!=Running`: dotted paths compared with values.
///
/// The API server allows a few paths a kind; a snapshot has no index to protect, so every path works.
struct FieldSelector: Sendable {
    struct Failure: Error {
        let message: String
    }

    private struct Term {
        let path: [String]
        let value: String
        let mustEqual: Bool
    }

    private let terms: [Term]

    init(parsing text: String) throws(Failure) {
        var terms: [Term] = []
        for part in Self.split(text) where !part.isEmpty { terms.append(try Self.term(part)) }
        self.terms = terms
    }

    func matches(_ item: JSONValue) -> Bool {
        terms.allSatisfy { (Self.value(at: $0.path, in: item) == $0.value) == $0.mustEqual }
    }

    private static func value(at path: [String], in item: JSONValue) -> String {
        // The one path of the API that is not the path in the object.
        let path = path == ["source"] ? ["source", "component"] : path
        let value = path.reduce(item) { $0[$1] }
        switch value.kind {
        case .string: return value.string ?? ""
        case .bool, .integer, .double: return value.serialized
        case .missing, .null, .array, .object: return ""
        }
    }

    /// Splits at commas; a backslash takes the next character for itself.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped { parts.append("") } else { parts[parts.count - 1].append(character) }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    private static func term(_ text: String) throws(Failure) -> Term {
        guard let equals = text.firstIndex(of: "=") else {
            throw Failure(message: "invalid selector: '\(text.prefix(80))'; can't understand '\(text.prefix(80))'")
        }
        var path = text[..<equals]
        var value = text[text.index(after: equals)...]
        let mustEqual = path.last != "!"
        if !mustEqual { path.removeLast() } else if value.first == "=" { value.removeFirst() }
        let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard keys.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || "-_/".contains($0) } }) else {
            throw Failure(message: "invalid selector: '\(text.prefix(80))'; '\(path.prefix(80))' is no field path")
        }
        return Term(path: keys, value: try unescaped(value), mustEqual: mustEqual)
    }

    private static func unescaped(_ text: Substring) throws(Failure) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                guard "\\,=".contains(character) else { throw Failure(message: "invalid field selector: unknown escape \\\(character)") }
                result.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "=" {
                throw Failure(message: "invalid field selector: invalid value: unescaped '='")
            } else {
                result.append(character)
            }
        }
        guard !isEscaped else { throw Failure(message: "invalid field selector: it ends with a backslash") }
        return result
    }
}
