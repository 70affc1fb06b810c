/// Makes text from a cluster, a request or a model safe to show: what a terminal or a reader's eye could be tricked with becomes visible.
///
/// Names, log lines and messages are written by whoever runs in the cluster. Control characters drive terminals (ECMA-48), bidirectional
/// overrides reorder what is read (Unicode UAX #9), and ignorable characters hide words.
public enum SafeText {
    /// More marks than this on one character only serve to smear it over its neighbours' lines.
    private static let mostMarks = 3

    /// `text` on one line, with every unsafe scalar as a visible escape, cut to a readable length.
    /// - Parameter limit: most terminal cells of the result, the closing `…` included.
    public static func line(_ text: String, limit: Int = .max) -> String {
        var result = ""
        var cells = 0
        var marks = 0
        var lastFit = result.endIndex
        for scalar in text.unicodeScalars {
            let width = cellCount(of: scalar)
            marks = width == 0 ? marks + 1 : 0
            let isVisible = isSafe(scalar) && marks <= mostMarks
            let piece = scalar == "\t" ? " " : isVisible ? String(scalar) : escape(scalar)
            cells += isVisible && scalar != "\t" ? width : piece.count
            if cells > limit { return String(result[..<lastFit]) + "…" }
            result.unicodeScalars.append(contentsOf: piece.unicodeScalars)
            if cells < limit { lastFit = result.endIndex }
        }
        return result
    }

    /// Whether a scalar may be shown as it is.
    static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20 && scalar.value < 0x7F { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
        default: break
        }
        // Fillers are letters to Unicode and blanks to the eye; the two presentation selectors only choose a picture.
        return !scalar.properties.isDefaultIgnorableCodePoint || scalar.value == 0xFE0E || scalar.value == 0xFE0F
    }

    /// Terminal cells that a safe scalar takes: none for marks, two for East Asian wide characters and pictures (UAX #11).
    static func cellCount(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// Terminal cells of safe text.
    static func cellCount(of text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + cellCount(of: $1) }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        default:
            let hex = String(scalar.value, radix: 16)
            if scalar.value < 0x100 { return "\\x" + (hex.count < 2 ? "0" : "") + hex }
            return "\\u{\(hex)}"
        }
    }
}
