/// The steps of an investigation, in order. `correlate` may lead back to `collect`, a bounded number of times.
public enum InvestigationStep: String, Codable, Sendable, CaseIterable {
    /// Words of the description to what may be names.
    case parse
    /// Names to objects that exist.
    case resolve
    /// Evidence of the scope, in one call.
    case collect
    /// Evidence to ranked causes.
    case correlate
    /// Causes to the finished incident.
    case report
}
