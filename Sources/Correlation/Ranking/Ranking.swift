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
        if verdict.causes.isEmpty { suspect(in: &verdict) }
        verdict.elsewhere = sorted(verdict.elsewhere)
        return verdict
    }

    // Cluster-scoped faults matter wherever something in scope suffers from them.
    private func isInScope(_ candidate: Candidate) -> Bool {
        let namespaces = context.question.namespaces
        guard !namespaces.isEmpty else { return true }
        if candidate.isReached || candidate.isReachedByDeclaration || candidate.finding.isClusterWide { return true }
        let spaces = namespaces.map { ObjectReference(kind: "Namespace", namespace: nil, name: $0) }
        if spaces.contains(where: { $0 == candidate.finding.object || candidate.ways[$0] != nil }) { return true }
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

    private func rank(_ candidate: Candidate) -> Double {
        candidate.score + (candidate.isReached ? closeness(candidate) : 0) + (isAlertedAbout(candidate) ? 0.03 : 0)
            + (isWorded(candidate) ? 0.05 : 0)
    }

    // "Settlement files" are what CronJob settlement-files makes: too little to ask for it alone, enough to put it first.
    private func isWorded(_ candidate: Candidate) -> Bool {
        guard context.question.subjects.isEmpty else { return false }
        let said = context.question.description.lowercased().split { !$0.isLetter && !$0.isNumber }
        let words = Set(said)
        return [candidate.finding.object, candidate.finding.sufferer].contains { object in
            let parts = object.name.lowercased().split(separator: "-")
            return parts.count > 1 && parts.allSatisfy(words.contains)
        }
    }

    // Where nothing in particular is asked about, alerts tell what hurts.
    private func isAlertedAbout(_ candidate: Candidate) -> Bool {
        context.question.subjects.isEmpty && !context.telemetry.alerts(about: candidate.affected).isEmpty
    }

    // Of two causes that are as sure, the one on the very thing asked about comes first, then the one a short way from it.
    private func closeness(_ candidate: Candidate) -> Double {
        let direct = Set(context.question.subjects)
        if direct.contains(candidate.finding.object) || direct.contains(candidate.finding.sufferer) { return 0.08 }
        return candidate.ways.keys.contains(where: direct.contains) ? 0.06 : 0.04
    }

    // Measurements that share sufferers with a surer cause are most likely its echo; two shortages that are both well seen are two.
    private func isOutdone(_ candidate: Candidate, by causes: [Candidate]) -> Bool {
        guard candidate.finding.isMeasured else { return false }
        return causes.contains { cause in
            !cause.affected.isDisjoint(with: candidate.affected) && !(cause.finding.isMeasured && candidate.confidence >= 0.65)
        }
    }

    // A complaint about a place where nothing fails: what is held back there is worth a look, and no more.
    private func suspect(in verdict: inout Verdict) {
        let held: Set<CauseCode> = [.rolloutPaused, .updateStrategyBlocks]
        guard result.subjects.isEmpty, !context.question.namespaces.isEmpty,
            let index = verdict.alternatives.firstIndex(where: { held.contains($0.finding.cause) && $0.confidence >= Self.reportable })
        else { return }
        let candidate = verdict.alternatives.remove(at: index)
        verdict.causes.append(weakened(candidate, by: 0.5, because: "the question does not say that this is missed"))
    }

    private func place(_ candidate: Candidate, in verdict: inout Verdict) {
        func setAside(because reason: String) {
            var candidate = candidate
            candidate.finding.against.insert(reason, at: 0)
            verdict.alternatives.append(candidate)
        }
        guard candidate.confidence >= Self.reportable else { return setAside(because: "what speaks for it is weak") }
        if candidate.finding.impact == .latent && !candidate.isReached && candidate.ways.count <= 1
            && candidate.ways.values.allSatisfy({ $0.path.count <= 1 })
        {
            return setAside(because: "nothing is seen to suffer from it")
        }
        // Every sufferer already has a surer explanation: this one is another reading of the same trouble.
        let explained = Set(verdict.causes.flatMap { Array($0.ways.keys) + [$0.finding.sufferer] })
        let isNew =
            !explained.isSuperset(of: candidate.ways.keys) && !explained.contains(candidate.finding.sufferer)
            && !isOutdone(candidate, by: verdict.causes)
        guard !isNew, !verdict.causes.contains(where: { $0.isOfAnotherContainer(than: candidate) }),
            let surer = verdict.causes.first(where: { $0.isRival(of: candidate) }) ?? verdict.causes.first
        else {
            verdict.causes.append(candidate)
            return
        }
        setAside(because: "\(surer.finding.cause.rawValue) on \(surer.finding.object) explains the same trouble more surely")
    }
}

extension Candidate {
    /// Whether two containers of the same pods fail, each for a sure reason of its own.
    fileprivate func isOfAnotherContainer(than other: Candidate) -> Bool {
        guard let container = finding.details["container"], let another = other.finding.details["container"] else { return false }
        return container != another && finding.cause != other.finding.cause && finding.sufferer == other.finding.sufferer
            && min(finding.confidence, other.finding.confidence) >= 0.8 && !finding.isSymptom && !other.finding.isSymptom
            && finding.object == other.finding.object
    }

    /// Whether both explain the trouble of one object.
    fileprivate func isRival(of other: Candidate) -> Bool {
        finding.sufferer == other.finding.sufferer || !Set(ways.keys).isDisjoint(with: other.ways.keys)
    }
}
