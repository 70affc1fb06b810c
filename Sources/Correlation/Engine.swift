public import ClusterModel
public import IncidentModel
public import KnowledgeGraph

/// From evidence to ranked root causes. Pure: the same evidence gives the same report, byte for byte.
///
/// Rules turn objects, events and logs into findings; the descent follows symptoms over Services, references and dependencies to the
/// finding that nothing deeper explains; the ranking holds what is left against the question.
public struct Engine: Sendable {
    public init() {}

    /// - Parameters:
    ///   - view: what was read of the cluster.
    ///   - graph: the declared topology; may be empty.
    ///   - question: what is asked; without subjects everything in scope is triaged.
    ///   - proposals: causes that somebody other than the rules holds likely; they change nothing in the report.
    /// - Returns: the report, namespaces that a causal chain leads into and that were not read, and what the rules say of each proposal.
    public func diagnose(
        _ view: ClusterView, graph: KnowledgeGraph, question: Question, proposals: [CauseProposal] = []
    ) -> Diagnosis {
        let context = CaseContext(view: view, graph: graph, question: question)
        let book = FindingBook(context)
        let result = CandidateSearch(context: context, book: book).run()
        let verdict = Ranking(context: context, result: result).verdict()
        let composer = ReportComposer(context: context, result: result, verdict: verdict)
        let review = ProposalReview(context: context, book: book, result: result, verdict: verdict, composer: composer)
        return Diagnosis(
            report: composer.report(), furtherNamespaces: result.unread.sorted(), verdicts: proposals.map(review.verdict(on:)))
    }
}

/// What the engine found, and where it would look next.
public struct Diagnosis: Sendable {
    public var report: Report
    /// Namespaces that were not read and that the causal chain leads into; empty when there is nothing to expand.
    public var furtherNamespaces: [String]
    /// One for each proposal, in their order.
    public var verdicts: [ProposalVerdict]

    public init(report: Report, furtherNamespaces: [String], verdicts: [ProposalVerdict] = []) {
        self.report = report
        self.furtherNamespaces = furtherNamespaces
        self.verdicts = verdicts
    }
}
