import Foundation
import IncidentModel
import Investigation
import Testing

/// What every store must do.
@Suite(.timeLimit(.minutes(1)))
struct StoreContractTests {
    @Test(arguments: StoreKind.allCases)
    func `an incident is read back as it was stored`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            var incident = Incident.sample("„Warenkorb“ antwortet nicht: \u{1F6D2}\u{0}\u{1B}[31m")
            incident.report = Report(outcome: .inconclusive, summary: "nothing", evidenceTime: moment)
            incident.evidence.podLogs = "[cart] a/b\n"
            try await store.insert(incident)
            #expect(try await store.incident(incident.id) == incident)
            #expect(try await store.journal(of: incident.id, after: 0).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an unknown id gives nothing`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let (none, entries) = (try await store.incident(UUID()), try await store.journal(of: UUID(), after: 0))
            #expect(none == nil && entries.isEmpty)
            #expect(try await store.claim(by: "a", now: moment, leaseSeconds: 30) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the same id cannot be stored twice`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let incident = Incident.sample()
            try await store.insert(incident)
            await #expect { try await store.insert(incident) } throws: { error in
                if case StoreError.duplicate(incident.id) = error { true } else { false }
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `lists give the newest first, as many as asked for`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for second in [1.0, 3, 2] { try await store.insert(.sample("\(Int(second))", after: second)) }
            #expect(try await store.incidents(limit: 2).map(\.description) == ["3", "2"])
            #expect(try await store.incidents(limit: 10).count == 3)
            #expect(try await store.incidents(limit: 0).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `claims take the oldest incident and mark it running`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let young = Incident.sample(after: 5)
            let old = Incident.sample(after: 1)
            try await store.insert(young)
            try await store.insert(old)
            let claim = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 30))
            #expect(claim.incident.id == old.id && claim.incident.status == .running && claim.attempts == 1 && claim.checkpoint == nil)
            #expect(try await store.incident(old.id)?.status == .running)
            #expect(try await store.claim(by: "a", now: moment, leaseSeconds: 30)?.incident.id == young.id)
            #expect(try await store.claim(by: "a", now: moment, leaseSeconds: 30) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an incident under an expired lease is claimed again with its checkpoint`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.insert(.sample())
            let first = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 30))
            try await store.save(first.incident, checkpoint: Data("state".utf8), journal: [], under: first.lease)
            #expect(try await store.claim(by: "b", now: moment.addingTimeInterval(29), leaseSeconds: 30) == nil)
            let second = try #require(try await store.claim(by: "b", now: moment.addingTimeInterval(30), leaseSeconds: 30))
            #expect(second.checkpoint == Data("state".utf8) && second.attempts == 2)
            #expect(second.lease.token > first.lease.token)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a renewed lease holds longer`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 30))
            try await store.renew(claim.lease, now: moment.addingTimeInterval(20), leaseSeconds: 30)
            #expect(try await store.claim(by: "b", now: moment.addingTimeInterval(40), leaseSeconds: 30) == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `who lost the lease can neither renew nor write`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.insert(.sample())
            let stale = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 1))
            let fresh = try #require(try await store.claim(by: "a", now: moment.addingTimeInterval(2), leaseSeconds: 30))
            var late = stale.incident
            late.suggestedRootCause = "too late"
            late.status = .completed
            let draft = JournalDraft(time: moment, step: "report", message: "too late")
            await #expect(throws: StoreError.self) { try await store.renew(stale.lease, now: moment, leaseSeconds: 30) }
            await #expect { try await store.save(late, checkpoint: nil, journal: [draft], under: stale.lease) } throws: { error in
                if case StoreError.leaseLost(late.id) = error { true } else { false }
            }
            #expect(try await store.incident(late.id)?.suggestedRootCause == nil)
            #expect(try await store.journal(of: late.id, after: 0).isEmpty)
            try await store.save(fresh.incident, checkpoint: nil, journal: [draft], under: fresh.lease)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `journals are numbered without gaps over several saves`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 30))
            let drafts = (1...5).map { JournalDraft(time: moment, step: "collect", message: "entry \($0)") }
            try await store.save(claim.incident, checkpoint: nil, journal: Array(drafts[..<2]), under: claim.lease)
            try await store.save(claim.incident, checkpoint: nil, journal: [], under: claim.lease)
            try await store.save(claim.incident, checkpoint: nil, journal: Array(drafts[2...]), under: claim.lease)
            let entries = try await store.journal(of: claim.incident.id, after: 0)
            #expect(entries.map(\.sequence) == [1, 2, 3, 4, 5])
            #expect(entries.map(\.message) == drafts.map(\.message) && entries.allSatisfy { $0.time == moment && $0.step == "collect" })
            #expect(try await store.journal(of: claim.incident.id, after: 3).map(\.sequence) == [4, 5])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a final status ends the lease for good`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 30))
            var done = claim.incident
            done.status = .failed
            done.error = "the agent cannot be reached"
            try await store.save(done, checkpoint: nil, journal: [], under: claim.lease)
            #expect(try await store.incident(done.id) == done)
            #expect(try await store.claim(by: "b", now: moment.addingTimeInterval(1_000), leaseSeconds: 30) == nil)
            await #expect(throws: StoreError.self) { try await store.save(done, checkpoint: nil, journal: [], under: claim.lease) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `an incident that was handed back is claimed at once and has lost no attempt`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.insert(.sample())
            let claim = try #require(try await store.claim(by: "a", now: moment, leaseSeconds: 30))
            var pending = claim.incident
            pending.status = .pending
            try await store.save(pending, checkpoint: Data("half".utf8), journal: [], under: claim.lease)
            #expect(try await store.incident(pending.id)?.status == .pending)
            let again = try #require(try await store.claim(by: "b", now: moment, leaseSeconds: 30))
            #expect(again.attempts == 1 && again.checkpoint == Data("half".utf8))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `many claimers share the work without taking anything twice`(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for second in 0..<24 { try await store.insert(.sample(after: Double(second))) }
            let claimed = try await withThrowingTaskGroup(of: [UUID].self) { group in
                for owner in 0..<8 {
                    group.addTask {
                        var mine: [UUID] = []
                        while let claim = try await store.claim(by: "runner-\(owner)", now: moment, leaseSeconds: 30) {
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
}
