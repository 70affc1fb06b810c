import ClusterModel
import Correlation
import IncidentModel
import KnowledgeGraph

extension InvestigationPipeline {
    /// Does one step; changes nothing by itself.
    func perform(_ step: InvestigationStep, on investigation: OpenInvestigation) async throws(AgentError) -> StepOutcome {
        switch step {
        case .parse: await parse(investigation)
        case .inventory: try await inventory()
        case .resolve: resolve(investigation)
        case .collect: try await collect(investigation)
        case .correlate: correlate(investigation)
        case .reason: await reason(investigation)
        case .verify: await verify(investigation)
        case .explain: await explain(investigation)
        case .review: review(investigation)
        case .report: report(investigation)
        case .withdraw: withdraw(investigation)
        }
    }

    private func inventory() async throws(AgentError) -> StepOutcome {
        let inventory = try await agent.inventory()
        return StepOutcome("read the names of \(inventory.entries.count) objects") {
            $0.inventory = inventory
        }
    }

    private func resolve(_ investigation: OpenInvestigation) -> StepOutcome {
        let reading = investigation.state.reading ?? DescriptionReading(investigation.incident.description)
        let resolution = SubjectResolution(
            reading, hint: investigation.incident.namespace, in: investigation.inventory ?? Inventory())
        let scope = Self.words(for: resolution.namespaces)
        let subjects = resolution.subjects.map(\.description)
        let words =
            subjects.isEmpty ? "no object is named; looking at everything in \(scope)" : "it is about \(Self.list(subjects)) in \(scope)"
        return StepOutcome(words) {
            $0.state.resolution = resolution
            $0.state.namespaces = resolution.namespaces
            $0.incident.extractedEntities = resolution.entities
            $0.inventory = nil
        }
    }

    private func collect(_ investigation: OpenInvestigation) async throws(AgentError) -> StepOutcome {
        let namespaces = investigation.state.namespaces + investigation.state.further
        var evidence = try await agent.evidence(for: scope(of: investigation, namespaces: namespaces))
        let graph = topology(from: &evidence)
        let view = ClusterView(evidence)
        let summary = Self.summary(of: evidence)
        let objects = evidence.lists.values.reduce(0) { $0 + $1.count }
        let gaps = view.gaps.isEmpty ? "" : "; \(view.gaps.count) parts could not be read"
        return StepOutcome("read \(objects) objects and \(evidence.logs.count) logs of \(Self.words(for: namespaces))\(gaps)") {
            [kept = model == nil ? nil : evidence] in
            $0.graph = graph
            $0.view = view
            $0.evidence = kept
            $0.state.namespaces = namespaces
            $0.state.further = []
            $0.state.evidence = summary
        }
    }

    private func correlate(_ investigation: OpenInvestigation) -> StepOutcome {
        let view = investigation.view ?? ClusterView(ClusterEvidence(capturedAt: now(), kubernetesVersion: ""))
        let question = question(of: investigation)
        let diagnosis = engine.diagnose(view, graph: investigation.graph ?? graph, question: question)
        // Without a namespace in question everything was read.
        let further = question.namespaces.isEmpty ? [] : diagnosis.furtherNamespaces.filter { !question.namespaces.contains($0) }
        let report = diagnosis.report.withoutUnseenHealth(in: view)
        let trail = further.isEmpty ? "" : "; the trail leads into \(Self.words(for: further))"
        let pod = subjectPod(of: report, in: view)
        return StepOutcome(Self.outcome(of: report) + trail) {
            $0.state.report = report
            $0.state.further = further
            $0.state.evidence.podDetails = pod.details
            $0.state.evidence.podLogs = pod.log
            $0.view = nil
            // Evidence is large: it is kept only for those who look further.
            if !report.isUnsure || !further.isEmpty { $0.evidence = nil }
        }
    }

    /// The pod that a report is about most, as it is kept with the incident.
    func subjectPod(of report: Report, in view: ClusterView) -> (details: PodDetails?, log: String?) {
        let pod = SubjectPod.choose(subjects: report.subjects, causes: report.rootCauses, in: view)
        return (pod.map { PodDetails($0, in: view) }, pod.flatMap { SubjectPod.log(of: $0, lines: limits.logLines, in: view) })
    }

    private func review(_ investigation: OpenInvestigation) -> StepOutcome {
        StepOutcome("the review is in: \(investigation.state.review?.decision.rawValue ?? "none")")
    }

    private func report(_ investigation: OpenInvestigation) -> StepOutcome {
        let end = now()
        return StepOutcome("the report is written") { investigation in
            var report = investigation.state.report
            if let reason = investigation.state.modelGap {
                report?.gaps.append(EvidenceGap(path: EvidenceGap.languageModel, reason: reason))
            }
            report?.modelUse = investigation.state.modelUse
            let cause = report?.rootCauses.first
            investigation.incident.evidence = investigation.state.evidence
            investigation.incident.report = report
            investigation.incident.suggestedRootCause = cause?.statement
            investigation.incident.confidenceScore = cause?.level
            investigation.incident.status = .completed
            investigation.incident.completedAt = end
            investigation.incident.error = nil
        }
    }

    private func withdraw(_ investigation: OpenInvestigation) -> StepOutcome {
        let end = now()
        let comment = investigation.state.review?.comment.map { ": \($0)" } ?? ""
        return StepOutcome("no cause is reported") { investigation in
            investigation.incident.status = .failed
            investigation.incident.completedAt = end
            investigation.incident.error = "review: the cause that was found was not accepted\(comment)"
        }
    }

    /// What the agent is asked for.
    func scope(of investigation: OpenInvestigation, namespaces: [String]) -> EvidenceScope {
        EvidenceScope(namespaces: namespaces, focus: investigation.state.resolution?.subjects ?? [])
    }

    /// What the rules are asked.
    func question(of investigation: OpenInvestigation) -> Question {
        Question(
            description: investigation.incident.description, subjects: investigation.state.resolution?.subjects ?? [],
            namespaces: investigation.state.namespaces)
    }

    /// The configured graph, or else the one that came with the evidence; one that cannot be read becomes a gap.
    func topology(from evidence: inout ClusterEvidence) -> KnowledgeGraph {
        guard graph.components.isEmpty, let text = evidence.knowledgeGraph else { return graph }
        do {
            return try KnowledgeGraph(yaml: text)
        } catch {
            evidence.gaps.append(EvidenceGap(path: "knowledge_graph.yaml", reason: error.description))
            return graph
        }
    }

    static func summary(of evidence: ClusterEvidence) -> EvidenceSummary {
        let counts = Dictionary(
            evidence.lists.map { path, items in (path.split(separator: "/").last.map(String.init) ?? path, items.count) },
            uniquingKeysWith: +)
        return EvidenceSummary(objectCounts: counts, collectedAt: evidence.capturedAt)
    }

    static func outcome(of report: Report) -> String {
        switch report.outcome {
        case .causeFound:
            report.rootCauses.first.map { "found \($0.cause.rawValue) at \($0.object), confidence \($0.level.rawValue)" } ?? "found a cause"
        case .noFault: "no fault was found"
        case .inconclusive: "the evidence carries no cause"
        }
    }

    private static func words(for namespaces: [String]) -> String {
        switch namespaces.count {
        case 0: "all namespaces"
        case 1: "namespace \(namespaces[0])"
        default: "namespaces \(list(namespaces))"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
