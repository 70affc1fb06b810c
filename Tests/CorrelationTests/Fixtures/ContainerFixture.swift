import IncidentModel
import TestSupport
import Testing

/// What a fixture about one container asks of the engine.
struct ContainerFixture {
    /// As vague as users are.
    static let vague = "Partial Service Unreachability."

    /// The first answer is this cause on this object with these details, and the engine stands by it.
    @discardableResult
    static func expect(
        _ cause: CauseCode, on kind: String = "Deployment", _ name: String = "cart", _ details: [String: String] = [:],
        level: ConfidenceLevel = .medium, _ description: String = vague, in cluster: ClusterBuilder,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> RootCause? {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        guard let first = report.rootCauses.first else {
            Issue.record("no cause: \(report.outcome) \(report.summary)", sourceLocation: sourceLocation)
            return nil
        }
        let words = "got \(report.words): \(first.statement) \(first.details)"
        #expect(first.cause == cause, "\(words)", sourceLocation: sourceLocation)
        #expect(first.object == ObjectReference(kind: kind, namespace: "shop", name: name), "\(words)", sourceLocation: sourceLocation)
        #expect(first.level >= level, "\(words)", sourceLocation: sourceLocation)
        for (key, value) in details {
            #expect(first.details[key] == value, "\(key): \(words)", sourceLocation: sourceLocation)
        }
        return first
    }

    /// All is well: nothing is reported that the engine stands by.
    static func expectSilence(
        _ description: String = vague, in cluster: ClusterBuilder, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        #expect(report.confident.isEmpty, "got \(report.words): \(report.summary)", sourceLocation: sourceLocation)
    }

    /// Whatever is said, it is not this, at least not with confidence.
    static func expectNot(
        _ causes: [CauseCode], _ description: String = vague, in cluster: ClusterBuilder, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        let wrong = report.confident.filter { causes.contains($0.cause) }
        #expect(wrong.isEmpty, "got \(report.words): \(report.summary)", sourceLocation: sourceLocation)
    }
}
