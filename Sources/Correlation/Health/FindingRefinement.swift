internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Holds what a rule found on a workload against its replicas and its settings.
struct FindingRefinement {
    let context: CaseContext

    /// Causes that stand in the template or the program, and so would hit every replica of a revision alike.
    private static let ofTemplate: Set<CauseCode> = [
        .applicationError, .configurationMissing, .configurationInvalid, .libraryMissing, .commandNotRunnable, .containerExitsCleanly,
        .probeMisconfigured, .memoryLimitExceeded,
    ]
    /// Causes about addresses that the program was given.
    private static let ofAddress: Set<CauseCode> = [
        .dependencyNameUnresolvable, .dependencyUnreachable, .serviceNotFound, .clientPortMismatch,
    ]

    func refined(_ finding: Finding, of workload: Workload) -> Finding {
        guard finding.object == workload.reference, finding.sufferer == workload.reference else { return finding }
        var finding = stale(finding, workload) ?? finding
        if let shadow = shadow(finding, workload) {
            finding.reasons.append(shadow)
            finding.changedFields = finding.changedFields.isEmpty ? ["env"] : finding.changedFields
        }
        return contrasted(finding, workload)
    }

    // MARK: Replicas

    private func contrasted(_ finding: Finding, _ workload: Workload) -> Finding {
        guard finding.impact > .latent, let contrast = ReplicaContrast(workload, context: context), let words = contrast.words else {
            return finding
        }
        var finding = finding
        guard Self.ofTemplate.contains(finding.cause) else {
            finding.reasons.append(words)
            return finding
        }
        if contrast.pointsAtNode {
            finding.confidence *= 0.8
            finding.against.append("\(words): the node may be at fault")
        } else {
            if contrast.isOnlyNewRevision { finding.confidence = min(0.98, finding.confidence + 0.03) }
            finding.reasons.append(words)
        }
        return finding
    }

    // MARK: Settings

    // The variable that the program reads is not the one of the ConfigMap: `env` wins over `envFrom`, later entries over earlier ones.
    private func shadow(_ finding: Finding, _ workload: Workload) -> String? {
        guard let found = finding.details["host"] ?? finding.details["found"], found.count > 1,
            let container = container(of: finding, workload)
        else { return nil }
        for variable in container.env {
            guard case .value(let value) = variable.source, value.contains(found) else { continue }
            if let other = container.env.first(where: { $0.name == variable.name && $0 != variable }),
                container.env.last(where: { $0.name == variable.name }) == variable
            {
                return "\(variable.name) is set twice, and the later entry wins over \(Self.words(other.source))"
            }
            for source in container.envFrom where source.kind == .configMap && variable.name.hasPrefix(source.prefix) {
                let key = String(variable.name.dropFirst(source.prefix.count))
                guard let wanted = context.view.configMaps[workload.namespace, source.name]?.data[key], wanted != value else { continue }
                return
                    "\(variable.name) is set in the container itself, which hides the value \(Citation.cut(wanted)) of ConfigMap \(source.name)"
            }
        }
        return nil
    }

    private static func words(_ source: EnvironmentVariable.Source) -> String {
        switch source {
        case .value(let value): "the value \(Citation.cut(value))"
        case .configMapKey(let name, let key, _): "ConfigMap \(name) key \(key)"
        case .secretKey(let name, let key, _): "Secret \(name) key \(key)"
        case .field, .resource: "a field of the pod"
        }
    }

    private func container(of finding: Finding, _ workload: Workload) -> Container? {
        let all = (workload.template?.spec ?? workload.pods.first?.spec)?.allContainers ?? []
        return all.first { $0.name == finding.details["container"] } ?? (all.count == 1 ? all.first : nil)
    }

    // A program that uses an address which its ConfigMap had until an edit after the program's start.
    private func stale(_ finding: Finding, _ workload: Workload) -> Finding? {
        guard Self.ofAddress.contains(finding.cause), let host = finding.details["host"], !host.isEmpty,
            !(context.topology.declared[workload.reference] ?? []).contains(where: { $0.host == host }),
            let use = StaleConfiguration(workload, context: context).uses.first(where: { $0.object.kind == "ConfigMap" })
        else { return nil }
        var finding = finding
        finding.cause = .configurationInvalid
        finding.confidence = max(finding.confidence, 0.85)
        finding.details["reference"] = use.object.name
        finding.details["field"] = use.field
        finding.details["key"] = use.key
        finding.details["found"] = host
        finding.details["expected"] = use.value
        finding.statement =
            "\(workload.reference) still uses \(host) from before ConfigMap \(use.object.name) changed at \(RFC3339.format(use.changed)): its containers started earlier and need a restart."
        finding.reasons = [
            "no setting names \(host) any more", "ConfigMap \(use.object.name) changed after the containers started, and \(use.why)",
        ]
        finding.citations.append(.field(use.object, "metadata.managedFields[].time", RFC3339.format(use.changed), time: use.changed))
        finding.changedFields = []
        finding.changedObjects = [use.object]
        return finding
    }
}
