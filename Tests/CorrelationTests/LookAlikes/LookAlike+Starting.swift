import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Containers that cannot be made, and pods that cannot be set up.
    static let starting: [LookAlike] = [
        LookAlike(
            cause: .securityContextConflict, object: web, details: ["container": "web", "field": "runAsNonRoot"],
            fault: {
                waiting(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root (pod: \"web-1_shop(uid)\", container: web)",
                    ContainerShape("web", ports: [8080], more: ["securityContext": ["runAsNonRoot": true]]))
            },
            twinIs: "a user that may start the program and not write its files", twinCause: .filePermissionDenied,
            twin: {
                dying(
                    .init(1), ContainerShape("web", more: ["securityContext": ["runAsNonRoot": true, "runAsUser": 1000]]),
                    "PermissionError: [Errno 13] Permission denied: '/var/lib/web/sessions'")
            }),
        LookAlike(
            cause: .volumeMountInvalid, object: web, details: ["path": "/srv/web"],
            fault: {
                mounting(
                    ["hostPath": ["path": "/srv/web", "type": "Directory"]], "hostPath type check failed: /srv/web is not a directory")
            },
            twinIs: "a share whose server refuses the mount", twinCause: .volumeMountFailed,
            twin: {
                let output = "mount.nfs: access denied by server while mounting nfs.example.com:/srv/web"
                return mounting(
                    ["nfs": ["server": "nfs.example.com", "path": "/srv/web"]],
                    "mount failed: exit status 32\nMounting command: mount\nOutput: \(output)")
            }),
        LookAlike(
            cause: .volumeMountInvalid, object: web, details: ["container": "web", "path": "/etc/web.conf"],
            fault: {
                let source = "/var/lib/kubelet/pods/uid/volume-subpaths/settings/web/0"
                let error = "error mounting \"\(source)\" to rootfs at \"/etc/web.conf\": mount src=\(source), dst=/etc/web.conf"
                let mount: JSONNode = ["volumeMounts": [["name": "settings", "mountPath": "/etc/web.conf", "subPath": "web.conf"]]]
                var cluster = unstarted(
                    ContainerShape("web", more: mount), "error during container init: \(error): not a directory",
                    volumes: [.configMap("settings", name: "web-config")])
                cluster.configMap("web-config", ["web.cfg": "mode fast"])
                return cluster
            },
            twinIs: "a command below something that is no directory", twinCause: .commandNotRunnable,
            twin: {
                unstarted(
                    ContainerShape("web", command: ["/app/run/web"]), "exec: \"/app/run/web\": stat /app/run/web: not a directory")
            }),
        LookAlike(
            cause: .commandNotRunnable, object: web, details: ["container": "web", "found": "webd"],
            fault: { unstarted(ContainerShape("web", command: ["webd"]), "exec: \"webd\": executable file not found in $PATH") },
            twinIs: "a command that is there and lacks a library", twinCause: .libraryMissing,
            twin: {
                let error = "libpq.so.5: cannot open shared object file: No such file or directory"
                return dying(
                    .init(127, afterSeconds: 0), ContainerShape("web", command: ["webd"]),
                    "webd: error while loading shared libraries: \(error)")
            }),
        LookAlike(
            cause: .commandNotRunnable, object: web, details: ["found": "/app/web"],
            fault: { unstarted(ContainerShape("web", command: ["/app/web"]), "exec: \"/app/web\": permission denied") },
            twinIs: "a probe whose command is not in the image", twinCause: .probeMisconfigured, twin: { withoutProbeCommand() }),
        LookAlike(
            cause: .lifecycleHookFailed, object: web, details: ["container": "web", "field": "postStart"],
            fault: { hooked() }, twinIs: "a program that dies although its hook works", twinCause: .applicationError,
            twin: {
                let trace = "Traceback (most recent call last):\n  File \"/app/main.py\", line 8, in start\n    return items[0]"
                return dying(.init(1), withHook, "listening on :8080\n\(trace)\nIndexError: list index out of range")
            }),
        LookAlike(
            cause: .runtimeClassNotFound, object: web, details: ["reference": "gvisor"],
            fault: { sandbox("failed to get sandbox runtime: no runtime for \"runsc\" is configured") },
            twinIs: "a network plugin that fails in a pod with a RuntimeClass", twinCause: .podNetworkSetupFailed,
            twin: { sandbox("\(network): plugin type=\"calico\" failed (add): stat /var/lib/calico/nodename: no such file or directory") }),
        LookAlike(
            cause: .podNetworkSetupFailed, object: "Node worker-1", details: ["node": "worker-1"],
            fault: {
                let error = "failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.254"
                return sandbox("\(network): plugin type=\"host-local\" failed (add): \(error)")
            },
            twinIs: "a runtime that does not answer", twinCause: .containerRuntimeDown,
            twin: {
                let error = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"
                return sandbox("connection error: desc = \"\(error)\"", code: "Unavailable")
            }),
        LookAlike(
            cause: .deviceUnavailable, object: web, details: ["resource": "nvidia.com/gpu"],
            fault: { withoutDevice() },
            twinIs: "a device that no node offers", twinCause: .insufficientResources,
            twin: {
                var cluster = ClusterBuilder()
                let refusal = "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
                cluster.deployment(
                    "web", TemplateShape([withGPU]),
                    pods: [.unschedulable("0/1 nodes are available: 1 Insufficient nvidia.com/gpu. \(refusal)")])
                return cluster
            }),
        LookAlike(
            cause: .initContainerBlocked, object: web, details: ["container": "wait"],
            fault: { waitingInit("test -f /work/ready", for: "/work/ready") },
            twinIs: "one that waits for a database which is killed for memory", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = waitingInit("nc -z db 5432", for: "db:5432")
                cluster.statefulSet(
                    "db", TemplateShape([ContainerShape("db", ports: [5432], limits: ["memory": "64Mi"])]),
                    pods: [.crashLooping(.outOfMemory)])
                cluster.service("db", port: 5432)
                return cluster
            }),
        LookAlike(
            cause: .initContainerBlocked, object: web, details: ["container": "wait"],
            fault: { waitingInit("test -f /work/ready", for: "/work/ready") },
            twinIs: "one that began seconds ago", twinCause: nil,
            twin: { waitingInit("test -f /work/ready", for: "/work/ready", minutesOld: 0.3) }),
    ]
}

private let web = "Deployment shop/web"
private let network = "failed to setup network for sandbox \"1f\""
private let withGPU = ContainerShape("web", requests: ["nvidia.com/gpu": "1"], limits: ["nvidia.com/gpu": "1"])
private let withHook = ContainerShape(
    "web", ports: [8080], more: ["lifecycle": ["postStart": ["exec": ["command": ["/bin/sh", "-c", "/warm.sh"]]]]])

private func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }

/// A Deployment `web` whose container waits for this reason.
private func waiting(_ reason: String, _ message: String, _ container: ContainerShape) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.waiting(reason, message)])
    cluster.service("web", port: 8080)
    cluster.event("Failed", about: pod(pods[0]), "Error: \(message)", count: 12, container: "web")
    return cluster
}

/// A Deployment `web` whose process the runtime cannot start.
private func unstarted(_ container: ContainerShape, _ error: String, volumes: [VolumeShape] = []) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let shim = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed"
    let message = "\(shim): unable to start container process: \(error): unknown"
    let pods = cluster.deployment(
        "web", TemplateShape([container], volumes: volumes),
        pods: [.crashLooping(.init(128, reason: "StartError", message: message, afterSeconds: 0))])
    cluster.service("web", port: 8080)
    cluster.event("Failed", about: pod(pods[0]), "Error: \(message)", count: 5, container: "web")
    return cluster
}

/// A Deployment `web` that keeps ending with these last words.
private func dying(_ exit: ContainerState.Exit, _ container: ContainerShape, _ words: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.deployment("web", TemplateShape([container]), pods: [.crashLooping(exit)])
    cluster.service("web", port: 8080)
    cluster.log("web", previous: true, words)
    return cluster
}

/// A Deployment `web` whose volume cannot be set up.
private func mounting(_ source: JSONNode, _ error: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape("web", ports: [8080], mounts: ["data": "/data"])
    let pods = cluster.deployment("web", TemplateShape([container], volumes: [.other("data", source)]), pods: [.creating()])
    cluster.service("web", port: 8080)
    cluster.event(
        "FailedMount", about: pod(pods[0]), "MountVolume.SetUp failed for volume \"data\" : \(error)", count: 9, minutesAgo: 1,
        firstMinutesAgo: 9)
    return cluster
}

/// A Deployment `web` that runs and is not ready, since the command of its probe is not in the image.
private func withoutProbeCommand() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape("web", ports: [8080], readiness: .exec(["curl", "-f", "localhost:8080"]))
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.running(ready: false)])
    cluster.service("web", port: 8080)
    let runtime = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"curl\""
    let error = "rpc error: code = Unknown desc = \(runtime): executable file not found in $PATH: unknown"
    cluster.event(
        "Unhealthy", about: pod(pods[0]), "Readiness probe errored and resulted in unknown state: \(error)", count: 40,
        firstMinutesAgo: 20, container: "web")
    return cluster
}

/// A Deployment `web` whose hook after the start fails, for which it is killed.
private func hooked() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let pods = cluster.deployment("web", TemplateShape([withHook]), pods: [.crashLooping(.init(137, afterSeconds: 31))])
    cluster.service("web", port: 8080)
    cluster.event("FailedPostStartHook", about: pod(pods[0]), "PostStartHook failed", count: 5, minutesAgo: 1, container: "web")
    cluster.event(
        "Killing", about: pod(pods[0]), "FailedPostStartHook", type: "Normal", count: 5, minutesAgo: 1, container: "web")
    cluster.log("web", previous: true, "listening on :8080")
    return cluster
}

/// A Deployment `web` with a RuntimeClass that exists, whose sandbox cannot be made.
private func sandbox(_ error: String, code: String = "Unknown") -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.add(.runtimeClasses, name: "gvisor", ["handler": "runsc"])
    let template = TemplateShape([ContainerShape("web", ports: [8080])], more: ["runtimeClassName": "gvisor"])
    let pods = cluster.deployment("web", template, pods: [.creating()])
    cluster.service("web", port: 8080)
    cluster.event(
        "FailedCreatePodSandBox", about: pod(pods[0]), "Failed to create pod sandbox: rpc error: code = \(code) desc = \(error)",
        count: 40, minutesAgo: 1, firstMinutesAgo: 9)
    return cluster
}

/// A Deployment `web` whose pods the kubelet refuses: its device plugin has nothing left to give.
private func withoutDevice() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.change(.nodes, "worker-1", ["status": ["allocatable": ["nvidia.com/gpu": "1"], "capacity": ["nvidia.com/gpu": "1"]]])
    let why = "no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu"
    let message = "Pod was rejected: Allocate failed due to \(why), which is unexpected"
    let refused: JSONNode = [
        "status": [
            "phase": "Failed", "reason": "UnexpectedAdmissionError", "message": .string(message), "containerStatuses": .null,
            "podIP": .null,
        ]
    ]
    let shapes = [8.0, 4.0].map { PodShape(.waiting("ContainerCreating"), minutesOld: $0, more: refused) }
    cluster.deployment("web", TemplateShape([withGPU]), pods: shapes, replicas: 1)
    return cluster
}

/// A Deployment `web` whose init container tries again and again.
private func waitingInit(_ test: String, for thing: String, minutesOld: Double = 20) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let loop = ContainerShape("wait", command: ["sh", "-c", "until \(test); do echo waiting for \(thing); sleep 2; done"])
    let shape = PodShape(.waiting("PodInitializing"), others: ["wait": .running(ready: false)], minutesOld: minutesOld)
    cluster.deployment(
        "web", TemplateShape([ContainerShape("web", ports: [8080])], initContainers: [loop]), pods: [shape], minutesOld: minutesOld)
    cluster.service("web", port: 8080)
    cluster.log("web", container: "wait", minutesAgo: 0.1, Array(repeating: "waiting for \(thing)", count: 6).joined(separator: "\n"))
    return cluster
}
