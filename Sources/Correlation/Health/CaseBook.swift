internal import ClusterModel
internal import IncidentModel

extension CaseContext {
    /// Pods of a workload that do not do what they should, each at most once; a sample of large ones, for replicas fail alike.
    func troubledPods(of workload: Workload) -> [Pod] {
        let candidates = workload.pods.filter { isTroubled($0, in: workload) }
        return Array(candidates.prefix(Self.mostPodsAWorkload))
    }

    /// Replicas fail alike: more than these say nothing new.
    private static let mostPodsAWorkload = 6

    private func isTroubled(_ pod: Pod, in workload: Workload) -> Bool {
        if pod.isFinished {
            guard pod.phase == "Failed" || isEvicted(pod) else { return false }
            return isRelevantFailure(pod, in: workload)
        }
        if pod.isTerminating { return false }
        return !pod.isReady || pod.restartCount > 0
    }

    private func isEvicted(_ pod: Pod) -> Bool {
        pod.reason == "Evicted" || view.events(about: pod).contains { $0.reason == "Evicted" }
    }

    // A failed pod of a Job that went on to complete, or of a workload long replaced, is history.
    private func isRelevantFailure(_ pod: Pod, in workload: Workload) -> Bool {
        if let owner = view.controller(of: pod), owner.kind == "Job", let job = view.jobs[pod.namespace, owner.name] {
            return !job.isComplete && !JobRules.isMadeUpFor(job, view)
        }
        if workload.reference.kind == "Pod" { return true }
        // What is left of a pod that was refused or shut down says nothing once others serve in its place; evictions may go on.
        if workload.impact == .latent && !isEvicted(pod) { return false }
        let evicted = view.events(about: pod).last { $0.reason == "Evicted" }?.lastTime
        let ended = [EvictionRules.endTime(pod), evicted].compactMap { $0 }.max() ?? pod.metadata.creationTime
        return (age(ended) ?? 0) < ContainerCase.recentSeconds
    }

    /// The containers of a pod as cases, init containers first.
    func cases(of pod: Pod, in workload: Workload) -> [ContainerCase] {
        let events = view.events(about: pod)
        return pod.spec.allContainers.map { container in
            ContainerCase(
                context: self, workload: workload, pod: pod, container: container, status: pod.status(of: container), podEvents: events)
        }
    }
}
