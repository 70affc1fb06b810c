internal import ClusterModel
internal import IncidentModel

/// A workload with the pods that matter now.
struct Workload: Sendable {
    let reference: ObjectReference
    let metadata: ObjectMetadata
    /// Wished replicas; `nil` for Jobs, CronJobs and bare pods.
    let desired: Int?
    let template: PodTemplate?
    /// Pods that live now, or that tell why the workload fails: finished ones of failed Jobs, evicted and rejected ones.
    let pods: [Pod]

    var namespace: String { reference.namespace ?? "" }

    var readyPods: [Pod] { pods.filter { $0.isReady && !$0.isTerminating } }
    var livePods: [Pod] { pods.filter { !$0.isFinished && !$0.isTerminating } }
    /// Live pods that are not Ready.
    var unreadyPods: [Pod] { livePods.filter { !$0.isReady } }
    var isBatch: Bool { reference.kind == "Job" || reference.kind == "CronJob" }

    /// How bad its state is: by ready replicas against wished ones.
    var impact: Finding.Impact {
        if isBatch { return pods.contains { !$0.isFinished || $0.phase == "Failed" } ? .degraded : .latent }
        let wished = desired ?? livePods.count
        let ready = readyPods.count
        if ready == 0 && wished > 0 { return .outage }
        return ready < wished || !unreadyPods.isEmpty ? .degraded : .latent
    }
}
