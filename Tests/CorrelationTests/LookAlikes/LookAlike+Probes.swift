import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Probes that are wrong, impatient, or right.
    static let probes: [LookAlike] = [
        LookAlike(
            cause: .probeMisconfigured, object: web,
            details: ["container": "web", "probe": "readiness", "field": "path", "found": "/redy"],
            fault: { unready(.http("/redy", port: 8080), "HTTP probe failed with statuscode: 404", "listening on :8080") },
            twinIs: "a right path that answers that the program is ill", twinCause: .healthCheckFailing,
            twin: { unready(.http("/ready", port: 8080), "HTTP probe failed with statuscode: 503", ill) }),
        LookAlike(
            cause: .probeMisconfigured, object: web, details: ["probe": "liveness", "field": "port", "found": "8081", "expected": "8080"],
            fault: { killed(.http("/live", port: 8081, delay: 5, failures: 2), refused(8081), "listening on :8080", port: 8081) },
            twinIs: "a right port that is not open yet", twinCause: .probeTooAggressive,
            twin: {
                let log = "replaying journal\nreplayed 10000 of 90000 entries\nreplayed 20000 of 90000 entries"
                return killed(.http("/live", port: 8080, delay: 5, failures: 2), refused(8080), log, port: 8080)
            }),
        LookAlike(
            cause: .probeTooAggressive, object: web, details: ["container": "web", "probe": "startup", "field": "timing"],
            fault: { startingUp("loading catalogue, 40000 items\nwarming cache 10 %\nwarming cache 20 %") },
            twinIs: "a program that does not come up without its database", twinCause: .dependencyUnreachable,
            twin: {
                let error = "dial tcp db.corp.example.com:5432: connect: connection refused"
                return startingUp(repeated("2026/11/23 18:59:01 ERROR cannot open database: \(error), retrying in 2s"))
            }),
        LookAlike(
            cause: .probeTooAggressive, object: web,
            details: ["probe": "liveness", "field": "timing", "found": "1 s", "expected": "10 s"],
            fault: { timingOut(timeout: 1, before: 10, cpu: "1", cpuBefore: "1") },
            twinIs: "a program that was cut off from the processor", twinCause: .cpuThrottled,
            twin: { timingOut(timeout: 1, before: 1, cpu: "50m", cpuBefore: "1") }),
        LookAlike(
            cause: .healthCheckFailing, object: web, details: ["container": "web", "probe": "readiness"],
            fault: { unready(.http("/ready", port: 8080), "HTTP probe failed with statuscode: 503", ill) },
            twinIs: "a program that is ill because its database has no image", twinCause: .imageNotFound, twin: { withoutDatabase() }),
        LookAlike(
            cause: .readinessGateUnset, object: web, details: ["reference": "lb.example.com/registered"],
            fault: {
                let message = "corresponding condition of pod readiness gate \"lb.example.com/registered\" does not exist."
                return gated(.running, "True", "ReadinessGatesNotReady", message, path: "/ready")
            },
            twinIs: "a gate that waits for a container which is not ready", twinCause: .probeMisconfigured,
            twin: {
                gated(.running(ready: false), "False", "ContainersNotReady", "containers with unready status: [web]", path: "/redy")
            }),
    ]
}

private let web = "Deployment shop/web"
private let ill = repeated("2026/11/23 18:59:01 WARN health: queue consumer has not polled for 312 s")

private func repeated(_ line: String) -> String { Array(repeating: line, count: 6).joined(separator: "\n") }

private func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }

private func refused(_ port: Int) -> String {
    "Get \"http://10.244.0.9:\(port)/live\": dial tcp 10.244.0.9:\(port): connect: connection refused"
}

/// A Deployment `web` that runs and whose readiness probe fails so.
private func unready(_ probe: ProbeShape, _ failure: String, _ log: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape("web", ports: [8080], readiness: probe)
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.running(ready: false)])
    cluster.service("web", port: 8080)
    cluster.event(
        "Unhealthy", about: pod(pods[0]), "Readiness probe failed: \(failure)", count: 120, minutesAgo: 0.2, firstMinutesAgo: 20,
        container: "web")
    cluster.log("web", log)
    return cluster
}

/// A Deployment `web` that its liveness probe kills soon after each start.
private func killed(_ probe: ProbeShape, _ failure: String, _ log: String, port: Int) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape("web", ports: [8080], liveness: probe)
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.crashLooping(.init(143, afterSeconds: 26))])
    cluster.service("web", port: 8080)
    kills("liveness", pods[0], failure, &cluster)
    cluster.log("web", previous: true, log)
    return cluster
}

/// A Deployment `web` that its startup probe kills soon after each start.
private func startingUp(_ log: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape("web", ports: [8080], startup: .http("/live", port: 8080, period: 2, failures: 5))
    let pods = cluster.deployment(
        "web", TemplateShape([container]), pods: [.running(ready: false, restarts: 6, last: .init(143, afterSeconds: 11))])
    cluster.service("web", port: 8080)
    kills("startup", pods[0], refused(8080), &cluster)
    cluster.log("web", previous: true, log)
    return cluster
}

private func kills(_ kind: String, _ name: String, _ failure: String, _ cluster: inout ClusterBuilder) {
    let words = kind == "liveness" ? "Liveness" : "Startup"
    cluster.event(
        "Unhealthy", about: pod(name), "\(words) probe failed: \(failure)", count: 30, minutesAgo: 1, firstMinutesAgo: 20, container: "web")
    cluster.event(
        "Killing", about: pod(name), "Container web failed \(kind) probe, will be restarted", type: "Normal", count: 6, minutesAgo: 1,
        firstMinutesAgo: 20, container: "web")
}

/// A Deployment `web` in its second revision, whose liveness probe gets no answer in time.
private func timingOut(timeout: Int, before: Int, cpu: String, cpuBefore: String) -> ClusterBuilder {
    func template(_ timeout: Int, _ cpu: String) -> TemplateShape {
        let probe: JSONNode = [
            "httpGet": ["path": "/live", "port": 8080], "timeoutSeconds": .int(timeout), "periodSeconds": 5, "failureThreshold": 2,
        ]
        return TemplateShape([ContainerShape("web", ports: [8080], limits: ["cpu": cpu], more: ["livenessProbe": probe])])
    }
    var cluster = ClusterBuilder()
    let pods = cluster.deployment(
        "web", template(timeout, cpu), pods: [.running(restarts: 4, last: .init(137, afterSeconds: 60))], revision: 2)
    cluster.replicaSet(of: "web", template(before, cpuBefore), revision: 1, minutesOld: 600)
    cluster.service("web", port: 8080)
    let failure = "Get \"http://10.244.0.9:8080/live\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
    kills("liveness", pods[0], failure, &cluster)
    cluster.log("web", "listening on :8080")
    return cluster
}

/// A Deployment `web` that calls itself ill for want of its database.
private func withoutDatabase() -> ClusterBuilder {
    let error = "2026/11/23 18:59:01 ERROR health: db unavailable: dial tcp db:5432: connect: connection refused"
    var cluster = unready(.http("/ready", port: 8080), "HTTP probe failed with statuscode: 503", repeated(error))
    let image = "docker.io/library/postgres:17.99"
    let reason = "failed to resolve reference \"\(image)\": \(image): not found"
    cluster.statefulSet(
        "db", TemplateShape([ContainerShape("db", image: image, ports: [5432])]),
        pods: [.waiting("ImagePullBackOff", "Back-off pulling image \"\(image)\": ErrImagePull: \(reason)")])
    cluster.service("db", port: 5432)
    return cluster
}

/// A Deployment `web` with a readiness gate that nobody has set.
private func gated(_ state: ContainerState, _ areReady: String, _ reason: String, _ message: String, path: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let conditions: JSONNode = [
        "status": [
            "conditions": [
                ["type": "PodScheduled", "status": "True"], ["type": "ContainersReady", "status": .string(areReady)],
                ["type": "Ready", "status": "False", "reason": .string(reason), "message": .string(message)],
            ]
        ]
    ]
    let template = TemplateShape(
        [ContainerShape("web", ports: [8080], readiness: .http(path, port: 8080))],
        more: ["readinessGates": [["conditionType": "lb.example.com/registered"]]])
    let pods = cluster.deployment("web", template, pods: [PodShape(state, more: conditions)])
    cluster.service("web", port: 8080)
    if areReady == "False" {
        cluster.event(
            "Unhealthy", about: pod(pods[0]), "Readiness probe failed: HTTP probe failed with statuscode: 404", count: 120,
            minutesAgo: 0.2, firstMinutesAgo: 20, container: "web")
    }
    return cluster
}
