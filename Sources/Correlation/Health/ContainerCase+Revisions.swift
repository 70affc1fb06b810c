internal import ClusterModel
internal import IncidentModel

extension ContainerCase {
    /// The template this pod was made from, and the one before it.
    var revisions: (own: PodTemplate, earlier: PodTemplate)? {
        let templates = storedTemplates.sorted { $0.number > $1.number }
        guard let own = templates.firstIndex(where: { $0.isOwn }) ?? (templates.isEmpty ? nil : 0), own + 1 < templates.count else {
            return nil
        }
        return (templates[own].template, templates[own + 1].template)
    }

    /// This container as the revision before had it.
    var earlier: Container? { revisions?.earlier.spec.allContainers.first { $0.name == name } }

    /// What changed for this container, or for its whole pod, from the revision before to its own.
    var templateChanges: [TemplateDiff.Change] {
        guard let revisions else { return [] }
        return TemplateDiff.changes(from: revisions.earlier, to: revisions.own).filter { $0.container == nil || $0.container == name }
    }

    /// Whether pods of an earlier revision of the same workload serve now.
    var isEarlierRevisionServing: Bool {
        guard let hash = Self.revisionHash(pod) else { return false }
        return workload.readyPods.contains { other in Self.revisionHash(other).map { $0 != hash } ?? false }
    }

    /// Deployments keep revisions as ReplicaSets, StatefulSets and DaemonSets as ControllerRevisions.
    private var storedTemplates: [(number: Int, isOwn: Bool, template: PodTemplate)] {
        let view = context.view
        if let deployment = view.deployments[workload.namespace, workload.reference.name], workload.reference.kind == "Deployment" {
            return view.replicaSets(of: deployment).map { ($0.revision, $0.name == view.controller(of: pod)?.name, $0.template) }
        }
        guard ["StatefulSet", "DaemonSet"].contains(workload.reference.kind) else { return [] }
        let hash = Self.revisionHash(pod)
        return view.controllerRevisions.inNamespace(workload.namespace)
            .filter { $0.metadata.controller.map { $0.kind == workload.reference.kind && $0.name == workload.reference.name } ?? false }
            .map { ($0.revision, $0.metadata.name == hash || $0.metadata.labels["controller-revision-hash"] == hash, $0.template) }
    }

    private static func revisionHash(_ pod: Pod) -> String? {
        pod.metadata.labels["pod-template-hash"] ?? pod.metadata.labels["controller-revision-hash"]
    }
}
