public import IncidentModel

/// What an investigation knows after a step, and what comes next: the checkpoint that a killed process resumes from.
///
/// The evidence itself is not part of it: it is large, and a resumed investigation had better look at the cluster as it is now. So a
/// resume between `collect` and `correlate` collects again.
public struct InvestigationState: Codable, Sendable, Hashable {
    /// The step to do next; `nil` when the investigation is complete.
    public internal(set) var next: InvestigationStep?
    public internal(set) var reading: DescriptionReading?
    public internal(set) var resolution: SubjectResolution?
    /// Namespaces in scope, those that were added included; empty means all.
    public internal(set) var namespaces: [String] = []
    /// How often evidence was collected for a diagnosis.
    public internal(set) var rounds = 0
    public internal(set) var evidence = EvidenceSummary()
    public internal(set) var report: Report?

    public init() {
        next = .parse
    }
}
