internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// The two newest revisions of a workload's pod template: ReplicaSets of a Deployment, ControllerRevisions of the other kinds.
struct RevisionHistory: Sendable {
    let workload: ObjectReference
    let newest: PodTemplate
    let earlier: PodTemplate
    /// When the newest revision was rolled out; `nil` where nothing tells.
    let time: Date?
    /// Who wrote the newest template, where `managedFields` says so.
    let manager: String?

    private struct Revision {
        let template: PodTemplate
        let number: Int
        let metadata: ObjectMetadata
    }

    init?(_ reference: ObjectReference, context: CaseContext) {
        let revisions = Self.revisions(of: reference, context.view)
        guard revisions.count >= 2, let metadata = context.topology[reference]?.metadata else { return nil }
        workload = reference
        newest = revisions[0].template
        earlier = revisions[1].template
        let edit = Self.templateEdit(metadata)
        manager = edit?.manager
        // A rollback takes an old revision into service again: its object is older than the one that it replaces.
        let made = revisions[0].metadata.creationTime
        let isReused = (made ?? .distantPast) < (revisions[1].metadata.creationTime ?? .distantPast)
        time = isReused ? edit?.time ?? Self.firstPod(of: revisions[0].metadata, context.view) : made
    }

    /// What differs, field by field.
    var changes: [TemplateDiff.Change] { TemplateDiff.changes(from: earlier, to: newest) }

    // The controllers number revisions anew when an old one is taken again; where numbers are missing the younger object is newer.
    private static func revisions(of reference: ObjectReference, _ view: ClusterView) -> [Revision] {
        let namespace = reference.namespace ?? ""
        var result: [Revision] = []
        if let deployment = view.deployments[namespace, reference.name], reference.kind == "Deployment" {
            result = view.replicaSets(of: deployment).map { Revision(template: $0.template, number: $0.revision, metadata: $0.metadata) }
        } else if reference.kind == "StatefulSet" || reference.kind == "DaemonSet" {
            result = view.controllerRevisions.inNamespace(namespace).filter {
                guard let owner = $0.metadata.controller else { return false }
                return owner.kind == reference.kind && owner.name == reference.name
            }.map { Revision(template: $0.template, number: $0.revision, metadata: $0.metadata) }
        }
        let areNumbered = result.allSatisfy { $0.number > 0 }
        return result.sorted { left, right in
            let times = (left.metadata.creationTime ?? .distantPast, right.metadata.creationTime ?? .distantPast)
            if areNumbered, left.number != right.number { return left.number > right.number }
            return (times.0, left.metadata.name) > (times.1, right.metadata.name)
        }
    }

    private static func templateEdit(_ metadata: ObjectMetadata) -> ManagedFieldsEntry? {
        let edits = metadata.managedFields.filter { $0.subresource.isEmpty }
        let owners = edits.filter { $0.owns("spec.template") }
        // Where the fields themselves were not kept, the controller's own notes must not pass for an edit.
        let candidates = owners.isEmpty ? edits.filter { $0.fields.isEmpty && $0.manager != "kube-controller-manager" } : owners
        return candidates.max { ($0.time ?? .distantPast, $0.manager) < ($1.time ?? .distantPast, $1.manager) }
    }

    private static func firstPod(of revision: ObjectMetadata, _ view: ClusterView) -> Date? {
        view.pods(controlledBy: revision.uid).compactMap(\.metadata.creationTime).min()
    }
}
