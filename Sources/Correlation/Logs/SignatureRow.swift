/// One row of the signature table: words, and what they mean.
struct SignatureRow: Sendable {
    /// Reads a part of the subject out of a message; leaves alone what is already known.
    typealias Extractor = @Sendable (LogText, inout LogSubject) -> Void

    /// A part of the subject without which the words prove nothing.
    enum Need: Sendable { case host, path, name, user, port }

    let signature: LogFinding.Signature
    /// Any of these literals, in lower case. `^` stands for the start of the message, `$` for its end.
    let any: [String]
    /// One literal out of each of these groups must be there as well.
    var with: [[String]] = []
    /// None of these may be there.
    var unless: [String] = []
    var needs: Need?
    /// Whether lines that call themselves informational count too.
    var evenInfo = false
    var extract: [Extractor] = []

    init(
        _ signature: LogFinding.Signature, _ any: [String], with: [[String]] = [], unless: [String] = [], needs: Need? = nil,
        evenInfo: Bool = false, _ extract: Extractor...
    ) {
        self.signature = signature
        self.any = any
        self.with = with
        self.unless = unless
        self.needs = needs
        self.evenInfo = evenInfo
        self.extract = extract
    }

    func isSatisfied(by subject: LogSubject) -> Bool {
        switch needs {
        case nil: true
        case .host: subject.host != nil
        case .path: subject.path != nil
        case .name: subject.name != nil
        case .user: subject.user != nil
        case .port: subject.port != nil
        }
    }
}
