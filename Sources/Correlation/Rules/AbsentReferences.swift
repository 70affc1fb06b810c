internal import ClusterModel
internal import IncidentModel

/// What a pod refers to and what complete lists do not have: for pods that wait without saying what for.
///
/// Optional references are passed over, as the kubelet does.
struct AbsentReferences {
    let container: ContainerCase

    private struct Reference {
        let kind: String
        let name: String
        /// Keys that must be there; empty where any will do.
        let keys: [String]
    }

    /// The first reference of the container's environment that leads nowhere.
    var environment: Finding? {
        let sources = container.container.envFrom.filter { !$0.isOptional }.map {
            Reference(kind: $0.kind.rawValue, name: $0.name, keys: [])
        }
        let variables = container.container.env.compactMap { variable -> Reference? in
            switch variable.source {
            case .configMapKey(let name, let key, false): Reference(kind: "ConfigMap", name: name, keys: [key])
            case .secretKey(let name, let key, false): Reference(kind: "Secret", name: name, keys: [key])
            default: nil
            }
        }
        return first(sources + variables, in: "spec.containers[\(container.name)].env")
    }

    /// The first volume whose object or key is absent.
    var volumes: Finding? {
        first(container.pod.spec.volumes.flatMap { Self.references($0.source) }, in: "spec.volumes")
    }

    private static func references(_ source: Volume.Source) -> [Reference] {
        switch source {
        case .configMap(let reference) where !reference.isOptional:
            [Reference(kind: "ConfigMap", name: reference.name, keys: reference.keys)]
        case .secret(let reference) where !reference.isOptional:
            [Reference(kind: "Secret", name: reference.name, keys: reference.keys)]
        case .projected(let sources): sources.flatMap(references)
        default: []
        }
    }

    private func first(_ references: [Reference], in field: String) -> Finding? {
        for reference in references {
            guard let keys = keys(of: reference) else { continue }
            let citation = Citation.field(container.pod.reference, field, reference.name)
            if keys.isEmpty, !exists(reference) {
                return weakened(ReferenceRules.missing(container, kind: reference.kind, name: reference.name, citations: [citation]))
            }
            if let key = reference.keys.first(where: { !keys.contains($0) }) {
                return weakened(ReferenceRules.keyMissing(container, key: key, kind: reference.kind, name: reference.name, [citation]))
            }
        }
        return nil
    }

    /// `nil` where the list was not read, so that nothing can be said.
    private func keys(of reference: Reference) -> Set<String>? {
        let view = container.context.view
        let namespace = container.pod.namespace
        if reference.kind == "ConfigMap" {
            return view.wasRead(.configMaps, in: namespace) ? view.configMaps[namespace, reference.name]?.keys ?? [] : nil
        }
        return view.wasRead(.secrets, in: namespace) ? view.secrets[namespace, reference.name]?.keys ?? [] : nil
    }

    private func exists(_ reference: Reference) -> Bool {
        let view = container.context.view
        return reference.kind == "ConfigMap"
            ? view.configMaps[container.pod.namespace, reference.name] != nil : view.secrets[container.pod.namespace, reference.name] != nil
    }

    private func weakened(_ finding: Finding) -> Finding {
        var finding = finding
        finding.confidence = min(finding.confidence, 0.86)
        finding.reasons = ["the pod waits, and the lists that were read have no such thing"]
        return finding
    }
}
