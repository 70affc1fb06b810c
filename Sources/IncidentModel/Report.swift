public import FoundationEssentials

/// What an investigation found out, as plain values that every output format is made from.
public struct Report: Codable, Sendable, Hashable {
    public enum Outcome: String, Codable, Sendable {
        /// At least one root cause is reported.
        case causeFound = "cause_found"
        /// Everything that was asked about was looked at and is well.
        case noFault = "no_fault"
        /// Something may be wrong, but the evidence does not carry a cause.
        case inconclusive
    }

    public var outcome: Outcome
    /// One or two sentences for someone who reads nothing else.
    public var summary: String
    /// What the description was understood to be about; empty means everything in `scope`.
    public var subjects: [ObjectReference]
    /// Namespaces that were looked at; empty means all.
    public var scope: [String]
    /// The causes of what was asked about, the one that explains it best first.
    public var rootCauses: [RootCause]
    /// Causes that were considered and rank lower; each says why in `reasonsAgainst`.
    public var alternatives: [RootCause]
    /// Faults that were seen but have no known connection to what was asked about.
    public var elsewhere: [RootCause]
    /// What was looked at, in words with counts.
    public var checked: [String]
    /// What could not be read.
    public var gaps: [EvidenceGap]
    /// What to look at next where the outcome is not certain.
    public var nextSteps: [String]
    /// The moment the evidence describes.
    public var evidenceTime: Date
    /// The causes in a model's words; nil where no model was asked, or nothing it said stood.
    public var explanation: Explanation?
    /// What a model was used for; nil where none was.
    public var modelUse: ModelUsage?

    public init(
        outcome: Outcome, summary: String, subjects: [ObjectReference] = [], scope: [String] = [], rootCauses: [RootCause] = [],
        alternatives: [RootCause] = [], elsewhere: [RootCause] = [], checked: [String] = [], gaps: [EvidenceGap] = [],
        nextSteps: [String] = [], evidenceTime: Date
    ) {
        self.outcome = outcome
        self.summary = summary
        self.subjects = subjects
        self.scope = scope
        self.rootCauses = rootCauses
        self.alternatives = alternatives
        self.elsewhere = elsewhere
        self.checked = checked
        self.gaps = gaps
        self.nextSteps = nextSteps
        self.evidenceTime = evidenceTime
    }

    enum CodingKeys: String, CodingKey {
        case outcome, summary, subjects, scope
        case rootCauses = "root_causes"
        case alternatives, elsewhere, checked, gaps
        case nextSteps = "next_steps"
        case evidenceTime = "evidence_time"
        case explanation
        case modelUse = "model_use"
    }
}

/// Something that could not be read: absent evidence, never evidence of absence.
public struct EvidenceGap: Codable, Sendable, Hashable {
    /// What is missing: an API path such as `api/v1/nodes`, `logs/shop/cart-0/cart`, or the name of an agent.
    public var path: String
    public var reason: String

    /// The path of a language model that was to be used and could not be.
    public static let languageModel = "language model"

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
