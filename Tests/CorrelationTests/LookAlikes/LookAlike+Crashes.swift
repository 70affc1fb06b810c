import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Programs that end, and who or what ended them.
    static let crashes: [LookAlike] = [
        LookAlike(
            cause: .applicationError, object: web, details: ["container": "web", "exception": "ZeroDivisionError"],
            fault: { dying(.init(1), "\(traceback("return total / count"))\nZeroDivisionError: division by zero") },
            twinIs: "an exception that wraps a refused connection", twinCause: .dependencyUnreachable,
            twin: {
                let connection = "NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f2a>"
                let reason = "\(connection): Failed to establish a new connection: [Errno 111] Connection refused')"
                let pool = "HTTPSConnectionPool(host='partner.example.com', port=443): Max retries exceeded with url: /v1/rates"
                return dying(
                    .init(1),
                    "\(traceback("rates = requests.get(url)"))\nrequests.exceptions.ConnectionError: \(pool) (Caused by \(reason))")
            }),
        LookAlike(
            cause: .applicationError, object: web, details: ["container": "web"],
            fault: {
                let error = "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space"
                return dying(.init(1, afterSeconds: 40), "\(error)\n\tat shop.Catalogue.load(Catalogue.java:88)", limited("512Mi"))
            },
            twinIs: "memory that the kernel takes back", twinCause: .memoryLimitExceeded,
            twin: { dying(.outOfMemory, "loading catalogue, 200000 items", limited("512Mi")) }),
        LookAlike(
            cause: .memoryLimitExceeded, object: web, details: ["container": "web", "found": "128Mi", "resource": "memory"],
            fault: { dying(.init(137, reason: "OOMKilled", afterSeconds: 60), "listening on :8080", limited("128Mi")) },
            twinIs: "the same exit code by a liveness probe", twinCause: .probeMisconfigured,
            twin: { killedByProbe(.init(137, afterSeconds: 60), path: "/alive", port: 8080, "HTTP probe failed with statuscode: 404") }),
        LookAlike(
            cause: .memoryLimitExceeded, object: web, details: ["container": "web", "found": "128Mi"],
            fault: { dying(.init(1, afterSeconds: 90), "\(booting)\n\(killed)", limited("128Mi")) },
            twinIs: "a worker that its own master kills for being slow", twinCause: nil,
            twin: {
                let timeout = "[2026-11-23 18:58:30 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:7)"
                return dying(.init(1, afterSeconds: 90), "\(booting)\n\(timeout)\n\(killed)", limited("128Mi"))
            }),
        LookAlike(
            cause: .nodeOutOfMemory, object: "Node worker-1", details: ["node": "worker-1"],
            fault: {
                var cluster = dying(.outOfMemory, "listening on :8080")
                let words = "System OOM encountered, victim process: web, pid: 4242"
                cluster.event("SystemOOM", about: worker, words, minutesAgo: 1)
                return cluster
            },
            twinIs: "a kill that the node records and that happened inside the container's own limit", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = dying(.outOfMemory, "listening on :8080", limited("256Mi"))
                let words = "Memory cgroup out of memory: Killed process 4242 (web) total-vm:912344kB, anon-rss:261120kB, file-rss:0kB"
                cluster.event("OOMKilling", about: worker, words, minutesAgo: 1, source: "kernel-monitor")
                return cluster
            }),
        LookAlike(
            cause: .containerExitsCleanly, object: web, details: ["container": "web", "exit_code": "0"],
            fault: {
                dying(
                    .init(0, afterSeconds: 2), "applying migrations\nnothing to apply\ndone",
                    ContainerShape("web", command: ["web", "migrate"]))
            },
            twinIs: "a program that obeys the kill of a probe", twinCause: .probeMisconfigured,
            twin: {
                killedByProbe(
                    .init(0, afterSeconds: 40), path: "/alive", port: 8081,
                    "Get \"http://10.244.0.9:8081/alive\": dial tcp 10.244.0.9:8081: connect: connection refused")
            }),
        LookAlike(
            cause: .libraryMissing, object: web, details: ["container": "web", "reference": "redis"],
            fault: { dying(.init(1), "\(traceback("import redis"))\nModuleNotFoundError: No module named 'redis'") },
            twinIs: "a module that is there and whose server has no name", twinCause: .serviceNotFound,
            twin: {
                let error = "redis.exceptions.ConnectionError: Error -2 connecting to redis:6379. Name or service not known."
                return dying(
                    .init(1), "\(traceback("client.ping()"))\n\(error)",
                    ContainerShape("web", env: ["REDIS_URL": "redis://redis:6379/0"]))
            }),
        LookAlike(
            cause: .certificateInvalid, object: web, details: ["host": "partner.example.com"],
            fault: {
                let dates = "current time 2026-11-23T18:59:01Z is after 2026-11-01T00:00:00Z"
                return dying(.init(1), "\(fetch) \(verify): x509: certificate has expired or is not yet valid: \(dates)")
            },
            twinIs: "a handshake that nobody answers", twinCause: .dependencyUnreachable,
            twin: { dying(.init(1), "\(fetch) net/http: TLS handshake timeout") }),
        LookAlike(
            cause: .certificateInvalid, object: web, details: ["host": "partner.example.com"],
            fault: { dying(.init(1), "\(fetch) \(verify): x509: certificate signed by unknown authority") },
            twinIs: "a registry that the node does not trust", twinCause: .registryUnavailable, twin: { untrustedRegistry() }),
    ]
}

private let web = "Deployment shop/web"
private let worker = ObjectReference(kind: "Node", namespace: nil, name: "worker-1")
private let fetch = "2026/11/23 18:59:01 Get \"https://partner.example.com/v1/rates\":"
private let verify = "tls: failed to verify certificate"
private let booting = "[2026-11-23 18:57:30 +0000] [1] [INFO] Booting worker with pid: 7"
private let killed = "[2026-11-23 18:58:31 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?"

private func traceback(_ line: String) -> String {
    "Traceback (most recent call last):\n  File \"/app/main.py\", line 12, in <module>\n    \(line)"
}

private func limited(_ memory: String) -> ContainerShape { ContainerShape("web", ports: [8080], limits: ["memory": memory]) }

/// A Deployment `web` that keeps ending so, with these last words.
private func dying(
    _ exit: ContainerState.Exit, _ words: String, _ container: ContainerShape = ContainerShape("web", ports: [8080])
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.crashLooping(exit)])
    cluster.service("web", port: 8080)
    cluster.event(
        "BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
        "Back-off restarting failed container web in pod \(pods[0])_shop(uid)", count: 20, container: "web")
    cluster.log("web", previous: true, words)
    return cluster
}

/// A Deployment `web` that listens on 8080, and that its liveness probe keeps killing.
private func killedByProbe(_ exit: ContainerState.Exit, path: String, port: Int, _ failure: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    var container = limited("128Mi")
    container.liveness = .http(path, port: port)
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.crashLooping(exit)])
    cluster.service("web", port: 8080)
    let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
    cluster.event(
        "Unhealthy", about: pod, "Liveness probe failed: \(failure)", count: 18, minutesAgo: 1, firstMinutesAgo: 20, container: "web")
    cluster.event(
        "Killing", about: pod, "Container web failed liveness probe, will be restarted", type: "Normal", count: 6, minutesAgo: 1,
        firstMinutesAgo: 20, container: "web")
    cluster.log("web", previous: true, "listening on :8080\nreceived SIGTERM, shutting down")
    return cluster
}

/// A Deployment `web` whose image lies in a registry with a certificate that the node cannot verify.
private func untrustedRegistry() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let image = "registry.example.com/shop/web:2.4.1"
    let request = "failed to do request: Head \"https://registry.example.com/v2/shop/web/manifests/2.4.1\""
    let error = "\(request): \(verify): x509: certificate signed by unknown authority"
    let pods = cluster.deployment(
        "web", TemplateShape([ContainerShape("web", image: image, ports: [8080])]),
        pods: [.waiting("ImagePullBackOff", "Back-off pulling image \"\(image)\": ErrImagePull: \(error)")])
    cluster.service("web", port: 8080)
    cluster.event(
        "Failed", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), "Failed to pull image \"\(image)\": \(error)",
        count: 4, container: "web")
    return cluster
}
