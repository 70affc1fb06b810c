public import FastJSON
public import FoundationEssentials
public import IncidentModel

/// A class, as all its parts are constant and a large cluster has many that are passed around: one reference is copied, not dozens.
public final class Pod: KubernetesObject {
    public static let resource = ResourceType.pods

    public let metadata: ObjectMetadata
    public let spec: PodSpec
    public let phase: String
    public let reason: String?
    public let message: String?
    public let conditions: [Condition]
    public let podIP: String?
    public let hostIP: String?
    public let startTime: Date?
    public let qosClass: String?
    /// By container name; init, app and ephemeral containers share one name space.
    public let statuses: [String: ContainerStatus]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"], keepingFields: false)
        spec = PodSpec(json["spec"])
        let status = json["status"]
        phase = status["phase"].string ?? "Unknown"
        reason = status["reason"].string
        message = status["message"].string
        conditions = status["conditions"].array.map(Condition.init)
        podIP = status["podIP"].string
        hostIP = status["hostIP"].string
        startTime = status["startTime"].time
        qosClass = status["qosClass"].string
        let all = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"].flatMap { status[$0].array }
        statuses = Dictionary(all.map(ContainerStatus.init).map { ($0.name, $0) }) { first, _ in first }
    }

    /// A pod that is gone, as far as its controller's template and the events about it bring it back: never more than Pending.
    /// - Parameter unschedulable: the scheduler's message where no node took it.
    public init(vanished reference: ObjectReference, template: PodTemplate, unschedulable: String?) {
        metadata = ObjectMetadata(name: reference.name, namespace: reference.namespace ?? "", labels: template.labels)
        spec = template.spec
        phase = "Pending"
        reason = nil
        message = nil
        conditions = [Condition(scheduled: unschedulable == nil, message: unschedulable)]
        podIP = nil
        hostIP = nil
        startTime = nil
        qosClass = nil
        statuses = [:]
    }

    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }
    public func status(of container: Container) -> ContainerStatus? { statuses[container.name] }

    public var isReady: Bool { condition("Ready")?.isTrue ?? false }
    /// Ended for good: `Succeeded` or `Failed`.
    public var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
    public var isTerminating: Bool { metadata.deletionTime != nil }
    public var restartCount: Int { statuses.values.reduce(0) { $0 + $1.restartCount } }
}

/// One entry of `status.conditions`, as most kinds have it.
public struct Condition: Sendable, Hashable {
    public let type: String
    public let status: String
    public let reason: String?
    public let message: String?
    public let lastTransitionTime: Date?

    public init(_ json: JSONValue) {
        type = json["type"].string ?? ""
        status = json["status"].string ?? "Unknown"
        reason = json["reason"].string
        message = json["message"].string
        lastTransitionTime = json["lastTransitionTime"].time
    }

    public var isTrue: Bool { status == "True" }
    public var isFalse: Bool { status == "False" }
}

public struct ContainerStatus: Sendable, Hashable {
    public struct Termination: Sendable, Hashable {
        public let exitCode: Int
        public let signal: Int?
        public let reason: String
        public let message: String?
        public let startedAt: Date?
        public let finishedAt: Date?

        public init?(_ json: JSONValue) {
            guard json.kind == .object else { return nil }
            exitCode = json["exitCode"].int ?? 0
            signal = json["signal"].int
            reason = json["reason"].string ?? ""
            message = json["message"].string
            startedAt = json["startedAt"].time
            finishedAt = json["finishedAt"].time
        }
    }

    public struct Wait: Sendable, Hashable {
        public let reason: String
        public let message: String?

        public init?(_ json: JSONValue) {
            guard json.kind == .object else { return nil }
            reason = json["reason"].string ?? ""
            message = json["message"].string
        }
    }

    public let name: String
    public let image: String
    public let imageID: String
    public let isReady: Bool
    public let hasStarted: Bool?
    public let restartCount: Int
    public let waiting: Wait?
    public let runningSince: Date?
    public let isRunning: Bool
    public let terminated: Termination?
    public let lastTermination: Termination?

    public init(_ json: JSONValue) {
        name = json["name"].string ?? ""
        image = json["image"].string ?? ""
        imageID = json["imageID"].string ?? ""
        isReady = json["ready"].bool ?? false
        hasStarted = json["started"].bool
        restartCount = json["restartCount"].int ?? 0
        let state = json["state"]
        waiting = Wait(state["waiting"])
        isRunning = state["running"].kind == .object
        runningSince = state["running", "startedAt"].time
        terminated = Termination(state["terminated"])
        lastTermination = Termination(json["lastState", "terminated"])
    }
}
