internal import IncidentModel

/// The holes that sentences and commands of the catalogue may have.
enum Placeholder: String, CaseIterable, Sendable {
    // From the object the cause is reported on.
    case namespace, kind, name
    /// `-n NAMESPACE`, or nothing for cluster-scoped objects.
    case scope
    // From the details of the cause.
    case container, image, reference, key, host, port, path, found, expected, resource, probe, field, node, quota, user

    /// The value for one cause; `nil` where it has none.
    func value(details: [String: String], object: ObjectReference) -> String? {
        switch self {
        case .namespace, .scope: object.namespace.flatMap { $0.isEmpty ? nil : $0 }
        case .kind: object.kind.isEmpty ? nil : object.kind
        case .name: object.name.isEmpty ? nil : object.name
        default: details[rawValue].flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
