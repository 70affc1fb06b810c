import ClusterModel
import Correlation
import IncidentModel

/// The steps that ask a model, where there is one. None of them stops an investigation.
extension InvestigationPipeline {
    func parse(_ investigation: OpenInvestigation) async -> StepOutcome {
        let description = investigation.incident.description
        let reading = DescriptionReading(description)
        let words = "read the description: \(reading.mentions.count) words may be names"
        let question = DescriptionQuestion(description: description, investigation: investigation.incident.id)
        switch await ask(investigation, question) {
        case nil: return StepOutcome(words) { $0.state.reading = reading }
        case .failure(let error):
            return StepOutcome(words, error.explanation) {
                $0.state.reading = reading
                $0.noteModelFailure(error)
            }
        case .success(let answer):
            let (suggestion, usage) = answer
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
        switch await ask(investigation, question) {
        case nil: return StepOutcome("no model is configured any more")
        case .failure(let error): return StepOutcome(error.explanation) { $0.noteModelFailure(error) }
        case .success(let answer):
            let (explanation, usage) = answer
            let count = explanation.sections.reduce(0) { $0 + $1.sentences.count }
            return StepOutcome("explained in \(count) sentences; \(explanation.dropped) were dropped for want of evidence") {
                if count > 0 { $0.state.report?.explanation = explanation }
                $0.noteModelUse(usage)
            }
        }
    }

    /// Asks the model, where there is one and its budget allows; it never stops an investigation.
    /// - Returns: nil where there is no model.
    private func ask<Question: StepQuestion>(
        _ investigation: OpenInvestigation, _ question: Question
    ) async -> Result<(Question.Reply, ModelUsage), ModelError>? {
        guard let model else { return nil }
        let used = investigation.state.modelUse ?? ModelUsage()
        guard limits.model.allow(used) else { return .failure(.overBudget(limits.model.words)) }
        do {
            return .success(
                try await withDeadline(.seconds(limits.model.stepSeconds), clock: clock) { try await question.reply(of: model) })
        } catch let error as ModelError {
            return .failure(error)
        } catch {
            return .failure(.timeout)
        }
    }

    // MARK: Looking further

    func reason(_ investigation: OpenInvestigation) async -> StepOutcome {
        guard let model, let report = investigation.state.report else { return StepOutcome("no model is configured any more") }
        guard let evidence = await evidence(of: investigation) else { return StepOutcome("the evidence could not be read again") }
        let used = investigation.state.modelUse ?? ModelUsage()
        guard limits.model.allow(used) else {
            let error = ModelError.overBudget(limits.model.words)
            return StepOutcome(error.explanation) { $0.noteModelFailure(error) }
        }
        let question = question(of: investigation)
        let graph = investigation.graph ?? graph
        let words = Set(
            investigation.incident.description.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "-" }.map(String.init))
        let desk = EvidenceDesk(
            evidence, scope: scope(of: investigation, namespaces: investigation.state.namespaces), words: words.filter { $0.count > 2 },
            lookup: { EvidenceLookup($0, graph: graph, question: question) }, read: read)
        let reasoning = Reasoning(
            incident: investigation.incident, report: report, bounds: Reasoning.Bounds(),
            hasBudget: { [limits] in limits.model.allow(used + $0) }, seconds: limits.model.stepSeconds)
        let outcome: Reasoning.Outcome
        do {
            outcome = try await withDeadline(.seconds(limits.model.stepSeconds), clock: clock) {
                await reasoning.outcome(of: model, desk: desk)
            }
        } catch {
            return StepOutcome(ModelError.timeout.explanation) { $0.noteModelFailure(.timeout) }
        }
        let count = outcome.proposals.count
        let dropped = outcome.dropped == 0 ? "" : "; \(outcome.dropped) without evidence were dropped"
        let ended = outcome.failure.map { "; \($0.explanation)" } ?? ""
        return StepOutcome("a model looked \(outcome.calls) things up and proposes \(count) causes\(dropped)\(ended)") {
            $0.noteModelUse(outcome.usage)
            if let failure = outcome.failure { $0.noteModelFailure(failure) }
            $0.state.proposals = outcome.proposals
            $0.state.consulted = outcome.wider?.scope
            if let wider = outcome.wider { $0.evidence = wider.evidence }
        }
    }

    /// Holds what a model came upon against the rules: evidence that was read on its way, and what it proposes.
    func verify(_ investigation: OpenInvestigation) async -> StepOutcome {
        let proposals = investigation.state.proposals ?? []
        guard let report = investigation.state.report, investigation.state.consulted != nil || !proposals.isEmpty else {
            return StepOutcome("there is nothing to verify") { $0.evidence = nil }
        }
        guard let evidence = await evidence(of: investigation) else {
            return StepOutcome("the evidence could not be read again") { $0.evidence = nil }
        }
        let view = ClusterView(evidence)
        let graph = investigation.graph ?? graph
        let question = question(of: investigation)
        var verified = VerifiedReport(report)
        if investigation.state.consulted != nil {
            verified.weigh(engine.diagnose(view, graph: graph, question: question).report.withoutUnseenHealth(in: view))
        }
        verified.add(engine.assess(proposals, in: view, graph: graph, question: question), by: model?.name ?? "a language model")
        let pod = subjectPod(of: verified.report, in: view)
        return StepOutcome("\(verified.words): \(Self.outcome(of: verified.report))") { [verified] in
            $0.state.report = verified.report
            $0.state.evidence.podDetails = pod.details
            $0.state.evidence.podLogs = pod.log
            $0.evidence = nil
        }
    }

    /// The evidence of the investigation, read again where a restart has lost it; nil where it cannot be read.
    private func evidence(of investigation: OpenInvestigation) async -> ClusterEvidence? {
        if let evidence = investigation.evidence { return evidence }
        let scope = investigation.state.consulted ?? scope(of: investigation, namespaces: investigation.state.namespaces)
        return try? await read(scope).get()
    }

    private func read(_ scope: EvidenceScope) async -> Result<ClusterEvidence, AgentError> {
        do throws(AgentError) { return .success(try await agent.evidence(for: scope)) } catch { return .failure(error) }
    }
}
