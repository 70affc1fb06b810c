public import FastJSON
public import FoundationEssentials
public import IncidentModel

public struct Taint: Sendable, Hashable, CustomStringConvertible {
    public let key: String
    public let value: String
    public let effect: String

    public init(key: String, value: String = "", effect: String) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    public init(_ json: JSONValue) {
        key = json["key"].string ?? ""
        value = json["value"].string ?? ""
        effect = json["effect"].string ?? ""
    }

    /// As kubectl writes it: `key=value:Effect`.
    public var description: String { (value.isEmpty ? key : "\(key)=\(value)") + ":" + effect }
}

public struct Node: KubernetesObject {
    public static let resource = ResourceType.nodes

    public let metadata: ObjectMetadata
    public let isUnschedulable: Bool
    public let taints: [Taint]
    public let conditions: [Condition]
    public let allocatable: [String: String]
    public let capacity: [String: String]
    public let architecture: String
    public let kubeletVersion: String
    public let bootID: String
    /// As the node gives it: `containerd://2.1.4`.
    public let containerRuntime: String
    public let addresses: [String]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        isUnschedulable = json["spec", "unschedulable"].bool ?? false
        taints = json["spec", "taints"].array.map(Taint.init)
        let status = json["status"]
        conditions = status["conditions"].array.map(Condition.init)
        allocatable = status["allocatable"].quantities
        capacity = status["capacity"].quantities
        architecture = status["nodeInfo", "architecture"].string ?? ""
        kubeletVersion = status["nodeInfo", "kubeletVersion"].string ?? ""
        bootID = status["nodeInfo", "bootID"].string ?? ""
        containerRuntime = status["nodeInfo", "containerRuntimeVersion"].string ?? ""
        addresses = status["addresses"].array.compactMap { $0["address"].string }
    }

    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
    public var isReady: Bool { condition("Ready")?.isTrue ?? false }
}

public struct Namespace: KubernetesObject {
    public static let resource = ResourceType.namespaces

    public let metadata: ObjectMetadata
    public let phase: String
    public let conditions: [Condition]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        phase = json["status", "phase"].string ?? ""
        conditions = json["status", "conditions"].array.map(Condition.init)
    }
}

public struct ResourceQuota: KubernetesObject {
    public static let resource = ResourceType.resourceQuotas

    public let metadata: ObjectMetadata
    public let hard: [String: String]
    public let used: [String: String]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let status = json["status", "hard"].quantities
        hard = status.isEmpty ? json["spec", "hard"].quantities : status
        used = json["status", "used"].quantities
    }
}

public struct LimitRange: KubernetesObject {
    public struct Limit: Sendable, Hashable {
        public let type: String
        public let max: [String: String]
        public let min: [String: String]
        public let `default`: [String: String]
        public let defaultRequest: [String: String]
    }

    public static let resource = ResourceType.limitRanges

    public let metadata: ObjectMetadata
    public let limits: [Limit]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        limits = json["spec", "limits"].array.map {
            Limit(
                type: $0["type"].string ?? "", max: $0["max"].quantities, min: $0["min"].quantities, default: $0["default"].quantities,
                defaultRequest: $0["defaultRequest"].quantities)
        }
    }
}

public struct HorizontalPodAutoscaler: KubernetesObject {
    public static let resource = ResourceType.horizontalPodAutoscalers

    public let metadata: ObjectMetadata
    public let target: ObjectReference
    public let minReplicas: Int
    public let maxReplicas: Int
    public let currentReplicas: Int
    public let desiredReplicas: Int
    public let conditions: [Condition]
    /// Names of resource metrics asked for, e.g. `cpu`.
    public let resourceMetrics: [String]
    /// What it scales by, with the values last seen.
    public let metrics: [AutoscalerMetric]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        target = ObjectReference(
            kind: spec["scaleTargetRef", "kind"].string ?? "", namespace: metadata.namespace,
            name: spec["scaleTargetRef", "name"].string ?? "")
        minReplicas = spec["minReplicas"].int ?? 1
        maxReplicas = spec["maxReplicas"].int ?? 0
        currentReplicas = json["status", "currentReplicas"].int ?? 0
        desiredReplicas = json["status", "desiredReplicas"].int ?? 0
        conditions = json["status", "conditions"].array.map(Condition.init)
        resourceMetrics = spec["metrics"].array.compactMap { $0["resource", "name"].string }
        metrics = AutoscalerMetric.all(spec: spec, status: json["status"])
    }

    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
}

public struct PodDisruptionBudget: KubernetesObject {
    public static let resource = ResourceType.podDisruptionBudgets

    public let metadata: ObjectMetadata
    public let selector: LabelSelector?
    public let minAvailable: PortReference?
    public let maxUnavailable: PortReference?
    public let disruptionsAllowed: Int
    public let currentHealthy: Int
    public let desiredHealthy: Int
    public let expectedPods: Int

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        selector = LabelSelector(json["spec", "selector"])
        minAvailable = PortReference(json["spec", "minAvailable"])
        maxUnavailable = PortReference(json["spec", "maxUnavailable"])
        disruptionsAllowed = json["status", "disruptionsAllowed"].int ?? 0
        currentHealthy = json["status", "currentHealthy"].int ?? 0
        desiredHealthy = json["status", "desiredHealthy"].int ?? 0
        expectedPods = json["status", "expectedPods"].int ?? 0
    }
}

/// A validating or mutating webhook configuration; `ClusterView` keeps them in two tables.
public struct WebhookConfiguration: KubernetesObject {
    public struct Webhook: Sendable, Hashable {
        public let name: String
        public let failurePolicy: String
        /// The Service it calls; `nil` where it calls a URL.
        public let service: ObjectReference?
        public let url: String?
        public let namespaceSelector: LabelSelector?
    }

    public static let resource = ResourceType.validatingWebhookConfigurations

    public let metadata: ObjectMetadata
    public let webhooks: [Webhook]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        webhooks = json["webhooks"].array.map { hook in
            let service = hook["clientConfig", "service"]
            let reference = service["name"].string.map {
                ObjectReference(kind: "Service", namespace: service["namespace"].string, name: $0)
            }
            return Webhook(
                name: hook["name"].string ?? "", failurePolicy: hook["failurePolicy"].string ?? "Fail", service: reference,
                url: hook["clientConfig", "url"].string, namespaceSelector: LabelSelector(hook["namespaceSelector"]))
        }
    }
}

public struct PriorityClass: KubernetesObject {
    public static let resource = ResourceType.priorityClasses

    public let metadata: ObjectMetadata
    public let value: Int

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        value = json["value"].int ?? 0
    }
}

public struct RuntimeClass: KubernetesObject {
    public static let resource = ResourceType.runtimeClasses

    public let metadata: ObjectMetadata
    public let handler: String

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        handler = json["handler"].string ?? ""
    }
}

public struct Lease: KubernetesObject {
    public static let resource = ResourceType.leases

    public let metadata: ObjectMetadata
    public let holder: String?
    public let durationSeconds: Int?
    public let renewTime: Date?

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        holder = json["spec", "holderIdentity"].string
        durationSeconds = json["spec", "leaseDurationSeconds"].int
        renewTime = json["spec", "renewTime"].time
    }
}

public struct APIService: KubernetesObject {
    public static let resource = ResourceType.apiServices

    public let metadata: ObjectMetadata
    /// The Service behind it; `nil` for groups that the API server itself serves.
    public let service: ObjectReference?
    public let conditions: [Condition]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let backing = json["spec", "service"]
        service = backing["name"].string.map {
            ObjectReference(kind: "Service", namespace: backing["namespace"].string, name: $0)
        }
        conditions = json["status", "conditions"].array.map(Condition.init)
    }

    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
}
