internal import ClusterModel
internal import IncidentModel

/// What differs between two revisions of a pod template, field by field.
enum TemplateDiff {
    struct Change: Sendable, Hashable {
        /// `image`, `env.NAME`, `livenessProbe`, …, of a named container; or a field of the pod.
        let field: String
        let container: String?
        let from: String?
        let to: String?
    }

    static func changes(from old: PodTemplate, to new: PodTemplate) -> [Change] {
        var result: [Change] = []
        let before = Dictionary(old.spec.allContainers.map { ($0.name, $0) }) { first, _ in first }
        let after = Dictionary(new.spec.allContainers.map { ($0.name, $0) }) { first, _ in first }
        for name in Set(before.keys).union(after.keys).sorted() {
            switch (before[name], after[name]) {
            case (let old?, let new?): result += changes(name, old, new)
            case (nil, let new?): result.append(Change(field: "containers", container: name, from: nil, to: new.image))
            case (let old?, nil): result.append(Change(field: "containers", container: name, from: old.image, to: nil))
            case (nil, nil): break
            }
        }
        return result + podChanges(old.spec, new.spec)
    }

    private static func changes(_ name: String, _ old: Container, _ new: Container) -> [Change] {
        var result: [Change] = []
        func note(_ field: String, _ from: String?, _ to: String?) {
            if from != to { result.append(Change(field: field, container: name, from: from, to: to)) }
        }
        note("image", old.image, new.image)
        note("imagePullPolicy", old.imagePullPolicy, new.imagePullPolicy)
        note("command", list(old.command), list(new.command))
        note("args", list(old.args), list(new.args))
        let oldEnv = Dictionary(old.env.map { ($0.name, text($0.source)) }) { $1 }
        let newEnv = Dictionary(new.env.map { ($0.name, text($0.source)) }) { $1 }
        for key in Set(oldEnv.keys).union(newEnv.keys).sorted() { note("env.\(key)", oldEnv[key], newEnv[key]) }
        note(
            "envFrom", list(old.envFrom.map { "\($0.kind.rawValue) \($0.name)" }),
            list(new.envFrom.map { "\($0.kind.rawValue) \($0.name)" }))
        for resource in Set(old.requests.keys).union(new.requests.keys).sorted() {
            note("resources.requests.\(resource)", old.requests[resource], new.requests[resource])
        }
        for resource in Set(old.limits.keys).union(new.limits.keys).sorted() {
            note("resources.limits.\(resource)", old.limits[resource], new.limits[resource])
        }
        note("livenessProbe", text(old.livenessProbe), text(new.livenessProbe))
        note("readinessProbe", text(old.readinessProbe), text(new.readinessProbe))
        note("startupProbe", text(old.startupProbe), text(new.startupProbe))
        note("postStart", old.postStartHook, new.postStartHook)
        note("preStop", old.preStopHook, new.preStopHook)
        note(
            "ports", list(old.ports.map { "\($0.name ?? "")\($0.containerPort)" }),
            list(new.ports.map { "\($0.name ?? "")\($0.containerPort)" }))
        note("volumeMounts", list(old.mounts.map(\.path)), list(new.mounts.map(\.path)))
        note("securityContext", text(old.securityContext), text(new.securityContext))
        return result
    }

    private static func podChanges(_ old: PodSpec, _ new: PodSpec) -> [Change] {
        var result: [Change] = []
        func note(_ field: String, _ from: String?, _ to: String?) {
            if from != to { result.append(Change(field: field, container: nil, from: from, to: to)) }
        }
        note("securityContext", text(old.securityContext), text(new.securityContext))
        note(
            "nodeSelector", list(old.nodeSelector.map { "\($0.key)=\($0.value)" }.sorted()),
            list(new.nodeSelector.map { "\($0.key)=\($0.value)" }.sorted()))
        note("nodeName", old.nodeName, new.nodeName)
        note("serviceAccountName", old.serviceAccountName, new.serviceAccountName)
        note("imagePullSecrets", list(old.imagePullSecrets), list(new.imagePullSecrets))
        note("volumes", list(old.volumes.map(text)), list(new.volumes.map(text)))
        note("schedulerName", old.schedulerName, new.schedulerName)
        note("priorityClassName", old.priorityClassName, new.priorityClassName)
        note("runtimeClassName", old.runtimeClassName, new.runtimeClassName)
        note("dnsPolicy", old.dnsPolicy, new.dnsPolicy)
        note(
            "tolerations", old.tolerations.isEmpty ? nil : "\(old.tolerations.count) tolerations",
            new.tolerations.isEmpty ? nil : "\(new.tolerations.count) tolerations")
        if old.affinity != new.affinity { result.append(Change(field: "affinity", container: nil, from: nil, to: nil)) }
        if old.topologySpreadConstraints != new.topologySpreadConstraints {
            result.append(Change(field: "topologySpreadConstraints", container: nil, from: nil, to: nil))
        }
        return result
    }

    private static func list(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: " ") }

    private static func text(_ source: EnvironmentVariable.Source) -> String {
        switch source {
        case .value(let value): value
        case .configMapKey(let name, let key, _): "ConfigMap \(name) key \(key)"
        case .secretKey(let name, let key, _): "Secret \(name) key \(key)"
        case .field(let path): "field \(path)"
        case .resource(let name): "resource \(name)"
        }
    }

    private static func text(_ probe: Probe?) -> String? {
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

    private static func text(_ context: SecurityContext) -> String? {
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

    private static func text(_ volume: Volume) -> String {
        switch volume.source {
        case .configMap(let reference): "\(volume.name)=ConfigMap \(reference.name)"
        case .secret(let reference): "\(volume.name)=Secret \(reference.name)"
        case .persistentVolumeClaim(let name): "\(volume.name)=claim \(name)"
        case .emptyDir(let medium, let limit): "\(volume.name)=emptyDir\(medium.map { " \($0)" } ?? "")\(limit.map { " \($0)" } ?? "")"
        case .hostPath(let path, _): "\(volume.name)=\(path)"
        default: volume.name
        }
    }
}
