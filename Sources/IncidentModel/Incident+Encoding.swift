import Foundation

extension Incident {
    /// As synthesized, but for the id: UUIDs are written in lower case everywhere (RFC 9562), so that they compare as text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id.uuidString.lowercased(), forKey: .id)
        try container.encode(description, forKey: .description)
        try container.encodeIfPresent(namespace, forKey: .namespace)
        try container.encodeIfPresent(cluster, forKey: .cluster)
        try container.encode(labels, forKey: .labels)
        try container.encode(status, forKey: .status)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encodeIfPresent(completedAt, forKey: .completedAt)
        try container.encodeIfPresent(extractedEntities, forKey: .extractedEntities)
        try container.encode(evidence, forKey: .evidence)
        try container.encodeIfPresent(suggestedRootCause, forKey: .suggestedRootCause)
        try container.encodeIfPresent(confidenceScore, forKey: .confidenceScore)
        try container.encodeIfPresent(report, forKey: .report)
        try container.encodeIfPresent(error, forKey: .error)
        try container.encodeIfPresent(awaits, forKey: .awaits)
        try container.encodeIfPresent(review, forKey: .review)
        try container.encodeIfPresent(origin, forKey: .origin)
    }
}
