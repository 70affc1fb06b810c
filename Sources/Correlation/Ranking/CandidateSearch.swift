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
            let link = CausalLink(object: finding.object, statement: finding.statement, citations: finding.citations)
            add(Explanation(finding: finding, path: [link], strength: 1), from: finding.sufferer)
        }
        var candidates = found.values.sorted { $0.key < $1.key }
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
        return candidate.ways.keys.contains(where: subjects.contains)
    }

    private func reachByDeclaration(_ candidates: inout [Candidate], _ subjects: Set<ObjectReference>, _ descent: Descent) {
        var reach: Set<ObjectReference> = []
        for subject in subjects { reach.formUnion(descent.declaredReach(of: subject)) }
        for index in candidates.indices where !candidates[index].affected.isDisjoint(with: reach) {
            candidates[index].isReachedByDeclaration = true
        }
    }
}

/// Tells a workload that was switched off from one that somebody misses.
struct MissedWorkload {
    let context: CaseContext

    init(_ context: CaseContext) { self.context = context }

    /// Whether a Service in front of it has nobody left, and it was scaled down only lately.
    func isMissed(_ reference: ObjectReference) -> Bool {
        guard let workload = context.topology[reference] else { return false }
        let wasScaled = context.view.events(about: reference).contains { event in
            event.reason == "ScalingReplicaSet" && event.message.hasSuffix(" to 0") && event.message.contains("Scaled down")
                && (context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds
                && (workload.metadata.creationTime ?? .distantPast) < (event.lastTime ?? .distantPast)
        }
        let isAlone = context.topology.services(selecting: workload).contains { ServiceState($0, context: context).readyCount == 0 }
        return wasScaled && isAlone
    }
}
