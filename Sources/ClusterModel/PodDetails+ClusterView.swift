public import IncidentModel

extension PodDetails {
    /// Sums a pod up with what the view knows around it: its owners and the events about it.
    ///
    /// Values of Secrets never get here. Literal values are masked where the variable's name or the value looks like a credential.
    public init(_ pod: Pod, in view: ClusterView) {
        self.init(
            name: pod.name, namespace: pod.namespace, phase: pod.phase, reason: pod.reason, ready: pod.isReady,
            restartCount: pod.restartCount, node: pod.spec.nodeName, podIP: pod.podIP, serviceAccount: pod.spec.serviceAccountName,
            createdAt: pod.metadata.creationTime, labels: pod.metadata.labels, owners: view.owners(of: pod),
            containers: pod.spec.allContainers.map { Container($0, status: pod.status(of: $0), of: pod, in: view) },
            conditions: pod.conditions.map {
                Condition(type: $0.type, status: $0.status, reason: $0.reason, message: $0.message)
            },
            events: view.events(about: pod).map {
                Event(type: $0.type, reason: $0.reason, message: $0.message, count: $0.count, lastSeen: $0.lastTime)
            })
    }
}

extension PodDetails.Container {
    fileprivate init(_ container: Container, status: ContainerStatus?, of pod: Pod, in view: ClusterView) {
        let last = status?.lastTermination
        self.init(
            name: container.name, image: container.image, role: container.role.rawValue, state: Self.state(status),
            reason: status?.waiting?.reason ?? status?.terminated?.reason,
            message: status?.waiting?.message ?? status?.terminated?.message, exitCode: status?.terminated?.exitCode,
            ready: status?.isReady ?? false, restartCount: status?.restartCount ?? 0, lastState: last.map { _ in "terminated" },
            lastReason: last?.reason, lastExitCode: last?.exitCode, lastFinishedAt: last?.finishedAt, requests: container.requests,
            limits: container.limits, environment: Self.environment(of: container, in: pod.namespace, view: view))
    }

    private static func state(_ status: ContainerStatus?) -> String {
        guard let status else { return "unknown" }
        if status.isRunning { return "running" }
        if status.terminated != nil { return "terminated" }
        return status.waiting == nil ? "unknown" : "waiting"
    }

    private static func environment(of container: Container, in namespace: String, view: ClusterView) -> [String: String] {
        var result: [String: String] = [:]
        for source in container.envFrom {
            result.merge(variables(from: source, in: namespace, view: view)) { $1 }
        }
        // As the kubelet does it, `env` wins over `envFrom`, and later entries over earlier ones.
        for variable in container.env { result[variable.name] = text(of: variable) }
        return result
    }

    private static func variables(from source: EnvironmentSource, in namespace: String, view: ClusterView) -> [String: String] {
        let keys =
            switch source.kind {
            case .configMap: view.configMaps[namespace, source.name]?.keys
            case .secret: view.secrets[namespace, source.name]?.keys
            }
        guard let keys else { return ["envFrom \(source.kind.rawValue) \(source.name)": "all keys, prefix '\(source.prefix)'"] }
        return Dictionary(keys.map { (source.prefix + $0, "\(source.kind.rawValue) \(source.name)/\($0)") }) { first, _ in first }
    }

    private static func text(of variable: EnvironmentVariable) -> String {
        switch variable.source {
        case .value(let value): CredentialMask.masked(value, of: variable.name)
        case .configMapKey(let name, let key, _): "ConfigMap \(name)/\(key)"
        case .secretKey(let name, let key, _): "Secret \(name)/\(key)"
        case .field(let path): "field \(path)"
        case .resource(let resource): "resource \(resource)"
        }
    }
}
