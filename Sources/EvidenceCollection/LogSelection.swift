import ClusterModel
import IncidentModel
import Investigation
import KubernetesClient

/// A log to read, and whether its absence must be told.
struct LogJob: Sendable, Hashable {
    let request: LogRequest
    /// The log must be there and matters: what cannot be read is a gap.
    let isExpected: Bool

    /// Where the gap of a failure is named.
    var path: String { ContainerLog(self, text: "").path }
}

extension ContainerLog {
    init(_ job: LogJob, text: String) {
        self.init(
            namespace: job.request.namespace, pod: job.request.pod, container: job.request.container, isPrevious: job.request.isPrevious,
            text: text)
    }
}

/// Which logs are worth reading: those of what was asked for and of what looks broken, then some of the healthy.
struct LogSelection: Sendable {
    let view: ClusterView
    let limits: CollectionLimits
    /// Objects whose logs are read even where they look healthy.
    let focus: [ObjectReference]
    /// Namespaces whose healthy pods are of interest; `nil` means all.
    let scope: [String]?

    /// What to read, the most telling first, and a gap where a limit left out logs of broken containers.
    func jobs() -> (jobs: [LogJob], gap: EvidenceGap?) {
        let focused = Set(focus.flatMap(pods(of:)).map(\.reference))
        let ranked = rankedPods()
        var wanted: [LogJob] = []
        for (pod, _) in ranked where focused.contains(pod.reference) { wanted += jobs(of: pod) { _ in true } }
        for (pod, _) in ranked where !focused.contains(pod.reference) { wanted += jobs(of: pod) { $0.looksBroken } }
        let kept = wanted.prefix(limits.brokenLogs)
        let left = wanted.count - kept.count
        let gap = left == 0 ? nil : EvidenceGap(path: "logs", reason: "\(left) more logs of broken containers exceed the limit")
        return (kept + healthyJobs(among: ranked, besides: Set(kept), room: limits.logs - kept.count), gap)
    }

    /// All pods, the first of every workload before the second of any: replicas of one workload say much the same.
    private func rankedPods() -> [(pod: Pod, rank: Int)] {
        var seen: [ObjectReference: Int] = [:]
        // Broken replicas come before healthy ones, so that ranks are spent on them.
        let broken = view.pods.items.filter(hasBrokenContainer)
        let brokenNames = Set(broken.map(\.reference))
        let all = broken + view.pods.items.filter { !brokenNames.contains($0.reference) }
        let ranked = all.map { pod in
            let workload = view.workload(of: pod)
            let rank = seen[workload, default: 0]
            seen[workload] = rank + 1
            return (pod: pod, rank: rank)
        }
        return ranked.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
    }

    private func hasBrokenContainer(_ pod: Pod) -> Bool {
        pod.spec.allContainers.contains { ContainerHealth($0, of: pod).looksBroken }
    }

    private func jobs(of pod: Pod, where isWanted: (ContainerHealth) -> Bool) -> [LogJob] {
        pod.spec.allContainers.flatMap { container -> [LogJob] in
            let health = ContainerHealth(container, of: pod)
            guard health.hasStarted, isWanted(health) else { return [] }
            let runs = health.hasPreviousRun ? [false, true] : [false]
            return runs.map { LogJob(request: request(container, of: pod, isPrevious: $0), isExpected: true) }
        }
    }

    private func healthyJobs(among ranked: [(pod: Pod, rank: Int)], besides chosen: Set<LogJob>, room: Int) -> [LogJob] {
        let known = Set(chosen.map(\.request))
        let candidates = ranked.lazy.filter { $0.rank < limits.healthyPodsPerWorkload && isInScope($0.pod) }
            .flatMap { pod, _ in
                pod.spec.allContainers.filter { container in
                    let health = ContainerHealth(container, of: pod)
                    return health.hasStarted && !health.isDoneInit && !health.looksBroken
                }.map { LogJob(request: request($0, of: pod, isPrevious: false), isExpected: false) }
            }
            .filter { !known.contains($0.request) }
        return Array(candidates.prefix(max(0, room)))
    }

    private func isInScope(_ pod: Pod) -> Bool { scope?.contains(pod.namespace) ?? true }

    private func pods(of object: ObjectReference) -> [Pod] {
        guard object.kind == "Service" else { return view.pods(of: object) }
        return view.services[object.namespace ?? "", object.name].map(view.pods(selectedBy:)) ?? []
    }

    private func request(_ container: Container, of pod: Pod, isPrevious: Bool) -> LogRequest {
        LogRequest(
            namespace: pod.namespace, pod: pod.name, container: container.name, isPrevious: isPrevious, tailLines: limits.logTailLines,
            limitBytes: limits.logBytes, hasTimestamps: true)
    }
}
