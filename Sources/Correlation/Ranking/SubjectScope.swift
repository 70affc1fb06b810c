internal import ClusterModel
internal import IncidentModel

/// The objects a question is about, with those that stand for the same thing: a pod's workload, a Service's pods.
struct SubjectScope {
    let subjects: Set<ObjectReference>

    init(_ context: CaseContext) {
        var result: Set<ObjectReference> = []
        for subject in context.question.subjects { result.formUnion(Self.relatives(of: subject, context)) }
        subjects = result
    }

    private static func relatives(of subject: ObjectReference, _ context: CaseContext) -> Set<ObjectReference> {
        var result: Set<ObjectReference> = [subject]
        let namespace = subject.namespace ?? ""
        switch subject.kind {
        case "Pod":
            if let pod = context.view.pods[namespace, subject.name] { result.insert(context.topology.workload(of: pod)) }
        case "Service":
            if let service = context.view.services[namespace, subject.name] {
                result.formUnion(context.topology.workloads(behind: service).map(\.reference))
            }
        case "Ingress":
            for backend in (context.view.ingresses[namespace, subject.name]?.paths ?? []).compactMap(\.backend) {
                result.formUnion(relatives(of: ObjectReference(kind: "Service", namespace: namespace, name: backend.service), context))
            }
        case "Job":
            if let owner = context.view.jobs[namespace, subject.name]?.metadata.controller {
                result.insert(ObjectReference(kind: owner.kind, namespace: namespace, name: owner.name))
            }
        case "ReplicaSet":
            if let owner = context.view.replicaSets[namespace, subject.name]?.metadata.controller {
                result.insert(ObjectReference(kind: owner.kind, namespace: namespace, name: owner.name))
            }
        case "HorizontalPodAutoscaler":
            if let autoscaler = context.view.horizontalPodAutoscalers[namespace, subject.name] { result.insert(autoscaler.target) }
        case "PersistentVolumeClaim":
            for pod in context.view.pods.inNamespace(namespace)
            where pod.spec.volumes.contains(where: { $0.source == .persistentVolumeClaim(name: subject.name) }) {
                result.insert(context.topology.workload(of: pod))
            }
        case "Node":
            // Whatever fails on a node is what makes people ask about it.
            for pod in context.view.pods.items where pod.spec.nodeName == subject.name && !pod.isReady && !pod.isFinished {
                result.insert(context.topology.workload(of: pod))
            }
        default: break
        }
        for reference in result {
            guard let workload = context.topology[reference] else { continue }
            result.formUnion(context.topology.services(selecting: workload).map(\.reference))
        }
        return result
    }
}
