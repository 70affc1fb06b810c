internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Collects candidates from everything that suffers, and tells which of them the question is about.
struct CandidateSearch {
    let context: CaseContext
    let book: FindingBook

    struct Result: Sendable {
        var candidates: [Candidate]
        /// The objects asked about, with what belongs to them.
        var subjects: Set<ObjectReference>
        var unread: Set<String>
    }

    func run() -> Result {
        var descent = Descent(context: context, book: book)
        var found: [String: Candidate] = [:]
        func add(_ explanation: Explanation, from start: ObjectReference) {
            let key = Candidate(finding: explanation.finding, ways: [:]).key
            var candidate = found[key] ?? Candidate(finding: explanation.finding, ways: [:])
            if explanation.finding.confidence > candidate.finding.confidence { candidate.finding = explanation.finding }
            candidate.finding.impact = max(candidate.finding.impact, explanation.finding.impact)
            if (candidate.ways[start]?.confidence ?? -1) < explanation.confidence { candidate.ways[start] = explanation }
            found[key] = candidate
        }
        let subjects = SubjectScope(context).subjects
        for start in starts(subjects) {
            for explanation in descent.explain(start) where isWorthKeeping(explanation, start: start, subjects: subjects) {
                add(explanation, from: start)
            }
        }
        for finding in book.others + Array(book.byService.values).sorted(by: { $0.object < $1.object }) {
            for explanation in descent.explain(finding) {
                for sufferer in [finding.sufferer] + finding.sufferers { add(explanation, from: sufferer) }
            }
        }
        for way in MeasuredDescent(context: context, book: book)?.ways() ?? [] { add(way.explanation, from: way.start) }
        var candidates = found.values.sorted { $0.key < $1.key }
        for index in candidates.indices { context.telemetry.cite(in: &candidates[index].finding) }
        for index in candidates.indices { candidates[index].isReached = isReached(candidates[index], subjects) }
        if !subjects.isEmpty && !candidates.contains(where: { $0.isReached }) { reachByDeclaration(&candidates, subjects, descent) }
        return Result(candidates: candidates, subjects: subjects, unread: descent.unread)
    }

    // Whoever fails, fails to reach somebody, or is asked about.
    private func starts(_ subjects: Set<ObjectReference>) -> [ObjectReference] {
        context.topology.workloads.map(\.reference).filter {
            book.byWorkload[$0] != nil || book.symptoms[$0] != nil || subjects.contains($0)
                || (context.topology[$0]?.impact ?? .latent) > .latent
        }
    }

    // What is off on purpose, as far as anybody can tell, counts only for those who miss it.
    private func isWorthKeeping(_ explanation: Explanation, start: ObjectReference, subjects: Set<ObjectReference>) -> Bool {
        guard explanation.finding.impact == .latent, explanation.path.count <= 1 else { return true }
        if subjects.contains(start) { return true }
        return explanation.finding.cause == .scaledToZero ? MissedWorkload(context).isMissed(start) : true
    }

    private func isReached(_ candidate: Candidate, _ subjects: Set<ObjectReference>) -> Bool {
        if subjects.contains(candidate.finding.object) || subjects.contains(candidate.finding.sufferer) { return true }
        if candidate.ways.keys.contains(where: subjects.contains) { return true }
        if let node = candidate.finding.details["node"], subjects.contains(ObjectReference(kind: "Node", namespace: nil, name: node)) {
            return true
        }
        // Without a name, a question about releases or schedules is about what holds them up.
        guard subjects.isEmpty, candidate.finding.impact == .latent, let topic = QuestionTopic.of(candidate.finding.cause) else {
            return false
        }
        return topic.matches(context.question.description) && !isAtRest(candidate.finding.object)
    }

    private func isAtRest(_ reference: ObjectReference) -> Bool {
        context.view.metadata(of: reference).map(DeliberateRest.isMeant) ?? false
    }

    private func reachByDeclaration(_ candidates: inout [Candidate], _ subjects: Set<ObjectReference>, _ descent: Descent) {
        var reach: Set<ObjectReference> = []
        for subject in subjects { reach.formUnion(descent.declaredReach(of: subject)) }
        for index in candidates.indices where !candidates[index].affected.isDisjoint(with: reach) {
            candidates[index].isReachedByDeclaration = true
        }
    }
}
