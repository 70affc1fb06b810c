/// Lines of a report in two columns: a short label, and text that wraps beside it.
struct TextColumns {
    /// Cells of the label column.
    static let labelWidth = 12

    let width: Int
    let style: TextStyle
    private(set) var lines: [String] = []

    init(width: Int, style: TextStyle) {
        self.width = width
        self.style = style
    }

    mutating func blank() {
        if lines.last?.isEmpty == false { lines.append("") }
    }

    /// One paragraph over the full width.
    mutating func paragraph(_ text: String, indent: Int = 0, _ emphasis: TextStyle.Emphasis? = nil) {
        for line in Self.wrap(text, width: width - indent) {
            lines.append(String(repeating: " ", count: indent) + emphasise(line, emphasis))
        }
    }

    /// A labelled row; `hanging` indents the lines after the first.
    mutating func row(_ label: String, _ text: String, hanging: Int = 0, _ emphasis: TextStyle.Emphasis? = nil) {
        let space = String(repeating: " ", count: max(1, Self.labelWidth - label.count))
        let head = style(.cyan, label) + space
        let wrapped = Self.wrap(text, width: width - Self.labelWidth, hanging: hanging)
        for (index, line) in wrapped.enumerated() {
            lines.append((index == 0 ? head : String(repeating: " ", count: Self.labelWidth)) + emphasise(line, emphasis))
        }
    }

    /// Labelled rows: the label once, before the first.
    mutating func rows(_ label: String, _ texts: [String], hanging: Int = 2) {
        for (index, text) in texts.enumerated() { row(index == 0 ? label : "", text, hanging: hanging) }
    }

    private func emphasise(_ text: String, _ emphasis: TextStyle.Emphasis?) -> String {
        emphasis.map { style($0, text) } ?? text
    }

    /// Breaks safe text at spaces, and inside words that are wider than a line.
    static func wrap(_ text: String, width: Int, hanging: Int = 0) -> [String] {
        let pad = String(repeating: " ", count: hanging)
        var lines: [String] = []
        var line = String(text.prefix { $0 == " " })
        var cells = line.count
        let room = max(1, width - max(hanging, cells))
        var isStart = true
        for word in text.split(separator: " ") {
            for piece in pieces(of: word, width: room) {
                let needed = SafeText.cellCount(of: piece) + (isStart ? 0 : 1)
                if cells + needed > width, !isStart {
                    lines.append(line)
                    line = pad
                    cells = hanging
                    isStart = true
                }
                line += (isStart ? "" : " ") + piece
                cells += SafeText.cellCount(of: piece) + (isStart ? 0 : 1)
                isStart = false
            }
        }
        return lines + [line]
    }

    private static func pieces(of word: Substring, width: Int) -> [String] {
        guard SafeText.cellCount(of: word) > width else { return [String(word)] }
        var pieces = [""]
        var cells = 0
        for scalar in word.unicodeScalars {
            let wide = SafeText.cellCount(of: scalar)
            if cells + wide > width {
                pieces.append("")
                cells = 0
            }
            pieces[pieces.count - 1].unicodeScalars.append(scalar)
            cells += wide
        }
        return pieces
    }
}
