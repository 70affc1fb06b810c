public import FastJSON
public import FoundationEssentials

/// A pod template: labels, annotations and spec of the pods to be made.
public struct PodTemplate: Sendable, Hashable {
    public let labels: [String: String]
    public let annotations: [String: String]
    public let spec: PodSpec

    public init(_ json: JSONValue) {
        labels = json["metadata", "labels"].stringMap
        annotations = json["metadata", "annotations"].stringMap
        spec = PodSpec(json["spec"])
    }
}

public struct Deployment: KubernetesObject {
    public static let resource = ResourceType.deployments

    public let metadata: ObjectMetadata
    public let replicas: Int
    public let selector: LabelSelector?
    public let template: PodTemplate
    public let isPaused: Bool
    public let strategy: String
    /// As written: a number or a percentage.
    public let maxUnavailable: PortReference?
    public let maxSurge: PortReference?
    public let progressDeadlineSeconds: Int
    public let observedGeneration: Int
    public let statusReplicas: Int
    public let updatedReplicas: Int
    public let readyReplicas: Int
    public let availableReplicas: Int
    public let conditions: [Condition]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        replicas = spec["replicas"].int ?? 1
        selector = LabelSelector(spec["selector"])
        template = PodTemplate(spec["template"])
        isPaused = spec["paused"].bool ?? false
        strategy = spec["strategy", "type"].string ?? "RollingUpdate"
        maxUnavailable = PortReference(spec["strategy", "rollingUpdate", "maxUnavailable"])
        maxSurge = PortReference(spec["strategy", "rollingUpdate", "maxSurge"])
        progressDeadlineSeconds = spec["progressDeadlineSeconds"].int ?? 600
        let status = json["status"]
        observedGeneration = status["observedGeneration"].int ?? 0
        statusReplicas = status["replicas"].int ?? 0
        updatedReplicas = status["updatedReplicas"].int ?? 0
        readyReplicas = status["readyReplicas"].int ?? 0
        availableReplicas = status["availableReplicas"].int ?? 0
        conditions = status["conditions"].array.map(Condition.init)
    }

    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
}

/// A ReplicaSet; a ReplicationController is read as one, for it means the same.
public struct ReplicaSet: KubernetesObject {
    public static let resource = ResourceType.replicaSets

    public let metadata: ObjectMetadata
    public let replicas: Int
    public let template: PodTemplate
    public let statusReplicas: Int
    public let readyReplicas: Int
    public let conditions: [Condition]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        replicas = json["spec", "replicas"].int ?? 1
        template = PodTemplate(json["spec", "template"])
        statusReplicas = json["status", "replicas"].int ?? 0
        readyReplicas = json["status", "readyReplicas"].int ?? 0
        conditions = json["status", "conditions"].array.map(Condition.init)
    }

    /// The roll-out number that the Deployment controller wrote, 0 where there is none.
    public var revision: Int { metadata.annotations["deployment.kubernetes.io/revision"].flatMap { Int($0) } ?? 0 }
}

public struct StatefulSet: KubernetesObject {
    public static let resource = ResourceType.statefulSets

    public let metadata: ObjectMetadata
    public let replicas: Int
    public let selector: LabelSelector?
    public let template: PodTemplate
    public let serviceName: String?
    public let podManagementPolicy: String
    public let updateStrategy: String
    public let partition: Int
    public let claimTemplates: [PersistentVolumeClaim]
    public let readyReplicas: Int
    public let currentReplicas: Int
    public let updatedReplicas: Int
    public let currentRevision: String?
    public let updateRevision: String?

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        replicas = spec["replicas"].int ?? 1
        selector = LabelSelector(spec["selector"])
        template = PodTemplate(spec["template"])
        serviceName = spec["serviceName"].string
        podManagementPolicy = spec["podManagementPolicy"].string ?? "OrderedReady"
        updateStrategy = spec["updateStrategy", "type"].string ?? "RollingUpdate"
        partition = spec["updateStrategy", "rollingUpdate", "partition"].int ?? 0
        claimTemplates = spec["volumeClaimTemplates"].array.map(PersistentVolumeClaim.init)
        readyReplicas = json["status", "readyReplicas"].int ?? 0
        currentReplicas = json["status", "currentReplicas"].int ?? 0
        updatedReplicas = json["status", "updatedReplicas"].int ?? 0
        currentRevision = json["status", "currentRevision"].string
        updateRevision = json["status", "updateRevision"].string
    }
}

public struct DaemonSet: KubernetesObject {
    public static let resource = ResourceType.daemonSets

    public let metadata: ObjectMetadata
    public let selector: LabelSelector?
    public let template: PodTemplate
    public let desiredNumberScheduled: Int
    public let numberReady: Int
    public let numberMisscheduled: Int
    public let updatedNumberScheduled: Int
    /// `RollingUpdate`, or `OnDelete`: pods are replaced only when somebody deletes them.
    public let updateStrategy: String

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        selector = LabelSelector(json["spec", "selector"])
        template = PodTemplate(json["spec", "template"])
        let status = json["status"]
        desiredNumberScheduled = status["desiredNumberScheduled"].int ?? 0
        numberReady = status["numberReady"].int ?? 0
        numberMisscheduled = status["numberMisscheduled"].int ?? 0
        updatedNumberScheduled = status["updatedNumberScheduled"].int ?? 0
        updateStrategy = json["spec", "updateStrategy", "type"].string ?? "RollingUpdate"
    }
}

/// A stored revision of a StatefulSet or DaemonSet template.
public struct ControllerRevision: KubernetesObject {
    public static let resource = ResourceType.controllerRevisions

    public let metadata: ObjectMetadata
    public let revision: Int
    public let template: PodTemplate

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        revision = json["revision"].int ?? 0
        template = PodTemplate(json["data", "spec", "template"])
    }
}

public struct Job: KubernetesObject {
    public static let resource = ResourceType.jobs

    public let metadata: ObjectMetadata
    public let template: PodTemplate
    public let completions: Int?
    public let parallelism: Int
    public let backoffLimit: Int
    public let activeDeadlineSeconds: Int?
    public let isSuspended: Bool
    public let active: Int
    public let succeeded: Int
    public let failed: Int
    public let startTime: Date?
    public let completionTime: Date?
    public let conditions: [Condition]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        template = PodTemplate(spec["template"])
        completions = spec["completions"].int
        parallelism = spec["parallelism"].int ?? 1
        backoffLimit = spec["backoffLimit"].int ?? 6
        activeDeadlineSeconds = spec["activeDeadlineSeconds"].int
        isSuspended = spec["suspend"].bool ?? false
        let status = json["status"]
        active = status["active"].int ?? 0
        succeeded = status["succeeded"].int ?? 0
        failed = status["failed"].int ?? 0
        startTime = status["startTime"].time
        completionTime = status["completionTime"].time
        conditions = status["conditions"].array.map(Condition.init)
    }

    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
    public var isComplete: Bool { condition("Complete")?.isTrue ?? false }
    public var isFailed: Bool { condition("Failed")?.isTrue ?? false }
}

public struct CronJob: KubernetesObject {
    public static let resource = ResourceType.cronJobs

    public let metadata: ObjectMetadata
    public let schedule: String
    /// `nil` means the time zone of the controller manager, mostly UTC.
    public let timeZone: String?
    public let isSuspended: Bool
    public let concurrencyPolicy: String
    public let startingDeadlineSeconds: Int?
    public let template: PodTemplate
    public let active: [String]
    public let lastScheduleTime: Date?
    public let lastSuccessfulTime: Date?

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        schedule = spec["schedule"].string ?? ""
        timeZone = spec["timeZone"].string
        isSuspended = spec["suspend"].bool ?? false
        concurrencyPolicy = spec["concurrencyPolicy"].string ?? "Allow"
        startingDeadlineSeconds = spec["startingDeadlineSeconds"].int
        template = PodTemplate(spec["jobTemplate", "spec", "template"])
        active = json["status", "active"].array.compactMap { $0["name"].string }
        lastScheduleTime = json["status", "lastScheduleTime"].time
        lastSuccessfulTime = json["status", "lastSuccessfulTime"].time
    }
}
