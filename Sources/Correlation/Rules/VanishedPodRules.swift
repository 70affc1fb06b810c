internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that a controller deleted with the Job that failed: the events about them still say why they never ran.
enum VanishedPodRules {
    /// Replicas fail alike: the last few tell as much as all.
    private static let mostPods = 3

    static func findings(of job: Job, _ workload: Workload, context: CaseContext) -> [Finding] {
        let gone = context.view.events.inNamespace(job.namespace).filter { event in
            event.regarding.kind == "Pod" && isPod(event.regarding.name, of: job.name)
                && context.view.pods[job.namespace, event.regarding.name] == nil
        }
        let names = Set(gone.map(\.regarding)).sorted().suffix(mostPods)
        return names.flatMap { reference -> [Finding] in
            let events = context.view.events(about: reference)
            // A pod that ran says no more by how it was scheduled.
            guard !events.contains(where: { $0.reason == "Started" }) else { return [] }
            let isScheduled = events.contains { $0.reason == "Scheduled" || $0.source == "kubelet" }
            let refused = isScheduled ? nil : events.last { $0.reason == "FailedScheduling" }?.message
            let pod = Pod(vanished: reference, template: job.template, unschedulable: refused)
            return WorkloadRules.findings(pod, workload, context).map { finding in
                var finding = finding
                finding.reasons.append("the pod \(reference.name) is gone, its events are not")
                finding.impact = .degraded
                return finding
            }
        }
    }

    // The Job controller names its pods after the Job: an index for Indexed ones, then five random characters.
    private static func isPod(_ name: String, of job: String) -> Bool {
        guard name.hasPrefix(job + "-") else { return false }
        let rest = name.dropFirst(job.count + 1).split(separator: "-")
        return (1...2).contains(rest.count) && rest.last?.count == 5 && (rest.count == 1 || Int(rest[0]) != nil)
    }
}
