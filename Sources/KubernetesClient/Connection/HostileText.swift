/// Words of a server, a plugin or a file, made fit to stand in an error message.
enum HostileText {
    /// One line without control characters, cut after `limit` characters.
    static func line(_ text: some StringProtocol, limit: Int = 1_000) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return String(result) + "…" }
            let isUnsafe =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
                default: false
                }
            // Runs of them become one space: line breaks of a message still separate its words.
            if isUnsafe {
                if result.last != " ", !result.isEmpty { result.append(" ") }
            } else {
                result.append(scalar)
            }
            count += 1
        }
        while result.last == " " { result.removeLast() }
        return String(result)
    }
}
