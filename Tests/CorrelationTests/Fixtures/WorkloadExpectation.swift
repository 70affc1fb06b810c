import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// What a fixture about a workload, an autoscaler or a change asks of the engine.
enum WorkloadExpectation {
    /// As vague as users are.
    static let vague = "Partial Service Unreachability."

    /// The first answer is this cause on this object with these details.
    @discardableResult
    static func expect(
        _ cause: CauseCode, on kind: String, _ name: String, _ details: [String: String] = [:], level: ConfidenceLevel = .medium,
        in cluster: ClusterBuilder, asking description: String = vague, space: String = "shop",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> RootCause {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        let first = try #require(
            report.rootCauses.first, "no cause: \(report.outcome) \(report.summary) alternatives \(report.alternatives.map(\.statement))",
            sourceLocation: sourceLocation)
        let words = "got \(report.words): \(first.statement) \(first.details)"
        #expect(first.cause == cause, "\(words)", sourceLocation: sourceLocation)
        let isClusterWide = kind == "Node" || kind == "APIService"
        #expect(
            first.object == ObjectReference(kind: kind, namespace: isClusterWide ? nil : space, name: name), "\(words)",
            sourceLocation: sourceLocation)
        #expect(first.level >= level, "\(words)", sourceLocation: sourceLocation)
        for (key, value) in details {
            #expect(first.details[key] == value, "\(key): \(words)", sourceLocation: sourceLocation)
        }
        return first
    }

    /// Nothing is reported that the engine stands by.
    static func expectSilence(
        in cluster: ClusterBuilder, asking description: String = vague, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        #expect(
            report.confident.isEmpty, "got \(report.words): \(report.rootCauses.map(\.statement))", sourceLocation: sourceLocation)
    }

    /// The engine stands by no cause of this code.
    static func expectNo(
        _ cause: CauseCode, in cluster: ClusterBuilder, asking description: String = vague,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let report = try diagnose(cluster.evidence(), description, namespace: "shop")
        #expect(!report.confident.contains { $0.cause == cause }, "got \(report.words)", sourceLocation: sourceLocation)
    }
}
