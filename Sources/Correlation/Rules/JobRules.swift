internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Jobs and CronJobs that fail, hang or do not run (W12-W20).
enum JobRules {
    static func findings(_ workload: Workload, context: CaseContext) -> [Finding] {
        let view = context.view
        switch workload.reference.kind {
        case "Job": return view.jobs[workload.namespace, workload.reference.name].map { job($0, workload, context) } ?? []
        case "CronJob": return view.cronJobs[workload.namespace, workload.reference.name].map { cronJob($0, workload, context) } ?? []
        default: return []
        }
    }

    private static func make(
        _ workload: Workload, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], impact: Finding.Impact = .degraded
    ) -> Finding {
        Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations,
            confidence: confidence, reasons: ["the Job's own status says so"], impact: impact)
    }

    private static func job(_ job: Job, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        var result: [Finding] = []
        if let condition = job.conditions.first(where: { ($0.type == "Failed" || $0.type == "FailureTarget") && $0.isTrue }) {
            let citation = Citation.field(
                job.reference, "status.conditions[\(condition.type)]", "\(condition.reason ?? ""): \(condition.message ?? "")",
                time: condition.lastTransitionTime)
            if condition.reason == "DeadlineExceeded" {
                let limit = job.activeDeadlineSeconds.map { String($0) } ?? "?"
                var finding = make(
                    workload, .jobDeadlineExceeded,
                    "Job \(job.name) ran longer than its activeDeadlineSeconds of \(limit) s and was ended.", 0.86,
                    ["reason": "DeadlineExceeded", "found": limit, "field": "activeDeadlineSeconds"],
                    [citation, .field(job.reference, "spec.activeDeadlineSeconds", limit)])
                finding.object = job.reference
                finding.onset = condition.lastTransitionTime
                result.append(finding)
            } else {
                var finding = make(
                    workload, .applicationError,
                    "Job \(job.name) failed (\(condition.reason ?? "Failed")), and no log of its pods is left.", 0.4,
                    ["reason": condition.reason ?? ""], [citation])
                finding.isSymptom = true
                result.append(finding)
            }
        }
        if job.isSuspended {
            result.append(
                make(
                    workload, .jobSuspended, "Job \(job.name) is suspended.", 0.6, ["field": "suspend"],
                    [.field(job.reference, "spec.suspend", "true")], impact: .latent))
        }
        return result + sidecar(job, workload, context)
    }

    // The work is done, but a helper container that never ends keeps the pod and so the Job alive.
    private static func sidecar(_ job: Job, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        guard !job.isComplete, !job.isFailed else { return [] }
        for pod in workload.pods where !pod.isFinished && pod.metadata.controller?.name == job.name && pod.spec.containers.count > 1 {
            let done = pod.spec.containers.filter { pod.status(of: $0)?.terminated?.exitCode == 0 }
            guard !done.isEmpty, let running = pod.spec.containers.first(where: { pod.status(of: $0)?.isRunning ?? false }),
                let finished = done.compactMap({ pod.status(of: $0)?.terminated?.finishedAt }).max(), (context.age(finished) ?? 0) > 60
            else { continue }
            return [
                make(
                    workload, .sidecarBlocksCompletion,
                    "Container \(running.name) keeps Job \(job.name) alive though \(done[0].name) has completed.", 0.9,
                    ["container": running.name],
                    [
                        .field(pod.reference, "status.containerStatuses[\(done[0].name)].state.terminated", "exit code 0"),
                        .field(pod.reference, "status.containerStatuses[\(running.name)].state", "running"),
                    ])
            ]
        }
        return []
    }

    private static func cronJob(_ cron: CronJob, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        if cron.isSuspended {
            return [
                make(
                    workload, .jobSuspended, "CronJob \(cron.name) is suspended, so it makes no Jobs.", 0.6, ["field": "suspend"],
                    [.field(cron.reference, "spec.suspend", "true")],
                    impact: .latent)
            ]
        }
        let events = context.view.events(about: cron).filter { (context.age($0.lastTime) ?? 0) < ContainerCase.recentSeconds }
        if let missed = events.last(where: { ["MissSchedule", "TooManyMissedTimes"].contains($0.reason) }) {
            return [
                make(
                    workload, .cronJobMissedSchedule, "CronJob \(cron.name) missed its schedule: \(Citation.cut(missed.message)).", 0.85,
                    ["reason": missed.reason, "field": "schedule", "found": cron.schedule], [.event(missed)])
            ]
        }
        if let overlap = events.last(where: { $0.reason == "JobAlreadyActive" }) {
            return [
                make(
                    workload, .cronJobMissedSchedule,
                    "CronJob \(cron.name) skips runs, because an earlier run is still active and its policy is \(cron.concurrencyPolicy).",
                    0.75, ["reason": overlap.reason, "field": "concurrencyPolicy", "found": cron.concurrencyPolicy], [.event(overlap)])
            ]
        }
        if let bad = events.last(where: { ["UnparseableSchedule", "InvalidSchedule", "UnknownTimeZone"].contains($0.reason) }) {
            return [
                make(
                    workload, .cronJobMissedSchedule, "CronJob \(cron.name) has an invalid schedule: \(Citation.cut(bad.message)).", 0.93,
                    ["reason": bad.reason, "field": "schedule", "found": cron.schedule], [.event(bad)])
            ]
        }
        return []
    }
}
