import CoreMetrics
import FastJSON
import Foundation
import HTTPTypes
import IncidentModel
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

/// Who may call, and how often.
@Suite(.timeLimit(.minutes(1)))
struct AccessTests {
    private let reader = AccessKeys.make(name: "dashboard", scope: .read)
    private let writer = AccessKeys.make(name: "alerts", scope: .write)
    private let admin = AccessKeys.make(name: "ana", scope: .admin)

    private var keys: AccessControl.Source {
        get throws { .keys(try AccessKeys([reader.line, "# people", "", admin.line, writer.line].joined(separator: "\n"))) }
    }

    private func bearer(_ key: String) -> [(String, String)] { [("Authorization", "Bearer \(key)")] }

    @Test func `a key opens what its scope covers, and nothing more`() async throws {
        try await LiveOrchestrator.with(access: keys) { orchestrator async throws in
            let json = [("Content-Type", "application/json")]
            func statuses(_ key: String) async throws -> [Int] {
                let id = "/api/v1/incidents/123e4567-e89b-12d3-a456-426614174000"
                let review = "{\"decision\": \"accepted\"}"
                return [
                    try await orchestrator.get("/api/v1/incidents", headers: bearer(key)).status,
                    try await orchestrator.post("{\"description\": \"x\"}", headers: json + bearer(key)).status,
                    try await orchestrator.send("POST", id + "/cancel", headers: bearer(key)).status,
                    try await orchestrator.send("PATCH", id + "/review", review, headers: json + bearer(key)).status,
                ]
            }
            #expect(try await statuses(reader.key) == [200, 403, 403, 403])
            #expect(try await statuses(writer.key) == [200, 202, 404, 403])
            #expect(try await statuses(admin.key) == [200, 202, 404, 404])
            let refused = try await orchestrator.post("{\"description\": \"x\"}", headers: json + bearer(reader.key))
            #expect(refused.isProblem(403) && refused.isHardened && refused.json["message"].string?.contains("`write` is needed") == true)
        }
    }

    @Test func `without a key, or with one that is none, nothing is told`() async throws {
        try await LiveOrchestrator.with(access: keys) { orchestrator async throws in
            let stranger = AccessKeys.make(name: "stranger", scope: .admin).key
            let attempts: [[(String, String)]] = [
                [], bearer(""), bearer("x"), bearer(stranger), bearer(reader.key + "x"), bearer(String(reader.key.dropLast())),
                [("Authorization", reader.key)], [("Authorization", "Basic \(reader.key)")], [("X-API-Key", stranger)],
                bearer(reader.line.split(separator: " ").last.map(String.init) ?? ""),
                // Two keys are an attempt to have one checked and another used.
                bearer(reader.key) + bearer(stranger), bearer(reader.key) + [("X-API-Key", admin.key)],
            ]
            for headers in attempts {
                let answer = try await orchestrator.get("/api/v1/incidents", headers: headers)
                #expect(answer.isProblem(401) && answer.header("WWW-Authenticate")?.hasPrefix("Bearer") == true, "\(headers)")
            }
            // Paths and methods that do not exist are no way to look around either.
            for path in ["/api/v1/nothing", "/api/v1/incidents/x", "/api/v1//incidents", "/api/v1/incidents/"] {
                #expect(try await orchestrator.get(path).status == 401, "\(path)")
            }
            #expect(try await orchestrator.send("DELETE", "/api/v1/incidents").status == 401)
            #expect(try await orchestrator.send("HEAD", "/api/v1/incidents").status == 401)
        }
    }

    @Test func `health, the document and the metrics need no key`() async throws {
        try await LiveOrchestrator.with(access: keys) { orchestrator async throws in
            for path in ["/health", "/api/v1/health", "/livez", "/readyz", "/openapi.yaml", "/metrics"] {
                #expect(try await orchestrator.get(path).status == 200, "\(path)")
            }
        }
    }

    @Test func `either header carries a key`() async throws {
        try await LiveOrchestrator.with(access: keys) { orchestrator async throws in
            #expect(try await orchestrator.get("/api/v1/incidents", headers: [("X-API-Key", reader.key)]).status == 200)
            #expect(try await orchestrator.get("/api/v1/incidents", headers: [("authorization", "bearer \(reader.key)")]).status == 200)
        }
    }

    @Test func `callers have Idempotency-Keys of their own, and cancel by name`() async throws {
        try await LiveOrchestrator.with(agent: ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang]), access: keys) {
            orchestrator async throws in
            let headers = [("Content-Type", "application/json"), ("Idempotency-Key", "1")]
            let first = try await orchestrator.post("{\"description\": \"a\"}", headers: headers + bearer(writer.key))
            let other = try await orchestrator.post("{\"description\": \"b\"}", headers: headers + bearer(admin.key))
            #expect(first.status == 202 && other.status == 202 && first.body != other.body)
            let path = try #require(first.header("Location"))
            let cancelled = try await orchestrator.send("POST", path + "/cancel", headers: bearer(writer.key))
            #expect(cancelled.json["error"].string == "cancelled by alerts")
        }
    }

    @Test func `a caller that asks too often has to wait, and no other`() async throws {
        try await LiveOrchestrator.with(access: keys, requestsPerMinute: 5) { orchestrator async throws in
            for _ in 1...5 { #expect(try await orchestrator.get("/api/v1/incidents", headers: bearer(reader.key)).status == 200) }
            let refused = try await orchestrator.get("/api/v1/incidents", headers: bearer(reader.key))
            #expect(refused.isProblem(429) && refused.header("Retry-After").flatMap { Int($0) }.map { (1...12).contains($0) } == true)
            #expect(try await orchestrator.get("/api/v1/incidents", headers: bearer(writer.key)).status == 200)
            #expect(try await orchestrator.get("/livez").status == 200)
        }
    }

    @Test func `who guesses keys has to wait`() async throws {
        try await LiveOrchestrator.with(access: keys) { orchestrator async throws in
            var statuses: [Int] = []
            for number in 1...22 {
                statuses.append(try await orchestrator.get("/api/v1/incidents", headers: bearer("guess-\(number)")).status)
            }
            #expect(statuses.prefix(20).allSatisfy { $0 == 401 } && statuses.suffix(2) == [429, 429])
            // Who has a key is not kept out by others at the same address.
            #expect(try await orchestrator.get("/api/v1/incidents", headers: bearer(reader.key)).status == 200)
        }
    }

    @Test func `a bucket fills again with time, and names are forgotten before they fill the memory`() {
        let time = Mutex(ContinuousClock.now)
        let limit = RateLimit(perMinute: 2) { time.withLock { $0 } }
        #expect(limit.take("a") == nil && limit.take("a") == nil)
        #expect(limit.take("a") == 30 && limit.take("b") == nil)
        time.withLock { $0 += .seconds(29) }
        #expect(limit.take("a") == 1)
        time.withLock { $0 += .seconds(1) }
        #expect(limit.take("a") == nil && limit.take("a") == 30)
        for number in 0..<20_000 { _ = limit.take("\(number)") }
        #expect(limit.take("20000") == nil)
    }

    @Test func `a mounted Secret is read again when the kubelet swaps its directory`() async throws {
        try await Fixture.withDirectory { directory in
            // keys → ..data/keys, ..data → the newest of the directories with a time for a name.
            func write(_ name: String, _ line: String) throws {
                try FileManager.default.createDirectory(atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
                try Data((line + "\n").utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)/keys"))
                try FileManager.default.createSymbolicLink(atPath: "\(directory)/..new", withDestinationPath: name)
                #expect(rename("\(directory)/..new", "\(directory)/..data") == 0)
            }
            try write("..2026_01_01", reader.line)
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/keys", withDestinationPath: "..data/keys")
            try await LiveOrchestrator.with(access: .file("\(directory)/keys")) { orchestrator async throws in
                #expect(try await orchestrator.get("/api/v1/incidents", headers: bearer(reader.key)).status == 200)
                try write("..2026_01_02", writer.line)
                try await Task.sleep(for: .seconds(5.2))
                #expect(try await orchestrator.get("/api/v1/incidents", headers: bearer(writer.key)).status == 200)
                #expect(try await orchestrator.get("/api/v1/incidents", headers: bearer(reader.key)).status == 401)
            }
        }
    }

    @Test func `a keys file is read again when it changes, and a broken one changes nothing`() async throws {
        try await Fixture.withDirectory { directory in
            let path = directory + "/keys"
            try Data((reader.line + "\n").utf8).write(to: URL(fileURLWithPath: path))
            #expect(throws: AccessKeyError.self) { try AccessKeys("") }
            try await LiveOrchestrator.with(access: .file(path)) { orchestrator async throws in
                func status(_ key: String) async throws -> Int {
                    try await orchestrator.get("/api/v1/incidents", headers: bearer(key)).status
                }
                #expect(try await status(reader.key) == 200)
                #expect(try await status(writer.key) == 401)
                try Data((writer.line + "\n").utf8).write(to: URL(fileURLWithPath: path))
                try await Task.sleep(for: .seconds(5.2))
                #expect(try await status(writer.key) == 200)
                #expect(try await status(reader.key) == 401)
                try Data("nonsense\n".utf8).write(to: URL(fileURLWithPath: path))
                try await Task.sleep(for: .seconds(5.2))
                #expect(try await status(writer.key) == 200)
            }
        }
    }

    @Test(arguments: [
        ("", "line 1 and all others hold no key"), ("a read", "line 1 is not `name scope hash`"),
        ("# fine\nx root \(String(repeating: "0", count: 64))", "line 2 is not"), ("a read zz", "line 1 is not"),
        ("a read \(String(repeating: "g", count: 64))", "line 1 is not"),
        ("a read \(String(repeating: "0", count: 64))\na write \(String(repeating: "1", count: 64))", "line 2 names a key a second time"),
    ])
    func `a keys file that is wrong is refused with its line`(_ text: String, _ message: String) {
        #expect { try AccessKeys(text) } throws: { "\($0)".hasPrefix(message) }
    }

    @Test func `a service whose keys cannot be read does not start`() async throws {
        await #expect { try await LiveOrchestrator.with(access: .file("/nonexistent/keys")) { _ in } } throws: { error in
            "\(error)" == "SRE_API_KEYS_FILE: /nonexistent/keys: cannot be read; check that it exists and may be read"
        }
    }

    @Test func `metrics count requests by route and never by what a caller made up`() async throws {
        try await LiveOrchestrator.with { orchestrator async throws in
            for number in 1...3 { _ = try await orchestrator.get("/made/up/\(number)") }
            _ = try await orchestrator.get("/livez")
            let text = try await orchestrator.get("/metrics").body
            #expect(!text.contains("/made/up"))
        }
        let metrics = PrometheusMetrics()
        let hits = metrics.makeCounter(label: "hits_total", dimensions: [("route", "/a\"b\\c\nd"), ("method", "GET")])
        hits.increment(by: 3)
        metrics.makeMeter(label: "queue.depth", dimensions: []).set(Int64(7))
        let time = metrics.makeTimer(label: "wait_seconds", dimensions: [])
        for nanoseconds in [3_000_000, 700_000_000, 90_000_000_000] as [Int64] { time.recordNanoseconds(nanoseconds) }
        let text = metrics.text()
        #expect(text.contains("# TYPE hits_total counter\nhits_total{method=\"GET\",route=\"/a\\\"b\\\\c\\nd\"} 3\n"))
        #expect(text.contains("# TYPE queue_depth gauge\nqueue_depth 7\n"))
        for line in [
            "# TYPE wait_seconds histogram", "wait_seconds_bucket{le=\"0.005\"} 1", "wait_seconds_bucket{le=\"1\"} 2",
            "wait_seconds_bucket{le=\"60\"} 2", "wait_seconds_bucket{le=\"+Inf\"} 3", "wait_seconds_count 3",
        ] {
            #expect(text.contains(line + "\n"), "\(line) is missing in\n\(text)")
        }
    }

    @Test func `connections that are only held open keep nobody out, and no request is cut off for them`() async throws {
        let agent = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        try await LiveOrchestrator.with(agent: agent, connections: 32) { orchestrator async throws in
            let path = try await orchestrator.open("cart answers 503")
            let stream = Task { try await orchestrator.get(path + "/events") }
            try await Task.sleep(for: .milliseconds(200))
            let held = try IdleConnections(200, port: orchestrator.port)
            for _ in 1...20 { #expect(try await orchestrator.get("/livez").status == 200) }
            _ = try await orchestrator.send("POST", path + "/cancel")
            #expect(try await stream.value.body.contains("event: end"))
            #expect(held.open <= 32)
        }
    }

    @Test func `a client that drips its request is cut off, one that follows events is not`() async throws {
        let agent = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        try await LiveOrchestrator.with(agent: agent, requestSeconds: 1) { orchestrator async throws in
            let path = try await orchestrator.open("cart answers 503")
            let stream = Task { try await orchestrator.get(path + "/events") }
            // A head that never ends, and a body that never comes.
            for text in [
                "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ", "POST /api/v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
            ] {
                let start = ContinuousClock.now
                _ = try? await RawHTTP.send(text, port: orchestrator.port, seconds: 10)
                #expect(start.duration(to: .now) < .seconds(5), "\(text)")
            }
            try await Task.sleep(for: .seconds(1.5))
            _ = try await orchestrator.send("POST", path + "/cancel")
            #expect(try await stream.value.body.contains("event: end"))
        }
    }
}
