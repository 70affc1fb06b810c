public import IncidentModel

extension ClusterView {
    /// Controllers above a pod, nearest first, as far as they were read: ReplicaSet, Deployment; or Job, CronJob; …
    public func owners(of pod: Pod) -> [ObjectReference] {
        owners(above: pod.metadata.controller, in: pod.namespace)
    }

    /// The object an SRE would change to change this pod: its topmost controller, or the pod itself where it has none.
    public func workload(of pod: Pod) -> ObjectReference {
        owners(of: pod).last ?? pod.reference
    }

    /// Pods of a workload, finished ones included.
    public func pods(of workload: ObjectReference) -> [Pod] {
        let namespace = workload.namespace ?? ""
        switch workload.kind {
        case "Pod": return pods[namespace, workload.name].map { [$0] } ?? []
        case "Deployment", "CronJob", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController":
            return pods.inNamespace(namespace).filter { owners(of: $0).contains(workload) }
        default: return []
        }
    }

    /// ReplicaSets of a Deployment, newest revision first.
    public func replicaSets(of deployment: Deployment) -> [ReplicaSet] {
        replicaSets.inNamespace(deployment.namespace)
            .filter { set in
                set.metadata.controller.map { $0.kind == "Deployment" && $0.name == deployment.name } ?? false
            }
            .sorted { ($0.revision, $0.name) > ($1.revision, $1.name) }
    }

    /// The pod template of a workload.
    public func template(of workload: ObjectReference) -> PodTemplate? {
        let namespace = workload.namespace ?? ""
        switch workload.kind {
        case "Deployment": return deployments[namespace, workload.name]?.template
        case "StatefulSet": return statefulSets[namespace, workload.name]?.template
        case "DaemonSet": return daemonSets[namespace, workload.name]?.template
        case "ReplicaSet": return replicaSets[namespace, workload.name]?.template
        case "ReplicationController": return replicationControllers[namespace, workload.name]?.template
        case "Job": return jobs[namespace, workload.name]?.template
        case "CronJob": return cronJobs[namespace, workload.name]?.template
        default: return nil
        }
    }

    /// Every workload that was read, with its wished number of replicas (`nil` where the kind has none), sorted.
    public var workloads: [(reference: ObjectReference, metadata: ObjectMetadata, replicas: Int?)] {
        let controlled: [(ObjectReference, ObjectMetadata, Int?)] =
            deployments.items.map { ($0.reference, $0.metadata, $0.replicas) }
            + statefulSets.items.map { ($0.reference, $0.metadata, $0.replicas) }
            + daemonSets.items.map { ($0.reference, $0.metadata, $0.desiredNumberScheduled) }
            + cronJobs.items.map { ($0.reference, $0.metadata, nil) }
            + jobs.items.map { ($0.reference, $0.metadata, nil) }
            + replicaSets.items.map { ($0.reference, $0.metadata, $0.replicas) }
            + replicationControllers.items.map { ($0.reference, $0.metadata, $0.replicas) }
        let bare = pods.items.filter { $0.metadata.controller == nil }.map { ($0.reference, $0.metadata, Int?.none) }
        return (controlled.filter { $0.1.controller == nil } + bare)
            .sorted { $0.0 < $1.0 }
            .map { (reference: $0.0, metadata: $0.1, replicas: $0.2) }
    }

    private func owners(above owner: OwnerReference?, in namespace: String) -> [ObjectReference] {
        var result: [ObjectReference] = []
        var next = owner
        // Owner chains are short; the bound guards against a cycle in odd data.
        while let owner = next, result.count < 5 {
            let reference = ObjectReference(kind: owner.kind, namespace: owner.kind == "Node" ? nil : namespace, name: owner.name)
            if owner.kind == "Node" { break }  // A static pod's mirror is owned by its node, which is no workload.
            result.append(reference)
            next = controller(of: reference, namespace: namespace)
        }
        return result
    }

    private func controller(of reference: ObjectReference, namespace: String) -> OwnerReference? {
        switch reference.kind {
        case "ReplicaSet":
            guard let set = replicaSets[namespace, reference.name] else { return derivedDeployment(of: reference, in: namespace) }
            return set.metadata.controller
        case "Deployment": return deployments[namespace, reference.name]?.metadata.controller
        case "StatefulSet": return statefulSets[namespace, reference.name]?.metadata.controller
        case "DaemonSet": return daemonSets[namespace, reference.name]?.metadata.controller
        case "Job": return jobs[namespace, reference.name]?.metadata.controller
        case "ReplicationController": return replicationControllers[namespace, reference.name]?.metadata.controller
        default: return nil
        }
    }

    // Where ReplicaSets were not read, a Deployment's name and the template hash still make up the ReplicaSet's name.
    private func derivedDeployment(of replicaSet: ObjectReference, in namespace: String) -> OwnerReference? {
        guard let dash = replicaSet.name.lastIndex(of: "-") else { return nil }
        let name = String(replicaSet.name[..<dash])
        guard deployments[namespace, name] != nil else { return nil }
        return OwnerReference(kind: "Deployment", name: name)
    }
}
