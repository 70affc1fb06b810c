/// One kind of resource of the Kubernetes API, and where it is served.
public struct ResourceType: Hashable, Sendable {
    /// Empty for the core group.
    public let group: String
    public let version: String
    public let plural: String
    public let kind: String
    public let isNamespaced: Bool

    public init(group: String, version: String, plural: String, kind: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.plural = plural
        self.kind = kind
        self.isNamespaced = isNamespaced
    }

    public var groupVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The API path of the list over all namespaces without its leading slash, e.g. `apis/apps/v1/deployments`:
    /// also the name of its file in a snapshot, and its key in `ClusterEvidence`.
    public var path: String { (group.isEmpty ? "api/" : "apis/") + groupVersion + "/" + plural }
}

extension ResourceType {
    public static let pods = core("pods", "Pod")
    public static let events = core("events", "Event")
    public static let services = core("services", "Service")
    public static let endpoints = core("endpoints", "Endpoints")
    public static let configMaps = core("configmaps", "ConfigMap")
    public static let secrets = core("secrets", "Secret")
    public static let nodes = core("nodes", "Node", isNamespaced: false)
    public static let namespaces = core("namespaces", "Namespace", isNamespaced: false)
    public static let persistentVolumes = core("persistentvolumes", "PersistentVolume", isNamespaced: false)
    public static let persistentVolumeClaims = core("persistentvolumeclaims", "PersistentVolumeClaim")
    public static let resourceQuotas = core("resourcequotas", "ResourceQuota")
    public static let limitRanges = core("limitranges", "LimitRange")
    public static let serviceAccounts = core("serviceaccounts", "ServiceAccount")
    public static let replicationControllers = core("replicationcontrollers", "ReplicationController")

    public static let deployments = apps("deployments", "Deployment")
    public static let replicaSets = apps("replicasets", "ReplicaSet")
    public static let statefulSets = apps("statefulsets", "StatefulSet")
    public static let daemonSets = apps("daemonsets", "DaemonSet")
    public static let controllerRevisions = apps("controllerrevisions", "ControllerRevision")

    public static let jobs = ResourceType(group: "batch", version: "v1", plural: "jobs", kind: "Job", isNamespaced: true)
    public static let cronJobs = ResourceType(group: "batch", version: "v1", plural: "cronjobs", kind: "CronJob", isNamespaced: true)

    public static let endpointSlices = ResourceType(
        group: "discovery.k8s.io", version: "v1", plural: "endpointslices", kind: "EndpointSlice", isNamespaced: true)
    public static let ingresses = networking("ingresses", "Ingress")
    public static let ingressClasses = networking("ingressclasses", "IngressClass", isNamespaced: false)
    public static let networkPolicies = networking("networkpolicies", "NetworkPolicy")

    public static let horizontalPodAutoscalers = ResourceType(
        group: "autoscaling", version: "v2", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler", isNamespaced: true)
    public static let podDisruptionBudgets = ResourceType(
        group: "policy", version: "v1", plural: "poddisruptionbudgets", kind: "PodDisruptionBudget", isNamespaced: true)

    public static let roles = rbac("roles", "Role")
    public static let roleBindings = rbac("rolebindings", "RoleBinding")
    public static let clusterRoles = rbac("clusterroles", "ClusterRole", isNamespaced: false)
    public static let clusterRoleBindings = rbac("clusterrolebindings", "ClusterRoleBinding", isNamespaced: false)

    public static let validatingWebhookConfigurations = admission("validatingwebhookconfigurations", "ValidatingWebhookConfiguration")
    public static let mutatingWebhookConfigurations = admission("mutatingwebhookconfigurations", "MutatingWebhookConfiguration")

    public static let storageClasses = storage("storageclasses", "StorageClass")
    public static let volumeAttachments = storage("volumeattachments", "VolumeAttachment")
    public static let csiDrivers = storage("csidrivers", "CSIDriver")
    public static let csiNodes = storage("csinodes", "CSINode")

    public static let priorityClasses = ResourceType(
        group: "scheduling.k8s.io", version: "v1", plural: "priorityclasses", kind: "PriorityClass", isNamespaced: false)
    public static let runtimeClasses = ResourceType(
        group: "node.k8s.io", version: "v1", plural: "runtimeclasses", kind: "RuntimeClass", isNamespaced: false)
    public static let leases = ResourceType(
        group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease", isNamespaced: true)
    public static let apiServices = ResourceType(
        group: "apiregistration.k8s.io", version: "v1", plural: "apiservices", kind: "APIService", isNamespaced: false)

    public static let httpRoutes = ResourceType(
        group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes", kind: "HTTPRoute", isNamespaced: true)

    /// Types that are served only where somebody installed them. Without them nothing is missing, and a role that does not name them is
    /// answered 403 whether they are installed or not: neither is a gap, and no rule concludes anything from their absence.
    public static let addOns: [ResourceType] = [httpRoutes]

    /// Everything an investigation may read of any cluster, in the order it is recorded.
    public static let all: [ResourceType] = [
        pods, events, services, endpoints, configMaps, secrets, nodes, namespaces, persistentVolumes, persistentVolumeClaims,
        resourceQuotas, limitRanges, serviceAccounts, replicationControllers, deployments, replicaSets, statefulSets, daemonSets,
        controllerRevisions, jobs, cronJobs, endpointSlices, ingresses, ingressClasses, networkPolicies, horizontalPodAutoscalers,
        podDisruptionBudgets, roles, roleBindings, clusterRoles, clusterRoleBindings, validatingWebhookConfigurations,
        mutatingWebhookConfigurations, storageClasses, volumeAttachments, csiDrivers, csiNodes, priorityClasses, runtimeClasses, leases,
        apiServices,
    ]

    /// The type served at a list path such as `apis/apps/v1/deployments`.
    public static func at(path: String) -> ResourceType? { byPath[path] }

    /// The type of a kind such as `Deployment`.
    public static func of(kind: String) -> ResourceType? { byKind[kind] }

    private static let byPath = Dictionary(uniqueKeysWithValues: (all + addOns).map { ($0.path, $0) })
    private static let byKind = Dictionary(uniqueKeysWithValues: (all + addOns).map { ($0.kind, $0) })

    private static func core(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> ResourceType {
        ResourceType(group: "", version: "v1", plural: plural, kind: kind, isNamespaced: isNamespaced)
    }

    private static func apps(_ plural: String, _ kind: String) -> ResourceType {
        ResourceType(group: "apps", version: "v1", plural: plural, kind: kind, isNamespaced: true)
    }

    private static func networking(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> ResourceType {
        ResourceType(group: "networking.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: isNamespaced)
    }

    private static func rbac(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> ResourceType {
        ResourceType(group: "rbac.authorization.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: isNamespaced)
    }

    private static func admission(_ plural: String, _ kind: String) -> ResourceType {
        ResourceType(group: "admissionregistration.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: false)
    }

    private static func storage(_ plural: String, _ kind: String) -> ResourceType {
        ResourceType(group: "storage.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: false)
    }
}
