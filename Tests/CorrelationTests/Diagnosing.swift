import ClusterModel
import Correlation
import Foundation
import IncidentModel
import Investigation
import KnowledgeGraph
import TestSupport

/// Asks the engine as the pipeline does: words to objects, then evidence to report.
func diagnose(_ evidence: ClusterEvidence, _ description: String, namespace: String? = nil) throws -> Report {
    let view = ClusterView(evidence)
    // As the pipeline does: a graph that cannot be read is a gap, and no reason to give up.
    let graph = (try? evidence.knowledgeGraph.map { try KnowledgeGraph(yaml: $0) }) ?? .empty
    let resolution = SubjectResolution(DescriptionReading(description), hint: namespace, in: Inventory(view))
    let question = Question(description: description, subjects: resolution.subjects, namespaces: resolution.namespaces)
    return Engine().diagnose(view, graph: graph, question: question).report
}

func diagnose(_ scenario: Scenario, _ change: (ClusterEvidence) throws -> ClusterEvidence = { $0 }) throws -> Report {
    let incident = try scenario.incident()
    return try diagnose(change(scenario.evidence()), incident.description, namespace: incident.namespace)
}

extension Report {
    /// The report as bytes, for comparing two of them.
    var bytes: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return try encoder.encode(self)
        }
    }

    /// Causes that the report stands by.
    var confident: [RootCause] { rootCauses.filter { $0.level >= .medium } }

    var words: String { rootCauses.map { "\($0.cause.rawValue) \($0.object) \($0.confidence)" }.joined(separator: "; ") }
}

extension Scenario.Label {
    func accepts(_ cause: IncidentModel.RootCause) -> Bool {
        rootCauses.contains { $0.accepts(cause: cause.cause.rawValue) && $0.accepts(object: cause.object) }
    }
}
