import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Workloads that are held back, by their own settings or by something else.
    static let workloads: [LookAlike] = [
        LookAlike(
            cause: .rolloutPaused, object: "Deployment shop/web", details: ["field": "paused", "found": "true"], question: notLive,
            fault: { pausedRelease() },
            twinIs: "a roll-out that goes on and whose new pod cannot start", twinCause: .imageNotFound,
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment(
                    "web", release("web", "2.1.0"), pods: [PodShape(notFound("registry.example.com/web:2.1.0"), minutesOld: 15)],
                    replicas: 2, revision: 2, minutesOld: 9_000)
                cluster.replicaSet(of: "web", release("web", "2.0.0"), pods: [.running, .running], revision: 1, minutesOld: 9_000)
                cluster.service("web", port: 8080)
                return cluster
            }),
        LookAlike(
            cause: .rolloutPaused, object: "Deployment shop/web", details: ["field": "paused"], question: notLive,
            fault: { pausedRelease() },
            twinIs: "a pause behind which no change waits",
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("web", release("web", "2.1.0"), pods: [.running, .running], more: ["spec": ["paused": true]])
                cluster.service("web", port: 8080)
                return cluster
            }),
        LookAlike(
            cause: .scaledToZero, object: "Deployment shop/cart", details: ["field": "replicas", "found": "0", "user": "kubectl-scale"],
            fault: {
                var cluster = refusedByCart()
                cluster.deployment("cart", release("cart", "1.0.0"), pods: [], replicas: 0)
                cluster.edited(.deployments, "cart", by: "kubectl-scale", minutesAgo: 12, fields: ["spec.replicas"], subresource: "scale")
                return cluster
            },
            twinIs: "replicas that are wished and may not be made", twinCause: .quotaExceeded,
            twin: {
                var cluster = refusedByCart()
                cluster.deployment("cart", release("cart", "1.0.0"), pods: [], replicas: 2)
                cluster.quota("team", hard: ["pods": "4"], used: ["pods": "4"])
                let set = cluster.replicaSetName(of: "cart")
                cluster.event(
                    "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: set),
                    noRoom(for: "\(set)-x2x2x", among: 4), count: 14, source: "replicaset-controller")
                return cluster
            }),
        LookAlike(
            cause: .scaledToZero, object: "StatefulSet shop/db", details: ["field": "replicas", "found": "0"],
            fault: {
                var cluster = ClusterBuilder()
                cluster.statefulSet("db", pods: [], replicas: 0)
                cluster.service("db", port: 5432)
                cluster.deployment("api", TemplateShape([ContainerShape("api", env: ["DB_HOST": "db"])]), pods: [.crashLooping()])
                cluster.log(
                    "api", previous: true,
                    "psycopg2.OperationalError: connection to server at \"db\" (10.96.0.9), port 5432 failed: Connection refused")
                return cluster
            },
            twinIs: "a worker at zero that nobody calls, beside a crash of another kind", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = ClusterBuilder()
                cluster.deployment("batch-worker", pods: [], replicas: 0)
                cluster.deployment(
                    "api", TemplateShape([ContainerShape("api", limits: ["memory": "64Mi"])]), pods: [.crashLooping(.outOfMemory)])
                return cluster
            }),
        LookAlike(
            cause: .updateStrategyBlocks, object: "Deployment shop/web",
            details: ["field": "strategy", "expected": "Recreate", "reference": "web-data"],
            fault: { volumeHeld(by: PodShape(node: "worker-2", minutesOld: 9_000)) },
            twinIs: "an old pod that cannot let go, for its node is dead", twinCause: .nodeNotReady,
            twin: {
                var cluster = volumeHeld(by: .stranded(on: "worker-2"))
                cluster.node("worker-2", ready: false, taints: [["key": "node.kubernetes.io/unreachable", "effect": "NoExecute"]])
                return cluster
            }),
        LookAlike(
            cause: .updateStrategyBlocks, object: "StatefulSet shop/db", details: ["field": "updateStrategy", "found": "OnDelete"],
            question: "db does not get the new version",
            fault: { updating(["type": "OnDelete"], isNewest: false, .running) },
            twinIs: "a rolling update whose first pod cannot start", twinCause: .imageNotFound,
            twin: { updating(["type": "RollingUpdate"], isNewest: true, notFound("registry.example.com/db:1.1.0")) }),
        LookAlike(
            cause: .headlessServiceMissing, object: "StatefulSet shop/mq", details: ["reference": "mq-peers", "field": "serviceName"],
            fault: { peers("no such host", hasService: false) },
            twinIs: "peers whose Service is there, and a cluster DNS that is down", twinCause: .clusterDNSUnavailable,
            twin: {
                var cluster = peers("read udp 10.244.0.7:40000->10.96.0.10:53: i/o timeout", hasService: true, hasDNS: false)
                cluster.clusterDNS(pods: [.crashLooping(), .crashLooping()])
                cluster.log(
                    "coredns", previous: true, in: "kube-system",
                    "/etc/coredns/Corefile:4 - Error during parsing: Unknown directive 'kuberntes'")
                return cluster
            }),
        // A headless Service has names for Ready pods only, unless it publishes the others too.
        LookAlike(
            cause: .headlessServiceMissing, object: "StatefulSet shop/mq", details: ["reference": "mq-peers"],
            fault: { peers("no such host", hasService: false) },
            twinIs: "peers that have no name because they are not Ready", twin: { peers("no such host", hasService: true) }),
        LookAlike(
            cause: .jobDeadlineExceeded, object: "Job shop/import", details: ["field": "activeDeadlineSeconds", "found": "300"],
            fault: {
                var cluster = lateImport()
                jobEvent(&cluster, "SuccessfulCreate", "Created pod: import-x7kbb", type: "Normal", minutesAgo: 8)
                cluster.event("Started", about: vanished, "Container started", type: "Normal", minutesAgo: 7.9, container: "import")
                return cluster
            },
            twinIs: "a pod that no node took before the deadline", twinCause: .insufficientResources,
            twin: {
                var cluster = lateImport(requests: ["memory": "64Gi"])
                jobEvent(&cluster, "SuccessfulCreate", "Created pod: import-x7kbb", type: "Normal", minutesAgo: 8)
                cluster.event("FailedScheduling", about: vanished, tooLarge, minutesAgo: 6, source: "default-scheduler")
                return cluster
            }),
        LookAlike(
            cause: .jobDeadlineExceeded, object: "Job shop/import", details: ["found": "300"], fault: { lateImport() },
            twinIs: "a pod that was never made before the deadline", twinCause: .quotaExceeded,
            twin: {
                var cluster = lateImport(failed: 0)
                cluster.quota("team", hard: ["pods": "10"], used: ["pods": "10"])
                jobEvent(&cluster, "FailedCreate", noRoom(for: "import-x7kbb", among: 10), minutesAgo: 4)
                return cluster
            }),
        LookAlike(
            cause: .jobSuspended, object: "Job shop/import", details: ["field": "suspend", "found": "true"],
            question: "Job import does not start",
            fault: {
                var cluster = ClusterBuilder()
                cluster.job("import", more: ["spec": ["suspend": true]])
                jobEvent(&cluster, "Suspended", "Job suspended", type: "Normal", minutesAgo: 40)
                return cluster
            },
            twinIs: "a Job whose pod no node takes", twinCause: .insufficientResources,
            twin: {
                var cluster = ClusterBuilder()
                cluster.job(
                    "import", TemplateShape([ContainerShape("import", requests: ["memory": "64Gi"])]), pods: [.unschedulable(tooLarge)],
                    more: ["status": ["active": 1]])
                return cluster
            }),
        LookAlike(
            cause: .jobSuspended, object: "CronJob shop/report", details: ["field": "suspend", "user": "kubectl-patch"],
            question: "The report job does not run any more",
            fault: {
                var cluster = ClusterBuilder()
                let last = JSONNode.string(cluster.time(minutesAgo: 310))
                cluster.cronJob("report", more: ["spec": ["suspend": true], "status": ["lastScheduleTime": last]])
                cluster.edited(.cronJobs, "report", by: "kubectl-patch", minutesAgo: 309, fields: ["spec.suspend"])
                return cluster
            },
            twinIs: "runs that are due and start too late for their deadline", twinCause: .cronJobMissedSchedule,
            twin: { impatientReport() }),
        LookAlike(
            cause: .cronJobMissedSchedule, object: "CronJob shop/report", details: ["field": "startingDeadlineSeconds", "found": "5"],
            fault: { impatientReport() },
            twinIs: "a run that cannot start, and keeps the next ones from it", twinCause: .imageNotFound,
            twin: { forbidden(notFound("registry.example.com/report:1"), schedule: "*/10 * * * *", minutesOld: 50, isSkipped: true) }),
        LookAlike(
            cause: .cronJobMissedSchedule, object: "CronJob shop/report", details: ["field": "concurrencyPolicy", "found": "Forbid"],
            fault: { forbidden(.running, schedule: "*/10 * * * *", minutesOld: 180, isSkipped: true) },
            twinIs: "a run that is at work and not yet due again",
            twin: { forbidden(.running, schedule: "5 * * * *", minutesOld: 55, isSkipped: false) }),
        LookAlike(
            cause: .sidecarBlocksCompletion, object: "Job shop/import", details: ["container": "istio-proxy"], question: "import hangs",
            fault: { importing(PodShape(.terminated(.init(0)))) },
            twinIs: "work that failed beside a sidecar that goes on", twinCause: .configurationMissing,
            twin: {
                var cluster = importing(PodShape(.terminated(.init(1))))
                cluster.log(
                    "import", "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nKeyError: 'SOURCE_URL'")
                return cluster
            }),
        LookAlike(
            cause: .sidecarBlocksCompletion, object: "Job shop/import", details: ["container": "istio-proxy"], question: "import hangs",
            fault: { importing(PodShape(.terminated(.init(0)))) },
            twinIs: "work that goes on beside a native sidecar", twin: { importing(.running, isNative: true) }),
    ]
}

private let notLive = "We released 2.1.0 of web but users still see the old version"
private let vanished = ObjectReference(kind: "Pod", namespace: "shop", name: "import-x7kbb")
private let tooLarge =
    "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."

private func release(_ name: String, _ tag: String, volumes: [VolumeShape] = []) -> TemplateShape {
    TemplateShape([ContainerShape(name, image: "registry.example.com/\(name):\(tag)", ports: [8080])], volumes: volumes)
}

private func noRoom(for pod: String, among pods: Int) -> String {
    let quota = "exceeded quota: team, requested: pods=1, used: pods=\(pods), limited: pods=\(pods)"
    return "Error creating: pods \"\(pod)\" is forbidden: \(quota)"
}

private func notFound(_ image: String) -> ContainerState {
    let error = "rpc error: code = NotFound desc = failed to resolve reference \"\(image)\": \(image): not found"
    return .waiting("ImagePullBackOff", "Back-off pulling image \"\(image)\": ErrImagePull: \(error)")
}

/// Version 2.0.0 that runs, and 2.1.0 in a template that is paused.
private func pausedRelease() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.deployment("web", release("web", "2.0.0"), pods: [.running, .running], more: ["spec": ["paused": true]])
    let containers: JSONNode = [
        ["name": "web", "image": "registry.example.com/web:2.1.0", "ports": [["containerPort": 8080, "protocol": "TCP"]]]
    ]
    cluster.change(.deployments, "web", ["spec": ["template": ["spec": ["containers": containers]]]])
    cluster.service("web", port: 8080)
    return cluster
}

/// A client that is refused by Service `cart`.
private func refusedByCart() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let front = ContainerShape("front", env: ["CART_URL": "http://cart:8080"], ports: [8080])
    cluster.deployment("front", TemplateShape([front]), pods: [.running(ready: false)])
    cluster.service("cart", port: 8080)
    let line = "ERROR Get \"http://cart:8080/items\": dial tcp 10.96.0.3:8080: connect: connection refused"
    cluster.log("front", Array(repeating: line, count: 6).joined(separator: "\n"))
    return cluster
}

/// A roll-out whose new pod waits for the volume that a pod of the old revision has.
private func volumeHeld(by holder: PodShape) -> ClusterBuilder {
    let volumes = [VolumeShape.claim("data", name: "web-data")]
    var cluster = ClusterBuilder()
    cluster.node("worker-2")
    cluster.claim("web-data")
    cluster.volume("pv-web-data", claim: "web-data")
    let new = cluster.deployment(
        "web", release("web", "1.1.0", volumes: volumes), pods: [.creating(minutesOld: 12)], replicas: 1, revision: 2,
        minutesOld: 9_000,
        more: ["spec": ["strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"]]]])
    let old = cluster.replicaSet(
        of: "web", release("web", "1.0.0", volumes: volumes), pods: [holder], revision: 1, minutesOld: 9_000)
    cluster.event(
        "FailedAttachVolume", about: ObjectReference(kind: "Pod", namespace: "shop", name: new[0]),
        "Multi-Attach error for volume \"pv-web-data\" Volume is already used by pod(s) \(old[0])", count: 4,
        source: "attachdetach-controller")
    return cluster
}

/// A StatefulSet of two with a newer revision; its last pod is of that revision or not, and in this state.
private func updating(_ strategy: JSONNode, isNewest: Bool, _ state: ContainerState) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let old = cluster.controllerRevision(of: .statefulSets, "db", release("db", "1.0.0"), revision: 1, minutesOld: 900)
    let new = cluster.controllerRevision(of: .statefulSets, "db", release("db", "1.1.0"), revision: 2, minutesOld: 40)
    cluster.statefulSet(
        "db", release("db", "1.1.0"), pods: [], replicas: 2,
        more: [
            "spec": ["updateStrategy": strategy],
            "status": [
                "replicas": 2, "readyReplicas": .int(isNewest ? 1 : 2), "currentRevision": .string(old),
                "updateRevision": .string(new), "updatedReplicas": .int(isNewest ? 1 : 0), "currentReplicas": .int(isNewest ? 1 : 2),
            ],
        ])
    let owner = ObjectReference(kind: "StatefulSet", namespace: "shop", name: "db")
    for (name, isNew, state) in [("db-0", false, ContainerState.running), ("db-1", isNewest, state)] {
        cluster.pod(
            name, release("db", isNew ? "1.1.0" : "1.0.0"), PodShape(state, labels: ["controller-revision-hash": isNew ? new : old]),
            labels: ["app": "db"], owner: owner)
    }
    return cluster
}

/// A StatefulSet whose pods die because the name of a peer does not resolve.
private func peers(_ error: String, hasService: Bool, hasDNS: Bool = true) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.statefulSet(
        "mq", TemplateShape([ContainerShape("mq", ports: [5672])]), pods: [.crashLooping(), .crashLooping()],
        more: ["spec": ["serviceName": "mq-peers"]])
    if hasService { cluster.service("mq-peers", port: 5672, selector: ["app": "mq"], more: ["clusterIP": "None"]) }
    if hasDNS { cluster.clusterDNS() }
    cluster.log("mq", previous: true, "Fatal: lookup mq-0.mq-peers.shop.svc.cluster.local on 10.96.0.10:53: \(error)")
    return cluster
}

/// A Job that was ended at its deadline; its pod is gone.
private func lateImport(requests: [String: String] = [:], failed: Int = 1) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let message = "Job was active longer than specified deadline"
    let ended: JSONNode = [
        "type": "Failed", "status": "True", "reason": "DeadlineExceeded", "message": .string(message),
        "lastTransitionTime": .string(cluster.time(minutesAgo: 3)),
    ]
    cluster.job(
        "import", TemplateShape([ContainerShape("import", requests: requests)]),
        more: [
            "spec": ["activeDeadlineSeconds": 300],
            "status": ["failed": .int(failed), "startTime": .string(cluster.time(minutesAgo: 8)), "conditions": [ended]],
        ])
    jobEvent(&cluster, "DeadlineExceeded", message, minutesAgo: 3)
    return cluster
}

private func jobEvent(
    _ cluster: inout ClusterBuilder, _ reason: String, _ message: String, type: String = "Warning", minutesAgo: Double
) {
    cluster.event(
        reason, about: ObjectReference(kind: "Job", namespace: "shop", name: "import"), message, type: type, minutesAgo: minutesAgo,
        source: "job-controller")
}

private let report = ObjectReference(kind: "CronJob", namespace: "shop", name: "report")

/// A CronJob whose runs must start within 5 s, half of the time between two looks of its controller.
private func impatientReport() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let last = JSONNode.string(cluster.time(minutesAgo: 310))
    cluster.cronJob("report", more: ["spec": ["startingDeadlineSeconds": 5], "status": ["lastScheduleTime": last]])
    cluster.event(
        "MissSchedule", about: report, "Missed scheduled time to start a job: Mon, 23 Nov 2026 18:55:00 +0000", count: 12,
        minutesAgo: 4, firstMinutesAgo: 59, source: "cronjob-controller")
    return cluster
}

/// A CronJob that forbids overlap, with a run whose pod is in this state; `isSkipped` where a next run was due.
private func forbidden(_ state: ContainerState, schedule: String, minutesOld: Double, isSkipped: Bool) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let template = TemplateShape([ContainerShape("report", image: "registry.example.com/report:1")], more: ["restartPolicy": "Never"])
    let started = JSONNode.string(cluster.time(minutesAgo: minutesOld))
    cluster.cronJob(
        "report", template, schedule: schedule,
        more: [
            "spec": ["concurrencyPolicy": "Forbid"],
            "status": ["active": [["kind": "Job", "name": "report-1"]], "lastScheduleTime": started],
        ])
    cluster.job(
        "report-1", template, pods: [PodShape(state, minutesOld: minutesOld)], owner: report,
        more: ["status": ["active": 1, "startTime": started]])
    guard isSkipped else { return cluster }
    cluster.event(
        "JobAlreadyActive", about: report, "Not starting job because prior execution is running and concurrency policy is Forbid",
        type: "Normal", count: 4, source: "cronjob-controller")
    return cluster
}

/// A Job with a mesh proxy beside its work.
private func importing(_ pod: PodShape, isNative: Bool = false) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let proxy = ContainerShape(
        "istio-proxy", image: "docker.io/istio/proxyv2:1.22.0", more: isNative ? ["restartPolicy": "Always"] : [:])
    let work = [ContainerShape("import")] + (isNative ? [] : [proxy])
    cluster.job(
        "import", TemplateShape(work, initContainers: isNative ? [proxy] : [], more: ["restartPolicy": "Never"]), pods: [pod],
        more: ["status": ["active": 1]])
    return cluster
}
