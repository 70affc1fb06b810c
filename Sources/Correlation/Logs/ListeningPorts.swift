/// Where a program says it listens.
enum ListeningPorts {
    /// The port behind words such as "listening on", or in the members of a structured line.
    static func port(_ message: [UInt8], context: [UInt8], from start: Int) -> Int? {
        let text = LogText(message)
        let isDatabase = text.hasPrefix("ready", at: max(0, start - 27))
        if let port = Extract.listenPort(text, from: start, within: 120) ?? leading(text, start) { return port }
        guard !isDatabase else { return nil }
        let members = LogText(context)
        for lead in [" port=", " addr=", " address=", " listen=", " url=", " endpoint="] {
            guard let behind = members.after(lead) else { continue }
            if let port = members.port(at: behind) ?? Extract.listenPort(members, from: behind, within: 60) { return port }
        }
        return nil
    }

    /// A bare number right behind the words: `listening on 3000`, `port=6379`.
    private static func leading(_ text: LogText, _ start: Int) -> Int? {
        var index = start
        while index < start + 4, " :=#".utf8.contains(text[index]) { index += 1 }
        let digits = text.run(from: index, while: LogText.isDigit)
        guard digits.count >= 2,
            !".:%-/".utf8.contains(text[digits.upperBound]) || digits.upperBound + 1 >= text.count || text[digits.upperBound + 1] <= 0x20,
            !LogText.isLetter(text[digits.upperBound])
        else { return nil }
        return text.port(at: index)
    }
}
