public import IncidentModel

/// What the catalogue knows about one cause code: what it means, what shows it, what mends it and how to check it by hand.
///
/// Sentences of the fix and commands may hold placeholders such as `{container}`; ``Placeholder`` lists them.
public struct CauseEntry: Sendable {
    /// The code it explains.
    public let code: CauseCode
    /// Its chapter.
    public let group: CauseGroup
    /// One sentence that says what is wrong.
    public let meaning: String
    /// Kind of object that carries the fault; *workload* is the top owner of the pods.
    public let reportedOn: String
    /// What it rests on: fields, event reasons, messages, log signatures; the strongest first.
    public let signals: [String]
    /// What looks the same from outside, and what tells the two apart.
    public let lookAlikes: [String]
    /// Sentences of the fix, each of which stands alone; one at least has no placeholder.
    public let fixSentences: [String]
    /// Read-only commands that show the fault, with placeholders.
    public let verify: [String]
    /// Ids of the failure modes it covers, such as `A1`.
    public let modes: [String]
    /// Keys that `details` of such a cause may carry.
    public let detailsKeys: [String]

    /// The whole fix with its placeholders.
    public var fix: String { fixSentences.joined(separator: " ") }

    init(
        _ code: CauseCode, in group: CauseGroup, meaning: String, reportedOn: String, signals: [String], lookAlikes: [String],
        fix: [String], verify: [String], modes: [String], detailsKeys: [String]
    ) {
        self.code = code
        self.group = group
        self.meaning = meaning
        self.reportedOn = reportedOn
        self.signals = signals
        self.lookAlikes = lookAlikes
        fixSentences = fix
        self.verify = verify
        self.modes = modes
        self.detailsKeys = detailsKeys
    }

    /// What every cause that a log names may carry, besides the name that the log gives.
    static let logKeys = ["container", "exit_code", "host", "port", "path", "user", "frame"]
    /// What every cause that a failing call names may carry.
    static let callKeys = ["container", "host", "port", "reference", "reason"]
}
