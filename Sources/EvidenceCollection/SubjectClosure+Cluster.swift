import ClusterModel
import IncidentModel

extension SubjectClosure {
    mutating func expand(_ claim: PersistentVolumeClaim) {
        take(view.persistentVolumes.items.filter { $0.name == claim.volumeName || $0.claim == claim.reference }.map(\.reference))
        // An unbound claim waits for any volume that would fit.
        if claim.volumeName == nil { take(view.persistentVolumes.items.map(\.reference)) }
    }

    mutating func expandVolume(_ name: String) {
        if let claim = view.persistentVolumes[name]?.claim { take(claim) }
        take(view.volumeAttachments.items.filter { $0.persistentVolume == name }.map(\.reference))
    }

    mutating func expandNode(_ name: String) {
        take([
            ObjectReference(kind: "CSINode", namespace: nil, name: name),
            ObjectReference(kind: "Lease", namespace: "kube-node-lease", name: name),
        ])
        take(view.volumeAttachments.items.filter { $0.node == name }.map(\.reference))
    }

    mutating func expand(_ account: ServiceAccount) {
        for name in account.imagePullSecrets { takeReferenced(.secrets, account.namespace, name) }
        let groups: Set<String> = [
            "system:serviceaccounts", "system:serviceaccounts:\(account.namespace)", "system:authenticated",
        ]
        let bindings = view.roleBindings.items.filter { binding in
            (binding.namespace.isEmpty || binding.namespace == account.namespace)
                && binding.subjects.contains { subject in
                    subject.kind == "Group" && groups.contains(subject.name)
                        || subject.kind == "ServiceAccount" && subject.name == account.name && subject.namespace == account.namespace
                }
        }
        take(bindings.map(\.reference))
    }

    mutating func expand(_ binding: RoleBinding) {
        let isCluster = binding.roleKind == "ClusterRole"
        takeReferenced(isCluster ? .clusterRoles : .roles, isCluster ? nil : binding.namespace, binding.roleName)
    }

    mutating func takePods(selectedBy object: ObjectReference) {
        let namespace = object.namespace ?? ""
        let selector =
            object.kind == "NetworkPolicy"
            ? view.networkPolicies[namespace, object.name]?.podSelector : view.podDisruptionBudgets[namespace, object.name]?.selector
        guard let selector else { return }
        take(view.pods.inNamespace(namespace).filter { selector.matches($0.metadata.labels) }.map(\.reference))
    }

    /// Pods that use an object which names none itself.
    mutating func addUsers(of object: ObjectReference) {
        if object.kind == "Node" {
            return addAll(view.pods.items.filter { $0.spec.nodeName == object.name })
        }
        addAll(
            view.pods.inNamespace(object.namespace ?? "").filter { pod in
                pod.spec.references.contains { $0.resource.kind == object.kind && $0.name == object.name }
            })
    }

    private mutating func addAll(_ pods: some Sequence<Pod>) {
        for pod in pods { add(pod.reference) }
    }

    /// Whether the object was read.
    static func exists(_ object: ObjectReference, in view: ClusterView) -> Bool {
        let namespace = object.namespace ?? ""
        switch object.kind {
        case "Pod": return view.pods[namespace, object.name] != nil
        case "Service": return view.services[namespace, object.name] != nil
        case "Ingress": return view.ingresses[namespace, object.name] != nil
        case "ConfigMap": return view.configMaps[namespace, object.name] != nil
        case "Secret": return view.secrets[namespace, object.name] != nil
        case "PersistentVolumeClaim": return view.persistentVolumeClaims[namespace, object.name] != nil
        case "PersistentVolume": return view.persistentVolumes[object.name] != nil
        case "ServiceAccount": return view.serviceAccounts[namespace, object.name] != nil
        case "Node": return view.nodes[object.name] != nil
        case "HorizontalPodAutoscaler": return view.horizontalPodAutoscalers[namespace, object.name] != nil
        case "PodDisruptionBudget": return view.podDisruptionBudgets[namespace, object.name] != nil
        case "NetworkPolicy": return view.networkPolicies[namespace, object.name] != nil
        case "Role", "ClusterRole": return view.roles[namespace, object.name] != nil
        case "RoleBinding", "ClusterRoleBinding": return view.roleBindings[namespace, object.name] != nil
        default: return view.template(of: object) != nil
        }
    }
}
