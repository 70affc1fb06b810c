internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Tells from labels and annotations whether something that is switched off is meant to be.
enum DeliberateRest {
    /// Words by which people and tools mark what rests: canaries, standbys, and schedulers that scale to zero and back.
    private static let words = [
        "canary", "standby", "stand-by", "preview", "maintenance", "decommission", "deprecated", "disabled", "dormant", "hibernat",
        "on purpose", "deliberate", "intentional", "downscaler", "scaled-down", "scale-to-zero", "keda.sh", "knative", "snooze", "sleep",
        "idle", "inactive", "parked", "kueue.x-k8s.io", "volcano.sh", "suspended by", "suspend-reason", "paused-by", "paused by",
        "until further notice", "off-season", "seasonal",
    ]

    /// Annotations whose text is a manifest or a list, not a note.
    private static let manifests: Set<String> = [
        "kubectl.kubernetes.io/last-applied-configuration", "objectset.rio.cattle.io/applied", "deployment.kubernetes.io/revision",
    ]

    /// Whether a workload at zero is marked so, or an autoscaler brings it to zero and back by itself (KEDA).
    static func isMeant(_ workload: Workload, _ view: ClusterView) -> Bool {
        if isMeant(workload.metadata) { return true }
        let last = workload.metadata.lastWriter(of: "spec.replicas", orThrough: "scale")
        if last?.manager.hasPrefix("keda") ?? false { return true }
        // An autoscaler that KEDA made may go to zero; not where a person did it.
        let isByHand = last?.manager.hasPrefix("kubectl") ?? false
        let scalers = view.horizontalPodAutoscalers.inNamespace(workload.namespace).filter { $0.target == workload.reference }
        if !isByHand, scalers.contains(where: { $0.metadata.controller?.kind == "ScaledObject" }) { return true }
        let named = [" \(workload.namespace)/\(workload.reference.name) ", " \(workload.namespace)/\(workload.reference.name)."]
        return view.events.inNamespace(workload.namespace).contains { event in
            event.reason == "KEDAScaleTargetDeactivated" && named.contains { (event.message + " ").contains($0) }
        }
    }

    static func isMeant(_ metadata: ObjectMetadata) -> Bool {
        let notes = metadata.annotations.filter { !manifests.contains($0.key) }
        return metadata.labels.merging(notes) { first, _ in first }.contains { entry in
            let text = (entry.key + "=" + entry.value).lowercased()
            return words.contains { text.contains($0) }
        }
    }
}
