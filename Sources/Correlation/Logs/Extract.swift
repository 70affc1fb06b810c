/// The small functions that read a subject out of a message. Which of them apply stands in `SignatureTable`.
///
/// None overwrites what an earlier one found.
enum Extract {
    /// The quoted text behind a literal, such as the name in `Unknown database 'shop'`.
    static func quoted(after lead: String) -> SignatureRow.Extractor {
        { text, subject in
            guard subject.name == nil else { return }
            var from = 0
            while let behind = text.after(lead, from: from) {
                from = behind
                var start = behind
                while text[start] == 0x20 || text[start] == 0x5c || text[start] == UInt8(ascii: "=") || text[start] == UInt8(ascii: "(") {
                    start += 1
                }
                guard let found = text.quoted(at: start)?.text else { continue }
                subject.name = found.last == "\\" ? String(found.dropLast()) : found
                return
            }
        }
    }

    /// The word behind a literal, such as the library in `error while loading shared libraries: libpq.so.5: …`.
    static func token(after lead: String) -> SignatureRow.Extractor {
        { text, subject in
            guard subject.name == nil, let behind = text.after(lead) else { return }
            subject.name = word(text, at: behind)
        }
    }

    /// The object of a database error: `database "x" does not exist`, `Invalid object name 'x'`.
    static func databaseObject(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.name == nil else { return }
        let start = text.runStart(before: text.hit.upperBound) { $0 == 0x20 || LogText.isQuote($0) }
        for index in max(start, 0)..<text.count where LogText.isQuote(text[index]) {
            if let quoted = text.quoted(at: index) { return subject.name = quoted.text }
        }
        for lead in ["table or view ", "table ", "object name ", "column "] where text.contains(lead) { token(after: lead)(text, &subject) }
    }

    static func topic(_ text: LogText, _ subject: inout LogSubject) {
        for lead in ["topic ", "topic-partition ", "topics ", "no queue ", "no exchange ", "no such index ", "nosuchbucket: "] {
            quoted(after: lead)(text, &subject)
        }
        for lead in ["no such index [", "topic ", "topic-partition "] where subject.name == nil { token(after: lead)(text, &subject) }
        if subject.name == "or" || subject.name == "partition" { subject.name = nil }
    }

    /// The identity that was refused: `for user "x"`, `user 'x'@'host'`, `User: arn:…`.
    static func user(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.user == nil else { return }
        for lead in ["for user ", "to user ", "user ", "username ", "principal=", "user="] {
            guard let behind = text.after(lead) else { continue }
            let start = text[behind] == 0x5c ? behind + 1 : behind
            if let quoted = text.quoted(at: start)?.text {
                return subject.user = quoted.last == "\\" ? String(quoted.dropLast()) : quoted
            }
            guard lead != "user ", let found = word(text, at: behind) else { continue }
            return subject.user = found
        }
    }

    /// `role "x" does not exist` is about a user and not a table.
    static func roleUser(_ text: LogText, _ subject: inout LogSubject) {
        if subject.user == nil { subject.user = subject.name }
    }

    /// The status an HTTP dependency answers with, as the name.
    static func status(_ text: LogText, _ subject: inout LogSubject) {
        guard subject.name == nil else { return }
        for index in text.hit.lowerBound..<min(text.hit.upperBound + 4, text.count) {
            guard LogText.isDigit(text[index]), !LogText.isDigit(text[index - 1]), let number = text.number(at: index) else { continue }
            if (400...599).contains(number) { return subject.name = String(number) }
        }
    }

    /// The type of an exception in a message, as the name.
    static func exceptionName(_ text: LogText, _ subject: inout LogSubject) {
        if subject.name == nil { subject.name = ExceptionText(text.bytes)?.type }
    }

    static func certificate(_ text: LogText, _ subject: inout LogSubject) {
        let reasons = [
            ("expired", ["expired", "not yet valid", "notyetvalid"]),
            (
                "name mismatch",
                [
                    "is valid for", "not valid for", "altname", "subject alternative", "does not match", "doesn't match", "namemismatch",
                    "notvalidforname", "cannot validate certificate for",
                ]
            ),
            (
                "untrusted",
                [
                    "unknown authority", "path building", "self signed", "self-signed", "self_signed", "unable to get", "unable_to",
                    "local issuer", "unknownissuer", "unknown ca", "chainerrors",
                ]
            ),
        ]
        if subject.name == nil { subject.name = reasons.first { $0.1.contains(where: text.contains) }?.0 }
        if let start = text.position(of: "x509: ") { subject.detail = subject.detail ?? LogSubject.clip(text.string(start..<text.count)) }
    }

    static func waitedFor(_ text: LogText, _ subject: inout LogSubject) {
        guard
            let start = ["waiting for ", "waiting on ", "seconds for ", "wait for ", "waiting until "].lazy.compactMap({ text.after($0) })
                .first
        else {
            let begin = text.runStart(before: max(text.hit.lowerBound - 1, 0)) { LogText.isHostByte($0) || $0 == UInt8(ascii: ":") }
            if let endpoint = text.endpoint(at: begin), endpoint.port != nil || endpoint.host.contains(where: { "-.".contains($0) }) {
                subject.fill(endpoint)
            } else {
                subject.name = subject.name ?? word(text, at: begin)
            }
            return
        }
        if let endpoint = text.endpoint(at: start), endpoint.port != nil || endpoint.host.contains(where: { "-.".contains($0) }) {
            return subject.fill(endpoint)
        }
        let phrase = text.run(from: start) { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "(") }
        subject.name = subject.name ?? text.string(phrase).split(separator: " ").prefix(5).joined(separator: " ")
    }

    /// A word without the punctuation around it.
    static func word(_ text: LogText, at start: Int) -> String? {
        var begin = text.skippingSpaces(start)
        while LogText.isQuote(text[begin]) || text[begin] == 0x5c || text[begin] == UInt8(ascii: "(") || text[begin] == UInt8(ascii: "[") {
            begin += 1
        }
        var end = text.run(from: begin) { $0 > 0x20 && !LogText.isQuote($0) && !",;()[]{}".utf8.contains($0) }.upperBound
        while end > begin, ":.\\".utf8.contains(text[end - 1]) { end -= 1 }
        guard end > begin, end - begin <= 200 else { return nil }
        return text.string(begin..<end)
    }
}
