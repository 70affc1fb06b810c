/// Paths, libraries and commands.
extension Extract {
    /// The file or directory that the matched words are about: the last path before them, or else the first behind.
    static func path(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.path == nil else { return }
        let all = paths(in: text)
        let before = all.last { $0.lowerBound < text.hit.lowerBound }
        let behind = all.first { $0.lowerBound >= text.hit.lowerBound }
        if let behind, isOperand(behind, text) { return subject.path = text.string(behind) }
        if let range = before ?? behind { return subject.path = text.string(range) }
        for lead in ["open ", "open() ", "path ", "file ", "directory: ", "directory ", "permission denied: ", "exception: ", "find file "]
        {
            guard let start = text.after(lead), let word = word(text, at: start), word.contains("."), !word.contains(":"), word.count > 3
            else { continue }
            return subject.path = word
        }
    }

    /// Whether a path is what a call was made on, as in `Permission denied: '/data'`.
    private static func isOperand(_ range: Range<Int>, _ text: LogText) -> Bool {
        let gap = text.hit.upperBound..<range.lowerBound
        return gap.count <= 12 && LogText.isQuote(text[range.lowerBound - 1])
    }

    /// Absolute paths; parts of URLs and source positions are none.
    private static func paths(in text: LogText) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var index = 0
        while index < text.count {
            defer { index += 1 }
            let previous = text[index - 1]
            guard text[index] == UInt8(ascii: "/"), text[index + 1] != UInt8(ascii: "/"), !LogText.isAlphanumeric(previous),
                !":/.)]-".utf8.contains(previous) || (previous == UInt8(ascii: ":") && text[index - 2] == 0x20)
            else { continue }
            let isQuoted = LogText.isQuote(previous)
            var end = text.run(from: index) { $0 >= 0x20 && !LogText.isQuote($0) && (isQuoted || !" ,;()[]{}<>|".utf8.contains($0)) }
                .upperBound
            while end > index + 1, ":.,\\".utf8.contains(text[end - 1]) { end -= 1 }
            if end - index > 1 { result.append(index..<min(end, index + 512)) }
            index = end
        }
        return result
    }

    /// `libpq.so.5: cannot open shared object file`.
    static func sharedObject(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.name == nil else { return }
        let end = text.runStart(before: text.hit.lowerBound) { $0 == 0x20 || $0 == UInt8(ascii: ":") }
        let begin = text.runStart(before: end) { $0 > 0x20 && !LogText.isQuote($0) && $0 != UInt8(ascii: "(") }
        if begin < end { subject.name = text.string(begin..<end) }
    }

    /// The program a shell or runtime could not run: `sh: 1: jq: not found`, `exec: "serve": executable file not found in $PATH`.
    static func command(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.name == nil else { return }
        if let start = text.after("exec: ") {
            if let quoted = text.quoted(at: start)?.text { return subject.name = quoted }
            if let word = word(text, at: start), text.hit.lowerBound >= start || text.hit.contains(start - 1) { return subject.name = word }
        }
        let end = text.runStart(before: text.hit.lowerBound) { $0 == 0x20 || $0 == UInt8(ascii: ":") }
        let begin = text.runStart(before: end) { $0 > 0x20 && !LogText.isQuote($0) }
        var name = text.string(begin..<end)
        if name.isEmpty, let behind = word(text, at: text.hit.upperBound) { name = behind }
        if !name.isEmpty, name.utf8.count <= 200 { subject.name = name }
    }
}
