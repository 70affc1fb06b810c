internal import ClusterModel

/// Parts of a template in one line each, so that two of them compare and read well.
extension TemplateDiff {
    static func list(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: " ") }

    static func text(_ source: EnvironmentVariable.Source) -> String {
        switch source {
        case .value(let value): value
        case .configMapKey(let name, let key, _): "ConfigMap \(name) key \(key)"
        case .secretKey(let name, let key, _): "Secret \(name) key \(key)"
        case .field(let path): "field \(path)"
        case .resource(let name): "resource \(name)"
        }
    }

    static func text(_ probe: Probe?) -> String? {
        guard let probe else { return nil }
        let action =
            switch probe.action {
            case .http(let scheme, _, let port, let path): "\(scheme) :\(port?.description ?? "")\(path)"
            case .tcp(_, let port): "TCP :\(port?.description ?? "")"
            case .grpc(let port, _): "gRPC :\(port)"
            case .exec(let command): "exec \(command.joined(separator: " "))"
            case .unknown: "unknown"
            }
        return
            "\(action) delay \(probe.initialDelaySeconds) s, period \(probe.periodSeconds) s, timeout \(probe.timeoutSeconds) s, failures \(probe.failureThreshold)"
    }

    static func text(_ context: SecurityContext) -> String? {
        var words: [String] = []
        if let user = context.runAsUser { words.append("runAsUser \(user)") }
        if let nonRoot = context.runAsNonRoot { words.append("runAsNonRoot \(nonRoot)") }
        if let readOnly = context.readOnlyRootFilesystem { words.append("readOnlyRootFilesystem \(readOnly)") }
        if let group = context.fsGroup { words.append("fsGroup \(group)") }
        if !context.droppedCapabilities.isEmpty { words.append("drop \(context.droppedCapabilities.joined(separator: ","))") }
        if !context.addedCapabilities.isEmpty { words.append("add \(context.addedCapabilities.joined(separator: ","))") }
        if let profile = context.seccompType { words.append("seccomp \(profile)") }
        return list(words)
    }

    static func text(_ volume: Volume) -> String {
        switch volume.source {
        case .configMap(let reference): "\(volume.name)=ConfigMap \(reference.name)"
        case .secret(let reference): "\(volume.name)=Secret \(reference.name)"
        case .persistentVolumeClaim(let name): "\(volume.name)=claim \(name)"
        case .emptyDir(let medium, let limit): "\(volume.name)=emptyDir\(medium.map { " \($0)" } ?? "")\(limit.map { " \($0)" } ?? "")"
        case .hostPath(let path, _): "\(volume.name)=\(path)"
        case .projected(let sources): "\(volume.name)=projected \(sources.count)"
        case .csi(let driver, _): "\(volume.name)=csi \(driver)"
        case .nfs(let server, let path): "\(volume.name)=\(server):\(path)"
        case .serviceAccountToken, .downwardAPI, .ephemeral, .other: volume.name
        }
    }

    static func text(_ port: Container.Port) -> String {
        let host = port.hostPort.map { "host:\($0)->" } ?? ""
        return "\(port.name.map { $0 + "=" } ?? "")\(host)\(port.containerPort)\(port.protocol == "TCP" ? "" : "/" + port.protocol)"
    }

    static func text(_ mount: Container.Mount) -> String {
        "\(mount.volume):\(mount.path)\(mount.subPath.map { "[\($0)]" } ?? "")\(mount.isReadOnly ? ":ro" : "")"
    }

    static func text(_ toleration: Toleration) -> String {
        let key = toleration.key.isEmpty ? "*" : toleration.key
        let value = toleration.operator == "Exists" || toleration.value.isEmpty ? "" : "=\(toleration.value)"
        return key + value + (toleration.effect.isEmpty ? "" : ":\(toleration.effect)")
    }

    static func text(_ affinity: Affinity) -> String? {
        let nodes = affinity.nodeTerms.map { "node \(LabelSelector(matchExpressions: $0))" }
        let pods = affinity.podTerms.map { "pod \($0.selector?.description ?? "") by \($0.topologyKey)" }
        let others = affinity.podAntiTerms.map { "not pod \($0.selector?.description ?? "") by \($0.topologyKey)" }
        return list(nodes + pods + others)
    }

    static func text(_ constraint: TopologySpreadConstraint) -> String {
        "\(constraint.topologyKey) skew \(constraint.maxSkew) \(constraint.whenUnsatisfiable)"
    }
}
