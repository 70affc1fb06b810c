import ClusterModel
import Correlation
import IncidentModel
import KnowledgeGraph

extension InvestigationPipeline {
    func parse(_ investigation: inout OpenInvestigation) -> [String] {
        let reading = DescriptionReading(investigation.incident.description)
        investigation.state.reading = reading
        investigation.state.next = .resolve
        return ["read the description: \(reading.mentions.count) words may be names"]
    }

    func resolve(_ investigation: inout OpenInvestigation) async throws(InvestigationError) -> [String] {
        let inventory = try await ask(.resolve) { [agent] () async throws(AgentError) in try await agent.inventory() }
        let reading = investigation.state.reading ?? DescriptionReading(investigation.incident.description)
        let resolution = SubjectResolution(reading, hint: investigation.incident.namespace, in: inventory)
        investigation.state.resolution = resolution
        investigation.state.namespaces = resolution.namespaces
        investigation.incident.extractedEntities = resolution.entities
        investigation.state.next = .collect
        let scope = Self.words(for: resolution.namespaces)
        guard !resolution.subjects.isEmpty else { return ["no object is named; looking at everything in \(scope)"] }
        return ["it is about \(Self.list(resolution.subjects.map(\.description))) in \(scope)"]
    }

    func collect(_ investigation: inout OpenInvestigation) async throws(InvestigationError) -> [String] {
        let subjects = investigation.state.resolution?.subjects ?? []
        let scope = EvidenceScope(namespaces: investigation.state.namespaces, focus: subjects)
        var evidence = try await ask(.collect) { [agent] () async throws(AgentError) in try await agent.evidence(for: scope) }
        investigation.graph = topology(from: &evidence)
        let view = ClusterView(evidence)
        investigation.view = view
        investigation.state.rounds += 1
        investigation.state.evidence = EvidenceSummary(objectCounts: Self.counts(of: evidence), collectedAt: evidence.capturedAt)
        investigation.state.next = .correlate
        let objects = evidence.lists.values.reduce(0) { $0 + $1.count }
        let gaps = view.gaps.isEmpty ? "" : "; \(view.gaps.count) parts could not be read"
        return ["read \(objects) objects and \(evidence.logs.count) logs of \(Self.words(for: scope.namespaces))\(gaps)"]
    }

    func correlate(_ investigation: inout OpenInvestigation) -> [String] {
        guard let view = investigation.view else {
            investigation.state.next = .collect
            return []
        }
        let question = Question(
            description: investigation.incident.description, subjects: investigation.state.resolution?.subjects ?? [],
            namespaces: investigation.state.namespaces)
        let diagnosis = engine.diagnose(view, graph: investigation.graph ?? graph, question: question)
        let further = diagnosis.furtherNamespaces.filter { !question.namespaces.contains($0) }
        if !further.isEmpty, !question.namespaces.isEmpty, investigation.state.rounds < limits.rounds {
            investigation.state.namespaces += further
            investigation.state.next = .collect
            return ["the trail leads into \(Self.words(for: further)); reading that too"]
        }
        let report = diagnosis.report.withoutUnseenHealth(in: view)
        investigation.state.report = report
        describePod(&investigation, report: report, view: view)
        investigation.state.next = .report
        return [Self.outcome(of: report)]
    }

    func report(_ investigation: inout OpenInvestigation) -> [String] {
        let report = investigation.state.report
        let cause = report?.rootCauses.first
        investigation.incident.evidence = investigation.state.evidence
        investigation.incident.report = report
        investigation.incident.suggestedRootCause = cause?.statement
        investigation.incident.confidenceScore = cause?.level
        investigation.incident.status = .completed
        investigation.incident.completedAt = now()
        investigation.incident.error = nil
        investigation.view = nil
        investigation.state.next = nil
        return ["the report is written"]
    }

    /// The configured graph, or else the one that came with the evidence; one that cannot be read becomes a gap.
    private func topology(from evidence: inout ClusterEvidence) -> KnowledgeGraph {
        guard graph.components.isEmpty, let text = evidence.knowledgeGraph else { return graph }
        do {
            return try KnowledgeGraph(yaml: text)
        } catch {
            evidence.gaps.append(EvidenceGap(path: "knowledge_graph.yaml", reason: error.description))
            return graph
        }
    }

    private func describePod(_ investigation: inout OpenInvestigation, report: Report, view: ClusterView) {
        guard let pod = SubjectPod.choose(subjects: report.subjects, causes: report.rootCauses, in: view) else { return }
        investigation.state.evidence.podDetails = PodDetails(pod, in: view)
        investigation.state.evidence.podLogs = SubjectPod.log(of: pod, lines: limits.logLines, in: view)
    }

    private static func counts(of evidence: ClusterEvidence) -> [String: Int] {
        Dictionary(
            evidence.lists.map { path, items in (path.split(separator: "/").last.map(String.init) ?? path, items.count) },
            uniquingKeysWith: +)
    }

    private static func outcome(of report: Report) -> String {
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
