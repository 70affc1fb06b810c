/// A sentence or command with placeholders, taken apart. Values go in afterwards and are never read again, so that a value which
/// looks like a placeholder stays text.
struct CauseTemplate {
    enum Piece: Hashable {
        case text(String)
        /// The word between the braces.
        case hole(String)
    }

    let pieces: [Piece]

    /// Reads `{word}` of lower-case letters as a hole; any other brace, such as those of a JSONPath, is text.
    init(_ template: String) {
        var pieces: [Piece] = []
        var text = ""
        var rest = template[...]
        while let character = rest.first {
            let word = rest.dropFirst().prefix { $0.isASCII && ($0.isLowercase || $0 == "_") }
            let after = rest.dropFirst(1 + word.count)
            if character == "{", !word.isEmpty, after.first == "}" {
                if !text.isEmpty { pieces.append(.text(text)) }
                text = ""
                pieces.append(.hole(String(word)))
                rest = after.dropFirst()
            } else {
                text.append(character)
                rest = rest.dropFirst()
            }
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        self.pieces = pieces
    }

    /// The names of its holes.
    var holes: [String] {
        pieces.compactMap { if case .hole(let name) = $0 { name } else { nil } }
    }

    /// The text with every hole filled; `nil` where `value` has nothing for one of them.
    func filled(_ value: (String) -> String?) -> String? {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .hole(let name):
                guard let filling = value(name) else { return nil }
                result += filling
            }
        }
        return result
    }
}
