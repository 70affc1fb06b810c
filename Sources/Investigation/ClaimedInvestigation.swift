import Foundation
import IncidentModel
import Logging
import ServiceLifecycle

/// One claimed incident, from its checkpoint to a final status or back into the queue.
struct ClaimedInvestigation: Sendable {
    let claim: Claim
    let runner: InvestigationRunner

    func run() async {
        await CorrelationID.$current.withValue(CorrelationID(claim.incident.id)) {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await keepLease() }
                group.addTask { await work() }
                // Whichever ends first ends the other: a lost lease makes the work worthless, done work needs no lease.
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// Renews the lease until it is lost or the task is cancelled.
    private func keepLease() async {
        while true {
            do {
                try await runner.clock.sleep(for: .seconds(runner.limits.leaseSeconds / 3))
                try await runner.store.renew(claim.lease, now: runner.pipeline.now(), leaseSeconds: runner.limits.leaseSeconds)
            } catch StoreError.leaseLost {
                return log(.warning, "lease lost")
            } catch is CancellationError {
                return
            } catch {
                log(.warning, "lease not renewed", ["error": "\(error)"])
            }
        }
    }

    private func work() async {
        var investigation = OpenInvestigation(claim.incident, state: restoredState())
        do {
            guard claim.attempts <= runner.limits.attempts else {
                return try await fail(investigation, "gave up after \(runner.limits.attempts) attempts", step: "runner")
            }
            while !investigation.isComplete {
                let step = investigation.state.next
                do {
                    try await advance(&investigation)
                } catch InvestigationError.cancelled {
                    return try await handBack(investigation)
                } catch let error as InvestigationError {
                    return try await fail(investigation, error.description, step: step?.rawValue ?? "runner")
                }
            }
            log(.info, "investigation completed", ["outcome": "\(investigation.incident.report?.outcome.rawValue ?? "none")"])
        } catch {
            // The lease runs out, and the incident is taken up again from its last checkpoint.
            log(.error, "investigation not saved", ["error": "\(error)"])
        }
    }

    private func advance(_ investigation: inout OpenInvestigation) async throws {
        let before = investigation
        let (after, journal) = try await cancelWhenGracefulShutdown { [runner] in
            var investigation = before
            let journal = try await runner.pipeline.advance(&investigation)
            return (investigation, journal)
        }
        investigation = after
        try await save(after, journal)
        log(.debug, "step done", ["step": "\(before.state.next?.rawValue ?? "")"])
    }

    private func fail(_ investigation: OpenInvestigation, _ reason: String, step: String) async throws {
        var failed = investigation
        failed.incident.status = .failed
        failed.incident.error = reason
        failed.incident.completedAt = runner.pipeline.now()
        try await save(failed, [JournalDraft(time: runner.pipeline.now(), step: step, message: reason)])
        log(.warning, "investigation failed", ["step": "\(step)"])
    }

    private func handBack(_ investigation: OpenInvestigation) async throws {
        guard !Task.isCancelled else { return }  // The lease is lost or the process is being torn down: nothing may be written.
        var pending = investigation
        pending.incident.status = .pending
        let entry = JournalDraft(time: runner.pipeline.now(), step: "runner", message: "interrupted by a shutdown; it will be resumed")
        try await save(pending, [entry])
        log(.info, "investigation handed back")
    }

    private func save(_ investigation: OpenInvestigation, _ journal: [JournalDraft]) async throws {
        let checkpoint = investigation.incident.status.isFinal ? nil : try IncidentJSON.encode(investigation.state)
        try await runner.store.save(investigation.incident, checkpoint: checkpoint, journal: journal, under: claim.lease)
    }

    private func restoredState() -> InvestigationState {
        guard let checkpoint = claim.checkpoint else { return InvestigationState() }
        do {
            return try IncidentJSON.decode(from: checkpoint)
        } catch {
            log(.warning, "checkpoint not readable, starting over", ["error": "\(error)"])
            return InvestigationState()
        }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        let id = claim.incident.id.uuidString.lowercased()
        runner.logger.log(level: level, message, metadata: metadata.merging(["incident_id": .string(id)]) { $1 })
    }
}
