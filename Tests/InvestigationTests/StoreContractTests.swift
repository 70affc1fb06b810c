import Foundation
import IncidentModel
import Investigation
import TestSupport
import Testing

/// What every store must do for investigations: keep, claim, save, fence.
@Suite(.timeLimit(.minutes(1)))
struct StoreContractTests {
    @Test(arguments: StoreKind.allCases)
    func `an incident is read back as it was stored`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            var incident = Incident.sample("„Warenkorb“ antwortet nicht: \u{1F6D2}\u{0}\u{1B}[31m'; DROP TABLE incidents; --")
            incident.report = Report(outcome: .inconclusive, summary: "nothing", evidenceTime: moment)
            incident.evidence.podLogs = "[cart] a/b\n"
            try await store.insert(incident)
            #expect(try await store.incident(incident.id) == incident)
            #expect(try await store.journal(of: incident.id, after: 0).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an unknown id gives nothing`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let (none, entries) = (try await store.incident(UUID()), try await store.journal(of: UUID(), after: 0))
            #expect(none == nil && entries.isEmpty)
            #expect(try await store.claim(by: "a", leaseSeconds: 30) == nil)
            let entry = JournalDraft(time: moment, step: "runner", message: "cancelled")
            #expect(try await store.cancel(UUID(), journal: entry) == nil)
            #expect(try await store.review(UUID(), Review(decision: .accepted, time: moment), journal: entry) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the same id cannot be stored twice`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            let incident = Incident.sample()
            try await store.insert(incident)
            await #expect(throws: StoreError.duplicate(incident.id)) { try await store.insert(incident) }
            #expect(try await store.incident(incident.id) == incident)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `claims take what was stored first, whatever its time says, and mark it running`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            // Clocks of the replicas that took them in differ; the order in the store does not.
            let first = Incident.sample(after: 5)
            let second = Incident.sample(after: 1)
            try await store.insert(first)
            try await store.insert(second)
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            #expect(claim.incident.id == first.id && claim.incident.status == .running)
            #expect(claim.attempts == 1 && claim.checkpoint == nil && claim.journalLength == 0)
            #expect(try await store.incident(first.id)?.status == .running)
            #expect(try await store.claim(by: "a", leaseSeconds: 30)?.incident.id == second.id)
            #expect(try await store.claim(by: "a", leaseSeconds: 30) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an incident under an expired lease is claimed again with its checkpoint`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            try await store.insert(.sample())
            let first = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            let draft = JournalDraft(time: moment, step: "parse", message: "read")
            try await store.save(
                StepProgress(first.incident, checkpoint: Data("state".utf8), journal: [draft], after: 0), under: first.lease)
            try await advance(25)
            #expect(try await store.claim(by: "b", leaseSeconds: 30) == nil)
            try await advance(6)
            let second = try #require(try await store.claim(by: "b", leaseSeconds: 30))
            #expect(second.checkpoint == Data("state".utf8) && second.attempts == 2 && second.journalLength == 1)
            #expect(second.lease.token > first.lease.token)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a renewed lease holds longer`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            try await advance(20)
            try await store.renew(claim.lease, leaseSeconds: 30)
            try await advance(20)
            #expect(try await store.claim(by: "b", leaseSeconds: 30) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `who lost the lease can neither renew nor write`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            try await store.insert(.sample())
            let stale = try #require(try await store.claim(by: "a", leaseSeconds: 1))
            try await advance(2)
            // The same owner: only the token tells the two claims apart.
            let fresh = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            var late = stale.incident
            late.suggestedRootCause = "too late"
            late.status = .completed
            let draft = JournalDraft(time: moment, step: "report", message: "too late")
            await #expect(throws: StoreError.leaseLost(late.id)) { try await store.renew(stale.lease, leaseSeconds: 30) }
            await #expect(throws: StoreError.leaseLost(late.id)) {
                try await store.save(StepProgress(late, journal: [draft], after: 0), under: stale.lease)
            }
            #expect(try await store.incident(late.id)?.suggestedRootCause == nil)
            #expect(try await store.journal(of: late.id, after: 0).isEmpty)
            try await store.save(StepProgress(fresh.incident, journal: [draft], after: 0), under: fresh.lease)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `journals are numbered without gaps over several saves`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            let drafts = (1...5).map { JournalDraft(time: moment, step: "collect", message: "entry \($0)") }
            try await store.save(StepProgress(claim.incident, journal: Array(drafts[..<2]), after: 0), under: claim.lease)
            try await store.save(StepProgress(claim.incident, journal: [], after: 2), under: claim.lease)
            try await store.save(StepProgress(claim.incident, journal: Array(drafts[2...]), after: 2), under: claim.lease)
            let entries = try await store.journal(of: claim.incident.id, after: 0)
            #expect(entries.map(\.sequence) == [1, 2, 3, 4, 5])
            #expect(entries.map(\.message) == drafts.map(\.message) && entries.allSatisfy { $0.time == moment && $0.step == "collect" })
            #expect(try await store.journal(of: claim.incident.id, after: 3).map(\.sequence) == [4, 5])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a save whose answer was lost can be made again and is done once`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            let draft = JournalDraft(time: moment, step: "parse", message: "read")
            let running = StepProgress(claim.incident, checkpoint: Data("1".utf8), journal: [draft], after: 0)
            for _ in 1...3 { try await store.save(running, under: claim.lease) }
            var done = claim.incident
            done.status = .completed
            let last = StepProgress(done, journal: [JournalDraft(time: moment, step: "report", message: "done")], after: 1)
            for _ in 1...3 { try await store.save(last, under: claim.lease) }
            #expect(try await store.journal(of: done.id, after: 0).map(\.message) == ["read", "done"])
            // Another save at a place that is taken is no repetition.
            let other = StepProgress(claim.incident, journal: [draft], after: 0)
            await #expect(throws: StoreError.leaseLost(done.id)) { try await store.save(other, under: claim.lease) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a final status ends the lease for good`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            var done = claim.incident
            done.status = .failed
            done.error = "the agent cannot be reached"
            try await store.save(StepProgress(done, after: 0), under: claim.lease)
            #expect(try await store.incident(done.id) == done)
            try await advance(1_000)
            #expect(try await store.claim(by: "b", leaseSeconds: 30) == nil)
            await #expect(throws: StoreError.leaseLost(done.id)) {
                try await store.save(StepProgress(done, after: 0), under: claim.lease)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an incident that was handed back is claimed at once and has lost no attempt`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            var pending = claim.incident
            pending.status = .pending
            try await store.save(StepProgress(pending, checkpoint: Data("half".utf8), after: 0), under: claim.lease)
            #expect(try await store.incident(pending.id)?.status == .pending)
            let again = try #require(try await store.claim(by: "b", leaseSeconds: 30))
            #expect(again.attempts == 1 && again.checkpoint == Data("half".utf8))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `many claimers share the work without taking anything twice`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            for second in 0..<24 { try await store.insert(.sample(after: Double(second))) }
            let claimed = try await withThrowingTaskGroup(of: [UUID].self) { group in
                for owner in 0..<8 {
                    group.addTask {
                        var mine: [UUID] = []
                        while let claim = try await store.claim(by: "runner-\(owner)", leaseSeconds: 30) {
                            mine.append(claim.incident.id)
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 24 && Set(claimed).count == 24)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a cancelled incident is out of its holder's hands at once`(_ kind: StoreKind) async throws {
        try await kind.withClock { store, advance async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            let entry = JournalDraft(time: moment, step: "runner", message: "cancelled by request")
            let cancelled = try #require(try await store.cancel(claim.incident.id, journal: entry))
            #expect(cancelled.status == .cancelled && cancelled.completedAt == moment && cancelled.error == "cancelled by request")
            await #expect(throws: StoreError.leaseLost(claim.incident.id)) { try await store.renew(claim.lease, leaseSeconds: 30) }
            var done = claim.incident
            done.status = .completed
            await #expect(throws: StoreError.leaseLost(claim.incident.id)) {
                try await store.save(StepProgress(done, journal: [entry], after: 0), under: claim.lease)
            }
            try await advance(100)
            #expect(try await store.claim(by: "b", leaseSeconds: 30) == nil)
            #expect(try await store.journal(of: done.id, after: 0).map(\.message) == ["cancelled by request"])
            // Again, and of one that is done: nothing changes.
            #expect(try await store.cancel(done.id, journal: entry) == cancelled)
            #expect(try await store.journal(of: done.id, after: 0).count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an incident that waits for a review is claimed after it, and not before`(_ kind: StoreKind) async throws {
        try await kind.with { store async throws in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            let entry = JournalDraft(time: moment, step: "review", message: "accepted")
            let review = Review(decision: .accepted, comment: "plausible", reviewer: "ana", time: moment)
            #expect(try await store.review(claim.incident.id, review, journal: entry) == .notAwaited(claim.incident))
            var waiting = claim.incident
            waiting.status = .pending
            waiting.awaits = "review"
            try await store.save(StepProgress(waiting, checkpoint: Data("half".utf8), after: 0), under: claim.lease)
            #expect(try await store.claim(by: "b", leaseSeconds: 30) == nil)
            #expect(try await store.queueLength() == 0)
            #expect(try await store.statistics().awaiting == 1)
            guard case .taken(let incident) = try await store.review(waiting.id, review, journal: entry) else {
                Issue.record("not taken")
                return
            }
            #expect(incident.review == review && incident.awaits == nil && incident.status == .pending)
            let again = try #require(try await store.claim(by: "b", leaseSeconds: 30))
            #expect(again.incident.review == review && again.checkpoint == Data("half".utf8) && again.journalLength == 1)
        }
    }
}
