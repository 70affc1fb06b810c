internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Jobs that fail, hang or do not run (W12-W16, E8).
enum JobRules {
    static func findings(_ workload: Workload, context: CaseContext) -> [Finding] {
        let view = context.view
        switch workload.reference.kind {
        case "Job":
            return view.jobs[workload.namespace, workload.reference.name].map { isMadeUpFor($0, view) ? [] : job($0, workload, context) }
                ?? []
        case "CronJob":
            guard let cron = view.cronJobs[workload.namespace, workload.reference.name] else { return [] }
            return CronJobRules.findings(cron, workload, context) + lastRun(of: cron, workload, context)
        default: return []
        }
    }

    private static func make(
        _ workload: Workload, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], impact: Finding.Impact = .degraded
    ) -> Finding {
        Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations, confidence: confidence, reasons: ["the Job's own status says so"], impact: impact)
    }

    // The newest run of a CronJob tells how it stands; earlier ones are history.
    private static func lastRun(of cron: CronJob, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        let runs = context.view.jobs.inNamespace(cron.namespace).filter {
            $0.metadata.controller.map { $0.kind == "CronJob" && $0.name == cron.name } ?? false
        }
        let newest = runs.max { left, right in
            (left.metadata.creationTime ?? .distantPast, left.name) < (right.metadata.creationTime ?? .distantPast, right.name)
        }
        return newest.map { isMadeUpFor($0, context.view) ? [] : job($0, workload, context) } ?? []
    }

    /// Whether the same work was done since by another Job, such as one that somebody started by hand after the run had failed.
    static func isMadeUpFor(_ failed: Job, _ view: ClusterView) -> Bool {
        guard failed.isFailed, let end = failed.condition("Failed")?.lastTransitionTime else { return false }
        return view.jobs.inNamespace(failed.namespace).contains { other in
            other.isComplete && other.name != failed.name && (other.condition("Complete")?.lastTransitionTime ?? .distantPast) > end
                && (other.metadata.controller?.name == failed.metadata.controller?.name || other.metadata.controller == nil)
                && zip(other.template.spec.containers, failed.template.spec.containers).allSatisfy(doSameWork)
                && other.template.spec.containers.count == failed.template.spec.containers.count
        }
    }

    private static func doSameWork(_ left: Container, _ right: Container) -> Bool {
        left.image == right.image && left.command == right.command && left.args == right.args && left.env == right.env
            && left.envFrom == right.envFrom
    }

    private static func job(_ job: Job, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        var result = sidecar(job, workload, context).map { [$0] } ?? []
        if let condition = job.conditions.first(where: { ($0.type == "Failed" || $0.type == "FailureTarget") && $0.isTrue }) {
            result += VanishedPodRules.findings(of: job, workload, context: context)
            if result.isEmpty { result.append(failed(job, condition, workload)) }
        }
        if job.isSuspended, workload.reference.kind == "Job" { result.append(suspended(job, workload)) }
        return result
    }

    // MARK: Failed

    private static func failed(_ job: Job, _ condition: Condition, _ workload: Workload) -> Finding {
        let citation = Citation.field(
            job.reference, "status.conditions[\(condition.type)]", "\(condition.reason ?? ""): \(condition.message ?? "")",
            time: condition.lastTransitionTime)
        guard condition.reason == "DeadlineExceeded" else { return byPods(job, condition, workload, citation) }
        let limit = job.activeDeadlineSeconds.map { String($0) } ?? "?"
        var finding = make(
            workload, .jobDeadlineExceeded, "Job \(job.name) ran longer than its activeDeadlineSeconds of \(limit) s and was ended.", 0.86,
            ["reason": "DeadlineExceeded", "found": limit, "field": "activeDeadlineSeconds"],
            [citation, .field(job.reference, "spec.activeDeadlineSeconds", limit)])
        finding.object = job.reference
        finding.onset = condition.lastTransitionTime
        finding.changedObjects = [job.reference]
        return finding
    }

    // What its pods died of is in them, where they are left; the controller's sentence keeps the exit code at most.
    private static func byPods(_ job: Job, _ condition: Condition, _ workload: Workload, _ citation: Citation) -> Finding {
        let message = condition.message ?? ""
        var details = ["reason": condition.reason ?? ""]
        details["exit_code"] = Phrase.after(message, "failed with exit code ").flatMap { Phrase.number(in: $0.prefix(5)) }.map {
            String($0)
        }
        details["container"] = details["exit_code"].flatMap { _ in Phrase.between(message, "Container ", " for pod ") }
        let how = details["exit_code"].map { " with exit code \($0)" } ?? ""
        var finding = make(
            workload, .applicationError,
            "Job \(job.name) failed\(how) (\(condition.reason ?? "Failed")), and no log of its pods says why.", how.isEmpty ? 0.4 : 0.5,
            details, [citation])
        finding.isSymptom = true
        finding.onset = condition.lastTransitionTime
        return finding
    }

    private static func suspended(_ job: Job, _ workload: Workload) -> Finding {
        var finding = make(
            workload, .jobSuspended, "Job \(job.name) is suspended\(Self.setter(of: "spec.suspend", job.metadata)?.words ?? "").",
            DeliberateRest.isMeant(job.metadata) ? 0.45 : 0.7, ["field": "suspend", "found": "true"],
            [.field(job.reference, "spec.suspend", "true")], impact: .latent)
        finding.details["user"] = Self.setter(of: "spec.suspend", job.metadata)?.manager
        finding.changedObjects = [job.reference]
        return finding
    }

    /// Who last wrote a field, and in words when.
    static func setter(of path: String, _ metadata: ObjectMetadata) -> (manager: String, words: String)? {
        metadata.lastWriter(of: path).map { ($0.manager, " (by \($0.manager)\($0.time.map { " at \(RFC3339.format($0))" } ?? ""))") }
    }

    // MARK: Sidecars

    /// Names and images of programs that stand beside others and never end by themselves.
    private static let helpers = [
        "istio-proxy", "proxyv2", "linkerd", "envoy", "sql-proxy", "vault", "fluent", "filebeat", "promtail", "vector", "log-ship",
        "logshipper", "log-agent", "otel", "opentelemetry", "jaeger", "statsd", "exporter", "datadog", "newrelic", "dapr", "daprd",
        "consul",
        "sidecar", "proxy", "tailscale", "gcsfuse", "metrics", "telegraf", "splunk", "logging", "aws-otel", "cwagent",
    ]
    /// A helper may take this long to notice that the work is done.
    private static let settleSeconds = 60.0

    // The work is done, but a helper container that never ends keeps the pod and so the Job alive.
    private static func sidecar(_ job: Job, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard !job.isComplete, !job.isFailed || job.condition("Failed")?.reason == "DeadlineExceeded" else { return nil }
        for pod in workload.pods where pod.metadata.controller?.name == job.name && pod.spec.containers.count > 1 {
            let done = pod.spec.containers.filter { pod.status(of: $0)?.terminated?.exitCode == 0 }
            let kept = pod.spec.containers.filter { isKept($0, pod, job) }
            guard let worker = done.first(where: { !isHelper($0) }) ?? done.first, let helper = kept.first(where: isHelper) ?? kept.first,
                let finished = done.compactMap({ pod.status(of: $0)?.terminated?.finishedAt }).max(),
                (context.age(finished) ?? 0) > settleSeconds
            else { continue }
            let state = pod.status(of: helper)?.isRunning ?? false ? "running" : "ended only when the Job was stopped"
            var finding = make(
                workload, .sidecarBlocksCompletion,
                "Container \(helper.name) keeps Job \(job.name) alive though \(worker.name) has completed.",
                confidence(worker: worker, helper: helper, pod), ["container": helper.name],
                [
                    .field(pod.reference, "status.containerStatuses[\(worker.name)].state.terminated", "exit code 0", time: finished),
                    .field(pod.reference, "status.containerStatuses[\(helper.name)].state", state),
                ])
            finding.onset = finished
            return finding
        }
        return nil
    }

    private static func isKept(_ container: Container, _ pod: Pod, _ job: Job) -> Bool {
        guard let status = pod.status(of: container) else { return false }
        if status.isRunning { return true }
        // Killed with the pod at the deadline, having outlived the work.
        return job.isFailed && [137, 143].contains(status.terminated?.exitCode ?? 0)
    }

    private static func isHelper(_ container: Container) -> Bool {
        let image = container.image.split(separator: "/").last.map(String.init) ?? ""
        return helpers.contains { container.name.contains($0) || image.contains($0) }
    }

    // A worker may well outlast the container that prepared its work: without a known helper the order of containers must say who is who.
    private static func confidence(worker: Container, helper: Container, _ pod: Pod) -> Double {
        if isHelper(helper) && !isHelper(worker) { return 0.92 }
        let main = pod.metadata.annotations["kubectl.kubernetes.io/default-container"] ?? pod.spec.containers.first?.name
        return main == worker.name ? 0.7 : 0.3
    }
}
