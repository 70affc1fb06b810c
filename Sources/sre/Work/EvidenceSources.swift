import ClusterModel
import ClusterSnapshot
import EvidenceCollection
import Foundation
import IncidentModel
import Investigation
import KnowledgeGraph

/// A recorded cluster, read by the very code that reads a live one.
struct SnapshotSource {
    let evidence: ClusterEvidence

    init(evidence: ClusterEvidence) { self.evidence = evidence }

    /// - Throws: `CommandError` that says what is wrong with the snapshot.
    init(path: String) throws {
        do {
            evidence = try SnapshotFile.load(path)
        } catch {
            throw CommandError(error.description)
        }
    }

    var agent: EvidenceCollector {
        EvidenceCollector(reader: SnapshotReader(evidence), capturedAt: { [time = evidence.capturedAt] in time }, supplement: evidence)
    }
}

extension KnowledgeGraph {
    /// Reads a knowledge graph file.
    /// - Throws: `CommandError` that names file, line and fix.
    static func load(_ path: String) throws -> KnowledgeGraph {
        let text: String
        do {
            text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw CommandError(
                "cannot read the knowledge graph \(path); name another with --file, or write one (see docs/configuration.md)")
        }
        do {
            return try KnowledgeGraph(yaml: text)
        } catch {
            throw CommandError("\(path): \(error)")
        }
    }
}

extension InvestigationPipeline {
    /// Investigates one description in this process.
    /// - Throws: `CommandError` that says what failed.
    func investigate(description: String, namespace: String?, progress: (JournalDraft) -> Void = { _ in }) async throws -> Incident {
        let incident = Incident(id: UUID(), description: description, namespace: namespace, createdAt: Date())
        do {
            return try await investigate(incident, progress: progress)
        } catch {
            throw CommandError(error.description)
        }
    }
}
