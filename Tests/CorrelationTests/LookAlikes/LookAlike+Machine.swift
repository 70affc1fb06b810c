import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// What the operating system refuses a program: files, ports, room and processes.
    static let machine: [LookAlike] = [
        LookAlike(
            cause: .filePermissionDenied, object: web, details: ["container": "web", "path": "/data/index.db"],
            fault: { dying("2026/11/23 18:59:01 open /data/index.db: permission denied", asUser) },
            twinIs: "the same words about a port", twinCause: .privilegedPortDenied,
            twin: { dying("2026/11/23 18:59:01 listen tcp :80: bind: permission denied", asUser) }),
        LookAlike(
            cause: .filePermissionDenied, object: web, details: ["path": "/data/out.log"],
            fault: { dying("/app/run.sh: line 3: /data/out.log: Permission denied", running("/app/run.sh")) },
            twinIs: "a command without its execute bit", twinCause: .commandNotRunnable, twin: { notExecutable() }),
        LookAlike(
            cause: .readOnlyFileSystem, object: web, details: ["container": "web", "path": "/app/cache"],
            fault: { dying("OSError: [Errno 30] Read-only file system: '/app/cache'", readOnlyRoot()) },
            twinIs: "a writable volume of another user on a read-only root", twinCause: .filePermissionDenied,
            twin: {
                dying(
                    "PermissionError: [Errno 13] Permission denied: '/app/cache/index'", readOnlyRoot(mounts: ["cache": "/app/cache"]),
                    volumes: [.emptyDir("cache")])
            }),
        LookAlike(
            cause: .portConflict, object: web, details: ["container": "admin", "port": "8080"],
            fault: { withAdmin("2026/11/23 18:59:01 listen tcp :8080: bind: address already in use") },
            twinIs: "a container that declares a taken port and dies of something else", twinCause: .applicationError,
            twin: {
                let trace = "goroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x2f"
                return withAdmin("panic: runtime error: index out of range [5] with length 3\n\n\(trace)", exit: .init(2, afterSeconds: 1))
            }),
        LookAlike(
            cause: .portConflict, object: web, details: ["port": "8080"],
            fault: { onHostPort("1 node(s) didn't have free ports for the requested pod ports", hostPort: 8080) },
            twinIs: "a node that takes no more pods", twinCause: .insufficientResources,
            twin: { onHostPort("1 Too many pods", hostPort: 9090) }),
        LookAlike(
            cause: .privilegedPortDenied, object: web, details: ["container": "web", "port": "80"],
            fault: { dying(nginx("bind() to 0.0.0.0:80 failed (13: Permission denied)"), asUser) },
            twinIs: "a directory that the same user may not make", twinCause: .filePermissionDenied,
            twin: { dying(nginx("mkdir() \"/var/cache/nginx/client_temp\" failed (13: Permission denied)"), asUser) }),
        LookAlike(
            cause: .privilegedPortDenied, object: web, details: ["port": "80"],
            fault: { dying(nginx("bind() to 0.0.0.0:80 failed (13: Permission denied)"), asUser) },
            twinIs: "a low port that is taken", twinCause: .portConflict,
            twin: { dying(nginx("bind() to 0.0.0.0:80 failed (98: Address already in use)"), ContainerShape("web", ports: [80])) }),
        LookAlike(
            cause: .diskFull, object: "StatefulSet shop/store", details: ["container": "store", "path": "/data/wal/000042"],
            fault: { store("2026/11/23 18:59:01 write /data/wal/000042: no space left on device") },
            twinIs: "file watchers that have run out", twinCause: .processLimitReached,
            twin: { store("Error: ENOSPC: System limit for number of file watchers reached, watch '/data/conf'") }),
        LookAlike(
            cause: .processLimitReached, object: web, details: ["container": "web"],
            fault: {
                let hint = "possibly out of memory or process/resource limits reached"
                return dying("\(thread) java.lang.OutOfMemoryError: unable to create native thread: \(hint)\n\(trace)")
            },
            twinIs: "a heap that is full", twinCause: .applicationError,
            twin: { dying("\(thread) java.lang.OutOfMemoryError: Java heap space\n\(trace)") }),
        LookAlike(
            cause: .ephemeralStorageExceeded, object: web, details: ["found": "500Mi", "reference": "cache"],
            fault: { evicted("Usage of EmptyDir volume \"cache\" exceeds the limit \"500Mi\". ") },
            twinIs: "a node that is short of disk", twinCause: .nodeDiskPressure,
            twin: {
                let use = "Container web was using 912Mi, request is 0, has larger consumption of ephemeral-storage. "
                let quantity = "Threshold quantity: 10Gi, available: 9712Mi."
                var cluster = evicted("The node was low on resource: ephemeral-storage. \(quantity) \(use)")
                cluster.conditions(
                    of: "worker-1",
                    [cluster.condition("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure")])
                return cluster
            }),
    ]
}

private let web = "Deployment shop/web"
private let asUser = ContainerShape(
    "web", ports: [8080], more: ["securityContext": ["runAsUser": 1000, "capabilities": ["drop": ["ALL"]]]])
private let thread = "Exception in thread \"main\""
private let trace = "\tat shop.Workers.start(Workers.java:41)\n\tat shop.Web.main(Web.java:9)"

private func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }

private func nginx(_ error: String) -> String { "2026/11/23 18:59:01 [emerg] 1#1: \(error)\nnginx: [emerg] \(error)" }

private func running(_ command: String) -> ContainerShape {
    ContainerShape("web", command: [command], ports: [8080], more: ["securityContext": ["runAsUser": 1000]])
}

private func readOnlyRoot(mounts: [String: String] = [:]) -> ContainerShape {
    ContainerShape("web", ports: [8080], mounts: mounts, more: ["securityContext": ["readOnlyRootFilesystem": true, "runAsUser": 1000]])
}

/// A Deployment `web` that keeps ending with these last words.
private func dying(
    _ words: String, _ container: ContainerShape = ContainerShape("web", ports: [8080]), volumes: [VolumeShape] = []
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let pods = cluster.deployment("web", TemplateShape([container], volumes: volumes), pods: [.crashLooping(.init(1, afterSeconds: 1))])
    cluster.service("web", port: 8080)
    cluster.event(
        "BackOff", about: pod(pods[0]), "Back-off restarting failed container web in pod \(pods[0])_shop(uid)", count: 20,
        container: "web")
    cluster.log("web", previous: true, words)
    return cluster
}

/// A Deployment `web` whose command the kernel may not execute.
private func notExecutable() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let shim = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed"
    let message = "\(shim): unable to start container process: exec: \"/app/run.sh\": permission denied: unknown"
    let pods = cluster.deployment(
        "web", TemplateShape([running("/app/run.sh")]),
        pods: [.crashLooping(.init(128, reason: "StartError", message: message, afterSeconds: 0))])
    cluster.service("web", port: 8080)
    cluster.event("Failed", about: pod(pods[0]), "Error: \(message)", count: 5, container: "web")
    return cluster
}

/// A Deployment `web` of two containers that declare one port; the second one keeps ending with these last words.
private func withAdmin(_ words: String, exit: ContainerState.Exit = .init(1, afterSeconds: 1)) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let template = TemplateShape([ContainerShape("web", ports: [8080]), ContainerShape("admin", ports: [8080])])
    cluster.deployment("web", template, pods: [PodShape(.running, others: ["admin": .crashLooping(exit)])])
    cluster.service("web", port: 8080)
    cluster.log("web", container: "web", "listening on :8080")
    cluster.log("web", container: "admin", previous: true, words)
    return cluster
}

/// A Deployment `web` that wants port 8080 of its node, where `edge` has this one.
private func onHostPort(_ refusal: String, hostPort: Int) -> ClusterBuilder {
    func template(_ name: String, _ port: Int) -> TemplateShape {
        TemplateShape([ContainerShape(name, more: ["ports": [["containerPort": 8080, "hostPort": .int(port), "protocol": "TCP"]]])])
    }
    var cluster = ClusterBuilder()
    cluster.deployment("edge", template("edge", hostPort), pods: [.running])
    let preemption = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
    cluster.deployment(
        "web", template("web", 8080), pods: [.unschedulable("0/1 nodes are available: \(refusal). \(preemption)")])
    cluster.service("web", port: 8080)
    return cluster
}

/// A StatefulSet `store` with a volume at `/data` that keeps ending with these last words.
private func store(_ words: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.claim("data-store-0")
    cluster.volume("pv-data-store-0", claim: "data-store-0")
    let container = ContainerShape("store", ports: [7000], mounts: ["data": "/data"])
    cluster.statefulSet(
        "store", TemplateShape([container], volumes: [.claim("data", name: "data-store-0")]),
        pods: [.crashLooping(.init(1, afterSeconds: 3))])
    cluster.service("store", port: 7000)
    cluster.log("store", previous: true, words)
    return cluster
}

/// A Deployment `web` whose pods the kubelet evicts one after another.
private func evicted(_ message: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape("web", ports: [8080], mounts: ["cache": "/cache"])
    let shapes = [12.0, 4.0].map { PodShape.evicted(message, minutesAgo: $0, at: cluster.time(minutesAgo: $0)) }
    let pods = cluster.deployment(
        "web", TemplateShape([container], volumes: [.emptyDir("cache", sizeLimit: "500Mi")]),
        pods: shapes + [PodShape(.running(ready: false), minutesOld: 3)], replicas: 1)
    cluster.service("web", port: 8080)
    cluster.event("Evicted", about: pod(pods[1]), message, minutesAgo: 4)
    return cluster
}
