public import FoundationEssentials

/// One cause: what is wrong, on which object, how sure that is and what it rests on.
public struct RootCause: Codable, Sendable, Hashable {
    public var cause: CauseCode
    /// The object an SRE would have to change.
    public var object: ObjectReference
    /// One sentence that names the exact wrong value and where it stands.
    public var statement: String
    /// Probability in 0...1 that this is the cause.
    public var confidence: Double
    public var level: ConfidenceLevel
    /// What the probability was worked out from, by name: the features of the calibration table.
    public var basis: [String: Double]
    /// Why the confidence is what it is, strongest reason first.
    public var reasons: [String]
    /// What speaks against it, or why it ranks below another.
    public var reasonsAgainst: [String]
    /// Machine-readable particulars; keys as in `docs/rules.md`.
    public var details: [String: String]
    /// Workloads and Services that suffer from it, the one the incident asks about first.
    public var affected: [ObjectReference]
    /// Workloads and Services that need something of `affected`, directly or over others, and that show no trouble themselves.
    public var dependents: [ObjectReference]
    /// From what the user sees to the cause.
    public var chain: [CausalStep]
    public var citations: [Citation]
    /// The recent change that introduced it, where one is seen.
    public var change: ObservedChange?
    /// What would mend it, in words. Never executed.
    public var fix: String
    /// The fix as a command or as a part of a manifest, where the evidence says exactly what to write. Never executed.
    public var suggestion: SuggestedChange?
    /// At most three read-only commands that verify it by hand.
    public var verify: [String]
    /// The language model that proposed it, of a cause that the rules do not know and nothing contradicts; nil for causes of the rules.
    public var proposedBy: String?

    public init(
        cause: CauseCode, object: ObjectReference, statement: String, confidence: Double, reasons: [String] = [],
        reasonsAgainst: [String] = [], basis: [String: Double] = [:], details: [String: String] = [:], affected: [ObjectReference] = [],
        dependents: [ObjectReference] = [], chain: [CausalStep] = [], citations: [Citation] = [], change: ObservedChange? = nil,
        fix: String = "", suggestion: SuggestedChange? = nil, verify: [String] = []
    ) {
        self.cause = cause
        self.object = object
        self.statement = statement
        self.confidence = confidence
        self.level = ConfidenceLevel(probability: confidence)
        self.reasons = reasons
        self.reasonsAgainst = reasonsAgainst
        self.basis = basis
        self.details = details
        self.affected = affected
        self.dependents = dependents
        self.chain = chain
        self.citations = citations
        self.change = change
        self.fix = fix
        self.suggestion = suggestion
        self.verify = verify
    }

    enum CodingKeys: String, CodingKey {
        case cause, object, statement, confidence, level, reasons
        case reasonsAgainst = "reasons_against"
        case basis, details, affected, dependents, chain, citations, change, fix, suggestion, verify
        case proposedBy = "proposed_by"
    }
}

/// A change that would mend a cause, ready to be read and pasted by a person. Nothing here ever executes it.
public struct SuggestedChange: Codable, Sendable, Hashable {
    public enum Form: String, Codable, Sendable {
        /// One command for a shell.
        case kubectl
        /// A part of a manifest that shows the changed fields, or a whole small object that is missing.
        case yaml
    }

    public var form: Form
    public var text: String

    public init(form: Form, text: String) {
        self.form = form
        self.text = text
    }
}

/// Confidence in the three words of the public API.
public enum ConfidenceLevel: String, Codable, Sendable, Comparable {
    case low, medium, high

    /// High from 0.8, medium from 0.5: the cuts at which acting on the answer, or checking it first, pays.
    public init(probability: Double) {
        self = probability >= 0.8 ? .high : probability >= 0.5 ? .medium : .low
    }

    private var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        }
    }

    public static func < (left: ConfidenceLevel, right: ConfidenceLevel) -> Bool { left.rank < right.rank }
}

/// One link of the causal chain, from the symptom towards the cause.
public struct CausalStep: Codable, Sendable, Hashable {
    public var object: ObjectReference
    public var statement: String
    /// Ids of the citations this step rests on.
    public var citations: [String]

    public init(object: ObjectReference, statement: String, citations: [String] = []) {
        self.object = object
        self.statement = statement
        self.citations = citations
    }
}

/// The place in the evidence that a claim rests on.
public struct Citation: Codable, Sendable, Hashable {
    public enum Source: String, Codable, Sendable {
        case object, event, log, alert, metric, graph
        /// A complete list in which something is absent.
        case absence
    }

    /// `e1`, `e2`, …: unique within one root cause.
    public var id: String
    public var source: Source
    public var object: ObjectReference
    /// Path of the field, for `object`; the reason, for `event`.
    public var field: String?
    public var container: String?
    public var time: Date?
    /// The value, message or log line, as recorded (cut to a readable length).
    public var text: String

    public init(
        id: String = "", source: Source, object: ObjectReference, field: String? = nil, container: String? = nil, time: Date? = nil,
        text: String
    ) {
        self.id = id
        self.source = source
        self.object = object
        self.field = field
        self.container = container
        self.time = time
        self.text = text
    }
}

/// A change seen in the cluster that fits the cause in time and place.
public struct ObservedChange: Codable, Sendable, Hashable {
    public var object: ObjectReference
    public var field: String
    public var from: String?
    public var to: String?
    public var time: Date?
    /// Field manager that made it, e.g. `kubectl-edit`.
    public var manager: String?

    public init(object: ObjectReference, field: String, from: String? = nil, to: String? = nil, time: Date? = nil, manager: String? = nil) {
        self.object = object
        self.field = field
        self.from = from
        self.to = to
        self.time = time
        self.manager = manager
    }
}
