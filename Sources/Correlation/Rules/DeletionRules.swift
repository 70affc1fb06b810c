internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Objects that are to go and stay, because of a finalizer that nobody removes (Z2, E9, V20).
enum DeletionRules {
    /// Controllers remove their finalizer within seconds; five minutes are no delay any more.
    private static let stuckSeconds = 300.0
    /// Finalizers of the garbage collector and of Jobs: they wait for other objects, not for a controller of their own.
    private static let waiting: Set<String> = ["foregroundDeletion", "orphan", "batch.kubernetes.io/job-tracking"]

    static func findings(_ context: CaseContext) -> [Finding] {
        let view = context.view
        return stuck(view.persistentVolumeClaims, context) + stuck(view.persistentVolumes, context) + stuck(view.services, context)
            + stuck(view.ingresses, context) + stuck(view.deployments, context) + stuck(view.statefulSets, context)
            + stuck(view.daemonSets, context) + stuck(view.jobs, context) + stuck(view.configMaps, context) + stuck(view.secrets, context)
            + stuck(view.pods, context)
    }

    private static func stuck<Object: KubernetesObject>(_ table: ObjectTable<Object>, _ context: CaseContext) -> [Finding] {
        table.items.compactMap { object in
            guard object.metadata.deletionTime != nil else { return nil }
            return finding(object.reference, object.metadata, context)
        }
    }

    private static func finding(_ object: ObjectReference, _ metadata: ObjectMetadata, _ context: CaseContext) -> Finding? {
        let finalizers = metadata.finalizers.filter { !waiting.contains($0) }
        guard let deleted = metadata.deletionTime, let age = context.age(deleted), age > stuckSeconds, let finalizer = finalizers.first
        else {
            return nil
        }
        if isHeldRightly(object, finalizer, context) { return missed(object, finalizer, deleted, context) }
        return Finding(
            cause: .finalizerBlocksDeletion, object: object, sufferer: object,
            statement:
                "\(object) is being deleted since \(RFC3339.format(deleted)) and held by finalizer \(finalizer), which its controller does not remove.",
            details: ["reason": finalizer, "field": "finalizers", "reference": finalizer, "found": finalizers.joined(separator: ",")],
            citations: [
                .field(object, "metadata.finalizers", finalizers.joined(separator: ", ")),
                .field(object, "metadata.deletionTimestamp", RFC3339.format(deleted), time: deleted),
            ], confidence: 0.84, reasons: ["the deletion has been going on for \(Phrase.duration(age))"], impact: .degraded, onset: deleted)
    }

    // A claim that a pod still uses stays rightly; it is in the way where its workload waits for it to go (V20).
    private static func missed(_ object: ObjectReference, _ finalizer: String, _ deleted: Date, _ context: CaseContext) -> Finding? {
        guard object.kind == "PersistentVolumeClaim",
            let event = context.view.events.inNamespace(object.namespace ?? "").last(where: {
                $0.message.contains("\(object.name) is being deleted")
                    && (context.age($0.lastTime) ?? .infinity) < ContainerCase.recentSeconds
            }),
            let user = context.view.pods.inNamespace(object.namespace ?? "").first(where: { pod in
                !pod.isFinished && pod.spec.volumes.contains { $0.source == .persistentVolumeClaim(name: object.name) }
            })
        else { return nil }
        return Finding(
            cause: .finalizerBlocksDeletion, object: object, sufferer: event.regarding,
            statement:
                "\(object) is being deleted since \(RFC3339.format(deleted)) and cannot go while Pod \(user.name) uses it, so \(event.regarding) gets no pod.",
            details: ["reason": finalizer, "field": "finalizers", "reference": user.name, "found": finalizer],
            citations: [
                .event(event), .field(object, "metadata.deletionTimestamp", RFC3339.format(deleted), time: deleted),
                .field(user.reference, "spec.volumes[].persistentVolumeClaim.claimName", object.name),
            ], confidence: 0.9, reasons: ["the controller waits for the claim to be gone", "a pod still uses it"], impact: .outage,
            onset: deleted)
    }

    // A claim stays while a pod uses it, a volume while a claim is bound to it.
    private static func isHeldRightly(_ object: ObjectReference, _ finalizer: String, _ context: CaseContext) -> Bool {
        switch finalizer {
        case "kubernetes.io/pvc-protection":
            context.view.pods.inNamespace(object.namespace ?? "").contains { pod in
                !pod.isFinished && pod.spec.volumes.contains { $0.source == .persistentVolumeClaim(name: object.name) }
            }
        case "kubernetes.io/pv-protection":
            context.view.persistentVolumeClaims.items.contains { $0.volumeName == object.name }
        default: false
        }
    }

    /// A pod that cannot be ended because its node does not do it any more: its successor, where names are fixed, cannot come.
    static func stranded(_ workload: Workload, context: CaseContext) -> Finding? {
        guard workload.impact > .latent else { return nil }
        for pod in workload.pods where pod.isTerminating && !pod.isFinished {
            let grace = Double(pod.spec.terminationGracePeriodSeconds) + 30
            guard let name = pod.spec.nodeName, (context.age(pod.metadata.deletionTime) ?? 0) > grace,
                var finding = context.view.nodes[name].flatMap({ NodeRules.finding($0, context: context) })
                    ?? HostServiceRules.finding(name, context: context)
            else { continue }
            finding.sufferer = workload.reference
            finding.impact = workload.impact
            finding.citations.append(
                .field(pod.reference, "metadata.deletionTimestamp", pod.metadata.deletionTime.map { RFC3339.format($0) } ?? ""))
            finding.reasons.append("pod \(pod.name) cannot be ended there")
            return finding
        }
        return nil
    }
}
