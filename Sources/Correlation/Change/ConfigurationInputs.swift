internal import ClusterModel
internal import IncidentModel

/// The ConfigMaps and Secrets that containers of a pod read, and how.
struct ConfigurationInputs: Sendable {
    /// How a value gets into the container, and so whether it follows a change.
    enum Way: Sendable, Hashable {
        /// Read once, when the container starts.
        case environment(variable: String?, key: String?)
        /// Bound once, when the container starts.
        case subPath(String)
        /// Follows within a minute or two.
        case volume
    }

    struct Use: Sendable, Hashable {
        let object: ObjectReference
        let container: String
        let way: Way
    }

    let uses: [Use]

    init(_ spec: PodSpec, namespace: String) {
        uses = spec.allContainers.flatMap { Self.environment($0, namespace) + Self.files($0, spec, namespace) }
    }

    /// Each object once, in the order of use.
    var references: [ObjectReference] {
        var seen: Set<ObjectReference> = []
        return uses.map(\.object).filter { seen.insert($0).inserted }
    }

    private static func environment(_ container: Container, _ namespace: String) -> [Use] {
        let single = container.env.compactMap { variable -> Use? in
            switch variable.source {
            case .configMapKey(let name, let key, _):
                use("ConfigMap", name, namespace, container, .environment(variable: variable.name, key: key))
            case .secretKey(let name, let key, _):
                use("Secret", name, namespace, container, .environment(variable: variable.name, key: key))
            case .value, .field, .resource: nil
            }
        }
        return single
            + container.envFrom.map { use($0.kind.rawValue, $0.name, namespace, container, .environment(variable: nil, key: nil)) }
    }

    private static func files(_ container: Container, _ spec: PodSpec, _ namespace: String) -> [Use] {
        container.mounts.flatMap { mount -> [Use] in
            guard let volume = spec.volumes.first(where: { $0.name == mount.volume }) else { return [] }
            return objects(in: volume.source).map { kind, name in
                use(kind, name, namespace, container, mount.subPath.map(Way.subPath) ?? .volume)
            }
        }
    }

    private static func objects(in source: Volume.Source) -> [(kind: String, name: String)] {
        switch source {
        case .configMap(let reference): [("ConfigMap", reference.name)]
        case .secret(let reference): [("Secret", reference.name)]
        case .projected(let sources): sources.flatMap(objects)
        default: []
        }
    }

    private static func use(_ kind: String, _ name: String, _ namespace: String, _ container: Container, _ way: Way) -> Use {
        Use(object: ObjectReference(kind: kind, namespace: namespace, name: name), container: container.name, way: way)
    }
}
