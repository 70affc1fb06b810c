import ClusterModel
import Correlation
import IncidentModel
import KnowledgeGraph

/// The steps that ask a model, where there is one. None of them stops an investigation: what they cannot do in their time is left out.
extension InvestigationPipeline {
    func parse(_ investigation: OpenInvestigation) async -> StepOutcome {
        let description = investigation.incident.description
        let reading = DescriptionReading(description)
        let words = "read the description: \(reading.mentions.count) words may be names"
        let question = DescriptionQuestion(description: description, investigation: investigation.incident.id)
        guard let (result, usage) = await ask(investigation, question) else { return StepOutcome(words) { $0.state.reading = reading } }
        switch result {
        case .failure(let error):
            return StepOutcome(words, error.explanation) {
                $0.state.reading = reading
                $0.noteModelUse(usage)
                $0.noteModelFailure(error)
            }
        case .success(let suggestion):
            return StepOutcome("\(words), \(suggestion.mentions.count) by the model") {
                $0.state.reading = reading
                $0.state.reading?.suggestion = suggestion
                $0.noteModelUse(usage)
            }
        }
    }

    func explain(_ investigation: OpenInvestigation) async -> StepOutcome {
        guard let report = investigation.state.report, !report.rootCauses.isEmpty else { return StepOutcome("there is nothing to explain") }
        let question = ExplanationQuestion(incident: investigation.incident, report: report, language: limits.model.language)
        guard let (result, usage) = await ask(investigation, question) else { return StepOutcome("no model is configured any more") }
        switch result {
        case .failure(let error):
            return StepOutcome(error.explanation) {
                $0.noteModelUse(usage)
                $0.noteModelFailure(error)
            }
        case .success(let explanation):
            let count = explanation.sections.reduce(0) { $0 + $1.sentences.count }
            return StepOutcome("explained in \(count) sentences; \(explanation.dropped) were dropped for want of evidence") {
                if count > 0 { $0.state.report?.explanation = explanation }
                $0.noteModelUse(usage)
            }
        }
    }

    /// Asks the model, where there is one and its budget allows; it never stops an investigation.
    /// - Returns: the reply or why there is none, and what its answers took; nil where there is no model.
    private func ask<Question: StepQuestion>(
        _ investigation: OpenInvestigation, _ question: Question
    ) async -> (Result<Question.Reply, ModelError>, ModelUsage?)? {
        guard let model else { return nil }
        guard limits.model.allow(investigation.state.modelUse ?? ModelUsage()) else {
            return (.failure(.overBudget(limits.model.words)), nil)
        }
        let metered = MeteredModel(model)
        do {
            let reply = try await withDeadline(.seconds(limits.model.stepSeconds), clock: clock) { try await question.reply(of: metered) }
            return (.success(reply), metered.usage)
        } catch let error as ModelError {
            return (.failure(error), metered.usage)
        } catch {
            return (.failure(.timeout), metered.usage)
        }
    }

    // MARK: Looking further

    func reason(_ investigation: OpenInvestigation) async -> StepOutcome {
        guard let model, let report = investigation.state.report else { return StepOutcome("no model is configured any more") }
        let used = investigation.state.modelUse ?? ModelUsage()
        guard limits.model.allow(used) else {
            let error = ModelError.overBudget(limits.model.words)
            return StepOutcome(error.explanation) { $0.noteModelFailure(error) }
        }
        guard let (evidence, graph) = await evidence(of: investigation) else { return Self.withoutEvidence }
        let question = question(of: investigation)
        let desk = EvidenceDesk(
            evidence, scope: scope(of: investigation, namespaces: investigation.state.namespaces),
            words: Self.tellingWords(of: investigation.incident.description),
            lookup: { EvidenceLookup($0, graph: graph, question: question) }, read: read)
        let metered = MeteredModel(model)
        let reasoning = Reasoning(
            incident: investigation.incident, report: report, bounds: Reasoning.Bounds(),
            hasBudget: { [limits] share in limits.model.allow(used + (metered.usage ?? ModelUsage()), share: share) },
            budget: limits.model.words, seconds: limits.model.stepSeconds)
        let progress = Reasoning.Progress()
        let isDone: Void? = try? await withDeadline(.seconds(limits.model.stepSeconds), clock: clock) {
            await reasoning.run(metered, desk: desk, progress: progress)
        }
        var outcome = progress.outcome
        if isDone == nil { outcome.failure = outcome.failure ?? .timeout }
        let usage = metered.usage
        let dropped = outcome.dropped == 0 ? "" : "; \(outcome.dropped) without evidence were dropped"
        let ended = outcome.failure.map { "; \($0.explanation)" } ?? ""
        let words = "a model made \(outcome.calls) lookups and proposes \(outcome.proposals.count) causes\(dropped)\(ended)"
        return StepOutcome(words) { [outcome] in
            $0.noteModelUse(usage)
            if let failure = outcome.failure { $0.noteModelFailure(failure) }
            $0.state.proposals = outcome.proposals
            $0.state.consulted = outcome.wider?.scope
            $0.evidence = outcome.wider?.evidence ?? evidence
            $0.graph = graph
        }
    }

    /// Holds what a model came upon against the rules: evidence that was read on its way, and what it proposes.
    func verify(_ investigation: OpenInvestigation) async -> StepOutcome {
        let proposals = investigation.state.proposals ?? []
        guard let report = investigation.state.report, investigation.state.consulted != nil || !proposals.isEmpty else {
            return StepOutcome("there is nothing to verify") { $0.evidence = nil }
        }
        guard let (evidence, graph) = await evidence(of: investigation) else { return Self.withoutEvidence }
        let view = ClusterView(evidence)
        let diagnosis = engine.diagnose(view, graph: graph, question: question(of: investigation), proposals: proposals)
        var verified = VerifiedReport(report)
        if investigation.state.consulted != nil { verified.weigh(diagnosis.report.withoutUnseenHealth(in: view)) }
        verified.add(diagnosis.verdicts, by: model?.name ?? "a language model")
        let pod = verified.isBetter ? subjectPod(of: verified.report, in: view) : nil
        let summary = Self.summary(of: evidence)
        return StepOutcome("\(verified.words): \(Self.outcome(of: verified.report))") { [verified] in
            $0.state.report = verified.report
            if let pod {
                $0.state.evidence = summary
                $0.state.evidence.podDetails = pod.details
                $0.state.evidence.podLogs = pod.log
            }
            $0.evidence = nil
        }
    }

    private static let withoutEvidence = StepOutcome("the evidence could not be read again") {
        $0.noteModelFailure("the evidence could not be read again, so it did not look further")
        $0.evidence = nil
    }

    /// Words by which results are cut: few, since each is looked for in all that is found.
    private static func tellingWords(of description: String) -> [String] {
        var words: [String] = []
        for word in description.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "-" }) where word.count > 2 {
            guard words.count < mostTellingWords else { break }
            if !words.contains(String(word)) { words.append(String(word)) }
        }
        return words
    }

    private static let mostTellingWords = 40

    /// The evidence of the investigation with its topology, read again where a restart has lost it; nil where it cannot be read.
    private func evidence(of investigation: OpenInvestigation) async -> (ClusterEvidence, KnowledgeGraph)? {
        if let evidence = investigation.evidence { return (evidence, investigation.graph ?? graph) }
        let scope = investigation.state.consulted ?? scope(of: investigation, namespaces: investigation.state.namespaces)
        guard var evidence = try? await read(scope).get() else { return nil }
        let graph = topology(from: &evidence)
        return (evidence, graph)
    }

    private func read(_ scope: EvidenceScope) async -> Result<ClusterEvidence, AgentError> {
        do throws(AgentError) { return .success(try await agent.evidence(for: scope)) } catch { return .failure(error) }
    }
}
