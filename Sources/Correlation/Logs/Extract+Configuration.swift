/// Settings, flags and configuration files.
extension Extract {
    /// The argument a program did not know.
    static func flag(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.name == nil else { return }
        if text.contains("unknown shorthand flag"), let start = text.after(" in ") { return subject.name = word(text, at: start) }
        var start = text.hit.upperBound
        while text[start] == 0x20 || text[start] == UInt8(ascii: ":") { start += 1 }
        if let quoted = text.quoted(at: start)?.text ?? text.quoted(at: start - 1)?.text { return subject.name = quoted }
        guard let found = word(text, at: start),
            found.first == "-" || found.utf8.count == 1 || text.hasPrefix("unrecognized arg", at: text.hit.lowerBound)
        else {
            return subject.name = words(text).first { $0.hasPrefix("-") && $0.utf8.count > 1 }
        }
        subject.name = found
    }

    /// The setting that is missing, from the surest place to the least sure.
    static func setting(_ text: LogText, _ subject: inout LogSubject) {
        settingStrict(text, &subject)
        guard subject.name == nil else { return }
        for lead in [
            "required key ", "arguments are required: ", "required flag(s) ", "value for ", "variable ", "variable: ",
            "missing required configuration ", "option ", "setting ",
        ] {
            guard let start = text.after(lead), let found = word(text, at: start), !fillers.contains(found.lowercased()) else { continue }
            return subject.name = found
        }
    }

    /// The setting that is missing, where its form alone shows that it is one: `DB_HOST`, `db.host`, `--listen`, a quoted name.
    static func settingStrict(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.name == nil else { return }
        // Pydantic names the field on the line before, and behind these words only what else it was given.
        if text.hasPrefix("field required", at: text.hit.lowerBound), text.hit.lowerBound < 3 { return }
        if let start = text.after("${"), let end = text.position(of: "}", from: start), end > start {
            return subject.name = String(text.string(start..<end).prefix { $0 != ":" })
        }
        if let start = text.after("placeholder '"), let quoted = text.quoted(at: start - 1)?.text {
            return subject.name = String(quoted.prefix { $0 != ":" })
        }
        let found = variables(in: text)
        let behind = found.first { $0.lowerBound >= text.hit.upperBound }
        let before = found.last { $0.lowerBound < text.hit.upperBound }
        let isKeyError = text.hasPrefix("keyerror", at: text.hit.lowerBound)
        if let range = isKeyError ? behind : nearest(before, behind, text) { return subject.name = text.string(range) }
        guard !isKeyError, let word = adjacentSetting(text) else { return }
        subject.name = word
    }

    private static func nearest(_ before: Range<Int>?, _ behind: Range<Int>?, _ text: LogText) -> Range<Int>? {
        guard let before, let behind else { return before ?? behind }
        return text.hit.lowerBound - before.upperBound <= behind.lowerBound - text.hit.upperBound ? before : behind
    }

    /// `--listen is required`, `spring.datasource.url is not set`: the word right before the matched ones.
    private static func adjacentSetting(_ text: LogText) -> String? {
        var end = text.runStart(before: text.hit.lowerBound) { $0 == 0x20 || LogText.isQuote($0) || $0 == UInt8(ascii: ":") }
        for helper in [" variable", " setting", " option", " property", " key", " flag", " parameter", " field"]
        where text.hasPrefix(helper, at: end - helper.utf8.count) {
            end = text.runStart(before: end - helper.utf8.count) { $0 == 0x20 || LogText.isQuote($0) }
        }
        let begin = text.runStart(before: end) { LogText.isAlphanumeric($0) || "._-".utf8.contains($0) }
        let name = text.string(begin..<end)
        guard name.utf8.count >= 3 else { return nil }
        let isFlag = name.hasPrefix("--")
        let isDotted = name.contains(".") && !name.hasSuffix(".") && !(name.first?.isNumberOrDot ?? true)
        let isCompound = name.contains("_") || (LogText.isQuote(text[begin - 1]) && !text.folded[begin..<end].isEmpty)
        let isCamel = name.dropFirst().contains { $0.isUppercase } && name.first?.isLowercase == true
        return isFlag || isDotted || isCompound || isCamel ? name : nil
    }

    /// Words like `DB_HOST`: capitals, digits and at least one underscore, or any such word in quotes.
    private static func variables(in text: LogText) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var index = 0
        while index < text.count {
            let run = text.run(from: index) { LogText.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
            defer { index = max(run.upperBound, index + 1) }
            guard run.count >= 3, run.count <= 100, run.allSatisfy({ text.bytes[$0] < 0x61 || text.bytes[$0] == UInt8(ascii: "_") }),
                LogText.isLetter(text[run.lowerBound]) || text[run.lowerBound] == UInt8(ascii: "_")
            else { continue }
            let isQuoted = LogText.isQuote(text[run.lowerBound - 1]) && LogText.isQuote(text[run.upperBound])
            let isNamed = text.hasPrefix("variable ", at: run.lowerBound - 9) || text.hasPrefix("variable: ", at: run.lowerBound - 10)
            let hasUnderscore = run.contains { text.bytes[$0] == UInt8(ascii: "_") }
            if (hasUnderscore || isQuoted || isNamed) && !text.string(run).hasPrefix("ERR_") { result.append(run) }
        }
        return result
    }

    /// The file that holds a malformed setting, by its name's end.
    static func configurationFile(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.path == nil else { return }
        for word in words(text) {
            var name = word
            while let colon = name.lastIndex(of: ":") { name = String(name[..<colon]) }
            guard let dot = name.lastIndex(of: "."), configurationSuffixes.contains(name[name.index(after: dot)...].lowercased()),
                !name.contains("://")
            else { continue }
            return subject.path = name
        }
    }

    /// The key or directive that is malformed.
    static func settingNear(_ text: LogText, _ subject: inout LogSubject) {
        for lead in [
            "key ", "directive ", "parameter ", "field ", "property ", "option ", "setting ", "variable ", "number of arguments in ",
            "invalid argument ", "argument ", "value for ",
            "properties under ", "unknown plugin ", "unknown variable ",
        ] {
            quoted(after: lead)(text, &subject)
        }
        guard subject.name == nil, let range = variables(in: text).first else { return }
        subject.name = text.string(range)
    }

    /// The words of a text without the punctuation around them.
    private static func words(_ text: LogText) -> [String] {
        text.bytes.split { $0 <= 0x20 || LogText.isQuote($0) || ",;()[]{}=".utf8.contains($0) }.prefix(200).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static let fillers: Set<String> = [
        "is", "are", "not", "the", "a", "in", "for", "must", "required", "missing", "was", "has", "to", "of", "and", "or", "and/or",
    ]
    private static let configurationSuffixes: Set<String> = [
        "yaml", "yml", "json", "toml", "conf", "cfg", "ini", "properties", "xml", "cnf", "config", "env", "tf", "hcl", "cf", "vcl",
    ]
}

extension Character {
    fileprivate var isNumberOrDot: Bool { isNumber || self == "." }
}
