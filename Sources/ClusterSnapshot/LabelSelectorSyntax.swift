import ClusterModel

/// The text form of a label selector, e.g. `app=cart,tier in (a,b),!canary`, as the API server parses it.
enum LabelSelectorSyntax {
    struct Failure: Error {
        let message: String
    }

    static func parse(_ text: String) throws(Failure) -> LabelSelector {
        var rest = text[...]
        var requirements: [LabelSelector.Requirement] = []
        skipSpace(&rest)
        guard !rest.isEmpty else { return LabelSelector() }
        while true {
            requirements.append(try requirement(&rest))
            skipSpace(&rest)
            if rest.isEmpty { return LabelSelector(matchExpressions: requirements) }
            guard rest.first == "," else { throw unexpected(rest) }
            rest.removeFirst()
        }
    }

    private static func requirement(_ rest: inout Substring) throws(Failure) -> LabelSelector.Requirement {
        skipSpace(&rest)
        if rest.first == "!" {
            rest.removeFirst()
            return LabelSelector.Requirement(key: try key(&rest), operator: .doesNotExist)
        }
        let key = try key(&rest)
        skipSpace(&rest)
        guard let next = rest.first, next != "," else { return LabelSelector.Requirement(key: key, operator: .exists) }
        for (sign, `operator`) in signs where rest.hasPrefix(sign) {
            rest.removeFirst(sign.count)
            let value = try value(&rest)
            if `operator` == .greaterThan || `operator` == .lessThan, Int(value) == nil {
                throw Failure(
                    message: "values[0][\(key)]: Invalid value: \"\(value)\": for 'Gt', 'Lt' operators, the value must be an integer")
            }
            return LabelSelector.Requirement(key: key, operator: `operator`, values: [value])
        }
        let word = rest.prefix { $0.isLetter }
        guard word == "in" || word == "notin" else { throw unexpected(rest) }
        rest.removeFirst(word.count)
        return LabelSelector.Requirement(key: key, operator: word == "in" ? .in : .notIn, values: try set(&rest))
    }

    // Longer signs first, so that `==` is not read as `=` and an empty value.
    private static let signs: [(String, LabelSelector.Requirement.Operator)] = [
        ("==", .in), ("!=", .notIn), ("=", .in), (">", .greaterThan), ("<", .lessThan),
    ]

    private static func set(_ rest: inout Substring) throws(Failure) -> [String] {
        skipSpace(&rest)
        guard rest.first == "(" else { throw unexpected(rest) }
        rest.removeFirst()
        var values: [String] = []
        while true {
            values.append(try value(&rest))
            skipSpace(&rest)
            guard let next = rest.first, next == "," || next == ")" else { throw unexpected(rest) }
            rest.removeFirst()
            if next == ")" { return values }
        }
    }

    private static func key(_ rest: inout Substring) throws(Failure) -> String {
        skipSpace(&rest)
        let key = rest.prefix { isWordPart($0) || $0 == "/" }
        rest.removeFirst(key.count)
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last, isWord(name), parts.count < 2 || isPrefix(parts[0]) else {
            throw key.isEmpty ? unexpected(rest) : Failure(message: "unable to parse requirement: key: Invalid value: \"\(key)\"")
        }
        return String(key)
    }

    private static func value(_ rest: inout Substring) throws(Failure) -> String {
        skipSpace(&rest)
        let value = rest.prefix(while: isWordPart)
        rest.removeFirst(value.count)
        guard value.isEmpty || isWord(value) else {
            throw Failure(message: "unable to parse requirement: values: Invalid value: \"\(value)\"")
        }
        return String(value)
    }

    private static func skipSpace(_ rest: inout Substring) {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    private static func isWordPart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_" || character == ".")
    }

    /// A label name or value: at most 63 characters, first and last a letter or digit.
    private static func isWord(_ text: Substring) -> Bool {
        guard let first = text.first, let last = text.last, text.count <= 63 else { return false }
        return [first, last].allSatisfy { $0.isLetter || $0.isNumber }
    }

    private static func isPrefix(_ text: Substring) -> Bool {
        !text.isEmpty && text.count <= 253 && !text.contains("_") && text.first != "-" && text.first != "."
    }

    private static func unexpected(_ rest: Substring) -> Failure {
        rest.isEmpty
            ? Failure(message: "unable to parse requirement: it ends too early")
            : Failure(message: "unable to parse requirement: found '\(rest.prefix(40))' where it was not expected")
    }
}
