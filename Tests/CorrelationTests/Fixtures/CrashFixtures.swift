import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Containers that do not start, end, or are killed.
@Suite struct CrashFixtures {
    private func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }

    /// A Deployment `cart` whose container loops after this end.
    private func looping(_ exit: ContainerState.Exit, _ container: ContainerShape = ContainerShape("web"), restarts: Int = 6)
        -> ClusterBuilder
    {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", TemplateShape([container]), pods: [.crashLooping(exit, restarts: restarts)])
        return cluster
    }

    // MARK: Creation

    struct Creation: Sendable, CustomTestStringConvertible {
        let cause: CauseCode
        let waiting: String
        let message: String
        var details: [String: String] = [:]
        var testDescription: String { "\(cause.rawValue): \(message.prefix(110))" }
    }

    static let creations: [Creation] = [
        .init(
            cause: .commandNotRunnable, waiting: "RunContainerError",
            message:
                #"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "servr": executable file not found in $PATH: unknown"#,
            details: ["found": "servr"]),
        .init(
            cause: .commandNotRunnable, waiting: "RunContainerError",
            message:
                #"failed to start container "9b1": Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/app/servr": stat /app/servr: no such file or directory: unknown"#,
            details: ["found": "/app/servr"]),
        .init(
            cause: .commandNotRunnable, waiting: "CreateContainerError",
            message:
                #"container create failed: time="2026-11-23T18:00:00Z" level=error msg="runc create failed: unable to start container process: exec: \"/app/servr\": stat /app/servr: no such file or directory""#,
            details: ["found": "/app/servr"]),
        .init(
            cause: .commandNotRunnable, waiting: "RunContainerError",
            message:
                #"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "/app/run.sh": permission denied: unknown"#,
            details: ["found": "/app/run.sh"]),
        .init(
            cause: .commandNotRunnable, waiting: "CreateContainerError",
            message: #"failed to generate container "9b1" spec: failed to generate spec: no command specified"#),
        .init(cause: .commandNotRunnable, waiting: "CreateContainerError", message: #"Error response from daemon: No command specified"#),
        .init(
            cause: .commandNotRunnable, waiting: "CreateContainerError",
            message: #"executable file `servr` not found in $PATH: No such file or directory"#, details: ["found": "servr"]),
        .init(
            cause: .securityContextConflict, waiting: "CreateContainerConfigError",
            message: #"container has runAsNonRoot and image will run as root (pod: "cart-1_shop(uid)", container: web)"#,
            details: ["field": "runAsNonRoot"]),
        .init(
            cause: .securityContextConflict, waiting: "CreateContainerConfigError",
            message:
                #"container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root (pod: "cart-1_shop(uid)", container: web)"#
        ),
        .init(
            cause: .securityContextConflict, waiting: "CreateContainerConfigError",
            message: #"container's runAsUser breaks non-root policy (pod: "cart-1_shop(uid)", container: web)"#),
        .init(
            cause: .securityContextConflict, waiting: "CreateContainerError",
            message:
                #"failed to generate container "9b1" spec: failed to generate seccomp spec opts: cannot load seccomp profile "/var/lib/kubelet/seccomp/profiles/audit.json": open /var/lib/kubelet/seccomp/profiles/audit.json: no such file or directory"#
        ),
        .init(
            cause: .securityContextConflict, waiting: "CreateContainerConfigError",
            message: #"localhostProfile must be set if seccompProfile type is Localhost."#),
        .init(
            cause: .volumeMountInvalid, waiting: "CreateContainerConfigError",
            message: #"failed to prepare subPath for volumeMount "config" of container "web""#),
        .init(
            cause: .volumeMountInvalid, waiting: "RunContainerError",
            message:
                #"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/var/lib/kubelet/pods/u/volume-subpaths/config/web/0" to rootfs at "/etc/app.conf": mount src=/var/lib/kubelet/pods/u/volume-subpaths/config/web/0, dst=/etc/app.conf, dstFd=/proc/thread-self/fd/11, flags=0x5001: not a directory: unknown"#,
            details: ["path": "/etc/app.conf"]),
        .init(
            cause: .volumeMountInvalid, waiting: "RunContainerError",
            message:
                #"failed to start container "9b1": Error response from daemon: OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: rootfs_linux.go:75: mounting "/var/lib/kubelet/pods/u/volumes/kubernetes.io~configmap/config" to rootfs at "/etc/app.conf" caused: mount through procfd: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"#
        ),
        .init(
            cause: .memoryLimitExceeded, waiting: "RunContainerError",
            message:
                #"failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown"#
        ),
        .init(
            cause: .lifecycleHookFailed, waiting: "PostStartHookError",
            message:
                #"Exec lifecycle hook ([/bin/sh -c /warm.sh]) for Container "web" in Pod "cart-1_shop(uid)" failed - error: command '/bin/sh -c /warm.sh' exited with 127: /bin/sh: /warm.sh: not found"#
        ),
    ]

    @Test(arguments: creations) func `what stops a container from being made is told by its waiting message`(_ creation: Creation) throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", TemplateShape([ContainerShape("web", limits: ["memory": "4Mi"])]),
            pods: [.waiting(creation.waiting, creation.message, restarts: 2)])
        try ContainerFixture.expect(creation.cause, creation.details.merging(["container": "web"]) { $1 }, in: cluster)
    }

    @Test(arguments: creations.filter { $0.waiting == "RunContainerError" })
    func `in a crash loop the same words stand in the last state`(_ creation: Creation) throws {
        let reason = creation.message.contains("Error response from daemon") ? "ContainerCannotRun" : "StartError"
        let cluster = looping(
            .init(128, reason: reason, message: creation.message, afterSeconds: 0), ContainerShape("web", limits: ["memory": "4Mi"]))
        try ContainerFixture.expect(creation.cause, creation.details, in: cluster)
    }

    @Test(arguments: creations.filter { $0.cause == .commandNotRunnable && $0.details["found"] != nil })
    func `without any state the event tells the same`(_ creation: Creation) throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart", TemplateShape([ContainerShape("web")]), pods: [.waiting("CrashLoopBackOff", restarts: 3)])
        cluster.event("Failed", about: pod(pods[0]), "Error: " + creation.message, count: 4, container: "web")
        try ContainerFixture.expect(creation.cause, creation.details, in: cluster)
    }

    @Test(arguments: [127, 126]) func `exit codes of a shell that cannot run its command`(_ code: Int) throws {
        let cluster = looping(.init(code, afterSeconds: 0), ContainerShape("web", command: ["/bin/sh", "-c", "start-server --fast"]))
        try ContainerFixture.expect(.commandNotRunnable, ["exit_code": String(code)], in: cluster)
    }

    @Test func `a shared library that is missing ends with 127 too`() throws {
        var cluster = looping(.init(127, afterSeconds: 0))
        cluster.log(
            "cart", previous: true,
            "/app/server: error while loading shared libraries: libssl.so.1.1: cannot open shared object file: No such file or directory")
        try ContainerFixture.expect(.libraryMissing, ["reference": "libssl.so.1.1"], in: cluster)
    }

    @Test func `AppArmor rejection`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart",
            pods: [
                PodShape(
                    .waiting("ContainerCreating"),
                    more: [
                        "status": [
                            "phase": "Failed", "reason": "AppArmor",
                            "message": "Pod was rejected: Cannot enforce AppArmor: profile \"audit\" is not loaded",
                        ]
                    ])
            ])
        try ContainerFixture.expect(.securityContextConflict, [:], in: cluster)
    }

    @Test func `a postStart hook of a new kubelet prints no output`() throws {
        var cluster = ClusterBuilder()
        let container = ContainerShape("web", more: ["lifecycle": ["postStart": ["exec": ["command": ["/bin/sh", "-c", "/warm.sh"]]]]])
        let pods = cluster.deployment(
            "cart", TemplateShape([container]), pods: [.waiting("CrashLoopBackOff", "back-off", restarts: 4, last: .init(137))])
        cluster.event("FailedPostStartHook", about: pod(pods[0]), "PostStartHook failed", count: 4, container: "web")
        cluster.event("Killing", about: pod(pods[0]), "FailedPostStartHook", type: "Normal", count: 4, container: "web")
        try ContainerFixture.expect(.lifecycleHookFailed, ["container": "web"], in: cluster)
    }

    // MARK: Exit 137 and who did it

    @Test func `OOMKilled with a limit is the limit`() throws {
        let container = ContainerShape("web", limits: ["memory": "64Mi"])
        try ContainerFixture.expect(
            .memoryLimitExceeded, ["container": "web", "found": "64Mi", "resource": "memory", "exit_code": "137"], level: .high,
            in: looping(.outOfMemory, container))
    }

    @Test func `OOMKilled and running again for a moment is still the limit`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("web", limits: ["memory": "64Mi"])])
        cluster.deployment("cart", template, pods: [.running(restarts: 7, last: .init(137, reason: "OOMKilled", afterSeconds: 300))])
        cluster.service("cart")
        try ContainerFixture.expect(.memoryLimitExceeded, ["container": "web"], in: cluster)
    }

    @Test func `a child killed for memory leaves no OOMKilled`() throws {
        var cluster = looping(.init(1, afterSeconds: 90), ContainerShape("web", limits: ["memory": "128Mi"]))
        cluster.log(
            "cart", previous: true,
            """
            [2026-11-23 18:50:00 +0000] [1] [INFO] Booting worker with pid: 7
            [2026-11-23 18:51:00 +0000] [1] [ERROR] Worker (pid:7) was sent SIGKILL! Perhaps out of memory?
            """)
        try ContainerFixture.expect(.memoryLimitExceeded, ["resource": "memory"], in: cluster)
    }

    @Test func `a node out of memory kills containers below their limit`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([ContainerShape("web")])
        cluster.deployment("cart", template, pods: [.crashLooping(.init(137, reason: "OOMKilled"))])
        cluster.event(
            "SystemOOM", about: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
            "System OOM encountered, victim process: java, pid: 4242",
            minutesAgo: 1)
        let report = try diagnose(cluster.evidence(), ContainerFixture.vague, namespace: "shop")
        let first = try #require(report.rootCauses.first)
        #expect(
            first.cause == .nodeOutOfMemory && first.object == ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
            "got \(report.words)")
    }

    @Test func `a liveness kill with 137 is not memory`() throws {
        var cluster = ClusterBuilder()
        let container = ContainerShape(
            "web", ports: [8080], limits: ["memory": "256Mi"], liveness: .http("/alive", port: 8080))
        let pods = cluster.deployment("cart", TemplateShape([container]), pods: [.crashLooping(.init(137, afterSeconds: 60))])
        cluster.event(
            "Unhealthy", about: pod(pods[0]), "Liveness probe failed: HTTP probe failed with statuscode: 404", count: 12, container: "web")
        cluster.event(
            "Killing", about: pod(pods[0]), "Container web failed liveness probe, will be restarted", type: "Normal", count: 4,
            container: "web")
        cluster.log("cart", previous: true, "listening on :8080\nGET /alive 404")
        try ContainerFixture.expect(.probeMisconfigured, ["probe": "liveness", "field": "path", "found": "/alive"], in: cluster)
    }

    @Test func `a pod that ends slowly during a rollout is no incident`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", revision: 2)
        cluster.service("cart")
        cluster.replicaSet(
            of: "cart", TemplateShape([ContainerShape("cart", image: "registry.example.com/app:0.9")]),
            pods: [
                PodShape(
                    .terminated(.init(137)),
                    more: ["metadata": ["deletionTimestamp": .string(cluster.time(minutesAgo: 0.5))]])
            ], revision: 1, replicas: 0)
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test func `a kill from outside without any trace has no confident cause`() throws {
        let report = try diagnose(looping(.init(137, afterSeconds: 40)).evidence(), ContainerFixture.vague, namespace: "shop")
        #expect(report.rootCauses.allSatisfy { $0.level < .high }, "got \(report.words)")
        #expect(!report.confident.contains { $0.cause == .memoryLimitExceeded }, "got \(report.words)")
    }

    @Test func `one external kill that is over is history`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.running(restarts: 1, last: .init(137, afterSeconds: 30))])
        cluster.change(.pods, "cart", [:])
        cluster.service("cart")
        try ContainerFixture.expectNot([.memoryLimitExceeded, .nodeOutOfMemory], in: cluster)
    }

    // MARK: The program itself

    struct Crash: Sendable, CustomTestStringConvertible {
        let code: Int
        let log: String
        var details: [String: String] = [:]
        var testDescription: String { "\(code): \(log.prefix(80))" }
    }

    static let crashes: [Crash] = [
        .init(
            code: 2,
            log:
                "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a1f2c]\n\ngoroutine 1 [running]:\nmain.loadPrices(...)\n\t/src/main.go:42 +0x1c\nmain.main()\n\t/src/main.go:12 +0x2f\nexit status 2",
            details: ["exit_code": "2"]),
        .init(
            code: 1,
            log:
                "Traceback (most recent call last):\n  File \"/app/main.py\", line 12, in <module>\n    start()\n  File \"/app/main.py\", line 8, in start\n    return total / count\nZeroDivisionError: division by zero",
            details: ["exception": "ZeroDivisionError", "exit_code": "1"]),
        .init(
            code: 1,
            log:
                "Exception in thread \"main\" java.lang.IllegalStateException: cannot start\n\tat shop.Cart.main(Cart.java:9)\nCaused by: java.lang.NullPointerException: Cannot invoke \"String.length()\" because \"s\" is null\n\tat shop.Cart.load(Cart.java:31)\n\t... 1 more",
            details: ["exception": "java.lang.NullPointerException"]),
        .init(
            code: 1,
            log:
                "/app/server.js:14\n  return cart.items.length\n                    ^\n\nTypeError: Cannot read properties of undefined (reading 'length')\n    at total (/app/server.js:14:21)\n    at Object.<anonymous> (/app/server.js:20:1)\n\nNode.js v22.11.0",
            details: ["exception": "TypeError"]),
        .init(
            code: 134,
            log:
                "Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.\n   at Shop.Cart.Load() in /src/Cart.cs:line 20\n   at Program.<Main>$(String[] args) in /src/Program.cs:line 4",
            details: ["exception": "System.NullReferenceException"]),
        .init(
            code: 1,
            log: "/app/cart.rb:7:in `total': undefined method `sum' for nil:NilClass (NoMethodError)\n\tfrom /app/cart.rb:12:in `<main>'",
            details: ["exception": "NoMethodError"]),
        .init(
            code: 255,
            log:
                "PHP Fatal error:  Uncaught TypeError: Cart::total(): Return value must be of type int, null returned in /app/cart.php:12\nStack trace:\n#0 /app/index.php(4): Cart->total()\n#1 {main}\n  thrown in /app/cart.php on line 12",
            details: ["exception": "TypeError"]),
        .init(
            code: 101,
            log:
                "thread 'main' panicked at src/main.rs:9:30:\ncalled `Option::unwrap()` on a `None` value\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
            details: ["exit_code": "101"]),
        .init(
            code: 134,
            log:
                "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector::_M_range_check: __n (which is 5) >= this->size() (which is 3)",
            details: ["exit_code": "134"]),
        .init(code: 139, log: "starting cart\nSegmentation fault (core dumped)", details: ["exit_code": "139", "signal": "SIGSEGV"]),
        .init(
            code: 134, log: "cart: src/queue.c:88: pop: Assertion `q->size > 0' failed.\nAborted (core dumped)",
            details: ["exit_code": "134"]),
    ]

    @Test(arguments: crashes) func `a program that fails by itself is the application's error`(_ crash: Crash) throws {
        var cluster = looping(.init(crash.code, afterSeconds: 3))
        cluster.log("cart", previous: true, crash.log)
        try ContainerFixture.expect(.applicationError, crash.details.merging(["container": "web"]) { $1 }, in: cluster)
    }

    @Test(arguments: [(139, "SIGSEGV"), (132, "SIGILL"), (136, "SIGFPE"), (134, "SIGABRT")])
    func `a deadly signal is told without any log`(_ code: Int, _ signal: String) throws {
        try ContainerFixture.expect(
            .applicationError, ["exit_code": String(code), "signal": signal], in: looping(.init(code, afterSeconds: 2)))
    }

    @Test func `exit 1 without a log is said with little confidence`() throws {
        let report = try diagnose(looping(.init(1)).evidence(), ContainerFixture.vague, namespace: "shop")
        let first = try #require((report.rootCauses + report.alternatives).first)
        #expect(first.object.name == "cart" && first.level < .high)
    }

    @Test func `a service that ends with 0 again and again`() throws {
        var cluster = looping(.init(0, afterSeconds: 2), ContainerShape("web", command: ["sh", "-c", "echo done"]))
        cluster.log("cart", previous: true, "done")
        try ContainerFixture.expect(.containerExitsCleanly, ["container": "web", "exit_code": "0"], level: .high, in: cluster)
    }

    @Test func `a Job that completed is well`() throws {
        var cluster = ClusterBuilder()
        cluster.job(
            "import", TemplateShape([ContainerShape("import")], more: ["restartPolicy": "OnFailure"]),
            pods: [PodShape(.terminated(.init(0), restarts: 2, last: .init(1)))],
            more: ["status": ["succeeded": 1, "conditions": [["type": "Complete", "status": "True"]]]])
        cluster.deployment("cart")
        cluster.service("cart")
        try ContainerFixture.expectSilence(in: cluster)
    }
}
