internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Finds the change that fits a cause: in the revisions of its workload, or in the time stamps of objects it rests on.
enum ChangeFinder {
    /// A change older than this is no news, whatever it changed.
    private static let recentSeconds = 86_400.0

    static func change(for finding: Finding, context: CaseContext) -> ObservedChange? {
        if let change = templateChange(finding, context) { return change }
        for reference in finding.changedObjects { if let change = objectChange(reference, finding, context) { return change } }
        return nil
    }

    private static func templateChange(_ finding: Finding, _ context: CaseContext) -> ObservedChange? {
        guard let (newest, earlier, reference) = revisions(of: finding.sufferer, context) else { return nil }
        let changes = TemplateDiff.changes(from: earlier.template, to: newest.template)
        let container = finding.details["container"]
        let fitting = changes.filter { change in
            finding.changedFields.contains { change.field == $0 || change.field.hasPrefix($0 + ".") || $0.hasPrefix(change.field + ".") }
                && (change.container == nil || container == nil || change.container == container || change.field == "containers")
        }
        // Among several, the one whose new value the finding names; then the order in which the rule lists fields.
        let values = finding.details.values.filter { $0.count > 1 }
        let order = { (change: TemplateDiff.Change) in
            finding.changedFields.firstIndex { change.field == $0 || change.field.hasPrefix($0 + ".") } ?? finding.changedFields.count
        }
        let best = fitting.min { left, right in
            let leftNamed = values.contains { (left.to ?? "").contains($0) || left.field.contains($0) } ? 0 : 1
            let rightNamed = values.contains { (right.to ?? "").contains($0) || right.field.contains($0) } ? 0 : 1
            return (leftNamed, order(left), left.field) < (rightNamed, order(right), right.field)
        }
        guard let best, (context.age(newest.metadata.creationTime) ?? 0) < recentSeconds else { return nil }
        let field = best.container.map { "container \($0): \(best.field)" } ?? best.field
        let manager = context.view.deployments[reference.namespace ?? "", reference.name]?.metadata.managedFields
            .filter { $0.subresource.isEmpty }.max { ($0.time ?? .distantPast) < ($1.time ?? .distantPast) }?.manager
        return ObservedChange(
            object: reference, field: field, from: best.from, to: best.to, time: newest.metadata.creationTime, manager: manager)
    }

    private static func revisions(of reference: ObjectReference, _ context: CaseContext) -> (
        newest: ReplicaSet, earlier: ReplicaSet, ObjectReference
    )? {
        guard reference.kind == "Deployment", let deployment = context.view.deployments[reference.namespace ?? "", reference.name] else {
            return nil
        }
        let sets = context.view.replicaSets(of: deployment)
        return sets.count >= 2 ? (sets[0], sets[1], reference) : nil
    }

    private static func objectChange(_ reference: ObjectReference, _ finding: Finding, _ context: CaseContext) -> ObservedChange? {
        guard let metadata = metadata(of: reference, context.view) else { return nil }
        let edits = metadata.managedFields.filter { $0.subresource.isEmpty || $0.subresource == "scale" }
        guard let latest = edits.max(by: { ($0.time ?? .distantPast) < ($1.time ?? .distantPast) }), let time = latest.time,
            (context.age(time) ?? 0) < recentSeconds
        else { return nil }
        // The entry that merely made the object is a change only if the object itself is new.
        let isCreation = metadata.creationTime.map { abs(time.timeIntervalSince($0)) < 2 } ?? false
        guard !isCreation || finding.cause == .networkPolicyBlocks else { return nil }
        let fields = latest.fields.filter { !$0.hasPrefix("metadata") && !$0.hasPrefix("status") }
        return ObservedChange(object: reference, field: Phrase.list(Array(fields.prefix(3))), time: time, manager: latest.manager)
    }

    private static func metadata(of reference: ObjectReference, _ view: ClusterView) -> ObjectMetadata? {
        let namespace = reference.namespace ?? ""
        switch reference.kind {
        case "ConfigMap": return view.configMaps[namespace, reference.name]?.metadata
        case "Secret": return view.secrets[namespace, reference.name]?.metadata
        case "Service": return view.services[namespace, reference.name]?.metadata
        case "Ingress": return view.ingresses[namespace, reference.name]?.metadata
        case "NetworkPolicy": return view.networkPolicies[namespace, reference.name]?.metadata
        case "Role", "ClusterRole": return view.roles[namespace, reference.name]?.metadata
        case "RoleBinding", "ClusterRoleBinding": return view.roleBindings[namespace, reference.name]?.metadata
        case "ResourceQuota": return view.resourceQuotas[namespace, reference.name]?.metadata
        case "LimitRange": return view.limitRanges[namespace, reference.name]?.metadata
        case "Namespace": return view.namespaces[reference.name]?.metadata
        case "Node": return view.nodes[reference.name]?.metadata
        case "Deployment": return view.deployments[namespace, reference.name]?.metadata
        case "StatefulSet": return view.statefulSets[namespace, reference.name]?.metadata
        case "HorizontalPodAutoscaler": return view.horizontalPodAutoscalers[namespace, reference.name]?.metadata
        case "ValidatingWebhookConfiguration": return view.validatingWebhooks[reference.name]?.metadata
        default: return nil
        }
    }
}
