import Foundation
import IncidentModel
import TestSupport
import Testing

/// Probes: which one, which field of it, and whether it is the probe or the program.
@Suite struct ProbeFixtures {
    struct Setting: Sendable, CustomTestStringConvertible {
        var name: String
        var cause: CauseCode
        var details: [String: String]
        var container: ContainerShape
        var message: String
        var log = ""
        var kind = "Readiness"
        /// Seconds from start to kill, for probes that kill.
        var lived = 40
        var testDescription: String { name }
    }

    private static func web(
        _ ports: [Int], readiness: ProbeShape? = nil, liveness: ProbeShape? = nil, startup: ProbeShape? = nil, command: [String] = []
    ) -> ContainerShape {
        ContainerShape("web", command: command, ports: ports, readiness: readiness, liveness: liveness, startup: startup)
    }

    static let settings: [Setting] = [
        .init(
            name: "path that does not exist", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "path", "found": "/redy"],
            container: web([8080], readiness: .http("/redy", port: 8080)),
            message: "Readiness probe failed: HTTP probe failed with statuscode: 404", log: "listening on port 8080"),
        .init(
            name: "path that needs a login", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "path", "found": "/admin"],
            container: web([8080], readiness: .http("/admin", port: 8080)),
            message: "Readiness probe failed: HTTP probe failed with statuscode: 401"),
        .init(
            name: "path that takes no GET", cause: .probeMisconfigured, details: ["probe": "readiness", "field": "path"],
            container: web([8080], readiness: .http("/submit", port: 8080)),
            message: "Readiness probe failed: HTTP probe failed with statuscode: 405"),
        .init(
            name: "port that is not declared", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "port", "found": "8081", "expected": "8080"],
            container: web([8080], readiness: .http("/ready", port: 8081)),
            message: "Readiness probe failed: Get \"http://10.244.0.9:8081/ready\": dial tcp 10.244.0.9:8081: connect: connection refused"),
        .init(
            name: "port that nothing listens on by the program's words", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "port", "found": "9000", "expected": "3000"],
            container: web([], readiness: .tcp(port: 9000)),
            message: "Readiness probe failed: dial tcp 10.244.0.9:9000: connect: connection refused", log: "Server listening on port 3000"),
        .init(
            name: "plain HTTP asked of a TLS server", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "protocol", "found": "HTTP", "expected": "HTTPS"],
            container: web([8443], readiness: .http("/ready", port: 8443)),
            message: "Readiness probe failed: HTTP probe failed with statuscode: 400",
            log: "2026/11/23 18:59:00 http: TLS handshake error from 10.244.0.1:40112: client sent an HTTP request to an HTTPS server"),
        .init(
            name: "HTTPS asked of a plain server", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "protocol", "found": "HTTPS", "expected": "HTTP"],
            container: ContainerShape(
                "web", ports: [8080],
                more: [
                    "readinessProbe": [
                        "httpGet": ["path": "/ready", "port": 8080, "scheme": "HTTPS"], "periodSeconds": 10, "timeoutSeconds": 1,
                        "failureThreshold": 3,
                    ]
                ]),
            message: "Readiness probe failed: Get \"https://10.244.0.9:8080/ready\": http: server gave HTTP response to HTTPS client"),
        .init(
            name: "HTTP asked of a program that speaks something else", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "protocol"],
            container: web([6379], readiness: .http("/", port: 6379)),
            message:
                "Readiness probe failed: Get \"http://10.244.0.9:6379/\": net/http: HTTP/1.x transport connection broken: malformed HTTP response \"-ERR unknown command\""
        ),
        .init(
            name: "named port that is not declared", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "port", "found": "http-admin"],
            container: ContainerShape(
                "web", ports: [8080], more: ["readinessProbe": ["httpGet": ["path": "/ready", "port": "http-admin", "scheme": "HTTP"]]]),
            message: "Readiness probe errored and resulted in unknown state: port http-admin not found"),
        .init(
            name: "probe command that is not in the image", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "command", "found": "/bin/checkup"],
            container: web([8080], readiness: .exec(["/bin/checkup"])),
            message:
                "Readiness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in container: failed to start exec \"a1\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"/bin/checkup\": stat /bin/checkup: no such file or directory: unknown"
        ),
        .init(
            name: "probe command of an older kubelet", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "command"],
            container: web([8080], readiness: .exec(["curl", "-f", "localhost:8080"])),
            message:
                "Readiness probe errored: rpc error: code = Unknown desc = failed to exec in container: failed to start exec \"a1\": OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: \"curl\": executable file not found in $PATH: unknown"
        ),
        .init(
            name: "probe command that the shell does not know", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "command"],
            container: web([5432], readiness: .exec(["sh", "-c", "pg_isredy -U postgres"])),
            message: "Readiness probe failed: sh: 1: pg_isredy: not found"),
        .init(
            name: "probe command that reads a file nobody writes", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "command"],
            container: web([8080], readiness: .exec(["cat", "/tmp/healthy"])),
            message: "Readiness probe failed: cat: can't open '/tmp/healthy': No such file or directory"),
        .init(
            name: "gRPC health service that is not there", cause: .probeMisconfigured, details: ["probe": "readiness"],
            container: ContainerShape("web", ports: [9090], more: ["readinessProbe": ["grpc": ["port": 9090]]]),
            message:
                "Readiness probe failed: error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health"
        ),
        .init(
            name: "gRPC probe of a wrong port", cause: .probeMisconfigured,
            details: ["probe": "readiness", "field": "port", "found": "9091", "expected": "9090"],
            container: ContainerShape("web", ports: [9090], more: ["readinessProbe": ["grpc": ["port": 9091]]]),
            message: "Readiness probe failed: timeout: failed to connect service \"10.244.0.9:9091\" within 1s: context deadline exceeded"),
        .init(
            name: "unhealthy by its own word", cause: .healthCheckFailing, details: ["probe": "readiness"],
            container: web([8080], readiness: .http("/ready", port: 8080)),
            message: "Readiness probe failed: HTTP probe failed with statuscode: 503"),
        .init(
            name: "internal error of the health endpoint", cause: .healthCheckFailing, details: ["probe": "readiness"],
            container: web([8080], readiness: .http("/ready", port: 8080)),
            message: "Readiness probe failed: HTTP probe failed with statuscode: 500"),
        .init(
            name: "gRPC not serving", cause: .healthCheckFailing, details: ["probe": "readiness"],
            container: ContainerShape("web", ports: [9090], more: ["readinessProbe": ["grpc": ["port": 9090]]]),
            message: "Readiness probe failed: service unhealthy (responded with \"NOT_SERVING\")"),
    ]

    private func cluster(_ setting: Setting, kill: Bool) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let state: PodShape =
            kill ? .running(ready: false, restarts: 5, last: .init(137, afterSeconds: setting.lived)) : .running(ready: false)
        let pods = cluster.deployment("cart", TemplateShape([setting.container]), pods: [state])
        cluster.service("cart", port: 8080)
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event("Unhealthy", about: pod, setting.message, count: 40, firstMinutesAgo: 20, container: "web")
        if kill {
            cluster.event(
                "Killing", about: pod, "Container web failed \(setting.kind.lowercased()) probe, will be restarted", type: "Normal",
                count: 5,
                container: "web")
        }
        if !setting.log.isEmpty { cluster.log("cart", setting.log) }
        return cluster
    }

    @Test(arguments: settings) func `a readiness probe that fails tells what is wrong`(_ setting: Setting) throws {
        // That a program calls itself ill, and no more, is a suspicion: why it is ill is what matters.
        let level: ConfidenceLevel = setting.cause == .healthCheckFailing ? .low : .medium
        try ContainerFixture.expect(
            setting.cause, setting.details.merging(["container": "web"]) { $1 }, level: level, in: cluster(setting, kill: false))
    }

    /// The same probe as liveness probe, which kills.
    private static func asLiveness(_ setting: Setting) -> Setting {
        var other = setting
        other.container.liveness = setting.container.readiness
        other.container.readiness = nil
        if let probe = setting.container.more["readinessProbe"] { other.container.more = ["livenessProbe": probe] }
        other.message = setting.message.replacingOccurrences(of: "Readiness", with: "Liveness")
        other.kind = "Liveness"
        other.details["probe"] = "liveness"
        return other
    }

    @Test(arguments: settings.filter { $0.cause == .probeMisconfigured && !$0.message.contains("errored") })
    func `a liveness probe that kills tells what is wrong`(_ setting: Setting) throws {
        let setting = Self.asLiveness(setting)
        try ContainerFixture.expect(.probeMisconfigured, setting.details, in: cluster(setting, kill: true))
    }

    @Test(arguments: settings.filter { $0.cause == .probeMisconfigured })
    func `an event from describe names no container`(_ setting: Setting) throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart", TemplateShape([setting.container]), pods: [.running(ready: false)])
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), setting.message, count: 40,
            firstMinutesAgo: 20)
        if !setting.log.isEmpty { cluster.log("cart", setting.log) }
        try ContainerFixture.expect(.probeMisconfigured, setting.details, in: cluster)
    }

    @Test func `a startup probe shorter than the program's start`() throws {
        var cluster = ClusterBuilder()
        let container = Self.web([8080], startup: .http("/ready", port: 8080, period: 2, failures: 3))
        let pods = cluster.deployment(
            "cart", TemplateShape([container]), pods: [.running(ready: false, restarts: 6, last: .init(143, afterSeconds: 8))])
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "Unhealthy", about: pod,
            "Startup probe failed: Get \"http://10.244.0.9:8080/ready\": dial tcp 10.244.0.9:8080: connect: connection refused", count: 18,
            container: "web")
        cluster.event(
            "Killing", about: pod, "Container web failed startup probe, will be restarted", type: "Normal", count: 6, container: "web")
        cluster.log("cart", previous: true, "loading catalogue, 40000 items\nwarming cache 10 %\nwarming cache 20 %")
        try ContainerFixture.expect(.probeTooAggressive, ["probe": "startup", "field": "timing"], in: cluster)
    }

    @Test func `a liveness probe without delay kills a slow start`() throws {
        var cluster = ClusterBuilder()
        let container = Self.web([8080], liveness: .http("/ready", port: 8080, delay: 5, period: 5, failures: 2))
        let pods = cluster.deployment("cart", TemplateShape([container]), pods: [.crashLooping(.init(143, afterSeconds: 16))])
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "Unhealthy", about: pod,
            "Liveness probe failed: Get \"http://10.244.0.9:8080/ready\": dial tcp 10.244.0.9:8080: connect: connection refused", count: 18,
            container: "web")
        cluster.event(
            "Killing", about: pod, "Container web failed liveness probe, will be restarted", type: "Normal", count: 6, container: "web")
        cluster.log("cart", previous: true, "starting, replaying journal\nreplayed 10000 of 90000 entries")
        try ContainerFixture.expect(.probeTooAggressive, ["probe": "liveness", "field": "timing"], in: cluster)
    }

    @Test func `a timeout of a second is too short for an endpoint that used to have longer`() throws {
        var cluster = ClusterBuilder()
        func template(_ timeout: Int) -> TemplateShape {
            TemplateShape([
                ContainerShape(
                    "web", ports: [8080],
                    more: [
                        "livenessProbe": [
                            "httpGet": ["path": "/live", "port": 8080], "timeoutSeconds": .int(timeout), "periodSeconds": 5,
                            "failureThreshold": 2,
                        ]
                    ])
            ])
        }
        let pods = cluster.deployment("cart", template(1), pods: [.running(restarts: 4, last: .init(137, afterSeconds: 60))], revision: 2)
        cluster.replicaSet(of: "cart", template(10), revision: 1, minutesOld: 600)
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "Unhealthy", about: pod,
            "Liveness probe failed: Get \"http://10.244.0.9:8080/live\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
            count: 12, container: "web")
        cluster.event(
            "Killing", about: pod, "Container web failed liveness probe, will be restarted", type: "Normal", count: 4, container: "web")
        try ContainerFixture.expect(
            .probeTooAggressive, ["probe": "liveness", "field": "timing", "found": "1 s", "expected": "10 s"], in: cluster)
    }

    @Test func `a program that dies by itself while its probe fails is not the probe's fault`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment(
            "cart", TemplateShape([Self.web([8080], readiness: .http("/ready", port: 8080), liveness: .http("/ready", port: 8080))]),
            pods: [.crashLooping(.init(1, afterSeconds: 3))])
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "Unhealthy", about: pod,
            "Readiness probe failed: Get \"http://10.244.0.9:8080/ready\": dial tcp 10.244.0.9:8080: connect: connection refused",
            count: 18,
            container: "web")
        cluster.log(
            "cart", previous: true,
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\n    x = limits['a']\nTypeError: 'NoneType' object is not subscriptable"
        )
        try ContainerFixture.expect(.applicationError, ["exception": "TypeError"], in: cluster)
    }

    @Test func `a blip of a probe that is over is no incident`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("cart", TemplateShape([Self.web([8080], readiness: .http("/ready", port: 8080))]))
        cluster.service("cart", port: 8080)
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Readiness probe failed: Get \"http://10.244.0.9:8080/ready\": dial tcp 10.244.0.9:8080: connect: connection refused",
            count: 3, minutesAgo: 29, container: "web")
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test func `a pod that is still starting is no incident`() throws {
        var cluster = ClusterBuilder()
        let container = Self.web([8080], readiness: .http("/ready", port: 8080))
        let pods = cluster.deployment(
            "cart", TemplateShape([container]), pods: [.running, PodShape(.running(ready: false), minutesOld: 0.3)])
        cluster.service("cart", port: 8080)
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[1]),
            "Readiness probe failed: Get \"http://10.244.0.9:8080/ready\": dial tcp 10.244.0.9:8080: connect: connection refused",
            count: 2, minutesAgo: 0.1, container: "web")
        try ContainerFixture.expectSilence(in: cluster)
    }

    @Test func `a 404 that the previous revision did not have names the path that worked`() throws {
        var cluster = ClusterBuilder()
        let new = TemplateShape([Self.web([8080], readiness: .http("/readyz", port: 8080))])
        let old = TemplateShape([Self.web([8080], readiness: .http("/ready", port: 8080))])
        let pods = cluster.deployment("cart", new, pods: [.running(ready: false)], revision: 2)
        cluster.replicaSet(of: "cart", old, pods: [.running], revision: 1)
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Readiness probe failed: HTTP probe failed with statuscode: 404", count: 30, container: "web")
        try ContainerFixture.expect(
            .probeMisconfigured, ["probe": "readiness", "field": "path", "found": "/readyz", "expected": "/ready"], level: .high,
            in: cluster)
    }
}
