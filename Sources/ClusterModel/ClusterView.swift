internal import FastJSON
public import FoundationEssentials
public import IncidentModel

/// One moment of a cluster, typed and indexed: everything the engine knows.
///
/// Immutable, with its own "now". Whether a list was read at all is part of what it knows, see `wasRead`.
public struct ClusterView: Sendable {
    public let now: Date
    public let kubernetesVersion: String
    /// Namespaces that were read; `nil` means all.
    public let scope: [String]?
    /// What could not be read, items that are no objects included.
    public let gaps: [EvidenceGap]
    public let telemetry: [String: Data]

    public let pods: ObjectTable<Pod>
    public let events: ObjectTable<Event>
    public let services: ObjectTable<Service>
    public let endpointSlices: ObjectTable<EndpointSlice>
    public let configMaps: ObjectTable<ConfigMap>
    public let secrets: ObjectTable<Secret>
    public let nodes: ObjectTable<Node>
    public let namespaces: ObjectTable<Namespace>
    public let persistentVolumes: ObjectTable<PersistentVolume>
    public let persistentVolumeClaims: ObjectTable<PersistentVolumeClaim>
    public let resourceQuotas: ObjectTable<ResourceQuota>
    public let limitRanges: ObjectTable<LimitRange>
    public let serviceAccounts: ObjectTable<ServiceAccount>
    public let replicationControllers: ObjectTable<ReplicaSet>
    public let deployments: ObjectTable<Deployment>
    public let replicaSets: ObjectTable<ReplicaSet>
    public let statefulSets: ObjectTable<StatefulSet>
    public let daemonSets: ObjectTable<DaemonSet>
    public let controllerRevisions: ObjectTable<ControllerRevision>
    public let jobs: ObjectTable<Job>
    public let cronJobs: ObjectTable<CronJob>
    public let ingresses: ObjectTable<Ingress>
    public let httpRoutes: ObjectTable<HTTPRoute>
    public let ingressClasses: ObjectTable<IngressClass>
    public let networkPolicies: ObjectTable<NetworkPolicy>
    public let horizontalPodAutoscalers: ObjectTable<HorizontalPodAutoscaler>
    public let podDisruptionBudgets: ObjectTable<PodDisruptionBudget>
    /// Roles, and under the empty namespace ClusterRoles.
    public let roles: ObjectTable<Role>
    /// RoleBindings, and under the empty namespace ClusterRoleBindings.
    public let roleBindings: ObjectTable<RoleBinding>
    public let validatingWebhooks: ObjectTable<WebhookConfiguration>
    public let mutatingWebhooks: ObjectTable<WebhookConfiguration>
    public let storageClasses: ObjectTable<StorageClass>
    public let volumeAttachments: ObjectTable<VolumeAttachment>
    public let csiDrivers: ObjectTable<CSIDriver>
    public let csiNodes: ObjectTable<CSINode>
    public let priorityClasses: ObjectTable<PriorityClass>
    public let runtimeClasses: ObjectTable<RuntimeClass>
    public let leases: ObjectTable<Lease>
    public let apiServices: ObjectTable<APIService>

    private let readPaths: Set<String>
    private let gapPaths: Set<String>
    private let logsByPod: [String: [ContainerLog]]
    private let eventsByObject: [ObjectReference: [Int]]
    private let slicesByService: [String: [Int]]
    private let podsByOwner: [String: [Int]]
    private let podLabels: LabelIndex
    /// Positions of ReplicaSets by `namespace/name` of the Deployment above them.
    private(set) var setsByDeployment: [String: [Int]] = [:]

    /// Decodes and indexes evidence. An item that is no named object becomes a gap and costs nothing else.
    public init(_ evidence: ClusterEvidence) {
        var decoder = ListDecoder(lists: evidence.lists)
        now = evidence.capturedAt
        kubernetesVersion = evidence.kubernetesVersion
        scope = evidence.namespaces
        telemetry = evidence.telemetry

        pods = decoder.table()
        events = decoder.table()
        services = decoder.table()
        let slices: ObjectTable<EndpointSlice> = decoder.table()
        let endpoints = evidence.lists[ResourceType.endpoints.path] ?? []
        let hasSlices = evidence.lists[ResourceType.endpointSlices.path] != nil
        endpointSlices = hasSlices ? slices : ObjectTable(endpoints.flatMap(EndpointSlice.slices(fromEndpoints:)))
        configMaps = decoder.table()
        secrets = decoder.table()
        nodes = decoder.table()
        namespaces = decoder.table()
        persistentVolumes = decoder.table()
        persistentVolumeClaims = decoder.table()
        resourceQuotas = decoder.table()
        limitRanges = decoder.table()
        serviceAccounts = decoder.table()
        replicationControllers = decoder.table(at: .replicationControllers)
        deployments = decoder.table()
        replicaSets = decoder.table()
        statefulSets = decoder.table()
        daemonSets = decoder.table()
        controllerRevisions = decoder.table()
        jobs = decoder.table()
        cronJobs = decoder.table()
        ingresses = decoder.table()
        httpRoutes = decoder.table()
        ingressClasses = decoder.table()
        networkPolicies = decoder.table()
        horizontalPodAutoscalers = decoder.table()
        podDisruptionBudgets = decoder.table()
        roles = decoder.table(at: .roles, .clusterRoles)
        roleBindings = decoder.table(at: .roleBindings, .clusterRoleBindings)
        validatingWebhooks = decoder.table(at: .validatingWebhookConfigurations)
        mutatingWebhooks = decoder.table(at: .mutatingWebhookConfigurations)
        storageClasses = decoder.table()
        volumeAttachments = decoder.table()
        csiDrivers = decoder.table()
        csiNodes = decoder.table()
        priorityClasses = decoder.table()
        runtimeClasses = decoder.table()
        leases = decoder.table()
        apiServices = decoder.table()

        gaps = (evidence.gaps + decoder.gaps).sorted { ($0.path, $0.reason) < ($1.path, $1.reason) }
        gapPaths = Set(gaps.map(\.path))
        readPaths = Set(evidence.lists.keys).union(
            !hasSlices && evidence.lists[ResourceType.endpoints.path] != nil ? [ResourceType.endpointSlices.path] : [])
        logsByPod = Dictionary(grouping: evidence.logs.sorted { $0.path < $1.path }) { $0.namespace + "/" + $0.pod }
        eventsByObject = Dictionary(grouping: events.items.indices) { [events] in events.items[$0].regarding }
        slicesByService = Dictionary(grouping: endpointSlices.items.indices) { [endpointSlices] in
            endpointSlices.items[$0].namespace + "/" + endpointSlices.items[$0].service
        }
        podsByOwner = Dictionary(grouping: pods.items.indices) { [pods] in pods.items[$0].metadata.controller?.uid ?? "" }
        podLabels = LabelIndex(of: pods.items.lazy.map { ($0.namespace, $0.metadata.labels) })
        for (index, set) in replicaSets.items.enumerated() {
            guard let owner = controller(of: set.reference, namespace: set.namespace), owner.kind == "Deployment" else { continue }
            setsByDeployment[set.namespace + "/" + owner.name, default: []].append(index)
        }
    }

    /// Whether the list of a resource was read completely for a namespace, so that absence from it means something.
    public func wasRead(_ resource: ResourceType, in namespace: String? = nil) -> Bool {
        guard readPaths.contains(resource.path), !gapPaths.contains(resource.path) else { return false }
        guard resource.isNamespaced, let namespace, !namespace.isEmpty else { return true }
        if let scope, !scope.contains(namespace) { return false }
        let prefix = resource.group.isEmpty ? "api/" : "apis/"
        return !gapPaths.contains("\(prefix)\(resource.groupVersion)/namespaces/\(namespace)/\(resource.plural)")
    }

    /// Logs of a pod, sorted by container, the current run before the previous one.
    public func logs(of pod: Pod) -> [ContainerLog] { logsByPod[pod.namespace + "/" + pod.name] ?? [] }

    /// Events about an object, oldest first; those of a namesake with another uid are left out.
    public func events(about reference: ObjectReference, uid: String = "") -> [Event] {
        (eventsByObject[reference] ?? []).map { events.items[$0] }
            .filter { uid.isEmpty || $0.regardingUID.isEmpty || $0.regardingUID == uid }
            .sorted { ($0.lastTime ?? .distantPast, $0.name) < ($1.lastTime ?? .distantPast, $1.name) }
    }

    public func events(about object: some KubernetesObject) -> [Event] {
        events(about: object.reference, uid: object.metadata.uid)
    }

    public func slices(of service: Service) -> [EndpointSlice] {
        (slicesByService[service.namespace + "/" + service.name] ?? []).map { endpointSlices.items[$0] }
    }

    /// Pods whose controller has this uid.
    public func pods(controlledBy uid: String) -> [Pod] {
        uid.isEmpty ? [] : (podsByOwner[uid] ?? []).map { pods.items[$0] }
    }

    /// Pods in the Service's namespace that carry its labels; none for a Service without selector.
    public func pods(selectedBy service: Service) -> [Pod] {
        guard !service.selector.isEmpty else { return [] }
        let selector = LabelSelector(matchLabels: service.selector)
        return podLabels.candidates(carrying: service.selector, in: service.namespace).compactMap { index in
            selector.matches(pods.items[index].metadata.labels) ? pods.items[index] : nil
        }
    }
}

/// Turns lists into tables and remembers what was no object.
private struct ListDecoder {
    let lists: [String: [JSONValue]]
    var gaps: [EvidenceGap] = []

    mutating func table<Object: KubernetesObject>(at resources: ResourceType...) -> ObjectTable<Object> {
        let wanted = resources.isEmpty ? [Object.resource] : resources
        return ObjectTable(wanted.flatMap { decode($0.path) })
    }

    private mutating func decode<Object: KubernetesObject>(_ path: String) -> [Object] {
        var objects: [Object] = []
        let items = lists[path] ?? []
        objects.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            if let name = item["metadata", "name"].string, !name.isEmpty {
                objects.append(Object(item))
            } else {
                gaps.append(EvidenceGap(path: "\(path)[\(index)]", reason: "item is no object with a name"))
            }
        }
        return objects
    }
}
