import Foundation
import IncidentModel
import TestSupport

@testable import Investigation

/// Runners on one store under a scheduler that a seed decides: whose turn it is, who dies, whose answers get lost, how the clock jumps.
///
/// A turn is one call of the store, or one step of an investigation; between turns nothing moves, so a seed is a run that can be repeated.
final class Simulation {
    /// What broke, and how to see it again.
    struct Violation: Error, CustomStringConvertible {
        let seed: UInt64
        let turn: Int
        let text: String

        var description: String { "seed \(seed), turn \(turn): \(text); repeat it with SRE_SEED=\(seed)" }
    }

    /// A runner between two turns.
    private struct Runner {
        let name: String
        var claim: Claim?
        var investigation: OpenInvestigation?
        var journalLength = 0
        /// A save that is to be made, or made again because its answer was lost.
        var unsaved: StepProgress?
        /// Turns that it sleeps through, as a frozen process does.
        var frozen = 0
    }

    private let seed: UInt64
    private var noise: SeededNoise
    private let clock = StoreClock()
    private let store: MemoryIncidentStore
    private let pipeline: InvestigationPipeline
    private var runners: [Runner]
    private var ids: [UUID] = []
    private var final: [UUID: Incident] = [:]
    private(set) var turn = 0
    private static let leaseSeconds = 30.0

    init(seed: UInt64, evidence: ClusterBuilder) {
        self.seed = seed
        noise = SeededNoise(seed: seed)
        let clock = clock
        store = MemoryIncidentStore(now: { clock.now })
        pipeline = InvestigationPipeline(
            agent: ScriptedAgent(evidence.evidence()), limits: .init(retry: RetryDelays(attempts: 1)), now: { moment })
        runners = (1...3).map { Runner(name: "runner-\($0)") }
    }

    /// Runs until everything is done, with faults in the first part.
    func run(incidents: Int, faultyTurns: Int) async throws {
        for number in 0..<incidents {
            let incident = Incident.sample("cart answers 503", after: Double(number))
            try await store.insert(incident)
            ids.append(incident.id)
        }
        while final.count < ids.count {
            turn += 1
            guard turn < faultyTurns + incidents * 200 else { throw violation("\(ids.count - final.count) incidents never end") }
            let isFaulty = turn <= faultyTurns
            // A clock that was set back makes leases last longer; they end when it has caught up.
            if turn == faultyTurns + 1 { clock.advance(3_600) }
            if isFaulty { try await disturb() } else { clock.advance(1) }
            let index = Int(noise.uniform() * Double(runners.count))
            if runners[index].frozen > 0 && isFaulty {
                runners[index].frozen -= 1
            } else {
                try await move(index, losesAnswers: isFaulty && noise.uniform() < 0.15)
            }
            try await check()
        }
    }

    private func disturb() async throws {
        let index = Int(noise.uniform() * Double(runners.count))
        switch noise.uniform() {
        case ..<0.04: runners[index] = Runner(name: runners[index].name + "'")
        case ..<0.08: runners[index].frozen = Int(noise.uniform() * 60)
        case ..<0.20: clock.advance(noise.uniform() * 20)
        case ..<0.22: clock.advance(-noise.uniform() * 600)
        case ..<0.24: clock.advance(noise.uniform() * 3_600)
        case ..<0.245:
            let id = ids[Int(noise.uniform() * Double(ids.count))]
            _ = await store.cancel(id, journal: JournalDraft(time: moment, step: "runner", message: "cancelled"))
        default: clock.advance(1)
        }
    }

    /// One turn of a runner, as `ClaimedInvestigation` takes them.
    private func move(_ index: Int, losesAnswers: Bool) async throws {
        let runner = runners[index]
        guard let claim = runner.claim else {
            runners[index] = try await claiming(runner, losesAnswers: losesAnswers)
            return
        }
        if let unsaved = runner.unsaved {
            runners[index] = try await saving(runner, unsaved, under: claim.lease, losesAnswers: losesAnswers)
        } else if noise.uniform() < 0.3 {
            runners[index] = await renewing(runner, claim.lease)
        } else {
            runners[index] = try await working(runner)
        }
    }

    private func claiming(_ runner: Runner, losesAnswers: Bool) async throws -> Runner {
        guard let claim = await store.claim(by: runner.name, leaseSeconds: Self.leaseSeconds), !losesAnswers else { return runner }
        var runner = runner
        runner.claim = claim
        runner.journalLength = claim.journalLength
        if let checkpoint = claim.checkpoint {
            let state: InvestigationState = try IncidentJSON.decode(from: checkpoint)
            runner.investigation = OpenInvestigation(claim.incident, resuming: state, in: pipeline.steps)
        } else {
            runner.investigation = OpenInvestigation(claim.incident, in: pipeline.steps)
        }
        return runner
    }

    private func saving(_ runner: Runner, _ unsaved: StepProgress, under lease: Lease, losesAnswers: Bool) async throws -> Runner {
        var runner = runner
        do {
            try await store.save(unsaved, under: lease)
        } catch StoreError.leaseLost {
            return Runner(name: runner.name)
        }
        if losesAnswers { return runner }
        runner.unsaved = nil
        runner.journalLength += unsaved.journal.count
        return unsaved.incident.status == .running ? runner : Runner(name: runner.name)
    }

    private func renewing(_ runner: Runner, _ lease: Lease) async -> Runner {
        do {
            try await store.renew(lease, leaseSeconds: Self.leaseSeconds)
            return runner
        } catch {
            return Runner(name: runner.name)
        }
    }

    private func working(_ runner: Runner) async throws -> Runner {
        guard var investigation = runner.investigation else { return runner }
        var runner = runner
        let next = investigation.state.position.next
        let step = next[Int(noise.uniform() * Double(next.count))]
        let outcome = try await pipeline.perform(step, on: investigation)
        outcome.apply(&investigation)
        investigation.state.position.finish(step, in: pipeline.steps, state: investigation.state)
        runner.investigation = investigation
        let checkpoint = investigation.incident.status.isFinal ? nil : try IncidentJSON.encode(investigation.state)
        let journal = outcome.messages.map { JournalDraft(time: moment, step: step.rawValue, message: $0) }
        runner.unsaved = StepProgress(investigation.incident, checkpoint: checkpoint, journal: journal, after: runner.journalLength)
        return runner
    }

    /// What must hold after every turn.
    private func check() async throws {
        for id in ids {
            guard let incident = await store.incident(id) else { throw violation("\(id) is lost") }
            let journal = await store.journal(of: id, after: 0)
            if journal.map(\.sequence) != journal.indices.map({ $0 + 1 }) { throw violation("the journal of \(id) has gaps or doubles") }
            // What a checkpoint holds is done once; the rest once for each time it was lost.
            for step in ["parse", "resolve", "correlate", "report"] where journal.count(where: { $0.step == step }) > 1 {
                throw violation("\(step) of \(id) was done twice: \(journal.map(\.step))")
            }
            if let before = final[id], before != incident { throw violation("\(id) changed after its end") }
            guard incident.status.isFinal else { continue }
            final[id] = incident
            switch incident.status {
            case .completed where incident.suggestedRootCause == nil || journal.last?.step != "report":
                throw violation("\(id) is completed without its report")
            case .failed: throw violation("\(id) failed: \(incident.error ?? "")")
            default: break
            }
        }
    }

    private func violation(_ text: String) -> Violation { Violation(seed: seed, turn: turn, text: text) }
}
