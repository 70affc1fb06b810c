import EvidenceCollection
import Foundation
import Hummingbird
import IncidentModel
import KubernetesClient
import ServiceKit

/// One pod, summed up.
struct PodRoutes: Sendable {
    let reader: any ClusterReader
    let limits: CollectionLimits

    var routes: [Route] {
        ["/api/v1/pods/{namespace}/{name}", "/api/v1/pods/{namespace}/{name}/details"].map { path in
            .get(path) { _, context in try await details(context) }
        }
    }

    private func details(_ context: ServiceContext) async throws -> Response {
        let (namespace, name) = try KubernetesNames.pod(in: context)
        let inspection = PodInspection(reader: reader, limits: limits)
        do throws(ClusterReadError) {
            let (details, gaps) = try await inspection.details(namespace: namespace, name: name)
            return .json(try Self.text(PodAnswer(details: details, gaps: gaps)))
        } catch {
            throw Problem(error)
        }
    }

    private static func text(_ answer: PodAnswer) throws(ClusterReadError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.format(date))
        }
        do { return String(decoding: try encoder.encode(answer), as: UTF8.self) } catch {
            throw .malformed("the pod cannot be written as JSON")
        }
    }
}

/// The summary with, beside its members, what could not be read for it.
private struct PodAnswer: Encodable {
    let details: PodDetails
    let gaps: [EvidenceGap]

    private enum CodingKeys: CodingKey { case gaps }

    func encode(to encoder: any Encoder) throws {
        try details.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(gaps, forKey: .gaps)
    }
}
