internal import ClusterModel
internal import IncidentModel

/// What objects know about the same thing that a log says: it makes the words surer and names the object behind them, or turns them down.
struct LogCorroboration {
    let said: LogFinding
    let container: ContainerCase

    private var security: SecurityContext { container.container.securityContext }

    func apply(to finding: inout Finding) {
        switch finding.cause {
        case .readOnlyFileSystem: readOnly(&finding)
        case .filePermissionDenied, .privilegedPortDenied: user(&finding)
        case .portConflict: PortConflict.explain(&finding, port: said.port, container)
        case .diskFull: volume(&finding)
        case .permissionForbidden: PermissionRules.corroborate(&finding, said, container)
        case .configurationInvalid where said.path == nil:
            if let document = MalformedDocument(said, container) { return document.apply(to: &finding, container) }
            setting(&finding)
        case .configurationMissing, .configurationInvalid: setting(&finding)
        case .applicationError where said.signature == .heapExhausted: heap(&finding)
        case .applicationError:
            if let value = RejectedValue(said, container) { return value.apply(to: &finding, container) }
            MalformedDocument(said, container)?.apply(to: &finding, container)
        case .memoryLimitExceeded: memory(&finding)
        // One that loses its lease may have itself to blame; when several do, the control plane's own rule says so.
        case .controlPlaneDegraded: finding.confidence = min(finding.confidence, 0.55)
        default: return
        }
    }

    private func spec(_ field: String) -> String { "spec.containers[\(container.name)].\(field)" }

    /// The deepest mount above the path that the log names.
    private var mount: Container.Mount? {
        guard let path = said.path else { return nil }
        return container.container.mounts.filter { path == $0.path || path.hasPrefix($0.path.hasSuffix("/") ? $0.path : $0.path + "/") }
            .max { $0.path.count < $1.path.count }
    }

    private func readOnly(_ finding: inout Finding) {
        if let mount {
            guard mount.isReadOnly || isConfiguration(mount.volume) else { return }
            finding.confidence += 0.08
            finding.details["reference"] = mount.volume
            finding.details["field"] = mount.isReadOnly ? "readOnly" : "volumeMounts"
            finding.reasons.append("volume \(mount.volume) is mounted read-only at \(mount.path)")
            finding.citations.append(
                .field(container.pod.reference, spec("volumeMounts[\(mount.volume)].readOnly"), String(mount.isReadOnly)))
        } else if security.readOnlyRootFilesystem == true {
            finding.confidence += 0.08
            finding.details["field"] = "readOnlyRootFilesystem"
            finding.reasons.append("readOnlyRootFilesystem is on")
            finding.citations.append(.field(container.pod.reference, spec("securityContext.readOnlyRootFilesystem"), "true"))
        }
    }

    private func isConfiguration(_ volume: String) -> Bool {
        switch container.pod.spec.volumes.first(where: { $0.name == volume })?.source {
        case .configMap, .secret, .projected: true
        default: false
        }
    }

    private func user(_ finding: inout Finding) {
        guard let user = security.runAsUser ?? container.pod.spec.securityContext.runAsUser, user != 0 else { return }
        finding.confidence += 0.08
        finding.details["user"] = finding.details["user"] ?? String(user)
        finding.reasons.append("it runs as user \(user)")
        finding.citations.append(.field(container.pod.reference, "spec.securityContext.runAsUser", String(user)))
        if let mount { finding.details["reference"] = mount.volume }
    }

    private func volume(_ finding: inout Finding) {
        guard let mount else { return }
        finding.confidence += 0.06
        finding.details["reference"] = mount.volume
        finding.citations.append(.field(container.pod.reference, spec("volumeMounts[\(mount.volume)].mountPath"), mount.path))
    }

    /// Where the setting should have come from: the container's own variable, or the object that is mounted at the file.
    private func setting(_ finding: inout Finding) {
        if let name = said.name, let variable = container.container.env.last(where: { $0.name == name }) {
            finding.details["field"] = "env"
            describe(variable, in: &finding)
            return
        }
        if let mount, let source = container.pod.spec.volumes.first(where: { $0.name == mount.volume })?.source {
            mounted(source, mount, &finding)
            return
        }
        // What looks like a variable and is set nowhere.
        guard finding.cause == .configurationMissing, let name = said.name, Self.isVariable(name),
            !container.container.envFrom.contains(where: { provides($0, name) })
        else { return }
        finding.confidence += 0.06
        finding.details["field"] = "env"
        finding.reasons.append("the container sets no variable \(name)")
        if let earlier = container.earlier, earlier.env.contains(where: { $0.name == name }) {
            finding.confidence += 0.05
            finding.reasons.append("the previous revision set it")
        }
    }

    private func describe(_ variable: EnvironmentVariable, in finding: inout Finding) {
        let namespace = container.pod.namespace
        switch variable.source {
        case .value(let value):
            let shown = Citation.cut(CredentialMask.masked(value, of: variable.name))
            finding.details["found"] = shown
            finding.citations.append(.field(container.pod.reference, spec("env[\(variable.name)].value"), shown))
            if finding.cause == .configurationInvalid { finding.confidence += 0.05 }
        case .configMapKey(let name, let key, _):
            finding.details["reference"] = name
            finding.details["key"] = key
            finding.changedObjects.append(ObjectReference(kind: "ConfigMap", namespace: namespace, name: name))
        case .secretKey(let name, let key, _):
            finding.details["reference"] = name
            finding.details["key"] = key
            finding.changedObjects.append(ObjectReference(kind: "Secret", namespace: namespace, name: name))
        case .field, .resource: return
        }
    }

    private func mounted(_ source: Volume.Source, _ mount: Container.Mount, _ finding: inout Finding) {
        let file = said.path.map { String($0.dropFirst(mount.path.count)).split(separator: "/").joined(separator: "/") } ?? ""
        let kind: String
        let name: String
        switch source {
        case .configMap(let reference): (kind, name) = ("ConfigMap", reference.name)
        case .secret(let reference): (kind, name) = ("Secret", reference.name)
        default: return
        }
        finding.details["reference"] = name
        if !file.isEmpty || mount.subPath != nil { finding.details["key"] = mount.subPath ?? file }
        finding.confidence += 0.05
        finding.reasons.append("\(kind) \(name) is mounted at \(mount.path)")
        finding.changedObjects.append(ObjectReference(kind: kind, namespace: container.pod.namespace, name: name))
        finding.citations.append(.field(container.pod.reference, spec("volumeMounts[\(mount.volume)].mountPath"), mount.path))
    }

    private func provides(_ source: EnvironmentSource, _ name: String) -> Bool {
        guard source.kind == .configMap, let map = container.context.view.configMaps[container.pod.namespace, source.name] else {
            return true
        }
        return map.keys.contains { source.prefix + $0 == name }
    }

    private static func isVariable(_ name: String) -> Bool {
        name.count > 1 && name.utf8.allSatisfy { $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5f }
    }

    /// A heap that ran out after the memory limit was lowered: runtimes take their heap's size from the limit.
    private func heap(_ finding: inout Finding) {
        guard let limit = container.container.limits["memory"] else { return }
        finding.citations.append(.field(container.pod.reference, spec("resources.limits.memory"), limit))
        guard let earlier = container.earlier?.limits["memory"], let now = Quantity(limit), let before = Quantity(earlier), now < before
        else {
            return
        }
        finding.cause = .memoryLimitExceeded
        finding.details["resource"] = "memory"
        finding.details["found"] = limit
        finding.details["expected"] = earlier
        finding.reasons.append("the last revision lowered the memory limit from \(earlier) to \(limit)")
    }

    private func memory(_ finding: inout Finding) {
        // Gunicorn kills workers that hang, and then wonders whether it was the memory.
        let logs = container.context.view.logs(of: container.pod).filter { $0.container == container.name }
        if said.signature == .childKilled, logs.contains(where: { $0.text.contains("WORKER TIMEOUT (pid:") }) {
            finding.confidence -= 0.5
            finding.against.append("its own master kills workers for being slow (WORKER TIMEOUT)")
        }
        finding.details["resource"] = "memory"
        if said.line.message.lowercased().contains("sigkill") { finding.details["signal"] = "SIGKILL" }
        guard let limit = container.container.limits["memory"] else { return }
        finding.details["found"] = limit
        finding.citations.append(.field(container.pod.reference, spec("resources.limits.memory"), limit))
    }
}
