import Foundation
import IncidentModel
import Investigation
import TestSupport
import Testing

/// What every store must do for its readers and keepers: lists, repeated requests, retention, hints.
@Suite(.timeLimit(.minutes(1)))
struct StoreListingTests {
    @Test(arguments: StoreKind.allCases)
    func `pages give each incident once, the newest first, whatever is stored meanwhile`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            for number in 1...7 { try await store.insert(.sample("\(number)", after: Double(number % 3))) }
            var seen: [String] = []
            var filter = IncidentFilter(limit: 3)
            repeat {
                let page = try await store.incidents(filter)
                seen += page.incidents.map(\.description)
                filter.before = page.next
                try await store.insert(.sample("meanwhile"))
            } while filter.before != nil
            #expect(seen == ["7", "6", "5", "4", "3", "2", "1"])
            #expect(try await store.incidents(IncidentFilter(limit: 0)).incidents.isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists are filtered by status, namespace, cause and time`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.insert(.sample("done", after: 0))
            try await store.insert(.sample("elsewhere", after: 10, namespace: "bank"))
            try await store.insert(.sample("named nowhere", after: 20, namespace: nil))
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            var done = claim.incident
            done.status = .completed
            done.report = Report(
                outcome: .causeFound, summary: "found",
                rootCauses: [
                    RootCause(
                        cause: .configMapNotFound, object: ObjectReference(kind: "ConfigMap", namespace: "shop", name: "x"),
                        statement: "gone", confidence: 0.9)
                ],
                evidenceTime: moment)
            try await store.save(StepProgress(done, after: 0), under: claim.lease)
            let last = try #require(try await store.incidents(IncidentFilter(limit: 1)).incidents.first)
            func names(_ filter: IncidentFilter) async throws -> [String] { try await store.incidents(filter).incidents.map(\.description) }
            #expect(try await names(IncidentFilter(statuses: [.completed])) == ["done"])
            #expect(try await names(IncidentFilter(statuses: [.pending, .running])) == ["named nowhere", "elsewhere"])
            #expect(try await names(IncidentFilter(namespace: "bank")) == ["elsewhere"])
            #expect(try await names(IncidentFilter(cause: .configMapNotFound)) == ["done"])
            #expect(try await names(IncidentFilter(cause: .memoryLimitExceeded)).isEmpty)
            #expect(try await names(IncidentFilter(from: last.createdAt)) == ["named nowhere"])
            #expect(try await names(IncidentFilter(until: last.createdAt)) == ["elsewhere", "done"])
            #expect(try await names(IncidentFilter(statuses: [.completed], namespace: "bank")).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a repeated request is the same incident, another under its key is refused`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let first = Incident.sample("first")
            let terms = OpeningTerms(idempotencyKey: "ana/1", request: Data("a".utf8))
            #expect(try await store.open(first, under: terms) == .opened)
            #expect(try await store.open(.sample("again"), under: terms) == .existing(first.id))
            let other = OpeningTerms(idempotencyKey: "ana/1", request: Data("b".utf8))
            #expect(try await store.open(.sample("other"), under: other) == .keyReused)
            #expect(try await store.open(.sample("else"), under: OpeningTerms(idempotencyKey: "ana/2", request: Data("a".utf8))) == .opened)
            #expect(try await store.incidents(IncidentFilter()).incidents.count == 2)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `of many equal requests at once one opens an incident`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let terms = OpeningTerms(idempotencyKey: "ana/1", request: Data("a".utf8))
            let openings = try await withThrowingTaskGroup(of: Opening.self) { group in
                for _ in 1...8 { group.addTask { try await store.open(.sample(), under: terms) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(openings.count { $0 == .opened } == 1 && Set(openings).count == 2)
            #expect(try await store.incidents(IncidentFilter()).incidents.count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `equal reports within the window are folded, and not after it or after a failure`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            // Of the store's own time, from which the window counts.
            let now = kind == .postgres ? Date() : moment.addingTimeInterval(3_600)
            func incident() -> Incident { Incident(id: UUID(), description: "cart is down", createdAt: now) }
            let first = incident()
            let terms = OpeningTerms(request: Data("a".utf8), foldingSeconds: 60)
            #expect(try await store.open(first, under: terms) == .opened)
            #expect(try await store.open(incident(), under: terms) == .existing(first.id))
            #expect(try await store.open(incident(), under: OpeningTerms(request: Data("b".utf8), foldingSeconds: 60)) == .opened)
            let entry = JournalDraft(time: moment, step: "runner", message: "cancelled")
            _ = try await store.cancel(first.id, journal: entry)
            let second = incident()
            #expect(try await store.open(second, under: terms) == .opened)
            try await advance(61)
            #expect(try await store.open(incident(), under: terms) == .opened)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an incident is taken over from another store with its journal, once`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var done = Incident.sample("done")
            done.status = .completed
            done.completedAt = moment
            let journal = (1...3).map { JournalEntry(sequence: $0, time: moment, step: "collect", message: "entry \($0)") }
            #expect(try await store.restore(done, journal: journal))
            #expect(try await store.restore(done, journal: []) == false)
            #expect(try await store.incident(done.id) == done)
            #expect(try await store.journal(of: done.id, after: 0) == journal)
            var half = Incident.sample("half")
            half.status = .running
            #expect(try await store.restore(half, journal: Array(journal.prefix(1))))
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            #expect(claim.incident.id == half.id && claim.checkpoint == nil && claim.journalLength == 1)
            let oldest = try await store.incidents(IncidentFilter(after: 0, limit: 1))
            #expect(oldest.incidents.map(\.description) == ["done"])
            #expect(try await store.incidents(IncidentFilter(after: oldest.next, limit: 1)).incidents.map(\.description) == ["half"])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the queue and what is kept are counted`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            #expect(try await store.statistics() == StoreStatistics())
            for _ in 1...3 { try await store.insert(.sample()) }
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            _ = try await store.cancel(claim.incident.id, journal: JournalDraft(time: moment, step: "runner", message: "cancelled"))
            _ = try await store.claim(by: "a", leaseSeconds: 30)
            let statistics = try await store.statistics()
            #expect(statistics.queued == 1 && statistics.running == 1 && statistics.finished == 1 && statistics.awaiting == 0)
            #expect(statistics.bytes > 500 && statistics.oldestQueuedSeconds >= 0)
            #expect(try await store.queueLength() == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `finished incidents beyond the bounds are deleted with their journals, oldest first`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            let now = kind == .postgres ? Date() : moment.addingTimeInterval(3_600)
            var ids: [UUID] = []
            for number in 1...6 {
                let incident = Incident(id: UUID(), description: "\(number)", createdAt: now)
                try await store.insert(incident)
                ids.append(incident.id)
            }
            let entry = JournalDraft(time: moment, step: "runner", message: "cancelled")
            for id in ids.prefix(4) { _ = try await store.cancel(id, journal: entry) }
            func left() async throws -> [String] { try await store.incidents(IncidentFilter()).incidents.map(\.description).reversed() }
            #expect(try await store.prune(Retention()) == 0)
            #expect(try await store.prune(Retention(count: 5)) == 1)
            #expect(try await left() == ["2", "3", "4", "5", "6"])
            #expect(try await store.journal(of: ids[0], after: 0).isEmpty)
            let each = try await store.statistics().bytes / 5
            #expect(try await store.prune(Retention(bytes: each * 4)) == 1)
            #expect(try await left() == ["3", "4", "5", "6"])
            #expect(try await store.prune(Retention(seconds: 3_600)) == 0)
            try await advance(3_700)
            // What is not finished stays, however old it is.
            #expect(try await store.prune(Retention(seconds: 3_600)) == 2)
            #expect(try await left() == ["5", "6"])
        }
    }

    @Test(arguments: [StoreKind.memory, .sqlite])
    func `waiters are told of work, of progress and of cancellations`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var changes = store.changes.subscribe { _ in true }.makeAsyncIterator()
            let incident = Incident.sample()
            try await store.insert(incident)
            #expect(await changes.next() == .work)
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            try await store.save(StepProgress(claim.incident, after: 0), under: claim.lease)
            #expect(await changes.next() == .incident(incident.id))
            _ = try await store.cancel(incident.id, journal: JournalDraft(time: moment, step: "runner", message: "cancelled"))
            #expect(await changes.next() == .cancelled(incident.id))
            #expect(await changes.next() == .incident(incident.id))
        }
    }
}
