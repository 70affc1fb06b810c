import ClusterModel

/// An object of its own namespace that a pod cannot do without, or says it can.
struct PodObjectReference: Sendable, Hashable {
    let resource: ResourceType
    let name: String
}

extension PodSpec {
    /// ConfigMaps, Secrets, claims and the ServiceAccount that the pod names.
    var references: [PodObjectReference] {
        [PodObjectReference(resource: .serviceAccounts, name: serviceAccountName)]
            + imagePullSecrets.map { PodObjectReference(resource: .secrets, name: $0) } + volumes.flatMap { $0.source.references }
            + allContainers.flatMap(\.references)
    }
}

extension Volume.Source {
    fileprivate var references: [PodObjectReference] {
        switch self {
        case .configMap(let reference): [PodObjectReference(resource: .configMaps, name: reference.name)]
        case .secret(let reference): [PodObjectReference(resource: .secrets, name: reference.name)]
        case .persistentVolumeClaim(let name): [PodObjectReference(resource: .persistentVolumeClaims, name: name)]
        case .projected(let sources): sources.flatMap(\.references)
        case .csi(_, let secret): secret.map { [PodObjectReference(resource: .secrets, name: $0)] } ?? []
        default: []
        }
    }
}

extension Container {
    fileprivate var references: [PodObjectReference] {
        envFrom.map { PodObjectReference(resource: $0.kind == .configMap ? .configMaps : .secrets, name: $0.name) }
            + env.compactMap { variable in
                switch variable.source {
                case .configMapKey(let name, _, _): PodObjectReference(resource: .configMaps, name: name)
                case .secretKey(let name, _, _): PodObjectReference(resource: .secrets, name: name)
                case .value, .field, .resource: nil
                }
            }
    }

    /// Texts of the template that may name services.
    var configurationTexts: [String] {
        command + args
            + env.compactMap { variable in
                if case .value(let text) = variable.source { text } else { nil }
            }
    }
}
