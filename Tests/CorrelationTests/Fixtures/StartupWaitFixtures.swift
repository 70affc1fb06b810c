import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Programs that a probe kills before they have come up: because they are slow, or because they wait for somebody.
@Suite struct StartupWaitFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    /// A Deployment that its liveness probe kills again and again, with the log of the run before, and a database.
    private static func killed(_ log: String, selector: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let container = ContainerShape(
            "api", env: ["DB_HOST": "db", "DB_PORT": "5432"], ports: [8080],
            liveness: .http("/live", port: 8080, delay: 5, period: 5, failures: 3))
        let pods = cluster.deployment("api", TemplateShape([container]), pods: [.crashLooping(.init(143, afterSeconds: 21), restarts: 9)])
        cluster.service("api", port: 8080)
        let pod = ObjectReference(kind: "Pod", namespace: "shop", name: pods[0])
        cluster.event(
            "Unhealthy", about: pod,
            "Liveness probe failed: Get \"http://10.244.0.9:8080/live\": dial tcp 10.244.0.9:8080: connect: connection refused", count: 27,
            minutesAgo: 1, firstMinutesAgo: 20, container: "api")
        cluster.event(
            "Killing", about: pod, "Container api failed liveness probe, will be restarted", type: "Normal", count: 9, minutesAgo: 1,
            firstMinutesAgo: 20, container: "api")
        cluster.log("api", previous: true, log)
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", ports: [5432])]))
        cluster.service("db", port: 5432, selector: ["app": selector])
        return cluster
    }

    @Test func `a program that waits for its database is killed for the database's sake`() throws {
        let line = "WARN database is not reachable: dial tcp db:5432: connect: connection refused, trying again in 3 s"
        let log = "INFO starting\n" + Array(repeating: line, count: 6).joined(separator: "\n")
        let report = try Self.ask(Self.killed(log, selector: "database"))
        try report.names(.serviceSelectorMismatch, on: "Service shop/db", ["found": "app=database", "expected": "app=db"])
        report.doesNotClaim(.probeTooAggressive)
    }

    @Test func `a program that is at work when it is killed needs a longer probe`() throws {
        let log = "INFO starting\n" + (1...6).map { "INFO loaded \($0)000 of 90000 price rules" }.joined(separator: "\n")
        try Self.ask(Self.killed(log, selector: "db")).names(
            .probeTooAggressive, on: "Deployment shop/api", ["probe": "liveness", "field": "timing"])
    }

    @Test func `a single complaint that is over is no waiting`() throws {
        let log =
            "WARN dial tcp db:5432: connect: connection refused, trying again in 3 s\nINFO connected to db:5432\n"
            + (1...6).map { "INFO loaded \($0)000 of 90000 price rules" }.joined(separator: "\n")
        try Self.ask(Self.killed(log, selector: "db")).names(.probeTooAggressive, on: "Deployment shop/api", ["probe": "liveness"])
    }
}
