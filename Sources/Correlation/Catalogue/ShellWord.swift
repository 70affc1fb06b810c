/// Text from a cluster as part of one word of a shell command. What a cluster says is hostile until proven harmless.
enum ShellWord {
    /// The value as it may stand in a command: bare where it is plain, else in single quotes. `nil` where no quoting makes it safe to
    /// paste: an empty value, one that would be read as an option, or one with control characters.
    static func quoted(_ value: String) -> String? {
        guard let first = value.first, first != "-", !value.unicodeScalars.contains(where: isInvisible) else { return nil }
        if value.unicodeScalars.allSatisfy(isPlain) { return value }
        return "'" + value.replacing("'", with: "'\\''") + "'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", ".", "_", ":", "/", "=", "@", "-": true
        default: false
        }
    }

    /// Control and formatting characters: a terminal obeys them, and a reader cannot see them.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
