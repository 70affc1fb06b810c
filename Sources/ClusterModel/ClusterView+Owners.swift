public import IncidentModel

extension ClusterView {
    /// Controllers above a pod, nearest first, as far as they were read: ReplicaSet, Deployment; or Job, CronJob; …
    public func owners(of pod: Pod) -> [ObjectReference] {
        owners(above: controller(of: pod), in: pod.namespace)
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
        (setsByDeployment[deployment.namespace + "/" + deployment.name] ?? []).map { replicaSets.items[$0] }
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
        let bare = pods.items.filter { controller(of: $0) == nil }.map { ($0.reference, $0.metadata, Int?.none) }
        return (controlled.filter { $0.1.controller == nil && controller(of: $0.0, namespace: $0.1.namespace) == nil } + bare)
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

    func controller(of reference: ObjectReference, namespace: String) -> OwnerReference? {
        switch reference.kind {
        case "ReplicaSet":
            return replicaSets[namespace, reference.name]?.metadata.controller ?? derivedDeployment(of: reference, in: namespace)
        case "Deployment": return deployments[namespace, reference.name]?.metadata.controller
        case "StatefulSet": return statefulSets[namespace, reference.name]?.metadata.controller
        case "DaemonSet": return daemonSets[namespace, reference.name]?.metadata.controller
        case "Job": return jobs[namespace, reference.name]?.metadata.controller ?? derivedCronJob(of: reference, in: namespace)
        case "ReplicationController": return replicationControllers[namespace, reference.name]?.metadata.controller
        default: return nil
        }
    }

    // Where ReplicaSets were not read, a Deployment's name and the template hash still make up the ReplicaSet's name.
    private func derivedDeployment(of replicaSet: ObjectReference, in namespace: String) -> OwnerReference? {
        guard let name = Self.stem(of: replicaSet.name), let deployment = deployments[namespace, name] else { return nil }
        if let set = replicaSets[namespace, replicaSet.name], !Self.carries(set.template.labels, deployment.template.labels) { return nil }
        return OwnerReference(kind: "Deployment", name: name)
    }

    // The controller names its Jobs for the time of the run.
    private func derivedCronJob(of job: ObjectReference, in namespace: String) -> OwnerReference? {
        guard let name = Self.stem(of: job.name), job.name.dropFirst(name.count + 1).allSatisfy(\.isNumber),
            cronJobs[namespace, name] != nil
        else { return nil }
        return OwnerReference(kind: "CronJob", name: name)
    }

    // MARK: Pods whose owner was not recorded

    /// The controller that a pod names; where it names no owner at all, the one whose name and template labels it carries.
    public func controller(of pod: Pod) -> OwnerReference? {
        if let named = pod.metadata.controller { return named }
        guard pod.metadata.owners.isEmpty, let stem = Self.stem(of: pod.name) else { return nil }
        let space = pod.namespace
        func fits(_ template: PodTemplate?) -> Bool { template.map { Self.carries(pod.metadata.labels, $0.labels) } ?? false }
        if pod.name.dropFirst(stem.count + 1).allSatisfy(\.isNumber), fits(statefulSets[space, stem]?.template) {
            return OwnerReference(kind: "StatefulSet", name: stem)
        }
        if fits(replicaSets[space, stem]?.template) { return OwnerReference(kind: "ReplicaSet", name: stem) }
        if fits(daemonSets[space, stem]?.template) { return OwnerReference(kind: "DaemonSet", name: stem) }
        if fits(replicationControllers[space, stem]?.template) { return OwnerReference(kind: "ReplicationController", name: stem) }
        if let job = pod.metadata.labels["batch.kubernetes.io/job-name"] ?? pod.metadata.labels["job-name"] ?? (jobs[space, stem]?.name) {
            return OwnerReference(kind: "Job", name: job)
        }
        guard let deployment = Self.stem(of: stem), fits(deployments[space, deployment]?.template) else { return nil }
        return OwnerReference(kind: "ReplicaSet", name: stem)
    }

    // Controllers name what they make after themselves, with one more part behind a dash.
    private static func stem(of name: String) -> String? {
        guard let dash = name.lastIndex(of: "-"), dash > name.startIndex else { return nil }
        return String(name[..<dash])
    }

    // The hash is added to the labels of the template, and is not always recorded.
    private static func carries(_ labels: [String: String], _ template: [String: String]) -> Bool {
        let wanted = template.filter { !["pod-template-hash", "controller-revision-hash"].contains($0.key) }
        return !wanted.isEmpty && wanted.allSatisfy { labels[$0.key] == $0.value }
    }
}
