internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Sorts candidates into what is reported as cause, what is an alternative, and what is trouble elsewhere.
struct Ranking {
    let context: CaseContext
    let result: CandidateSearch.Result

    struct Verdict: Sendable {
        var causes: [Candidate] = []
        var alternatives: [Candidate] = []
        var elsewhere: [Candidate] = []
    }

    /// What is less likely than this is no cause, only a suspicion.
    private static let reportable = 0.35

    func verdict() -> Verdict {
        var verdict = Verdict()
        let inScope = result.candidates.filter(isInScope)
        verdict.elsewhere = result.candidates.filter { !isInScope($0) && $0.confidence >= 0.5 && $0.finding.impact > .latent }
        let relevant = relevantOnes(inScope, &verdict)
        for candidate in sorted(relevant) { place(candidate, in: &verdict) }
        verdict.elsewhere = sorted(verdict.elsewhere)
        return verdict
    }

    // Cluster-scoped faults matter wherever something in scope suffers from them.
    private func isInScope(_ candidate: Candidate) -> Bool {
        let namespaces = context.question.namespaces
        guard !namespaces.isEmpty else { return true }
        if candidate.isReached || candidate.isReachedByDeclaration { return true }
        return candidate.affected.contains { $0.namespace.map(namespaces.contains) ?? false }
            || candidate.finding.object.namespace.map(namespaces.contains) ?? false
    }

    private func relevantOnes(_ candidates: [Candidate], _ verdict: inout Verdict) -> [Candidate] {
        guard !result.subjects.isEmpty else { return candidates }
        let reached = candidates.filter { $0.isReached && ($0.finding.impact > .latent || $0.confidence >= 0.5) }
        if !reached.isEmpty {
            verdict.elsewhere += candidates.filter {
                !$0.isReached && $0.finding.impact > .latent && $0.confidence >= 0.5 && !isShadow($0, of: reached)
            }
            return reached
        }
        let declared = candidates.filter { $0.isReachedByDeclaration && $0.finding.impact > .latent }
        let rest = candidates.filter { !$0.isReachedByDeclaration && $0.finding.impact > .latent }
        if !declared.isEmpty {
            verdict.elsewhere += rest.filter { $0.confidence >= 0.5 }
            return declared.map {
                weakened($0, by: 0.85, because: "no error of what was asked about names it; only the declared dependencies lead there")
            }
        }
        // Nothing joins the trouble in the same namespace to what was asked about; it may still be the reason.
        let near = rest.filter { candidate in
            candidate.affected.contains { affected in result.subjects.contains { $0.namespace == affected.namespace } }
        }
        verdict.elsewhere += rest.filter { candidate in !near.contains { $0.key == candidate.key } && candidate.confidence >= 0.5 }
        return near.map { weakened($0, by: 0.8, because: "nothing in the evidence joins it to what was asked about") }
    }

    private func weakened(_ candidate: Candidate, by factor: Double, because reason: String) -> Candidate {
        var candidate = candidate
        for key in candidate.ways.keys { candidate.ways[key]?.strength *= factor }
        candidate.finding.against.append(reason)
        return candidate
    }

    // The same fault seen through somebody else's eyes.
    private func isShadow(_ candidate: Candidate, of others: [Candidate]) -> Bool {
        others.contains {
            $0.finding.object == candidate.finding.object || $0.affected.isSuperset(of: candidate.ways.keys) && candidate.finding.isSymptom
        }
    }

    private func sorted(_ candidates: [Candidate]) -> [Candidate] {
        candidates.sorted { (rank($0), $1.key) > (rank($1), $0.key) }
    }

    private func rank(_ candidate: Candidate) -> Double { candidate.score + (candidate.isReached ? closeness(candidate) : 0) }

    // Of two causes that are as sure, the one on the very thing asked about comes first, then the one a short way from it.
    private func closeness(_ candidate: Candidate) -> Double {
        let direct = Set(context.question.subjects)
        if direct.contains(candidate.finding.object) || direct.contains(candidate.finding.sufferer) { return 0.08 }
        return candidate.ways.keys.contains(where: direct.contains) ? 0.06 : 0.04
    }

    private func place(_ candidate: Candidate, in verdict: inout Verdict) {
        guard candidate.confidence >= Self.reportable else {
            verdict.alternatives.append(candidate)
            return
        }
        if candidate.finding.impact == .latent && !candidate.isReached && candidate.ways.count <= 1
            && candidate.ways.values.allSatisfy({ $0.path.count <= 1 })
        {
            verdict.alternatives.append(candidate)
            return
        }
        // Every sufferer already has a surer explanation: this one is another reading of the same trouble.
        let explained = Set(verdict.causes.flatMap { Array($0.ways.keys) + [$0.finding.sufferer] })
        let isNew = !explained.isSuperset(of: candidate.ways.keys) && !explained.contains(candidate.finding.sufferer)
        if isNew || verdict.causes.isEmpty { verdict.causes.append(candidate) } else { verdict.alternatives.append(candidate) }
    }
}
