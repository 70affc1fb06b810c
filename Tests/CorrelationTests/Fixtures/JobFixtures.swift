import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Jobs and CronJobs that fail, hang or never run (W12-W21, E8).
@Suite struct JobFixtures {
    private static let job = ObjectReference(kind: "Job", namespace: "shop", name: "import")

    private static func failed(_ reason: String, _ message: String) -> JSONNode {
        [
            "status": [
                "failed": 1, "conditions": [["type": "Failed", "status": "True", "reason": .string(reason), "message": .string(message)]],
            ]
        ]
    }

    private static let deadline = failed("DeadlineExceeded", "Job was active longer than specified deadline")

    @Test func `a Job past its deadline whose pod is gone`() throws {
        var cluster = ClusterBuilder()
        cluster.job("import", more: ["spec": ["activeDeadlineSeconds": 300]])
        cluster.change(.jobs, "import", Self.deadline)
        try WorkloadExpectation.expect(
            .jobDeadlineExceeded, on: "Job", "import", ["found": "300", "field": "activeDeadlineSeconds"], in: cluster)
    }

    @Test func `a Job whose pod no node took before the deadline`() throws {
        var cluster = ClusterBuilder()
        cluster.job("import", more: ["spec": ["activeDeadlineSeconds": 300]])
        cluster.change(.jobs, "import", Self.deadline)
        cluster.event(
            "FailedScheduling", about: ObjectReference(kind: "Pod", namespace: "shop", name: "import-x7kbb"),
            "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
            minutesAgo: 6, source: "default-scheduler")
        try WorkloadExpectation.expect(.insufficientResources, on: "Job", "import", ["resource": "memory"], in: cluster)
    }

    @Test func `a Job whose image was never pulled before the deadline`() throws {
        var cluster = ClusterBuilder()
        cluster.job(
            "import", TemplateShape([ContainerShape("import", image: "registry.example.com/import:9.9")]),
            more: ["spec": ["activeDeadlineSeconds": 300]])
        cluster.change(.jobs, "import", Self.deadline)
        cluster.event(
            "Failed", about: ObjectReference(kind: "Pod", namespace: "shop", name: "import-x7kbb"),
            "Failed to pull image \"registry.example.com/import:9.9\": rpc error: code = NotFound desc = failed to pull and unpack image \"registry.example.com/import:9.9\": failed to resolve reference \"registry.example.com/import:9.9\": registry.example.com/import:9.9: not found",
            minutesAgo: 6, container: "import")
        try WorkloadExpectation.expect(.imageNotFound, on: "Job", "import", in: cluster)
    }

    @Test func `a Job that completed after a retry is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.job(
            "import", pods: [PodShape(.terminated(.init(1))), PodShape(.terminated(.init(0)))],
            more: ["status": ["succeeded": 1, "failed": 1, "conditions": [["type": "Complete", "status": "True"]]]])
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    @Test func `a Job out of retries has the cause of its pods`() throws {
        var cluster = ClusterBuilder()
        let fails = PodShape(.terminated(.init(1)))
        cluster.job(
            "import", TemplateShape([ContainerShape("import")], more: ["restartPolicy": "Never"]), pods: [fails, fails],
            more: Self.failed("BackoffLimitExceeded", "Job has reached the specified backoff limit"))
        cluster.log("import", "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nKeyError: 'SOURCE_URL'")
        let cause = try WorkloadExpectation.expect(.configurationMissing, on: "Job", "import", in: cluster)
        #expect(cause.details.values.contains("SOURCE_URL"))
    }

    @Test func `a pod failure policy names the container and its exit code`() throws {
        var cluster = ClusterBuilder()
        cluster.job(
            "import",
            more: Self.failed(
                "PodFailurePolicy", "Container import for pod shop/import-x7kbb failed with exit code 42 matching FailJob rule at index 0"))
        let report = try diagnose(cluster.evidence(), "Job import failed", namespace: "shop")
        let first = try #require(report.rootCauses.first ?? report.alternatives.first)
        #expect(first.details["exit_code"] == "42")
        #expect(first.details["container"] == "import")
    }

    // MARK: Sidecars

    private static func withSidecar(_ name: String, image: String, worker: ContainerState, sidecar: ContainerState) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.job(
            "import",
            TemplateShape([ContainerShape("import"), ContainerShape(name, image: image)], more: ["restartPolicy": "Never"]),
            pods: [PodShape(worker, others: [name: sidecar])], more: ["status": ["active": 1]])
        return cluster
    }

    @Test(arguments: [
        ("istio-proxy", "docker.io/istio/proxyv2:1.22.0"), ("cloud-sql-proxy", "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11"),
        ("log-shipper", "registry.example.com/fluent-bit:3.0"), ("vault-agent", "hashicorp/vault:1.17"),
    ])
    func `a sidecar that goes on keeps the Job alive`(name: String, image: String) throws {
        let cluster = Self.withSidecar(name, image: image, worker: .terminated(.init(0)), sidecar: .running)
        try WorkloadExpectation.expect(
            .sidecarBlocksCompletion, on: "Job", "import", ["container": name], level: .high, in: cluster, asking: "import hangs")
    }

    @Test func `a worker that goes on after its short helper is at work`() throws {
        var cluster = ClusterBuilder()
        cluster.job(
            "import", TemplateShape([ContainerShape("worker"), ContainerShape("prepare")], more: ["restartPolicy": "Never"]),
            pods: [PodShape(.running, others: ["prepare": .terminated(.init(0))])], more: ["status": ["active": 1]])
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    @Test func `a native sidecar never blocks a Job`() throws {
        var cluster = ClusterBuilder()
        let proxy = ContainerShape("istio-proxy", more: ["restartPolicy": "Always"])
        cluster.job(
            "import", TemplateShape([ContainerShape("import")], initContainers: [proxy], more: ["restartPolicy": "Never"]),
            pods: [.running], more: ["status": ["active": 1]])
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    @Test func `a deadline that passed because of a sidecar is the sidecar's`() throws {
        var cluster = Self.withSidecar(
            "istio-proxy", image: "docker.io/istio/proxyv2:1.22.0", worker: .terminated(.init(0)), sidecar: .terminated(.init(137)))
        cluster.change(.jobs, "import", Self.deadline)
        try WorkloadExpectation.expect(.sidecarBlocksCompletion, on: "Job", "import", ["container": "istio-proxy"], in: cluster)
    }

    // MARK: Suspended

    @Test func `a suspended Job that is asked about`() throws {
        var cluster = ClusterBuilder()
        cluster.job("import", more: ["spec": ["suspend": true]])
        try WorkloadExpectation.expect(
            .jobSuspended, on: "Job", "import", ["field": "suspend"], in: cluster, asking: "Job import does not start")
    }

    @Test func `a suspended CronJob whose runs are missed in words`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("nightly", schedule: "0 2 * * *", more: ["spec": ["suspend": true]])
        cluster.edited(.cronJobs, "nightly", by: "kubectl-patch", minutesAgo: 90, fields: ["spec.suspend"])
        try WorkloadExpectation.expect(
            .jobSuspended, on: "CronJob", "nightly", ["user": "kubectl-patch"], in: cluster,
            asking: "The scheduled job did not run last night")
    }

    @Test func `a suspended CronJob is silent in a question about something else`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("nightly", more: ["spec": ["suspend": true]])
        cluster.deployment("web")
        try WorkloadExpectation.expectSilence(in: cluster)
    }

    @Test func `a Job that a queue suspends waits its turn`() throws {
        var cluster = ClusterBuilder()
        cluster.job("import", more: ["metadata": ["labels": ["kueue.x-k8s.io/queue-name": "night"]], "spec": ["suspend": true]])
        try WorkloadExpectation.expectSilence(in: cluster, asking: "jobs are slow")
    }

    // MARK: Schedules

    private static let cron = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")

    @Test(arguments: [
        ("MissSchedule", "Missed scheduled time to start a job: Mon, 23 Nov 2026 18:00:00 +0000"),
        ("TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"),
    ])
    func `runs that the controller missed`(reason: String, message: String) throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report", more: ["spec": ["startingDeadlineSeconds": 5]])
        cluster.event(reason, about: Self.cron, message, source: "cronjob-controller")
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "startingDeadlineSeconds", "found": "5", "reason": reason],
            in: cluster)
    }

    @Test func `an unknown time zone`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report", schedule: "0 6 * * *", more: ["spec": ["timeZone": "Europe/Berln"]])
        cluster.event(
            "UnknownTimeZone", about: Self.cron, "invalid timeZone: \"Europe/Berln\": unknown time zone Europe/Berln",
            source: "cronjob-controller")
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "timeZone", "found": "Europe/Berln"], in: cluster)
    }

    @Test func `an unreadable schedule`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report", schedule: "0 25 * * *")
        cluster.event(
            "UnparseableSchedule", about: Self.cron, "unparseable schedule: 0 25 * * * : end of range (25) above maximum (23): 25",
            source: "cronjob-controller")
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "schedule", "found": "0 25 * * *"], in: cluster)
    }

    @Test func `a schedule that never comes true is read without an event`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report", schedule: "0 6 31 2 *")
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "schedule"], in: cluster, asking: "The report job never runs")
    }

    @Test func `an active run that hangs forbids the next ones`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob(
            "report", schedule: "*/10 * * * *",
            more: [
                "spec": ["concurrencyPolicy": "Forbid"],
                "status": ["active": [["name": "report-1"]], "lastScheduleTime": .string(cluster.time(minutesAgo: 180))],
            ])
        cluster.job(
            "report-1", pods: [PodShape(.running, minutesOld: 180)], owner: Self.cron,
            more: ["status": ["active": 1, "startTime": .string(cluster.time(minutesAgo: 180))]])
        try WorkloadExpectation.expect(
            .cronJobMissedSchedule, on: "CronJob", "report", ["field": "concurrencyPolicy", "found": "Forbid", "reference": "report-1"],
            in: cluster)
    }

    @Test func `an active run that cannot start is the cause behind the forbidden ones`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("report", image: "registry.example.com/reprot:1")])
        cluster.cronJob(
            "report", template, schedule: "*/10 * * * *",
            more: [
                "spec": ["concurrencyPolicy": "Forbid"],
                "status": ["active": [["name": "report-1"]], "lastScheduleTime": .string(cluster.time(minutesAgo: 50))],
            ])
        cluster.job(
            "report-1", template,
            pods: [
                PodShape(
                    .waiting(
                        "ImagePullBackOff",
                        "Back-off pulling image \"registry.example.com/reprot:1\": ErrImagePull: failed to resolve reference \"registry.example.com/reprot:1\": registry.example.com/reprot:1: not found"
                    ), minutesOld: 50)
            ], owner: Self.cron, more: ["status": ["active": 1, "startTime": .string(cluster.time(minutesAgo: 50))]])
        cluster.event(
            "JobAlreadyActive", about: Self.cron, "Not starting job because prior execution is running and concurrency policy is Forbid",
            type: "Normal")
        try WorkloadExpectation.expect(.imageNotFound, on: "CronJob", "report", in: cluster)
    }

    @Test func `a run that is due and never made is missed even where events are gone`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob("report", schedule: "*/10 * * * *", more: ["status": ["lastScheduleTime": .string(cluster.time(minutesAgo: 310))]])
        try WorkloadExpectation.expect(.cronJobMissedSchedule, on: "CronJob", "report", in: cluster, asking: "report does not run any more")
    }

    @Test func `a CronJob on time is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.cronJob(
            "report", schedule: "0 */6 * * 1-5",
            more: ["spec": ["concurrencyPolicy": "Forbid"], "status": ["lastScheduleTime": .string(cluster.time(minutesAgo: 60))]])
        try WorkloadExpectation.expectSilence(in: cluster, asking: "Are the scheduled jobs of shop all right?")
    }
}
