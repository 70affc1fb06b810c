import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Programs that are Ready and say again and again what fails in them, and neighbours in one pod that say it for them.
@Suite struct ServingBadlyFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    // MARK: Ready

    /// A Deployment that is Ready, has a memory limit and a spool directory, and logs this.
    private static func serving(_ log: String, minutesAgo: Double = 1) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let container = ContainerShape("web", ports: [8080], limits: ["memory": "256Mi"], mounts: ["spool": "/var/spool/web"])
        cluster.deployment("web", TemplateShape([container], volumes: [.emptyDir("spool", sizeLimit: "1Gi")]))
        cluster.service("web", port: 8080)
        cluster.log("web", minutesAgo: minutesAgo, log)
        return cluster
    }

    /// Six workers of gunicorn that are killed; `slow` where their master has timed them out before.
    private static func workers(slow: Bool) -> String {
        (31...36).map { pid in
            let head = "[2026-11-23 18:58:\(pid) +0000]"
            let timeout = slow ? "\(head) [1] [CRITICAL] WORKER TIMEOUT (pid:\(pid))\n" : ""
            return timeout + "\(head) [1] [ERROR] Worker (pid:\(pid)) was sent SIGKILL! Perhaps out of memory?\n"
                + "\(head) [\(pid + 20)] [INFO] Booting worker with pid: \(pid + 20)"
        }.joined(separator: "\n")
    }

    private static let full = "ERROR cannot store upload: write /var/spool/web/upload.tmp: no space left on device"

    @Test func `workers that are killed one after another lack memory`() throws {
        try Self.ask(Self.serving(Self.workers(slow: false))).names(
            .memoryLimitExceeded, on: "Deployment shop/web", ["resource": "memory", "found": "256Mi", "container": "web"])
    }

    @Test func `workers that their master kills for being slow do not lack memory`() throws {
        try Self.ask(Self.serving(Self.workers(slow: true))).doesNotClaim(.memoryLimitExceeded)
    }

    @Test func `a volume that is full is told by a program that serves on`() throws {
        let log = Array(repeating: Self.full, count: 7).joined(separator: "\n")
        try Self.ask(Self.serving(log)).names(
            .diskFull, on: "Deployment shop/web", ["reference": "spool", "container": "web"])
    }

    @Test func `what was said twice may be about one request`() throws {
        try Self.ask(Self.serving("INFO started\n\(Self.full)\n\(Self.full)")).isSilent()
    }

    @Test func `what was said hours ago is over`() throws {
        let log = Array(repeating: Self.full, count: 7).joined(separator: "\n")
        try Self.ask(Self.serving(log, minutesAgo: 300)).isSilent()
    }

    // MARK: Neighbours

    /// A pod whose first program answers its probe with 503, and whose second one logs this.
    private static func pair(_ log: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let template = TemplateShape(
            [
                ContainerShape("web", ports: [8080], readiness: .http("/ready", port: 8080)),
                ContainerShape("indexer", mounts: ["index": "/var/lib/index"]),
            ], volumes: [.emptyDir("index", sizeLimit: "2Gi")])
        let pods = cluster.deployment("search", template, pods: [.running(ready: false)])
        cluster.service("search", port: 8080)
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "Readiness probe failed: HTTP probe failed with statuscode: 503", count: 90, minutesAgo: 0.2, firstMinutesAgo: 20,
            container: "web")
        cluster.log("search", container: "indexer", log)
        return cluster
    }

    @Test func `a program that is not Ready because its neighbour cannot work`() throws {
        let line = "ERROR cannot flush segment: write /var/lib/index/segment.tmp: no space left on device"
        try Self.ask(Self.pair(Array(repeating: line, count: 6).joined(separator: "\n"))).names(
            .diskFull, on: "Deployment shop/search", ["container": "indexer", "reference": "index"])
    }

    @Test func `a neighbour that is well leaves the probe its word`() throws {
        let log = (1...6).map { "INFO segment \($0) flushed" }.joined(separator: "\n")
        try Self.ask(Self.pair(log)).names(.healthCheckFailing, on: "Deployment shop/search", ["container": "web"], level: .low)
    }
}
