import ClusterModel
import Foundation
import IncidentModel
import Investigation
import ServiceLifecycle
import TestSupport
import Testing

/// The runner, with a store and an agent that misbehave as real ones do.
@Suite(.timeLimit(.minutes(1)))
struct RunnerTests {
    private let clock = StoreClock()
    private let store: MemoryIncidentStore

    init() {
        store = MemoryIncidentStore(now: { [clock] in clock.now })
    }

    private func runner(
        _ agent: any EvidenceAgent, store: (any IncidentStore)? = nil, limits: InvestigationRunner.Limits = .init(pollSeconds: 0.02),
        owner: String = "a", clock: any Clock<Duration> = ContinuousClock()
    ) -> InvestigationRunner {
        InvestigationRunner(
            store: store ?? self.store, pipeline: InvestigationPipeline(agent: agent, limits: Fixture.limits, now: { moment }),
            limits: limits,
            owner: owner, clock: clock, logger: Fixture.quiet)
    }

    /// Runs until `condition` gives a value, then kills the runner as a crash would.
    private func run<Value: Sendable>(
        _ runner: InvestigationRunner, until condition: @Sendable () async throws -> Value?
    ) async throws -> Value {
        let task = Task { await runner.run() }
        defer { task.cancel() }
        let value = try await Fixture.wait(condition)
        task.cancel()
        await task.value
        return value
    }

    private func finished(_ id: UUID) async -> Incident? {
        guard let incident = await store.incident(id), incident.status.isFinal else { return nil }
        return incident
    }

    @Test func `an incident is investigated, and its journal tells each step`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        let done = try await run(runner(ScriptedAgent(Fixture.brokenShop().evidence()))) { await finished(incident.id) }
        #expect(done.status == .completed && done.report != nil)
        let journal = await store.journal(of: incident.id, after: 0)
        #expect(Fixture.isComplete(journal))
    }

    @Test func `a new incident is taken at once, without waiting for the next look`() async throws {
        let clock = ManualClock()
        let incident = Incident.sample()
        let patient = runner(ScriptedAgent(Fixture.brokenShop().evidence()), limits: .init(pollSeconds: 3_600), clock: clock)
        let task = Task { await patient.run() }
        try await clock.waitForSleepers(1)
        try await store.insert(incident)
        _ = try await Fixture.wait { await finished(incident.id) }
        task.cancel()
        await task.value
    }

    @Test func `an agent that is down fails the incident with what to do, and invents nothing`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        let down = ScriptedAgent(
            Fixture.brokenShop().evidence(), evidence: Array(repeating: .fail(.unreachable("connection refused")), count: 9))
        let done = try await run(runner(down)) { await finished(incident.id) }
        #expect(done.status == .failed && done.suggestedRootCause == nil && done.report == nil && done.confidenceScore == nil)
        #expect(done.error?.hasPrefix("collect: the agent cannot be reached: connection refused. Check that it runs") == true)
        #expect(done.completedAt == moment && done.extractedEntities != nil)
        #expect(await store.journal(of: incident.id, after: 0).last?.message == done.error)
        #expect(down.scopes.count == 3)
    }

    @Test func `no more investigations run at once than allowed, and all get done`() async throws {
        let agent = CountingAgent(Fixture.brokenShop().evidence())
        for second in 0..<12 { try await store.insert(.sample(after: Double(second))) }
        let all = try await run(runner(agent, limits: .init(concurrency: 3, pollSeconds: 0.02))) {
            let incidents = await store.incidents(IncidentFilter(limit: 100)).incidents
            return incidents.allSatisfy { $0.status == .completed } ? incidents : nil
        }
        #expect(all.count == 12)
        #expect((2...3).contains(agent.mostAtOnce))
    }

    @Test func `what a killed process left is resumed where it was`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        try await run(runner(stuck)) { stuck.scopes.isEmpty ? nil : () }
        #expect(await store.incident(incident.id)?.status == .running)
        #expect(await store.journal(of: incident.id, after: 0).map(\.step).sorted() == ["inventory", "parse", "resolve"])

        let agent = ScriptedAgent(Fixture.brokenShop().evidence())
        clock.advance(31)
        let later = runner(agent, owner: "b")
        let done = try await run(later) { await finished(incident.id) }
        #expect(done.status == .completed && agent.inventoryCalls == 0 && agent.scopes.count == 1)
        let journal = await store.journal(of: incident.id, after: 0)
        #expect(Fixture.isComplete(journal))
    }

    @Test func `an incident whose process dies again and again fails`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        for _ in 0..<3 {
            _ = await store.claim(by: "dead", leaseSeconds: 1)
            clock.advance(100)
        }
        let late = runner(ScriptedAgent(Fixture.brokenShop().evidence()))
        let done = try await run(late) { await finished(incident.id) }
        #expect(done.status == .failed && done.error == "gave up after 3 attempts")
    }

    @Test func `a checkpoint that cannot be read starts the investigation over`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        let claim = try #require(await store.claim(by: "old", leaseSeconds: 1))
        try await store.save(StepProgress(claim.incident, checkpoint: Data("{\"next\":7}".utf8), after: 0), under: claim.lease)
        clock.advance(100)
        let done = try await run(runner(ScriptedAgent(Fixture.brokenShop().evidence()))) { await finished(incident.id) }
        #expect(done.status == .completed)
    }

    @Test func `a shutdown hands unfinished work back, which loses no attempt`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        let group = ServiceGroup(services: [runner(stuck)], logger: Fixture.quiet)
        async let running: Void = group.run()
        _ = try await Fixture.wait { stuck.scopes.isEmpty ? nil : () }
        await group.triggerGracefulShutdown()
        try await running
        #expect(await store.incident(incident.id)?.status == .pending)
        #expect(await store.journal(of: incident.id, after: 0).last?.message == "interrupted by a shutdown; it will be resumed")
        let claim = try #require(await store.claim(by: "b", leaseSeconds: 30))
        #expect(claim.attempts == 1 && claim.checkpoint != nil)
    }

    @Test func `a shutdown under a backlog hands back what runs, once, and takes nothing more`() async throws {
        for second in 0..<20 { try await store.insert(.sample(after: Double(second))) }
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: Array(repeating: .hang, count: 100))
        let group = ServiceGroup(services: [runner(stuck, limits: .init(concurrency: 8, pollSeconds: 0.01))], logger: Fixture.quiet)
        async let running: Void = group.run()
        _ = try await Fixture.wait { stuck.scopes.count < 8 ? nil : () }
        await group.triggerGracefulShutdown()
        try await running
        let incidents = await store.incidents(IncidentFilter(limit: 100)).incidents
        #expect(incidents.count == 20 && incidents.allSatisfy { $0.status == .pending })
        var interruptions = 0
        for incident in incidents {
            let journal = await store.journal(of: incident.id, after: 0)
            let count = journal.count { $0.message.hasPrefix("interrupted") }
            #expect(count <= 1, "\(journal.map(\.message))")
            interruptions += count
        }
        #expect(interruptions == 8)
    }

    @Test func `a runner that lost its lease stops and writes nothing more`() async throws {
        let clock = ManualClock()
        let incident = Incident.sample()
        try await store.insert(incident)
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        let slow = runner(stuck, limits: .init(pollSeconds: 3_600), clock: clock)
        let task = Task { await slow.run() }
        _ = try await Fixture.wait { stuck.scopes.isEmpty ? nil : () }
        self.clock.advance(60)
        let thief = try #require(await store.claim(by: "thief", leaseSeconds: 600))
        try await clock.waitForSleepers(2)
        clock.advance(by: .seconds(11))
        // The slot is free again: another incident is taken and done by the same runner.
        let next = Incident.sample("another", after: 9)
        try await store.insert(next)
        _ = try await Fixture.wait { await finished(next.id) }
        #expect(await store.incident(incident.id)?.status == .running)
        #expect(await store.journal(of: incident.id, after: 0).map(\.step).sorted() == ["inventory", "parse", "resolve"])
        try await store.save(StepProgress(thief.incident, after: thief.journalLength), under: thief.lease)
        task.cancel()
        await task.value
    }

    @Test func `long work keeps its lease`() async throws {
        let clock = ManualClock()
        let incident = Incident.sample()
        try await store.insert(incident)
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        let task = Task { await runner(stuck, limits: .init(pollSeconds: 3_600), clock: clock).run() }
        _ = try await Fixture.wait { stuck.scopes.isEmpty ? nil : () }
        // Five times a third of the lease: without a renewal it would be over.
        for _ in 1...5 {
            try await clock.waitForSleepers(2)
            self.clock.advance(10)
            clock.advance(by: .seconds(10))
            try await clock.waitForSleepers(2)
        }
        #expect(await store.claim(by: "thief", leaseSeconds: 30) == nil)
        task.cancel()
        await task.value
    }

    @Test func `a cancelled incident stops its running step at once and is left as it is`() async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        let stuck = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        let task = Task { await runner(stuck, limits: .init(concurrency: 1, pollSeconds: 3_600)).run() }
        _ = try await Fixture.wait { stuck.scopes.isEmpty ? nil : () }
        _ = await store.cancel(incident.id, journal: JournalDraft(time: moment, step: "runner", message: "cancelled by request"))
        // The only place is free again, although nothing polls.
        let next = Incident.sample("another", after: 9)
        try await store.insert(next)
        _ = try await Fixture.wait { await finished(next.id) }
        #expect(await store.incident(incident.id)?.status == .cancelled)
        #expect(await store.journal(of: incident.id, after: 0).last?.message == "cancelled by request")
        task.cancel()
        await task.value
    }

    @Test(arguments: [Review.Decision.accepted, .rejected])
    func `a cause waits for a review where one is wanted, and the review decides`(_ decision: Review.Decision) async throws {
        let incident = Incident.sample()
        try await store.insert(incident)
        var limits = Fixture.limits
        limits.asksForReview = true
        let agent = ScriptedAgent(Fixture.brokenShop().evidence())
        let reviewed = InvestigationRunner(
            store: store, pipeline: InvestigationPipeline(agent: agent, limits: limits, now: { moment }), limits: .init(pollSeconds: 3_600),
            owner: "a", logger: Fixture.quiet)
        let task = Task { await reviewed.run() }
        let waiting = try await Fixture.wait {
            let incident = await store.incident(incident.id)
            return incident?.awaits == nil ? nil : incident
        }
        #expect(waiting.status == .pending && waiting.report == nil && waiting.suggestedRootCause == nil)
        let review = Review(decision: decision, comment: "seen", time: moment)
        _ = await store.review(incident.id, review, journal: JournalDraft(time: moment, step: "review", message: decision.rawValue))
        let done = try await Fixture.wait { await finished(incident.id) }
        #expect(agent.scopes.count == 1 && done.review == review && done.awaits == nil)
        switch decision {
        case .accepted: #expect(done.status == .completed && done.suggestedRootCause != nil && done.report != nil)
        case .rejected:
            #expect(done.status == .failed && done.suggestedRootCause == nil && done.report == nil)
            #expect(done.error == "review: the cause that was found was not accepted: seen")
        }
        #expect(await store.journal(of: incident.id, after: 0).map(\.sequence) == Array(1...9))
        task.cancel()
        await task.value
    }
}
