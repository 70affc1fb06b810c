import FastJSON
import Foundation
import IncidentModel
import Investigation
import OrchestratorService
import SQLiteStore
import TestSupport
import Testing

/// The public API, over a real socket.
@Suite(.timeLimit(.minutes(1)))
struct IncidentRouteTests {
    @Test func `an incident is accepted at once and ends with its cause`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let answer = try await orchestrator.post(
                "{\"description\": \"cart answers 503\", \"namespace\": \"shop\", \"cluster\": \"eu\"}")
            #expect(answer.status == 202 && answer.isHardened)
            let id = try #require(answer.json["incident_id"].string.flatMap(UUID.init(uuidString:)))
            let path = "/api/v1/incidents/\(id.uuidString.lowercased())"
            #expect(answer.header("Location") == path)
            let incident = try await orchestrator.finished(path)
            #expect(incident["status"].string == "completed")
            #expect(incident["id"].string == id.uuidString.lowercased())
            #expect(incident["description"].string == "cart answers 503" && incident["cluster"].string == "eu")
            #expect(incident["report", "outcome"].string == "cause_found")
            #expect(incident["report", "root_causes"].array.first?["cause"].string == "ConfigMapNotFound")
            #expect(incident["suggested_root_cause"].string?.contains("cart-settings") == true)
            #expect(["high", "medium", "low"].contains(incident["confidence_score"].string))
            #expect(incident["evidence", "pod_details"].kind == .object && incident["evidence", "pod_logs"].kind == .string)
            #expect(incident["extracted_entities", "namespace"].string == "shop")
            for member in ["created_at", "completed_at"] {
                let time = try #require(incident[member].string)
                #expect(time.hasSuffix("Z") && RFC3339.parse(time) != nil)
            }
        }
    }

    @Test func `a finished incident reads the same again and again`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            let incident = try await orchestrator.finished(path)
            for _ in 0..<3 { #expect(try await orchestrator.get(path).json.serialized == incident.serialized) }
            let upper = path.replacing(/[^\/]+$/) { $0.output.uppercased() }
            #expect(try await orchestrator.get(upper).json.serialized == incident.serialized)
        }
    }

    @Test func `evidence is an object while nothing is known yet`() async throws {
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), inventory: [.hang])
        try await LiveOrchestrator.with(agent: stuck) { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            let incident = try await orchestrator.get(path).json
            #expect(["pending", "running"].contains(incident["status"].string))
            #expect(incident["evidence"].kind == .object && incident["suggested_root_cause"].isMissing)
            let report = try await orchestrator.get(path + "/report.md")
            #expect(report.isProblem(409) && report.header("Retry-After") == "1")
        }
    }

    @Test func `an agent that is down fails the incident and invents nothing`() async throws {
        let down = ScriptedAgent(
            Fixture.brokenShop().evidence(), inventory: Array(repeating: .fail(.unreachable("connection refused")), count: 9))
        try await LiveOrchestrator.with(agent: down) { orchestrator in
            let incident = try await orchestrator.finished(try await orchestrator.open("cart answers 503"))
            #expect(incident["status"].string == "failed")
            #expect(incident["error"].string?.contains("cannot be reached: connection refused") == true)
            #expect(incident["suggested_root_cause"].isMissing && incident["report"].isMissing && incident["confidence_score"].isMissing)
        }
    }

    @Test func `the journal is read from where one stopped`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            _ = try await orchestrator.finished(path)
            let whole = try await orchestrator.get(path + "/journal").json
            #expect(whole["status"].string == "completed" && path.hasSuffix(whole["incident_id"].string ?? "?"))
            #expect(whole["entries"].array.map { $0["sequence"].int } == [1, 2, 3, 4, 5, 6])
            #expect(whole["entries"].array.dropFirst(2).map { $0["step"].string } == ["resolve", "collect", "correlate", "report"])
            let rest = try await orchestrator.get(path + "/journal?after=3").json
            #expect(rest["entries"].array.map { $0["sequence"].int } == [4, 5, 6])
        }
    }

    @Test func `the report is given as Markdown`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let path = try await orchestrator.open("cart answers 503")
            _ = try await orchestrator.finished(path)
            let report = try await orchestrator.get(path + "/report.md")
            #expect(report.status == 200 && report.header("Content-Type") == "text/markdown; charset=utf-8")
            #expect(report.body.contains("cart-settings"))
        }
    }

    @Test func `the list gives the newest first, short`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            for name in ["one", "two", "three"] {
                _ = try await orchestrator.finished(try await orchestrator.open("cart \(name)"))
            }
            let list = try await orchestrator.get("/api/v1/incidents?limit=2").json["incidents"].array
            #expect(list.map { $0["description"].string } == ["cart three", "cart two"])
            #expect(list.allSatisfy { $0["report"].isMissing && $0["suggested_root_cause"].string != nil })
        }
    }

    @Test func `a store that cannot be used is a 503 that says nothing of its inside`() async throws {
        try await LiveOrchestrator.with(store: BrokenStore()) { orchestrator in
            let answers = [
                try await orchestrator.post("{\"description\": \"x\"}"), try await orchestrator.get("/api/v1/incidents"),
                try await orchestrator.get("/api/v1/incidents/123e4567-e89b-12d3-a456-426614174000"),
            ]
            for answer in answers {
                #expect(answer.isProblem(503) && answer.header("Retry-After") == "2" && !answer.body.contains("/secret/path"))
            }
        }
    }

    @Test func `incidents that a killed process left in its file are investigated at the next start`() async throws {
        try await Fixture.withDirectory { directory in
            let path = directory + "/store.sqlite"
            let incident = Incident(id: UUID(), description: "cart answers 503", namespace: "shop", createdAt: Date())
            do {
                let store = try SQLiteIncidentStore(path: path)
                try await store.insert(incident)
                _ = try await store.claim(by: "killed", leaseSeconds: 3_600)
            }
            let store = try SQLiteIncidentStore(path: path)
            try await store.releaseAllLeases()
            try await LiveOrchestrator.with(store: store) { orchestrator in
                let done = try await orchestrator.finished("/api/v1/incidents/\(incident.id.uuidString.lowercased())")
                #expect(done["status"].string == "completed" && done["report", "outcome"].string == "cause_found")
            }
        }
    }
}

/// A store whose disk is gone.
private struct BrokenStore: IncidentStore {
    private let failure = StoreError.unavailable("/secret/path: disk I/O error")

    let changes = ChangeFeed()

    func open(_ incident: Incident, under terms: OpeningTerms) async throws(StoreError) -> Opening { throw failure }
    func restore(_ incident: Incident, journal: [JournalEntry]) async throws(StoreError) -> Bool { throw failure }
    func incident(_ id: UUID) async throws(StoreError) -> Incident? { throw failure }
    func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry] { throw failure }
    func incidents(_ filter: IncidentFilter) async throws(StoreError) -> IncidentPage { throw failure }
    func claim(by owner: String, leaseSeconds: Double) async throws(StoreError) -> Claim? { throw failure }
    func renew(_ lease: Lease, leaseSeconds: Double) async throws(StoreError) { throw failure }
    func save(_ progress: StepProgress, under lease: Lease) async throws(StoreError) { throw failure }
    func cancel(_ id: UUID, journal entry: JournalDraft) async throws(StoreError) -> Incident? { throw failure }
    func review(_ id: UUID, _ review: Review, journal entry: JournalDraft) async throws(StoreError) -> ReviewOutcome? { throw failure }
    func queueLength() async throws(StoreError) -> Int { throw failure }
    func statistics() async throws(StoreError) -> StoreStatistics { throw failure }
    func prune(_ retention: Retention) async throws(StoreError) -> Int { throw failure }
    func check() async throws(StoreError) { throw failure }
}
