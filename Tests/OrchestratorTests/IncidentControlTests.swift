import FastJSON
import Foundation
import HTTPTypes
import IncidentModel
import Investigation
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import OrchestratorService

/// Cancelling, reviewing, following, repeating and listing over a real port.
@Suite(.timeLimit(.minutes(1)))
struct IncidentControlTests {
    private static let json = [("Content-Type", "application/json")]

    private func hanging() -> ScriptedAgent { ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang]) }

    @Test func `a running investigation is cancelled at once, and a second time is no error`() async throws {
        let agent = hanging()
        try await LiveOrchestrator.with(agent: agent) { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            while agent.scopes.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            for _ in 1...2 {
                let answer = try await orchestrator.send("POST", path + "/cancel")
                #expect(answer.status == 200 && answer.json["status"].string == "cancelled")
            }
            let incident = try await orchestrator.get(path).json
            #expect(incident["status"].string == "cancelled" && incident["error"].string == "cancelled by request")
            #expect(incident["suggested_root_cause"].isMissing)
        }
    }

    @Test func `what has ended cannot be cancelled`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            _ = try await orchestrator.finished(path)
            let answer = try await orchestrator.send("POST", path + "/cancel")
            #expect(answer.isProblem(409) && answer.json["message"].string?.contains("completed already") == true)
        }
    }

    @Test func `an event stream tells the journal and the end`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            let answer = try await orchestrator.get(path + "/events")
            #expect(answer.status == 200 && answer.header("Content-Type") == "text/event-stream" && answer.isHardened)
            let events = Event.parse(answer.body)
            #expect(events.filter { $0.name == "journal" }.map(\.id) == ["1", "2", "3", "4", "5", "6"])
            #expect(events.last?.name == "end" && events.last?.data["status"].string == "completed")
            #expect(events.dropLast().last?.data["message"].string == "the report is written")
        }
    }

    @Test func `a broken stream is resumed after the last event that was seen`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            _ = try await orchestrator.finished(path)
            let resumed = try await orchestrator.get(path + "/events", headers: [("Last-Event-ID", "4")])
            #expect(Event.parse(resumed.body).map(\.id) == ["5", "6", nil])
            let beyond = try await orchestrator.get(path + "/events", headers: [("Last-Event-ID", "6")])
            #expect(Event.parse(beyond.body).map(\.name) == ["end"])
            let asked = try await orchestrator.get(path + "/events?after=5")
            #expect(Event.parse(asked.body).map(\.id) == ["6", nil])
            for bad in ["-1", "x", "1;2", "99999999999999999999"] {
                #expect(try await orchestrator.get(path + "/events", headers: [("Last-Event-ID", bad)]).isProblem(400), "\(bad)")
            }
        }
    }

    @Test func `a stream that is open at a shutdown ends, and the shutdown is not held up`() async throws {
        let agent = hanging()
        let start = ContinuousClock.now
        var stream: Task<RawHTTP.Answer, any Error>?
        try await LiveOrchestrator.with(agent: agent) { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            while agent.scopes.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            stream = Task { try await orchestrator.get(path + "/events") }
            try await Task.sleep(for: .milliseconds(100))
        }
        let answer = try await stream?.value
        #expect(answer.map { Event.parse($0.body).contains { $0.name == "end" } } == false)
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test func `a repeated report under one key is one incident`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let key = Self.json + [("Idempotency-Key", "alert-7")]
            let first = try await orchestrator.post("{\"description\": \"cart is down\", \"namespace\": \"shop\"}", headers: key)
            let again = try await orchestrator.post("{ \"namespace\":\"shop\",\"description\":\"cart is down\" }", headers: key)
            #expect(first.status == 202 && again.status == 202 && first.body == again.body)
            #expect(again.header("Location") == first.header("Location"))
            let other = try await orchestrator.post("{\"description\": \"something else\"}", headers: key)
            #expect(other.isProblem(422))
            #expect(try await orchestrator.get("/api/v1/incidents").json["incidents"].array.count == 1)
        }
    }

    @Test func `a key that is being answered is a conflict`() async throws {
        let store = SlowOpening()
        let intake = IncidentIntake(store: store, limits: .init())
        let report = try IncidentReport(JSONValue(parsing: "{\"description\": \"x\"}"))
        async let first = intake.take(report, key: "k", caller: "")
        while !store.isAsked { try await Task.sleep(for: .milliseconds(1)) }
        await #expect { _ = try await intake.take(report, key: "k", caller: "") } throws: { ($0 as? Problem)?.status == .conflict }
        store.go()
        #expect(try await first.isNew)
        #expect(try await intake.take(report, key: "k", caller: "").isNew == false)
    }

    @Test func `more incidents than may wait are refused until some are done`() async throws {
        let store = MemoryIncidentStore()
        let intake = IncidentIntake(store: store, limits: .init(queued: 3))
        let report = try IncidentReport(JSONValue(parsing: "{\"description\": \"x\"}"))
        for _ in 1...3 { _ = try await intake.take(report, key: nil, caller: "") }
        await #expect { _ = try await intake.take(report, key: nil, caller: "") } throws: { error in
            guard let problem = error as? Problem else { return false }
            return problem.status == .serviceUnavailable && problem.headers[.retryAfter] == "10"
        }
        for _ in 1...3 { _ = await store.claim(by: "a", leaseSeconds: 30) }
        try await Task.sleep(for: .milliseconds(1_100))
        #expect(try await intake.take(report, key: nil, caller: "").isNew)
    }

    @Test func `a silent stream shows that it lives, and more streams than may be open are refused`() async throws {
        let store = MemoryIncidentStore()
        let incident = Incident(id: UUID(), description: "waits", createdAt: Date())
        try await store.insert(incident)
        let routes = IncidentRoutes(
            store: store, events: .init(streams: 2, heartbeatSeconds: 0.05, lookSeconds: 0.02), logger: .silent
        ).routes
        try await LiveOrchestrator.serve(
            store: store,
            { try ServiceApplication(name: "test", listening: .init(port: 0), routes: routes, logger: .silent, onListening: $0) }
        ) { orchestrator in
            let path = "/api/v1/incidents/\(incident.id.uuidString.lowercased())"
            let streams = (1...2).map { _ in Task { try await orchestrator.get(path + "/events") } }
            // Both are open when both have been told something.
            try await Task.sleep(for: .milliseconds(500))
            let third = try await orchestrator.get(path + "/events")
            #expect(third.isProblem(503) && third.header("Retry-After") == "5")
            #expect(try await orchestrator.send("POST", path + "/cancel").status == 200)
            for stream in streams {
                let body = try await stream.value.body
                #expect(body.contains(": still here\n\n") && body.contains("event: end\ndata: {\"status\":\"cancelled\"}\n\n"), "\(body)")
            }
        }
    }

    @Test func `lists are paged and filtered`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            for number in 1...5 { _ = try await orchestrator.finished(try await orchestrator.open("cart \(number)")) }
            var names: [String?] = []
            var cursor = ""
            repeat {
                let page = try await orchestrator.get("/api/v1/incidents?limit=2&status=completed,failed&namespace=shop\(cursor)").json
                names += page["incidents"].array.map { $0["description"].string }
                cursor = page["next_cursor"].string.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(names == ["cart 5", "cart 4", "cart 3", "cart 2", "cart 1"])
            let caused = try await orchestrator.get("/api/v1/incidents?cause=ConfigMapNotFound&limit=1").json
            #expect(caused["incidents"].array.count == 1 && caused["next_cursor"].string != nil)
            #expect(try await orchestrator.get("/api/v1/incidents?status=failed").json["incidents"].array.isEmpty)
            let future = try await orchestrator.get("/api/v1/incidents?created_from=2100-01-01T00:00:00Z").json
            #expect(future["incidents"].array.isEmpty)
        }
    }

    @Test func `a cause waits for a person where that is configured`() async throws {
        try await LiveOrchestrator.with(asksForReview: true) { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            var waiting = try await orchestrator.get(path).json
            while waiting["awaits"].isMissing {
                try await Task.sleep(for: .milliseconds(5))
                waiting = try await orchestrator.get(path).json
            }
            #expect(waiting["status"].string == "pending" && waiting["awaits"].string == "review" && waiting["report"].isMissing)
            let body = "{\"decision\": \"accepted\", \"comment\": \"yes\"}"
            let answer = try await orchestrator.send("PATCH", path + "/review", body, headers: Self.json)
            #expect(answer.status == 200 && answer.json["review", "decision"].string == "accepted")
            let done = try await orchestrator.finished(path)
            #expect(done["status"].string == "completed" && done["review", "comment"].string == "yes" && done["awaits"].isMissing)
            #expect(try await orchestrator.send("PATCH", path + "/review", body, headers: Self.json).isProblem(409))
        }
    }
}

/// A store whose `open` waits until it is told to go on.
private final class SlowOpening: IncidentStore {
    private let store = MemoryIncidentStore()
    private let state = Mutex((isAsked: false, goesOn: false))

    var isAsked: Bool { state.withLock { $0.isAsked } }
    var changes: ChangeFeed { store.changes }

    func go() { state.withLock { $0.goesOn = true } }

    func open(_ incident: Incident, under terms: OpeningTerms) async throws(StoreError) -> Opening {
        state.withLock { $0.isAsked = true }
        while !state.withLock({ $0.goesOn }) { try? await Task.sleep(for: .milliseconds(1)) }
        return try await store.open(incident, under: terms)
    }

    func restore(_ incident: Incident, journal: [JournalEntry]) async throws(StoreError) -> Bool { false }
    func incident(_ id: UUID) async throws(StoreError) -> Incident? { await store.incident(id) }
    func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry] {
        await store.journal(of: id, after: sequence)
    }
    func incidents(_ filter: IncidentFilter) async throws(StoreError) -> IncidentPage { await store.incidents(filter) }
    func claim(by owner: String, leaseSeconds: Double) async throws(StoreError) -> Claim? { nil }
    func renew(_ lease: Lease, leaseSeconds: Double) async throws(StoreError) {}
    func save(_ progress: StepProgress, under lease: Lease) async throws(StoreError) {}
    func cancel(_ id: UUID, journal entry: JournalDraft) async throws(StoreError) -> Incident? { nil }
    func review(_ id: UUID, _ review: Review, journal entry: JournalDraft) async throws(StoreError) -> ReviewOutcome? { nil }
    func queueLength() async throws(StoreError) -> Int { 0 }
    func statistics() async throws(StoreError) -> StoreStatistics { StoreStatistics() }
    func prune(_ retention: Retention) async throws(StoreError) -> Int { 0 }
    func check() async throws(StoreError) {}
}

/// One server-sent event.
private struct Event {
    var id: String?
    var name: String?
    var data: JSONValue

    static func parse(_ text: String) -> [Event] {
        // The sizes of chunks stand on lines of their own, which say nothing here.
        text.replacing("\r\n", with: "\n").components(separatedBy: "\n\n").compactMap { block in
            var event = Event(data: .missing)
            for line in block.split(separator: "\n") {
                if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data = (try? JSONValue(parsing: String(line.dropFirst(6)))) ?? .missing }
            }
            return event.name == nil ? nil : event
        }
    }
}
