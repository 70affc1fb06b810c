import FastJSON
import Foundation
import TestSupport
import Testing

/// Orchestrators that are killed, frozen, or lose their store in the middle of their work. Nothing may be lost, done twice in what
/// anybody can see, or stuck.
///
/// `SRE_LONG_TESTS=1` makes 200 runs of the seeded kinds instead of a few. A run that fails names its seed; `SRE_SEED=…` repeats it.
@Suite(.serialized)
struct KillTests {
    private static let isLong = ProcessInfo.processInfo.environment["SRE_LONG_TESTS"] != nil
    private static let seed = ProcessInfo.processInfo.environment["SRE_SEED"].flatMap { UInt64($0) }

    private static func seeds(_ count: Int) -> [UInt64] { seed.map { [$0] } ?? (1...UInt64(isLong ? 200 : count)).map { $0 } }

    private static func withFile(_ work: (_ environment: [String: String]) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "kill-\(UUID().uuidString).sqlite").path
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        try await work(["SRE_STORE": path, "SRE_INVESTIGATION_ATTEMPTS": "20", "SRE_LEASE_SECONDS": "5"])
    }

    /// What must hold of an incident that ended well, however often its process died.
    private static func check(_ incident: JSONValue, _ replica: Replica, _ comment: Comment) async throws {
        #expect(incident["status"].string == "completed" && incident["suggested_root_cause"].string != nil, comment)
        let id = incident["id"].string ?? ""
        let entries = try await replica.get("/api/v1/incidents/\(id)/journal")["entries"].array
        #expect(entries.map { $0["sequence"].int } == entries.indices.map { $0 + 1 }, comment)
        let steps = entries.compactMap { $0["step"].string }
        // What is in no checkpoint is read again after a crash; everything else is done once.
        for step in ["parse", "resolve", "correlate", "report"] { #expect(steps.count { $0 == step } == 1, "\(comment): \(steps)") }
        #expect(steps.last == "report", comment)
    }

    @Test(arguments: 1...6)
    func `killed after any step, an investigation goes on from there`(_ entries: Int) async throws {
        try await Self.withFile { environment in
            let system = try await RunningSystem(environment: environment)
            let first = try await system.orchestrator()
            let path = try #require(try await first.open("orders fail", key: "a"))
            // Killed at the moment at which the journal has so many entries, as far as anybody can see.
            while try await first.get(path + "/journal")["entries"].array.count < entries { await Task.yield() }
            try await first.process.crash()
            let second = try await system.orchestrator()
            let incident = try #require(try await second.finished([path]).first)
            try await Self.check(incident, second, "after \(entries) entries")
        }
    }

    @Test func `killed at any time, nothing is lost and nothing is done twice`() async throws {
        try await Self.withFile { environment in
            let system = try await RunningSystem(environment: environment)
            for seed in Self.seeds(20) {
                var noise = SeededNoise(seed: seed)
                var replica = try await system.orchestrator()
                var paths: [String?] = [nil, nil, nil]
                for _ in 1...2 {
                    let delay = Duration.milliseconds(Int(noise.uniform() * 120))
                    let victim = replica
                    let killer = Task {
                        try await Task.sleep(for: delay)
                        try await victim.process.crash()
                    }
                    for index in paths.indices {
                        paths[index] = (try? await replica.open("orders fail", key: "\(seed)-\(index)")) ?? paths[index]
                    }
                    _ = try? await killer.value
                    replica = try await system.orchestrator()
                }
                // The client sends again what was never answered; what was taken in before is the same incident.
                for index in paths.indices {
                    let again = try #require(try await replica.open("orders fail", key: "\(seed)-\(index)"))
                    #expect(paths[index] == nil || paths[index] == again, "seed \(seed): an incident that was taken in is lost")
                    paths[index] = again
                }
                #expect(Set(paths).count == paths.count)
                for incident in try await replica.finished(paths.compactMap { $0 }) {
                    try await Self.check(incident, replica, "seed \(seed)")
                }
                try await replica.process.crash()
            }
        }
    }

    @Test func `three replicas share one database, and any of them may die`() async throws {
        let server = try PostgresServer()
        let environment = [
            "SRE_DATABASE_URL": server.address(), "SRE_INVESTIGATION_ATTEMPTS": "20", "SRE_LEASE_SECONDS": "5", "SRE_CONCURRENCY": "2",
        ]
        let system = try await RunningSystem(environment: environment)
        var replicas: [Replica] = []
        for _ in 1...3 { replicas.append(try await system.orchestrator()) }
        for seed in Self.seeds(4) {
            var noise = SeededNoise(seed: seed)
            var paths: [String] = []
            for index in 0..<6 {
                paths.append(try #require(try await replicas[index % 3].open("orders fail", key: "\(seed)-\(index)")))
            }
            try await Task.sleep(for: .milliseconds(Int(noise.uniform() * 150)))
            let victim = Int(noise.uniform() * 3)
            try await replicas[victim].process.crash()
            replicas[victim] = try await system.orchestrator()
            for incident in try await replicas[(victim + 1) % 3].finished(paths) {
                try await Self.check(incident, replicas[victim], "seed \(seed)")
            }
        }
        for replica in replicas { #expect(try await replica.process.stop() == 0) }
    }

    @Test func `a replica that was frozen beyond its lease writes nothing when it wakes`() async throws {
        let server = try PostgresServer()
        let environment = [
            "SRE_DATABASE_URL": server.address(), "SRE_INVESTIGATION_ATTEMPTS": "20", "SRE_LEASE_SECONDS": "5", "SRE_CONCURRENCY": "1",
            "SRE_AGENT_TIMEOUT_SECONDS": "60", "SRE_STEP_TIMEOUT_SECONDS": "60",
        ]
        let system = try await RunningSystem(environment: environment)
        let sleeper = try await system.orchestrator()
        // The agent does not answer, so that the first replica is held in the middle of a step.
        system.agent.hold()
        let path = try #require(try await sleeper.open("orders fail", key: "a"))
        while try await sleeper.get(path)["status"].string != "running" { try await Task.sleep(for: .milliseconds(10)) }
        sleeper.process.hold()
        let other = try await system.orchestrator()
        try await Task.sleep(for: .seconds(6))
        system.agent.goOn()
        let done = try #require(try await other.finished([path]).first)
        try await Self.check(done, other, "taken over")
        let journal = try await other.get(path + "/journal")["entries"].array.count
        sleeper.process.goOn()
        for _ in 1...100 where !sleeper.process.errors.contains("lease lost") { try await Task.sleep(for: .milliseconds(50)) }
        #expect(sleeper.process.errors.contains("lease lost"))
        #expect(try await other.get(path + "/journal")["entries"].array.count == journal)
        #expect(try await sleeper.get(path)["completed_at"].string == done["completed_at"].string)
        // It works on as if nothing had been.
        let next = try #require(try await sleeper.open("orders fail", key: "b"))
        _ = try await sleeper.finished([next])
    }

    @Test func `a database that restarts in the middle is waited for`() async throws {
        let server = try PostgresServer()
        let environment = ["SRE_DATABASE_URL": server.address(), "SRE_INVESTIGATION_ATTEMPTS": "20", "SRE_LEASE_SECONDS": "5"]
        let system = try await RunningSystem(environment: environment)
        let replica = try await system.orchestrator()
        var paths: [String] = []
        for round in 0..<3 {
            for index in 0..<3 { paths.append(try #require(try await replica.open("orders fail", key: "\(round)-\(index)"))) }
            try await Task.sleep(for: .milliseconds(40 * round))
            try server.stop("immediate")
            #expect(try await replica.get("/livez")["status"].string == "ok")
            let refused = try await RawHTTP.request("GET", "/api/v1/incidents", port: replica.port)
            #expect(refused.status == 503 && refused.header("Retry-After") != nil)
            let ready = try await RawHTTP.request("GET", "/readyz", port: replica.port)
            #expect(ready.status == 503 && ready.body.contains("store: PostgreSQL"))
            try server.start()
        }
        for incident in try await replica.finished(paths) { try await Self.check(incident, replica, "after restarts") }
    }

    @Test func `a disk that is full is said so, reading goes on, and writing too once there is room`() async throws {
        try await Self.withFile { environment in
            let system = try await RunningSystem(environment: environment)
            // No file of this process may grow beyond 400 KiB: what the kernel answers then is what it answers on a full disk.
            let replica = try await system.orchestrator(shell: "trap '' XFSZ; ulimit -S -f 800;")
            let first = try #require(try await replica.open("orders fail", key: "first"))
            _ = try await replica.finished([first])
            let long = String(repeating: "orders fail again ", count: 3_000)
            var refused: RawHTTP.Answer?
            for number in 1...60 where refused == nil {
                let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "\(number)")]
                let body = Array(JSONText.object([("description", JSONText.quote(long))]).utf8)
                let answer = try await RawHTTP.request("POST", "/api/v1/incidents", headers: headers, body: body, port: replica.port)
                if answer.status != 202 { refused = answer }
            }
            let answer = try #require(refused)
            #expect(answer.status == 503 && answer.header("Retry-After") == "2" && answer.body.contains("cannot be used now"))
            #expect(replica.process.errors.contains("store failed"))
            #expect(try await replica.get(first)["status"].string == "completed")
            let prlimit = Process()
            prlimit.executableURL = URL(filePath: "/usr/bin/prlimit")
            prlimit.arguments = ["--pid", "\(replica.process.processIdentifier)", "--fsize=unlimited"]
            try prlimit.run()
            prlimit.waitUntilExit()
            let last = try #require(try await replica.open("orders fail", key: "last"))
            let paths = try await replica.get("/api/v1/incidents?limit=200")["incidents"].array.compactMap { $0["id"].string }
                .map { "/api/v1/incidents/\($0)" }
            for incident in try await replica.finished(paths) { #expect(incident["status"].string == "completed") }
            #expect(paths.contains(last))
        }
    }
}
