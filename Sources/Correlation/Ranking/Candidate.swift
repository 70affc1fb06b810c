internal import FoundationEssentials
internal import IncidentModel

/// A possible root cause: one finding, and everything that leads to it.
struct Candidate: Sendable {
    var finding: Finding
    /// Ways to it by the object they begin at.
    var ways: [ObjectReference: Explanation]
    /// Whether one of the objects asked about leads to it, or it stands on one of them.
    var isReached = false
    /// Whether only declared dependencies join it to what was asked about.
    var isReachedByDeclaration = false

    var key: String { "\(finding.cause.rawValue) \(finding.object)" }

    var confidence: Double { ways.values.map(\.confidence).max() ?? finding.confidence }

    /// Everything that suffers: where ways begin, and what they pass.
    var affected: Set<ObjectReference> {
        var result = Set(ways.keys)
        for way in ways.values { result.formUnion(way.path.map(\.object)) }
        result.insert(finding.sufferer)
        return result.filter {
            ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "Service", "Pod", "Ingress"].contains($0.kind)
                || $0 == finding.sufferer
        }
    }

    /// Where it stands among the others: what is sure, hurts and explains much comes first.
    var score: Double {
        let impact: Double =
            switch finding.impact {
            case .latent: -0.25
            case .degraded: 0.05
            case .outage: 0.1
            }
        let breadth = 0.015 * Double(min(ways.count, 6))
        let symptom = finding.isSymptom ? -0.2 : 0
        return confidence + impact + breadth + symptom
    }
}
