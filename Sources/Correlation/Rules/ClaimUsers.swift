internal import ClusterModel
internal import IncidentModel

/// Workloads whose pods or templates use a claim.
enum ClaimUsers {
    static func of(_ claim: PersistentVolumeClaim, _ context: CaseContext) -> [Workload] {
        context.topology.workloads(in: claim.namespace).filter { workload in
            if workload.pods.contains(where: { !$0.isFinished && context.claimNames(of: $0).contains(claim.name) }) { return true }
            if workload.template?.spec.volumes.contains(where: { $0.source == .persistentVolumeClaim(name: claim.name) }) ?? false {
                return workload.desired != 0
            }
            guard workload.reference.kind == "StatefulSet",
                let set = context.view.statefulSets[claim.namespace, workload.reference.name]
            else { return false }
            return set.replicas > 0 && set.claimTemplates.contains { claim.name.hasPrefix("\($0.name)-\(set.name)-") }
        }
    }
}
