internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that are never made, because the API server refuses them (group Q): the owner's events and conditions tell.
enum AdmissionRules {
    static func finding(_ workload: Workload, context: CaseContext) -> Finding? {
        let controllers = Controllers(workload, context)
        guard isShort(workload, controllers, context) else { return nil }
        guard let refusal = controllers.refusal else {
            return controllers.isSilentlyShort ? SilentRefusal(workload: workload, context: context).finding : nil
        }
        return AdmissionVerdict(message: refusal.message, citations: refusal.citations, workload: workload, context: context).finding
    }

    // Fewer pods than wished; partial refusals count too.
    private static func isShort(_ workload: Workload, _ controllers: Controllers, _ context: CaseContext) -> Bool {
        if workload.isBatch { return workload.livePods.isEmpty }
        guard let desired = workload.desired else { return false }
        if workload.livePods.count < desired { return true }
        // During a roll-out the old pods may be all there while not one of the new can be made.
        return controllers.isMarkedFailed
    }
}

/// What makes the pods of a workload, and what it says about not being able to.
private struct Controllers {
    struct Refusal {
        let message: String
        let citations: [Citation]
    }

    let workload: Workload
    let context: CaseContext
    private let deployment: Deployment?
    private let sets: [ReplicaSet]
    private let jobs: [Job]

    private static let refusals: Set<String> = ["FailedCreate", "ReplicaSetCreateError"]
    private static let successes: Set<String> = ["SuccessfulCreate", "Completed", "SawCompletedJob"]
    /// A controller that makes some of its pods and is refused the rest does both within one pass.
    private static let passSeconds = 30.0

    init(_ workload: Workload, _ context: CaseContext) {
        self.workload = workload
        self.context = context
        let reference = workload.reference
        deployment = reference.kind == "Deployment" ? context.view.deployments[workload.namespace, reference.name] : nil
        sets = deployment.map { context.view.replicaSets(of: $0).filter { $0.replicas > 0 } } ?? []
        let owned =
            !workload.isBatch
            ? []
            : context.view.jobs.inNamespace(workload.namespace).filter { job in
                reference.kind == "Job" ? job.name == reference.name : job.metadata.controller?.name == reference.name
            }
        // The newest run of a CronJob is the one that counts.
        let newest = owned.max { ($0.metadata.creationTime ?? .distantPast) < ($1.metadata.creationTime ?? .distantPast) }
        jobs = newest.map { [$0] } ?? []
    }

    var isMarkedFailed: Bool {
        sets.contains { $0.conditions.contains { $0.type == "ReplicaFailure" && $0.isTrue } }
            || deployment?.condition("ReplicaFailure")?.isTrue ?? false || setCondition != nil
    }

    // The Deployment itself may not make its ReplicaSet.
    private var setCondition: Condition? {
        deployment?.condition("Progressing").flatMap { $0.reason == "ReplicaSetCreateError" ? $0 : nil }
    }

    /// Whether pods are missing, and nobody says why: no refusal, no recent success, and no pod that would tell.
    var isSilentlyShort: Bool {
        if workload.isBatch { return jobs.contains { !$0.isComplete && !$0.isFailed && !$0.isSuspended && $0.active + $0.failed == 0 } }
        return workload.livePods.count < workload.desired ?? 0 && !(deployment?.isPaused ?? false)
    }

    var refusal: Refusal? {
        if workload.isBatch, jobs.contains(where: { $0.isComplete || $0.succeeded > 0 }) { return nil }
        let events = current(events: carriers.flatMap { context.view.events(about: $0) })
        for set in sets {
            guard let condition = set.conditions.first(where: { $0.type == "ReplicaFailure" && $0.isTrue }), let text = condition.message
            else { continue }
            return Refusal(
                message: text,
                citations: [.field(set.reference, "status.conditions[ReplicaFailure].message", text)]
                    + (events.last.map { [.event($0)] } ?? []))
        }
        for condition in [deployment?.condition("ReplicaFailure").flatMap { $0.isTrue ? $0 : nil }, setCondition] {
            guard let deployment, let condition, let text = condition.message, !text.isEmpty else { continue }
            return Refusal(
                message: text, citations: [.field(deployment.reference, "status.conditions[\(condition.type)].message", text)])
        }
        return events.last.map { Refusal(message: $0.message, citations: [.event($0)]) }
    }

    private var carriers: [ObjectReference] {
        sets.map(\.reference) + jobs.map(\.reference) + (jobs.contains { $0.reference == workload.reference } ? [] : [workload.reference])
    }

    // Refusals that no later success has made void. Events without any time count as recent.
    private func current(events: [Event]) -> [Event] {
        let sorted = events.sorted { ($0.lastTime ?? .distantPast, $0.name) < ($1.lastTime ?? .distantPast, $1.name) }
        let success = sorted.last { Self.successes.contains($0.reason) }?.lastTime
        return sorted.filter { event in
            guard Self.refusals.contains(event.reason), (context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds else {
                return false
            }
            guard let success, let time = event.lastTime, !isMarkedFailed else { return true }
            return success.timeIntervalSince(time) <= Self.passSeconds
        }
    }
}
