/// What a container of a test's pod does, or did.
public struct ContainerState: Sendable {
    /// How a run ended.
    public struct Exit: Sendable {
        public var code: Int
        public var reason: String
        public var message: String?
        /// Seconds from its start to its end.
        public var afterSeconds: Int

        public init(_ code: Int, reason: String? = nil, message: String? = nil, afterSeconds: Int = 5) {
            self.code = code
            self.reason = reason ?? (code == 0 ? "Completed" : "Error")
            self.message = message
            self.afterSeconds = afterSeconds
        }

        public static let outOfMemory = Exit(137, reason: "OOMKilled")
    }

    enum Phase: Sendable {
        case running
        case waiting(reason: String, message: String?)
        case terminated(Exit)
    }

    var phase: Phase
    var isReady: Bool
    var restarts: Int
    var last: Exit?

    public static let running = running()

    /// Runs; `ready: false` fails its readiness probe.
    public static func running(ready: Bool = true, restarts: Int = 0, last: Exit? = nil) -> ContainerState {
        ContainerState(phase: .running, isReady: ready, restarts: restarts, last: last)
    }

    public static func waiting(_ reason: String, _ message: String? = nil, restarts: Int = 0, last: Exit? = nil) -> ContainerState {
        ContainerState(phase: .waiting(reason: reason, message: message), isReady: false, restarts: restarts, last: last)
    }

    /// Waits in CrashLoopBackOff after a run that ended so.
    public static func crashLooping(_ exit: Exit = Exit(1), restarts: Int = 5) -> ContainerState {
        waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container", restarts: restarts, last: exit)
    }

    public static func terminated(_ exit: Exit, restarts: Int = 0, last: Exit? = nil) -> ContainerState {
        ContainerState(phase: .terminated(exit), isReady: false, restarts: restarts, last: last)
    }
}

/// One pod of a test's workload: what its containers do, and where it runs.
public struct PodShape: Sendable {
    /// State of the first app container.
    public var state: ContainerState
    /// States of further containers by name, init containers included; others run, or are done.
    public var others: [String: ContainerState]
    /// `nil` makes a name as the controller would.
    public var name: String?
    /// `nil` for a pod that is not scheduled.
    public var node: String?
    /// Message of the `PodScheduled` condition of a pod that is not scheduled.
    public var unschedulable: String?
    public var minutesOld: Double
    public var labels: [String: String]
    /// Merged into the pod at the end.
    public var more: JSONNode

    public init(
        _ state: ContainerState = .running, others: [String: ContainerState] = [:], name: String? = nil, node: String? = "worker-1",
        unschedulable: String? = nil, minutesOld: Double = 30, labels: [String: String] = [:], more: JSONNode = [:]
    ) {
        self.state = state
        self.others = others
        self.name = name
        self.node = unschedulable == nil ? node : nil
        self.unschedulable = unschedulable
        self.minutesOld = minutesOld
        self.labels = labels
        self.more = more
    }

    public static let running = PodShape()

    public static func running(ready: Bool = true, restarts: Int = 0, last: ContainerState.Exit? = nil) -> PodShape {
        PodShape(.running(ready: ready, restarts: restarts, last: last))
    }

    public static func waiting(
        _ reason: String, _ message: String? = nil, restarts: Int = 0, last: ContainerState.Exit? = nil
    ) -> PodShape {
        PodShape(.waiting(reason, message, restarts: restarts, last: last))
    }

    public static func crashLooping(_ exit: ContainerState.Exit = .init(1), restarts: Int = 5) -> PodShape {
        PodShape(.crashLooping(exit, restarts: restarts))
    }

    public static func unschedulable(_ message: String) -> PodShape { PodShape(unschedulable: message) }
}
