internal import ClusterModel
internal import IncidentModel

extension ClusterView {
    /// Metadata of any object that was read.
    func metadata(of reference: ObjectReference) -> ObjectMetadata? {
        let namespace = reference.namespace ?? ""
        switch reference.kind {
        case "ConfigMap": return configMaps[namespace, reference.name]?.metadata
        case "Secret": return secrets[namespace, reference.name]?.metadata
        case "Service": return services[namespace, reference.name]?.metadata
        case "Ingress": return ingresses[namespace, reference.name]?.metadata
        case "NetworkPolicy": return networkPolicies[namespace, reference.name]?.metadata
        case "ServiceAccount": return serviceAccounts[namespace, reference.name]?.metadata
        case "Role", "ClusterRole": return roles[namespace, reference.name]?.metadata
        case "RoleBinding", "ClusterRoleBinding": return roleBindings[namespace, reference.name]?.metadata
        case "ResourceQuota": return resourceQuotas[namespace, reference.name]?.metadata
        case "LimitRange": return limitRanges[namespace, reference.name]?.metadata
        case "PersistentVolumeClaim": return persistentVolumeClaims[namespace, reference.name]?.metadata
        case "PodDisruptionBudget": return podDisruptionBudgets[namespace, reference.name]?.metadata
        case "HorizontalPodAutoscaler": return horizontalPodAutoscalers[namespace, reference.name]?.metadata
        case "Deployment": return deployments[namespace, reference.name]?.metadata
        case "StatefulSet": return statefulSets[namespace, reference.name]?.metadata
        case "DaemonSet": return daemonSets[namespace, reference.name]?.metadata
        case "Job": return jobs[namespace, reference.name]?.metadata
        case "CronJob": return cronJobs[namespace, reference.name]?.metadata
        case "Namespace": return namespaces[reference.name]?.metadata
        case "Node": return nodes[reference.name]?.metadata
        case "StorageClass": return storageClasses[reference.name]?.metadata
        case "ValidatingWebhookConfiguration": return validatingWebhooks[reference.name]?.metadata
        case "MutatingWebhookConfiguration": return mutatingWebhooks[reference.name]?.metadata
        case "APIService": return apiServices[reference.name]?.metadata
        default: return nil
        }
    }
}
