internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Puts the verdict into the words and lists of a report.
struct ReportComposer {
    let context: CaseContext
    let result: CandidateSearch.Result
    let verdict: Ranking.Verdict
    private let calibration: Calibration
    private let dependents: Dependents

    init(context: CaseContext, result: CandidateSearch.Result, verdict: Ranking.Verdict) {
        self.context = context
        self.result = result
        self.verdict = verdict
        calibration = Calibration(context: context, result: result)
        dependents = Dependents(context)
    }

    func report() -> Report {
        let causes = verdict.causes.map(rootCause)
        let outcome = outcome(causes)
        return Report(
            outcome: outcome, summary: summary(outcome, causes), subjects: context.question.subjects, scope: context.question.namespaces,
            rootCauses: causes,
            alternatives: verdict.alternatives.prefix(5).map(rootCause), elsewhere: verdict.elsewhere.prefix(5).map(rootCause),
            checked: checked,
            gaps: Array(gaps.prefix(Self.mostGaps)),
            nextSteps: nextSteps(outcome), evidenceTime: context.view.now)
    }

    private static let mostGaps = 50

    /// What could not be read, lists before single logs. Logs of places that were not asked about are no loss.
    private var gaps: [EvidenceGap] {
        let scope = context.question.namespaces
        func isLog(_ gap: EvidenceGap) -> Bool { gap.path.hasPrefix("logs/") }
        let all = context.view.gaps + context.connectivity.gaps + context.hostServices.gaps + context.telemetry.gaps
        let logs = all.filter { gap in isLog(gap) && (scope.isEmpty || scope.contains { gap.path.hasPrefix("logs/\($0)/") }) }
        return all.filter { !isLog($0) } + logs
    }

    // MARK: Outcome

    /// Below this a cause is a guess, and the report must not read as an answer.
    private static let bar = 0.5

    private func outcome(_ causes: [RootCause]) -> Report.Outcome {
        if let best = causes.first, best.confidence >= Self.bar { return .causeFound }
        if !causes.isEmpty || !context.view.wasReadForHealth(in: context.question.namespaces) || !unwell.isEmpty { return .inconclusive }
        return .noFault
    }

    /// Workloads in scope that do not serve as they should, for which no cause is reported.
    private var suffering: [Workload] {
        let scope =
            result.subjects.isEmpty
            ? context.topology.workloads : context.topology.workloads.filter { result.subjects.contains($0.reference) }
        return scope.filter { workload in
            guard !workload.isBatch, context.question.namespaces.isEmpty || context.question.namespaces.contains(workload.namespace) else {
                return false
            }
            // Pods that have only just been made are on their way.
            let isSettled =
                workload.unreadyPods.contains { (context.age($0.metadata.creationTime ?? $0.startTime) ?? .infinity) > 120 }
                || (workload.livePods.isEmpty && (workload.desired ?? 0) > 0)
            return workload.impact > .latent && isSettled
        }
    }

    /// Whatever suffers, by its state or by its measurements.
    private var unwell: [ObjectReference] {
        let worse = context.telemetry.worse(in: context.question.namespaces)
        return Set(suffering.map(\.reference) + (result.subjects.isEmpty ? worse : worse.filter(result.subjects.contains))).sorted()
    }

    private func summary(_ outcome: Report.Outcome, _ causes: [RootCause]) -> String {
        switch outcome {
        case .causeFound:
            guard let first = causes.first else { return "" }
            let others = causes.dropFirst().filter { $0.level >= .medium }.count
            return first.statement + (others == 0 ? "" : " \(Phrase.count(others, "further independent fault")) found.")
        case .noFault:
            let about = context.question.subjects.isEmpty ? "what was looked at" : Phrase.list(context.question.subjects.map(\.description))
            let trouble = verdict.elsewhere.isEmpty ? "" : " There is unrelated trouble elsewhere."
            return "No fault found in \(about): all workloads serve, and no error that still goes on is in the evidence.\(trouble)"
        case .inconclusive:
            if let first = causes.first { return "Not certain. Suspected: \(first.statement)" }
            let names = Phrase.list(unwell.map(\.description))
            return names.isEmpty
                ? "The evidence is too thin to say whether there is a fault."
                : "\(names) does not serve as it should, and the evidence does not say why."
        }
    }

    private func nextSteps(_ outcome: Report.Outcome) -> [String] {
        guard outcome != .causeFound else { return [] }
        var steps = suffering.prefix(3).map { workload in
            "Look at the logs and events of \(workload.reference): kubectl describe and kubectl logs --previous on its pods that are not Ready."
        }
        if !gaps.isEmpty {
            steps.append("Give the agent access to what could not be read (\(Phrase.count(gaps.count, "gap"))), then ask again.")
        }
        steps += result.unread.sorted().map { "Ask again with namespace \($0): the trail leads there." }
        return steps
    }

    private var checked: [String] {
        let view = context.view
        let scope = context.question.namespaces
        func count<Object: KubernetesObject>(_ table: ObjectTable<Object>) -> Int {
            scope.isEmpty ? table.count : scope.map { table.inNamespace($0).count }.reduce(0, +)
        }
        let workloads = context.topology.workloads.filter { scope.isEmpty || scope.contains($0.namespace) }
        let live = workloads.flatMap(\.livePods)
        return [
            "\(Phrase.count(workloads.count, "workload")) with \(Phrase.count(live.count, "live pod")), \(live.filter(\.isReady).count) of them Ready",
            "\(Phrase.count(count(view.services), "Service")), \(count(view.ingresses)) Ingresses, \(count(view.networkPolicies)) NetworkPolicies",
            "\(Phrase.count(count(view.events), "event")), \(Phrase.count(view.nodes.count, "node")), \(count(view.persistentVolumeClaims)) claims, \(count(view.resourceQuotas)) quotas",
        ] + (context.telemetry.checked.map { [$0] } ?? [])
    }

    // MARK: One cause

    func rootCause(_ candidate: Candidate) -> RootCause {
        let finding = candidate.finding
        let way = bestWay(candidate)
        var book = CitationBook()
        let chain = way.path.map { link in
            CausalStep(object: link.object, statement: link.statement, citations: link.citations.map { book.id(of: $0) })
        }
        for citation in finding.citations { _ = book.id(of: citation) }
        let change = ChangeFinder.change(for: finding, context: context)
        let basis = calibration.basis(of: candidate, hasChange: change != nil)
        let affected = affected(candidate)
        let entry = CauseCatalogue.entry(for: finding.cause)
        var reasons = finding.reasons
        if change != nil { reasons.append("a recent change fits it") }
        if candidate.ways.count > 1 { reasons.append("it explains the trouble of \(Phrase.count(candidate.ways.count, "object"))") }
        return RootCause(
            cause: finding.cause, object: finding.object, statement: finding.statement, confidence: Calibration.probability(basis).rounded3,
            reasons: reasons, reasonsAgainst: finding.against,
            basis: Dictionary(uniqueKeysWithValues: basis.map { ($0.key.rawValue, $0.value.rounded3) }),
            details: finding.details.filter { !$0.value.isEmpty }, affected: affected,
            dependents: dependents.all(of: affected + [finding.object]), chain: chain, citations: book.citations, change: change,
            fix: entry.fix(details: finding.details, object: finding.object),
            suggestion: FixSuggestion(finding: finding, change: change, context: context).suggested,
            verify: Array(entry.verify(details: finding.details, object: finding.object).prefix(Self.mostCommands)))
    }

    /// A reader checks no more than this by hand.
    private static let mostCommands = 3

    // From what was asked about, where there is such a way; else from the furthest symptom, which shows most.
    private func bestWay(_ candidate: Candidate) -> Explanation {
        let asked = candidate.ways.filter { result.subjects.contains($0.key) }
        let ways = asked.isEmpty ? candidate.ways : asked
        let best = ways.sorted { ($0.value.path.count, $1.key) > ($1.value.path.count, $0.key) }.first?.value
        return best
            ?? Explanation(
                finding: candidate.finding,
                path: [
                    CausalLink(
                        object: candidate.finding.object, statement: candidate.finding.statement, citations: candidate.finding.citations)
                ], strength: 1)
    }

    private func affected(_ candidate: Candidate) -> [ObjectReference] {
        var all = candidate.affected
        for reference in candidate.affected {
            guard let workload = context.topology[reference] else { continue }
            all.formUnion(context.topology.services(selecting: workload).map(\.reference))
        }
        let asked = context.question.subjects.filter(all.contains)
        return asked + all.subtracting(asked).sorted()
    }
}

/// Numbers citations, the same one once.
private struct CitationBook {
    private(set) var citations: [Citation] = []

    mutating func id(of citation: Citation) -> String {
        if let known = citations.first(where: { $0.sameAs(citation) }) { return known.id }
        var numbered = citation
        numbered.id = "e\(citations.count + 1)"
        citations.append(numbered)
        return numbered.id
    }
}

extension Double {
    /// As much as a probability is worth writing.
    fileprivate var rounded3: Double { (self * 1_000).rounded() / 1_000 }
}

extension Citation {
    fileprivate func sameAs(_ other: Citation) -> Bool {
        source == other.source && object == other.object && field == other.field && container == other.container && time == other.time
            && text == other.text
    }
}

extension ClusterView {
    /// Whether enough was read to say that all is well: pods at the least.
    func wasReadForHealth(in namespaces: [String]) -> Bool {
        namespaces.isEmpty ? wasRead(.pods) : namespaces.allSatisfy { wasRead(.pods, in: $0) }
    }
}
