public import ClusterModel
public import IncidentModel
public import KnowledgeGraph

/// From evidence to ranked root causes. Pure: the same evidence gives the same report, byte for byte.
public struct Engine: Sendable {
    public init() {}

    public func diagnose(_ view: ClusterView, graph: KnowledgeGraph, question: Question) -> Diagnosis {
        let report = Report(outcome: .inconclusive, summary: "", subjects: question.subjects, evidenceTime: view.now)
        return Diagnosis(report: report, furtherNamespaces: [])
    }
}

/// What the engine found, and where it would look next.
public struct Diagnosis: Sendable {
    public var report: Report
    /// Namespaces that were not read and that the causal chain leads into; empty when there is nothing to expand.
    public var furtherNamespaces: [String]

    public init(report: Report, furtherNamespaces: [String]) {
        self.report = report
        self.furtherNamespaces = furtherNamespaces
    }
}
