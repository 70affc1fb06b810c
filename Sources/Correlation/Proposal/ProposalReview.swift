public import ClusterModel
internal import IncidentModel
public import KnowledgeGraph

extension Engine {
    /// Holds proposals against the evidence, in their order.
    ///
    /// What the rules have found themselves is `known`. Of what they have not, only causes that nothing but the words of a program tells can
    /// be `possible`: the rules know many such words and not all. Every other cause shows in fields and events of the API, which the rules
    /// read without interpretation, so that what they do not find there is contradicted.
    public func assess(
        _ proposals: [CauseProposal], in view: ClusterView, graph: KnowledgeGraph, question: Question
    ) -> [ProposalVerdict] {
        guard !proposals.isEmpty else { return [] }
        let context = CaseContext(view: view, graph: graph, question: question)
        let result = CandidateSearch(context: context, book: FindingBook(context)).run()
        let verdict = Ranking(context: context, result: result).verdict()
        let composer = ReportComposer(context: context, result: result, verdict: verdict)
        return proposals.map { ProposalReview(context: context, result: result, composer: composer).verdict(on: $0) }
    }
}

/// Decides about one proposal.
struct ProposalReview {
    let context: CaseContext
    let result: CandidateSearch.Result
    let composer: ReportComposer

    /// Causes that only the words of a program tell (chapter C of the failure modes, and what datastores answer).
    static let toldByPrograms: Set<CauseCode> = [
        .applicationError, .configurationMissing, .configurationInvalid, .dependencyUnreachable, .credentialsRejected,
        .databaseSchemaMissing,
        .filePermissionDenied, .readOnlyFileSystem, .portConflict, .privilegedPortDenied, .diskFull, .processLimitReached, .libraryMissing,
        .certificateInvalid, .databaseReadOnly, .poolExhausted,
    ]
    /// As likely as not: the probability before the calibration weighs what there is.
    private static let strength = 0.5
    /// From which strength on a finding of the rules about the same workload stands against another reading of its words.
    private static let sure = 0.8

    func verdict(on proposal: CauseProposal) -> ProposalVerdict {
        let object = workload(of: proposal.object)
        if let candidate = result.candidates.first(where: {
            $0.finding.cause == proposal.cause && [proposal.object, object].contains($0.finding.object)
        }) {
            return .known(composer.rootCause(candidate))
        }
        guard Self.toldByPrograms.contains(proposal.cause) else {
            return .refused("the rules look for it in what the API says, and do not find it")
        }
        guard let workload = context.topology[object] else { return .refused("\(proposal.object) is no workload that was read") }
        let troubled = context.troubledPods(of: workload)
        guard !troubled.isEmpty else { return .refused("\(object) is not in trouble") }
        let told = proposal.citations.filter { isComplaint($0, of: troubled) }
        guard let line = told.first else { return .refused("no log line of a pod in trouble that complains of it is cited") }
        if let killed = troubled.lazy.flatMap(\.statuses.values).first(where: {
            ($0.terminated ?? $0.lastTermination)?.reason == "OOMKilled"
        }) {
            return .refused("the runtime says that \(killed.name) was OOM-killed")
        }
        if let surer = result.candidates.first(where: { isSurer($0, about: object) }) {
            return .refused("\(surer.finding.cause.rawValue) on \(surer.finding.object) explains its trouble")
        }
        return .possible(composer.rootCause(candidate(proposal, workload, told, line)))
    }

    private func candidate(_ proposal: CauseProposal, _ workload: Workload, _ told: [Citation], _ line: Citation) -> Candidate {
        let meaning = CauseCatalogue.entry(for: proposal.cause).meaning
        let words = meaning.prefix(1).lowercased() + meaning.dropFirst().prefix { $0 != "." }
        let object = workload.reference
        var details: [String: String] = [:]
        details["container"] = line.container
        // Further evidence may be of any kind; it counts as witness only where it is about the same workload.
        let further = proposal.citations.filter { !told.contains($0) && self.workload(of: $0.object) == object }
        let finding = Finding(
            cause: proposal.cause, object: object, sufferer: object,
            statement: "\(object): \(words), going by what it says: \(line.text)", details: details, citations: told + further,
            confidence: Self.strength, reasons: ["a pod in trouble says so, and nothing in the evidence contradicts it"],
            against: ["no rule knows these words"], impact: workload.impact)
        return Candidate(finding: finding, ways: [:], isReached: result.subjects.contains(object))
    }

    /// A log line of one of the pods, and none that is said in calm.
    private func isComplaint(_ citation: Citation, of pods: [Pod]) -> Bool {
        guard citation.source == .log, pods.contains(where: { $0.reference == citation.object }) else { return false }
        return (LogLine.Level.find(in: Array(citation.text.utf8), from: 0) ?? .warning) >= .warning
    }

    private func isSurer(_ candidate: Candidate, about object: ObjectReference) -> Bool {
        candidate.confidence >= Self.sure && !candidate.finding.isSymptom
            && (candidate.finding.sufferer == object || candidate.ways[object] != nil)
    }

    private func workload(of object: ObjectReference) -> ObjectReference {
        let namespace = object.namespace ?? ""
        switch object.kind {
        case "Pod": return context.view.pods[namespace, object.name].map(context.topology.workload) ?? object
        case "ReplicaSet":
            guard let owner = context.view.replicaSets[namespace, object.name]?.metadata.controller else { return object }
            return ObjectReference(kind: owner.kind, namespace: object.namespace, name: owner.name)
        default: return object
        }
    }
}
