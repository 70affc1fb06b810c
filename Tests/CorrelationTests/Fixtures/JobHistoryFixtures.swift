import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Runs that failed and were made up for, and runs that the controller missed (W14, W20).
@Suite struct JobHistoryFixtures {
    private static let cron = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")

    private static func template(_ args: [String]) -> TemplateShape {
        TemplateShape(
            [ContainerShape("report", image: "registry.example.com/report:3.1.0", args: args)], more: ["restartPolicy": "Never"])
    }

    private static func ended(_ type: String, _ time: String, _ reason: String = "") -> JSONNode {
        let condition: JSONNode = [
            "type": .string(type), "status": "True", "reason": .string(reason), "lastTransitionTime": .string(time),
        ]
        return ["status": ["conditions": [condition]]]
    }

    /// A nightly run that failed at night, and another Job of these arguments that somebody started by hand and that completed.
    private static func nightly(byHand args: [String], minutesAgo: Double) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let template = template(["--day", "yesterday"])
        cluster.cronJob(
            "report", template, schedule: "0 2 * * *", more: ["status": ["lastScheduleTime": .string(cluster.time(minutesAgo: 1_020))]])
        cluster.job(
            "report-29933400", template, pods: [PodShape(.terminated(.init(1)), minutesOld: 1_020)], owner: cron,
            more: ended("Failed", cluster.time(minutesAgo: 1_000)))
        cluster.log(
            "report-29933400", minutesAgo: 1_019,
            "Traceback (most recent call last):\n  File \"/app/report.py\", line 12, in <module>\nKeyError: 'REPORT_BUCKET'")
        cluster.job("report-again", Self.template(args), more: ended("Complete", cluster.time(minutesAgo: minutesAgo)))
        return cluster
    }

    @Test func `a failed run that somebody repeated by hand with success is made up for`() throws {
        try WorkloadExpectation.expectSilence(in: Self.nightly(byHand: ["--day", "yesterday"], minutesAgo: 600))
    }

    @Test func `a success before the failure makes up for nothing`() throws {
        try WorkloadExpectation.expect(
            .configurationMissing, on: "CronJob", "report", in: Self.nightly(byHand: ["--day", "yesterday"], minutesAgo: 1_400))
    }

    @Test func `a Job that did other work makes up for nothing`() throws {
        try WorkloadExpectation.expect(
            .configurationMissing, on: "CronJob", "report", in: Self.nightly(byHand: ["--day", "today"], minutesAgo: 600))
    }

    @Test func `a Job without a schedule is made up for as well`() throws {
        var cluster = ClusterBuilder()
        let template = Self.template(["--day", "2026-11-22"])
        let missed = Self.ended("Failed", cluster.time(minutesAgo: 90), "DeadlineExceeded")
        cluster.job("report-1", template, more: missed.merged(with: ["spec": ["activeDeadlineSeconds": 600]]))
        cluster.job("report-2", template, more: Self.ended("Complete", cluster.time(minutesAgo: 40)))
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    // MARK: Missed

    private static func missed(_ spec: JSONNode) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.cronJob(
            "report", template([]), schedule: "0 * * * *",
            more: ["spec": spec, "status": ["lastScheduleTime": .string(cluster.time(minutesAgo: 60))]])
        cluster.event(
            "MissSchedule", about: cron, "Missed scheduled time to start a job: Mon, 23 Nov 2026 18:00:00 +0000",
            source: "cronjob-controller")
        return cluster
    }

    @Test func `a missed start names the deadline that makes it one, though it is not short`() throws {
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "startingDeadlineSeconds", "found": "120"],
            in: Self.missed(["startingDeadlineSeconds": 120]))
    }

    @Test func `a missed start without a deadline names the schedule`() throws {
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "schedule", "found": "0 * * * *"], in: Self.missed([:]))
    }
}
