internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// CronJobs whose runs do not happen (W17-W20).
enum CronJobRules {
    /// The controller looks at a schedule this often; runs that are later than a few rounds are missed.
    private static let graceSeconds = 300.0
    /// Two hours without a run of an hourly schedule are more than one hiccup.
    private static let stuckSeconds = 7_200.0
    /// A deadline to start that is shorter than the controller's round of 10 s skips runs (CronJob documentation).
    private static let shortestDeadline = 10

    static func findings(_ cron: CronJob, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        if cron.isSuspended { return [suspended(cron, workload)] }
        return (unreadable(cron, workload, context) ?? overlapping(cron, workload, context) ?? missed(cron, workload, context)).map { [$0] }
            ?? []
    }

    private static func make(
        _ cron: CronJob, _ workload: Workload, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], reason: String, impact: Finding.Impact = .degraded
    ) -> Finding {
        Finding(
            cause: .cronJobMissedSchedule, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations, confidence: confidence, reasons: [reason], impact: impact, changedObjects: [cron.reference])
    }

    private static func event(_ cron: CronJob, _ context: CaseContext, _ reasons: String...) -> Event? {
        context.view.events(about: cron).last {
            reasons.contains($0.reason) && (context.age($0.lastTime) ?? 0) < ContainerCase.recentSeconds
        }
    }

    private static func suspended(_ cron: CronJob, _ workload: Workload) -> Finding {
        let setter = JobRules.setter(of: "spec.suspend", cron.metadata)
        var details = ["field": "suspend", "found": "true"]
        details["user"] = setter?.manager
        return Finding(
            cause: .jobSuspended, object: workload.reference, sufferer: workload.reference,
            statement: "CronJob \(cron.name) is suspended\(setter?.words ?? ""), so it makes no Jobs.", details: details,
            citations: [.field(cron.reference, "spec.suspend", "true")], confidence: DeliberateRest.isMeant(cron.metadata) ? 0.45 : 0.7,
            reasons: ["spec.suspend is set"], impact: .latent, changedObjects: [cron.reference])
    }

    // MARK: Schedule

    private static func unreadable(_ cron: CronJob, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let schedule = Citation.field(cron.reference, "spec.schedule", cron.schedule)
        if let event = event(cron, context, "UnparseableSchedule", "InvalidSchedule", "UnknownTimeZone") {
            let isZone = event.reason == "UnknownTimeZone"
            return make(
                cron, workload, "CronJob \(cron.name) has an invalid \(isZone ? "time zone" : "schedule"): \(Citation.cut(event.message)).",
                0.93,
                ["reason": event.reason, "field": isZone ? "timeZone" : "schedule", "found": isZone ? cron.timeZone ?? "" : cron.schedule],
                [.event(event), schedule], reason: "the controller cannot read it")
        }
        guard !cron.schedule.isEmpty else { return nil }
        guard let parsed = CronSchedule(cron.schedule) else {
            return make(
                cron, workload, "CronJob \(cron.name) has schedule \(cron.schedule), which cannot be read.", 0.8,
                ["field": "schedule", "found": cron.schedule], [schedule], reason: "it is no five fields in their ranges")
        }
        guard parsed.neverComes else { return nil }
        return make(
            cron, workload, "CronJob \(cron.name) has schedule \(cron.schedule), a date that never comes.", 0.9,
            ["field": "schedule", "found": cron.schedule], [schedule], reason: "no month it names has that day")
    }

    // MARK: Overlap

    private static func overlapping(_ cron: CronJob, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard cron.concurrencyPolicy == "Forbid" else { return nil }
        let overlap = event(cron, context, "JobAlreadyActive")
        let active = context.view.jobs.inNamespace(cron.namespace).filter { job in
            let isOwn = job.metadata.controller.map { $0.kind == "CronJob" && $0.name == cron.name } ?? false
            return (isOwn || cron.active.contains(job.name)) && job.active > 0 && !job.isComplete && !job.isFailed
        }
        let oldest = active.min { ($0.startTime ?? .distantFuture, $0.name) < ($1.startTime ?? .distantFuture, $1.name) }
        // Without an event, the schedule must have come due since that run began.
        let due = CronSchedule(cron.schedule)?.last(before: context.now, notBefore: oldest?.startTime ?? context.now)
        let isDue = due.map { due in (oldest?.startTime).map { due.timeIntervalSince($0) > graceSeconds } ?? false } ?? false
        guard overlap != nil || (oldest != nil && isDue) else { return nil }
        var details = ["field": "concurrencyPolicy", "found": cron.concurrencyPolicy]
        details["reason"] = overlap?.reason
        details["reference"] = oldest?.name ?? cron.active.first
        let since = (oldest?.startTime).map { " since \(RFC3339.format($0))" } ?? ""
        let citations = [Citation.field(cron.reference, "spec.concurrencyPolicy", cron.concurrencyPolicy)]
        return make(
            cron, workload,
            "CronJob \(cron.name) skips runs: \(oldest.map { "Job \($0.name)" } ?? "an earlier run") is active\(since), and concurrencyPolicy is Forbid.",
            0.78, details, citations + [overlap.map(Citation.event)].compactMap { $0 },
            reason: "an earlier run goes on past the time of the next")
    }

    // MARK: Missed

    private static func missed(_ cron: CronJob, _ workload: Workload, _ context: CaseContext) -> Finding? {
        let deadline = cron.startingDeadlineSeconds
        let isShort = deadline.map { $0 <= shortestDeadline } ?? false
        var details = ["field": "schedule", "found": cron.schedule]
        if isShort, let deadline { details = ["field": "startingDeadlineSeconds", "found": String(deadline)] }
        if let event = event(cron, context, "MissSchedule", "TooManyMissedTimes") {
            details["reason"] = event.reason
            var citations = [Citation.event(event)]
            if let deadline {
                // Only with a deadline does a late start count as missed.
                details.merge(["field": "startingDeadlineSeconds", "found": String(deadline)]) { $1 }
                citations.append(.field(cron.reference, "spec.startingDeadlineSeconds", String(deadline)))
            }
            return make(
                cron, workload, "CronJob \(cron.name) missed its schedule: \(Citation.cut(event.message)).", 0.85, details, citations,
                reason: isShort ? "startingDeadlineSeconds leaves the controller no time" : "the controller says so")
        }
        // Time zones move the hours of a schedule; what is due every hour or more often is the same in all of them.
        guard let schedule = CronSchedule(cron.schedule), cron.timeZone == nil || schedule.isHourly,
            let start = cron.lastScheduleTime ?? cron.metadata.creationTime,
            let due = schedule.last(before: context.now, notBefore: start), due.timeIntervalSince(start) > graceSeconds,
            (context.age(due) ?? 0) > graceSeconds
        else { return nil }
        // The controller's own zone is not in the evidence; a run that is late by less than a day may not be due there.
        guard schedule.isHourly || context.now.timeIntervalSince(start) > 2 * 86_400 else { return nil }
        // A schedule of every hour or more often that made nothing for hours is stuck, whatever the zone.
        let isStuck = schedule.isHourly && due.timeIntervalSince(start) > stuckSeconds
        let last = cron.lastScheduleTime.map { "last scheduled at \(RFC3339.format($0))" } ?? "never scheduled"
        return make(
            cron, workload, "CronJob \(cron.name) was due at \(RFC3339.format(due)) and was \(last).", isShort || isStuck ? 0.8 : 0.65,
            details,
            [
                .field(cron.reference, "spec.schedule", cron.schedule),
                .field(cron.reference, "status.lastScheduleTime", cron.lastScheduleTime.map { RFC3339.format($0) } ?? "none"),
            ], reason: "its schedule came due, and no Job was made", impact: isStuck ? .degraded : .latent)
    }
}
