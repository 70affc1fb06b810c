import AgentAPI
import FastJSON
import HTTPTypes
import Hummingbird
import ServiceKit

/// The body of `POST /api/v1/incidents`, checked. Members that are not listed here are ignored.
struct IncidentReport: Sendable, Hashable {
    static let longestDescription = 65_536
    private static let longestCluster = 253
    private static let mostLabels = 64
    private static let longestLabel = 1_024

    let description: String
    let namespace: String?
    let cluster: String?
    let labels: [String: String]

    /// - Throws: `Problem` with 400, naming the member and what is accepted.
    init(_ json: JSONValue) throws(Problem) {
        guard json.kind == .object else { throw Problem(.badRequest, "the body must be a JSON object such as {\"description\": \"…\"}") }
        description = try Self.description(json["description"])
        namespace = try Self.text(json["namespace"], "namespace")
        cluster = try Self.text(json["cluster"], "cluster")
        labels = try Self.labels(json["labels"])
        if let namespace, !KubernetesName.isLabel(namespace) {
            throw Problem(.badRequest, "`namespace` is no name that a namespace can have: a-z, 0-9 and inner `-`, at most 63 characters")
        }
        if let cluster,
            !(1...Self.longestCluster).contains(cluster.unicodeScalars.count) || cluster.unicodeScalars.contains(where: Self.isControl)
        {
            throw Problem(.badRequest, "`cluster` must have 1 to \(Self.longestCluster) characters and no control characters")
        }
    }

    private static func description(_ value: JSONValue) throws(Problem) -> String {
        guard !value.isNothing else { throw Problem(.badRequest, "`description` is missing; say in a sentence what is wrong") }
        guard let text = value.string else { throw Problem(.badRequest, "`description` must be a string") }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace && !isControl($0) }) else {
            throw Problem(.badRequest, "`description` is blank; say in a sentence what is wrong")
        }
        guard text.utf8.count <= longestDescription else {
            throw Problem(.badRequest, "`description` has \(text.utf8.count) bytes; at most \(longestDescription) are accepted")
        }
        return text
    }

    private static func text(_ value: JSONValue, _ name: String) throws(Problem) -> String? {
        guard !value.isNothing else { return nil }
        guard let text = value.string else { throw Problem(.badRequest, "`\(name)` must be a string") }
        return text
    }

    private static func labels(_ value: JSONValue) throws(Problem) -> [String: String] {
        guard !value.isNothing else { return [:] }
        guard value.kind == .object else { throw Problem(.badRequest, "`labels` must be an object of strings") }
        guard value.count <= mostLabels else { throw Problem(.badRequest, "`labels` has more than \(mostLabels) members") }
        var labels: [String: String] = [:]
        for (key, value) in value.members {
            guard let text = value.string else { throw Problem(.badRequest, "`labels` must be an object of strings") }
            guard key.unicodeScalars.count <= longestLabel, text.unicodeScalars.count <= longestLabel else {
                throw Problem(.badRequest, "names and values of `labels` may have at most \(longestLabel) characters")
            }
            labels[key] = text
        }
        return labels
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}
