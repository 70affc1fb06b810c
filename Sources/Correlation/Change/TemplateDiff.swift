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
        return result + podChanges(old.spec, new.spec) + labelChanges(old.labels, new.labels)
    }

    // Labels are what Services, policies and budgets select by; the controllers' own hashes differ between any two revisions.
    private static func labelChanges(_ old: [String: String], _ new: [String: String]) -> [Change] {
        Set(old.keys).union(new.keys).subtracting(["pod-template-hash", "controller-revision-hash"]).sorted().compactMap { key in
            old[key] == new[key] ? nil : Change(field: "labels.\(key)", container: nil, from: old[key], to: new[key])
        }
    }

    static func changes(_ name: String, _ old: Container, _ new: Container) -> [Change] {
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
        note("ports", list(old.ports.map(text)), list(new.ports.map(text)))
        note("volumeMounts", list(old.mounts.map(text)), list(new.mounts.map(text)))
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
        note("hostNetwork", old.isHostNetwork ? "true" : nil, new.isHostNetwork ? "true" : nil)
        note("readinessGates", list(old.readinessGates), list(new.readinessGates))
        note("tolerations", list(old.tolerations.map(text)), list(new.tolerations.map(text)))
        note("affinity", text(old.affinity), text(new.affinity))
        note(
            "topologySpreadConstraints", list(old.topologySpreadConstraints.map(text)), list(new.topologySpreadConstraints.map(text)))
        return result
    }
}
