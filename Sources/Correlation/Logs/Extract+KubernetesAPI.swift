/// Refusals of the Kubernetes API.
extension Extract {
    /// `pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "n"`.
    static func forbidden(_ text: LogText, _ subject: inout LogSubject) {
        let text = LogText(text.bytes.filter { $0 != 0x5c })
        subject.user = subject.user ?? quotedText(text, "user ")
        guard let start = text.after("cannot "), let verb = word(text, at: start) else { return }
        let resource = quotedText(text, "resource ") ?? quotedText(text, "path ")
        let group = quotedText(text, "api group ").map { "." + $0 } ?? ""
        let scope = quotedText(text, "in the namespace ").map { "in namespace \($0)" } ?? "at the cluster scope"
        guard let resource else { return }
        subject.name = subject.name ?? resource + group
        subject.detail = subject.detail ?? LogSubject.clip("cannot \(verb) \(resource + group) \(scope)")
    }

    /// `no matches for kind "X" in version "g/v"`.
    static func kind(_ text: LogText, _ subject: inout LogSubject) {
        guard let kind = quotedText(text, "kind ") else { return }
        subject.name = subject.name ?? kind
        let version = quotedText(text, "in version ").map { " of \($0)" } ?? ""
        subject.detail = subject.detail ?? LogSubject.clip("kind \(kind)\(version) is not known to the API server")
    }

    private static func quotedText(_ text: LogText, _ lead: String) -> String? {
        var from = 0
        while let start = text.after(lead, from: from) {
            if let quoted = text.quoted(at: text[start] == 0x5c ? start + 1 : start)?.text { return quoted }
            from = start
        }
        return nil
    }
}
