import Reporting

/// One thing that was looked at in an installation.
struct DoctorFinding: Encodable, Sendable, Hashable {
    enum State: String, Encodable, Sendable, Hashable {
        case ok
        /// It works, but somebody should look at it.
        case warning
        /// Something does not work.
        case problem
    }

    /// What was looked at, e.g. `agent`.
    let subject: String
    let state: State
    /// What was seen.
    let words: String
    /// What to do; nil where all is well.
    let remedy: String?

    static func ok(_ subject: String, _ words: String) -> DoctorFinding {
        DoctorFinding(subject: subject, state: .ok, words: words, remedy: nil)
    }

    static func warning(_ subject: String, _ words: String, fix remedy: String) -> DoctorFinding {
        DoctorFinding(subject: subject, state: .warning, words: words, remedy: remedy)
    }

    static func problem(_ subject: String, _ words: String, fix remedy: String) -> DoctorFinding {
        DoctorFinding(subject: subject, state: .problem, words: words, remedy: remedy)
    }

    /// For a terminal. What services say is data: control characters are dropped.
    var text: String {
        let mark =
            switch state {
            case .ok: "ok     "
            case .warning: "warning"
            case .problem: "PROBLEM"
            }
        let line = "\(mark)  \(subject): \(SafeText.line(words, limit: 400))\n"
        return line + (remedy.map { "         fix: \(SafeText.line($0, limit: 400))\n" } ?? "")
    }
}
