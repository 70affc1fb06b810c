/// The steps that an investigation can be made of; `StateGraph` says how they follow one another.
public enum InvestigationStep: String, Codable, Sendable, CaseIterable, Comparable {
    /// Words of the description to what may be names.
    case parse
    /// Names of what exists.
    case inventory
    /// Words to objects that exist.
    case resolve
    /// Evidence of the scope, in one call.
    case collect
    /// Evidence to ranked causes.
    case correlate
    /// Further evidence and possible causes by a model, where the rules are not sure.
    case reason
    /// What a model came upon, held against the rules.
    case verify
    /// Causes to a model's words.
    case explain
    /// A person's word on the causes.
    case review
    /// Causes to the finished incident.
    case report
    /// The end of an incident whose causes a person did not accept.
    case withdraw

    /// Whether an investigation goes on without it.
    var isOptional: Bool { [.reason, .verify, .explain].contains(self) }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
