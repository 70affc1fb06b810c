import ClusterModel
import IncidentModel

extension SubjectClosure {
    /// Takes in what is directly connected to an object.
    mutating func expand(_ object: ObjectReference) {
        let namespace = object.namespace ?? ""
        switch object.kind {
        case "Pod": view.pods[namespace, object.name].map { expand($0) }
        case "Service": view.services[namespace, object.name].map { expand($0) }
        case "Ingress": view.ingresses[namespace, object.name].map { expand($0) }
        case "ConfigMap": view.configMaps[namespace, object.name].map { expand($0) }
        case "PersistentVolumeClaim": view.persistentVolumeClaims[namespace, object.name].map { expand($0) }
        case "PersistentVolume": expandVolume(object.name)
        case "ServiceAccount": view.serviceAccounts[namespace, object.name].map { expand($0) }
        case "Node": expandNode(object.name)
        case "HorizontalPodAutoscaler": view.horizontalPodAutoscalers[namespace, object.name].map { take($0.target) }
        case "PodDisruptionBudget", "NetworkPolicy": takePods(selectedBy: object)
        case "RoleBinding", "ClusterRoleBinding": view.roleBindings[namespace, object.name].map { expand($0) }
        default: expandWorkload(object)
        }
    }

    private mutating func expand(_ pod: Pod) {
        take(view.owners(of: pod))
        expand(pod.spec, labels: pod.metadata.labels, in: pod.namespace)
        if let node = pod.spec.nodeName {
            take(ObjectReference(kind: "Node", namespace: nil, name: node))
        } else {
            // Why it is not scheduled is written on the nodes that do not take it.
            take(view.nodes.items.map(\.reference))
        }
        take(
            view.podDisruptionBudgets.inNamespace(pod.namespace).filter { $0.selector?.matches(pod.metadata.labels) ?? false }
                .map(\.reference))
    }

    private mutating func expandWorkload(_ object: ObjectReference) {
        let namespace = object.namespace ?? ""
        take(view.pods(of: object).map(\.reference))
        if let template = view.template(of: object) { expand(template.spec, labels: template.labels, in: namespace) }
        take(view.horizontalPodAutoscalers.inNamespace(namespace).filter { $0.target == object }.map(\.reference))
        if let deployment = view.deployments[namespace, object.name], object.kind == "Deployment" {
            take(view.replicaSets(of: deployment).map(\.reference))
        }
        if object.kind == "CronJob" { take(owned(view.jobs, by: object)) }
        if object.kind == "StatefulSet", let set = view.statefulSets[namespace, object.name] {
            if let service = set.serviceName { takeReferenced(.services, namespace, service) }
            let claims = Set(set.claimTemplates.map(\.name))
            take(
                view.persistentVolumeClaims.inNamespace(namespace).filter { claim in
                    claims.contains { claim.name.hasPrefix("\($0)-\(object.name)-") }
                }.map(\.reference))
        }
        take(owned(view.controllerRevisions, by: object))
        take(controllers(above: object))
    }

    private func controllers(above object: ObjectReference) -> [ObjectReference] {
        let namespace = object.namespace ?? ""
        let metadata =
            switch object.kind {
            case "ReplicaSet": view.replicaSets[namespace, object.name]?.metadata
            case "Job": view.jobs[namespace, object.name]?.metadata
            default: ObjectMetadata?.none
            }
        return metadata?.controller.map { [ObjectReference(kind: $0.kind, namespace: namespace, name: $0.name)] } ?? []
    }

    private func owned<Object: KubernetesObject>(_ table: ObjectTable<Object>, by owner: ObjectReference) -> [ObjectReference] {
        table.inNamespace(owner.namespace ?? "")
            .filter { $0.metadata.controller.map { $0.kind == owner.kind && $0.name == owner.name } ?? false }.map(\.reference)
    }

    /// What a pod, or a template that no pod was made from yet, refers to.
    private mutating func expand(_ spec: PodSpec, labels: [String: String], in namespace: String) {
        for reference in spec.references { takeReferenced(reference.resource, namespace, reference.name) }
        for text in spec.allContainers.flatMap(\.configurationTexts) { takeServices(namedIn: text, from: namespace) }
        take(
            view.services.inNamespace(namespace).filter { service in
                !service.selector.isEmpty && LabelSelector(matchLabels: service.selector).matches(labels)
            }.map(\.reference))
    }

    private mutating func expand(_ service: Service) {
        take(view.slices(of: service).map(\.reference))
        take(view.pods(selectedBy: service).map(\.reference))
        take(view.ingresses.inNamespace(service.namespace).filter { backends(of: $0).contains(service.name) }.map(\.reference))
        takeNearPods(of: service)
    }

    /// A Service that selects nothing is judged by the workloads it was meant for: all of its namespace.
    private mutating func takeNearPods(of service: Service) {
        guard !service.selector.isEmpty, view.pods(selectedBy: service).isEmpty else { return }
        take(view.workloads.map(\.reference).filter { $0.namespace == service.namespace })
    }

    private mutating func expand(_ ingress: Ingress) {
        for name in backends(of: ingress) { takeReferenced(.services, ingress.namespace, name) }
        for name in ingress.tls.compactMap(\.secretName) { takeReferenced(.secrets, ingress.namespace, name) }
    }

    private func backends(of ingress: Ingress) -> Set<String> {
        Set(ingress.paths.compactMap { $0.backend?.service } + [ingress.defaultBackend?.service].compactMap { $0 })
    }

    private mutating func expand(_ map: ConfigMap) {
        for text in map.data.values { takeServices(namedIn: text, from: map.namespace) }
    }
}
