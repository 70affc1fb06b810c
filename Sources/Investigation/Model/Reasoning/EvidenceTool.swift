import ClusterModel
import Correlation
import Foundation
import IncidentModel

/// What a model may look up: all of it read-only, all of it in evidence that the agent has read or reads for it.
enum EvidenceTool: String, CaseIterable, Sendable {
    case describe_object, list_objects, events, logs, endpoints, changes, neighbours

    /// What a call may name. Models write numbers as text and add what is not asked for: what cannot be read is as if it were not there.
    struct Arguments: Decodable, Sendable {
        private static let longestMinutes = 1_000_000.0

        let kind: String?
        let namespace: String?
        let name: String?
        let container: String?
        let pattern: String?
        let minutes: Double?

        private enum CodingKeys: String, CodingKey { case kind, namespace, name, container, pattern, minutes }

        init(json: String) throws { self = try JSONDecoder().decode(Arguments.self, from: Data(json.utf8)) }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) -> String? { try? values.decode(String.self, forKey: key) }
            kind = text(.kind)
            namespace = text(.namespace)
            name = text(.name)
            container = text(.container).flatMap { $0.isEmpty ? nil : $0 }
            pattern = text(.pattern)
            let number = (try? values.decode(Double.self, forKey: .minutes)) ?? text(.minutes).flatMap(Double.init)
            minutes = number.flatMap { $0 > 0 && $0 <= Self.longestMinutes ? $0 : nil }
        }

        /// The object that is meant; nil where none is named. Cluster-scoped kinds have no namespace.
        func object(kind assumed: String) -> ObjectReference? {
            guard let name, !name.isEmpty else { return nil }
            let kind = kind.flatMap { $0.isEmpty ? nil : $0 } ?? assumed
            let isNamespaced = ResourceType.of(kind: kind)?.isNamespaced ?? true
            return ObjectReference(kind: kind, namespace: isNamespaced ? namespace : nil, name: name)
        }
    }

    /// What the model is told of it.
    var definition: ModelTool {
        ModelTool(
            name: rawValue, summary: summary,
            parameters: JSONSchema.object(
                parameters.map { ($0, $0 == "minutes" ? #"{"type":["number","null"]}"# : JSONSchema.optionalText) }))
    }

    private var summary: String {
        switch self {
        case .describe_object: "Fields of an object: metadata, spec and status. No values of Secrets."
        case .list_objects: "Objects of a kind, such as Pod or ConfigMap, with their state; namespace null for all that were read."
        case .events: "Events about an object; with name null, the warnings of the namespace."
        case .logs:
            "Log lines of a Pod, or of the pods of a workload or Service. pattern: words separated by |, one of which a line has. minutes: how far back."
        case .endpoints: "Who stands behind a Service, and whether it is ready."
        case .changes: "What differs between the two newest revisions of a Deployment, StatefulSet or DaemonSet."
        case .neighbours: "What a workload or Service hangs together with: callers, Services, pods, nodes, declared dependencies."
        }
    }

    private var parameters: [String] {
        switch self {
        case .describe_object, .events, .changes, .neighbours: ["kind", "namespace", "name"]
        case .list_objects: ["kind", "namespace"]
        case .logs: ["kind", "namespace", "name", "container", "pattern", "minutes"]
        case .endpoints: ["namespace", "name"]
        }
    }

    /// The kind that is meant where none is named.
    private var assumedKind: String {
        switch self {
        case .endpoints: "Service"
        case .logs: "Pod"
        default: "Deployment"
        }
    }

    /// The object that a call is about, whose evidence has to be there.
    func object(_ arguments: Arguments) -> ObjectReference? { self == .list_objects ? nil : arguments.object(kind: assumedKind) }

    /// - Returns: what was found; nil where the arguments do not say what is wanted.
    func found(_ arguments: Arguments, in lookup: EvidenceLookup) -> [EvidenceLookup.Piece]? {
        let object = object(arguments)
        switch self {
        case .describe_object: return object.map { lookup.fields(of: $0) }
        case .list_objects:
            return arguments.kind.flatMap { ResourceType.of(kind: $0) }.map { lookup.list($0, in: arguments.namespace) }
        case .events: return object.map { lookup.events(about: $0) } ?? lookup.warnings(in: arguments.namespace)
        case .logs:
            return object.map {
                lookup.logs(of: $0, container: arguments.container, pattern: arguments.pattern, minutes: arguments.minutes)
            }
        case .endpoints: return object.map { lookup.endpoints(of: $0) }
        case .changes: return object.map { lookup.changes(of: $0) }
        case .neighbours: return object.map { lookup.neighbours(of: $0) }
        }
    }
}
