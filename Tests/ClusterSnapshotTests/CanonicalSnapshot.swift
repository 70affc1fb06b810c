import ClusterModel
import FastJSON
import Foundation
import IncidentModel

/// Everything a snapshot says, in a form that two snapshots can be compared by.
struct CanonicalSnapshot: Equatable {
    var capturedAt: Date
    var kubernetesVersion: String
    var namespaces: [String]?
    var gaps: [EvidenceGap]
    var lists: [String: [String]]
    var logs: [String: String]

    init(_ evidence: ClusterEvidence) {
        capturedAt = evidence.capturedAt
        kubernetesVersion = evidence.kubernetesVersion
        namespaces = evidence.namespaces
        gaps = evidence.gaps.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) }
        lists = evidence.lists.mapValues { $0.map(canonicalText) }
        logs = Dictionary(evidence.logs.map { ($0.path, $0.text) }) { $1 }
    }
}

/// JSON text with sorted members.
func canonicalText(_ json: JSONValue) -> String {
    switch json.kind {
    case .object: JSONText.object(json.members.sorted { $0.key < $1.key }.map { ($0.key, canonicalText($0.value)) })
    case .array: JSONText.array(json.array.map(canonicalText))
    default: json.serialized
    }
}
