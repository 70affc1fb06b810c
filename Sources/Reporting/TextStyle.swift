/// Emphasis of terminal text; without colour it is plain.
struct TextStyle: Sendable {
    enum Emphasis: String {
        case bold = "1"
        case dim = "2"
        case red = "1;31"
        case yellow = "1;33"
        case green = "1;32"
        case cyan = "36"
    }

    let hasColour: Bool

    func callAsFunction(_ emphasis: Emphasis, _ text: String) -> String {
        hasColour && !text.isEmpty ? "\u{1B}[\(emphasis.rawValue)m\(text)\u{1B}[0m" : text
    }
}
