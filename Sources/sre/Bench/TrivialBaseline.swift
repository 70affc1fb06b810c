import ClusterModel
import IncidentModel

/// What anybody answers without thinking, for comparison: the first workload that is not ready, its cause guessed from the one word that
/// `kubectl get pods` shows; else the first Service without endpoints; else nothing.
struct TrivialBaseline {
    /// Sure of itself, as `kubectl get pods` is.
    private static let confidence = 0.9

    private static let causes: [String: CauseCode] = [
        "ImagePullBackOff": .imageNotFound, "ErrImagePull": .imageNotFound, "InvalidImageName": .invalidImageName,
        "ErrImageNeverPull": .imageNeverPull, "CreateContainerConfigError": .configMapNotFound,
        "CreateContainerError": .commandNotRunnable, "RunContainerError": .commandNotRunnable, "StartError": .commandNotRunnable,
        "OOMKilled": .memoryLimitExceeded, "CrashLoopBackOff": .applicationError, "Error": .applicationError,
        "Completed": .containerExitsCleanly, "ContainerCreating": .volumeMountFailed, "PodInitializing": .initContainerBlocked,
        "Evicted": .ephemeralStorageExceeded, "Pending": .insufficientResources,
    ]

    /// - Parameter namespace: where to look; everywhere where none is given.
    func answers(_ view: ClusterView, namespace: String?) -> [RootCause] {
        let pods = view.pods.items.filter { $0.phase != "Succeeded" && !$0.isReady && (namespace == nil || $0.namespace == namespace) }
        let first = pods.map { (workload: view.workload(of: $0), pod: $0) }.min {
            ($0.workload, $0.pod.name) < ($1.workload, $1.pod.name)
        }
        if let first { return [answer(cause(of: first.pod), first.workload)] }
        let service = view.services.items.first { service in
            (namespace == nil || service.namespace == namespace) && !service.selector.isEmpty
                && !view.slices(of: service).contains { !$0.endpoints.isEmpty }
        }
        return service.map { [answer(.serviceSelectorMismatch, $0.reference)] } ?? []
    }

    private func answer(_ cause: CauseCode, _ object: ObjectReference) -> RootCause {
        RootCause(cause: cause, object: object, statement: "", confidence: Self.confidence)
    }

    private func cause(of pod: Pod) -> CauseCode {
        let words = (pod.spec.initContainers + pod.spec.containers).compactMap { pod.status(of: $0) }.flatMap { status in
            [status.lastTermination?.reason == "OOMKilled" ? "OOMKilled" : nil, status.waiting?.reason, status.terminated?.reason]
        }
        let known = (words.compactMap { $0 } + [pod.reason ?? pod.phase]).compactMap { Self.causes[$0] }
        // A container that waits for its init containers says nothing itself.
        return known.first { $0 != .initContainerBlocked } ?? known.first ?? .healthCheckFailing
    }
}
