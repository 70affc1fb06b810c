import Foundation
import IncidentModel
import Logging
import ServiceLifecycle
import Synchronization
import Tracing

/// One claimed incident, from its checkpoint to a final status, a pause, or back into the queue.
final class ClaimedInvestigation: Sendable {
    /// What the store holds of it.
    private struct Saved {
        var investigation: OpenInvestigation
        var journalLength: Int
    }

    private let claim: Claim
    private let runner: InvestigationRunner
    private let saved: Mutex<Saved>

    init(_ claim: Claim, runner: InvestigationRunner) {
        self.claim = claim
        self.runner = runner
        saved = Mutex(Saved(investigation: Self.restored(claim, runner), journalLength: claim.journalLength))
    }

    func run() async {
        let origin = claim.incident.origin
        let correlation = origin?.correlationID.flatMap(CorrelationID.init(_:)) ?? CorrelationID(claim.incident.id)
        await CorrelationID.$current.withValue(correlation) {
            await withSpan("investigation", context: TraceContext.resumed(from: origin?.traceparent), ofKind: .consumer) { span in
                await withTaskGroup(of: Void.self) { group in
                    // Not on the threads of investigations: however busy these are, the lease is renewed in time.
                    group.addTask(executorPreference: globalConcurrentExecutor) { await self.keepLease() }
                    group.addTask { await self.work() }
                    // Whichever ends first ends the other: a lost lease makes the work worthless, done work needs no lease.
                    await group.next()
                    group.cancelAll()
                }
                self.describe(in: span)
            }
        }
    }

    private func describe(in span: any Span) {
        let incident = saved.withLock { $0.investigation.incident }
        span.updateAttributes { attributes in
            attributes["sre.incident.id"] = claim.incident.id.uuidString.lowercased()
            attributes["sre.incident.attempt"] = claim.attempts
            attributes["sre.incident.status"] = incident.status.rawValue
            attributes["sre.incident.outcome"] = incident.report?.outcome.rawValue
            attributes["sre.incident.cause"] = incident.report?.rootCauses.first?.cause.rawValue
        }
        if incident.status == .failed { span.setStatus(SpanStatus(code: .error)) }
    }

    /// Renews the lease until it is lost or the task is cancelled.
    private func keepLease() async {
        while true {
            do {
                try await runner.clock.sleep(for: .seconds(runner.limits.leaseSeconds / 3))
                try await runner.store.renew(claim.lease, leaseSeconds: runner.limits.leaseSeconds)
            } catch StoreError.leaseLost {
                InvestigationMetrics.leaseLost()
                return log(.warning, "lease lost")
            } catch is CancellationError {
                return
            } catch {
                InvestigationMetrics.storeFailed("renew")
                log(.warning, "lease not renewed", ["error": "\(error)"])
            }
        }
    }

    private func work() async {
        do {
            guard claim.attempts <= runner.limits.attempts else {
                return try await fail("gave up after \(runner.limits.attempts) attempts", step: "runner")
            }
            do {
                try await cancelWhenGracefulShutdown {
                    var investigation = self.saved.withLock { $0.investigation }
                    try await self.runner.pipeline.run(&investigation) { try await self.save($0, $1) }
                }
                let incident = saved.withLock { $0.investigation.incident }
                log(.info, "investigation \(incident.status.rawValue)", ["outcome": "\(incident.report?.outcome.rawValue ?? "none")"])
            } catch InvestigationError.cancelled {
                try await handBack()
            } catch is CancellationError {
                try await handBack()
            } catch let error as InvestigationError {
                try await fail(error.description, step: error.step)
            }
        } catch StoreError.leaseLost {
            InvestigationMetrics.leaseLost()
            log(.warning, "lease lost")
        } catch {
            // The lease runs out, and the incident is taken up again from its last checkpoint.
            log(.error, "investigation not saved", ["error": "\(error)"])
        }
    }

    private func fail(_ reason: String, step: String) async throws {
        var failed = saved.withLock { $0.investigation }
        failed.incident.status = .failed
        failed.incident.error = reason
        failed.incident.completedAt = runner.pipeline.now()
        try await save(failed, [JournalDraft(time: runner.pipeline.now(), step: step, message: reason)])
        log(.warning, "investigation failed", ["step": "\(step)"])
    }

    private func handBack() async throws {
        guard !Task.isCancelled else { return }  // The lease is lost or the process is being torn down: nothing may be written.
        var pending = saved.withLock { $0.investigation }
        guard !pending.incident.status.isFinal else { return }
        pending.incident.status = .pending
        let entry = JournalDraft(time: runner.pipeline.now(), step: "runner", message: "interrupted by a shutdown; it will be resumed")
        try await save(pending, [entry])
        log(.info, "investigation handed back")
    }

    /// Saves, again while the store cannot be used and the lease may still be held. A save is never broken off: whether it was done
    /// would not be known.
    private func save(_ investigation: OpenInvestigation, _ journal: [JournalDraft]) async throws {
        let incident = investigation.incident
        let checkpoint = incident.status.isFinal ? nil : try IncidentJSON.encode(investigation.state)
        let before = saved.withLock { $0.journalLength }
        let progress = StepProgress(incident, checkpoint: checkpoint, journal: journal, after: before)
        let runner = runner
        let lease = claim.lease
        try await Task {
            var attempt = 1
            while true {
                do throws(StoreError) {
                    return try await runner.store.save(progress, under: lease)
                } catch {
                    InvestigationMetrics.storeFailed("save")
                    guard case .unavailable = error, attempt < runner.limits.saves.attempts else { throw error }
                    try await runner.clock.sleep(for: runner.limits.saves.delay(after: attempt))
                    attempt += 1
                }
            }
        }.value
        saved.withLock { $0 = Saved(investigation: investigation, journalLength: before + journal.count) }
        if incident.status.isFinal { InvestigationMetrics.ended(incident) }
        log(.debug, "saved", ["step": "\(journal.last?.step ?? "")"])
    }

    private static func restored(_ claim: Claim, _ runner: InvestigationRunner) -> OpenInvestigation {
        let graph = runner.pipeline.steps
        guard let checkpoint = claim.checkpoint else { return OpenInvestigation(claim.incident, in: graph) }
        do {
            var state: InvestigationState = try IncidentJSON.decode(from: checkpoint)
            state.review = claim.incident.review
            return OpenInvestigation(claim.incident, resuming: state, in: graph)
        } catch {
            // A checkpoint of an older version: nothing is lost but the time of its steps.
            runner.logger.warning(
                "checkpoint not readable, starting over",
                metadata: ["incident_id": .string(claim.incident.id.uuidString.lowercased()), "error": "\(error)"])
            return OpenInvestigation(claim.incident, in: graph)
        }
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        let id = claim.incident.id.uuidString.lowercased()
        runner.logger.log(level: level, message, metadata: metadata.merging(["incident_id": .string(id)]) { $1 })
    }
}
