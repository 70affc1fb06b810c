import ClusterModel

/// What a container's status says about its logs.
struct ContainerHealth: Sendable {
    /// Reasons to wait that are part of any start.
    private static let ordinaryWaits: Set<String> = ["", "ContainerCreating", "PodInitializing"]

    let looksBroken: Bool
    /// Whether a run of it ever started, so that there must be a log.
    let hasStarted: Bool
    let hasPreviousRun: Bool
    /// An init container that did its work: nobody asks for its log.
    let isDoneInit: Bool

    init(_ container: Container, of pod: Pod) {
        guard let status = pod.status(of: container) else {
            (looksBroken, hasStarted, hasPreviousRun, isDoneInit) = (false, false, false, false)
            return
        }
        hasPreviousRun = status.restartCount > 0
        hasStarted = status.isRunning || status.terminated != nil || status.lastTermination != nil || hasPreviousRun
        isDoneInit = container.role == .`init` && status.terminated?.exitCode == 0
        let waits = status.waiting.map { !Self.ordinaryWaits.contains($0.reason) } ?? false
        let failed = [status.terminated, status.lastTermination].contains { ($0?.exitCode ?? 0) != 0 }
        let isUnready = status.isRunning && !status.isReady && pod.condition("Ready")?.isFalse ?? true && !pod.isFinished
        looksBroken = waits || failed || hasPreviousRun || isUnready || pod.phase == "Failed"
    }
}
