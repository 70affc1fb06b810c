internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// What summaries of logs say: the same signatures as in whole logs, weighed by how often and how exclusively a pattern comes.
enum LogSummaryRules {
    /// Calls to others that fail, for the descent to follow.
    static func symptoms(_ workload: Workload, context: CaseContext) -> [DependencySymptom] {
        sayings(of: workload, context).compactMap { saying in
            guard let failure = DependencySymptoms.failure(saying.said.signature), !saying.said.isServerSide else { return nil }
            return DependencySymptom(
                client: workload.reference, container: container(of: workload)?.name ?? "", failure: failure, host: saying.said.host ?? "",
                port: saying.said.port, detail: saying.said.name ?? saying.said.detail, citation: saying.citation, isFatal: false,
                onset: saying.said.first, lastSeen: saying.said.last, count: saying.count)
        }
    }

    /// Faults of the program itself.
    static func findings(_ workload: Workload, context: CaseContext) -> [Finding] {
        guard let pod = workload.livePods.first ?? workload.pods.first, let container = container(of: workload) else { return [] }
        let place = ContainerCase(
            context: context, workload: workload, pod: pod, container: container, status: pod.status(of: container), podEvents: [])
        return sayings(of: workload, context).compactMap { saying in
            guard !saying.said.isServerSide, !LogRules.isDependency(saying.said) else { return nil }
            let isFelt = saying.isHeavy || workload.impact > .latent || context.telemetry.suffers(workload.reference)
            var finding: Finding
            if Self.isGeneral(saying.said.signature) {
                finding = place.finding(
                    .applicationError,
                    "\(place.place.capitalizedFirst) fails over and over: \(Citation.cut((saying.said.detail ?? saying.said.line.message).trimmed)).",
                    confidence: 0.45, citations: [])
                finding.details["exception"] = saying.said.name
                finding.isSymptom = true
            } else {
                guard let known = LogRules.read(saying.said, place, confidence: 0.55) else { return nil }
                finding = known
            }
            finding.citations = [saying.citation]
            finding.reasons = ["the summary of its log holds it \(Phrase.count(saying.count, "time"))"]
            if saying.isHeavy {
                finding.confidence += 0.1
                finding.reasons.append("its log says hardly anything else")
            }
            if !isFelt { finding.confidence -= 0.2 }
            finding.impact = isFelt ? max(workload.impact, .degraded) : .latent
            return finding
        }
    }

    // One line of an exception says that it was thrown, not that the program ended.
    private static func isGeneral(_ signature: LogFinding.Signature) -> Bool {
        [.uncaughtException, .loggedException, .fatalMessage, .panic].contains(signature)
    }

    private static func sayings(of workload: Workload, _ context: CaseContext) -> [LogSummaries.Saying] {
        (context.telemetry.summaries.byWorkload[workload.reference] ?? []).filter(\.isCommon)
    }

    private static func container(of workload: Workload) -> Container? {
        let containers = (workload.template?.spec ?? workload.pods.first?.spec)?.containers ?? []
        return containers.first { $0.name == workload.reference.name } ?? containers.first
    }
}
