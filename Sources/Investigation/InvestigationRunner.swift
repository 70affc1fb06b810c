import Foundation
import IncidentModel
public import Logging
public import ServiceLifecycle
import Synchronization

/// Works off the incidents of a store in the background, a bounded number at once.
///
/// It takes an incident under a lease, keeps the lease while it works, and saves after every step. On shutdown it hands unfinished
/// incidents back. What a killed process leaves is taken again when its lease is over.
public struct InvestigationRunner: Service {
    /// Bounds of a runner.
    public struct Limits: Sendable {
        /// Investigations at once.
        public var concurrency: Int
        /// Time after which the incident of a runner that went silent is taken by another.
        public var leaseSeconds: Double
        /// Time between looks at the store while nothing is signalled.
        public var pollSeconds: Double
        /// Times that an incident is taken before it fails for good.
        public var attempts: Int

        public init(concurrency: Int = 4, leaseSeconds: Double = 30, pollSeconds: Double = 2, attempts: Int = 3) {
            self.concurrency = concurrency
            self.leaseSeconds = leaseSeconds
            self.pollSeconds = pollSeconds
            self.attempts = attempts
        }
    }

    let store: any IncidentStore
    let pipeline: InvestigationPipeline
    let limits: Limits
    let owner: String
    let signal: WorkSignal
    let clock: any Clock<Duration>
    let logger: Logger

    /// - Parameters:
    ///   - owner: name of this runner in leases, unique among the replicas.
    ///   - signal: notified by whoever inserts an incident in this process.
    ///   - clock: measures polls and heartbeats; wall time is the pipeline's.
    public init(
        store: any IncidentStore, pipeline: InvestigationPipeline, limits: Limits = Limits(), owner: String, signal: WorkSignal,
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        self.store = store
        self.pipeline = pipeline
        self.limits = limits
        self.owner = owner
        self.signal = signal
        self.clock = clock
        self.logger = logger
    }

    /// Works until the task is cancelled or a graceful shutdown begins; returns when all work is done or handed back.
    public func run() async {
        let slots = Slots(limits.concurrency)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await poll() }
            for await _ in signal.events.cancelOnGracefulShutdown() {
                while slots.take() {
                    guard let claim = await nextClaim() else {
                        slots.giveBack()
                        break
                    }
                    group.addTask {
                        await ClaimedInvestigation(claim: claim, runner: self).run()
                        slots.giveBack()
                        signal.notify()
                    }
                }
            }
        }
    }

    /// Looks at the store now and then: leases of others run out without a signal.
    private func poll() async {
        _ = try? await cancelWhenGracefulShutdown { [signal, clock, limits] in
            while true {
                signal.notify()
                try await clock.sleep(for: .seconds(limits.pollSeconds))
            }
        }
    }

    private func nextClaim() async -> Claim? {
        do {
            return try await store.claim(by: owner, now: pipeline.now(), leaseSeconds: limits.leaseSeconds)
        } catch {
            logger.warning("no incident could be claimed", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

/// Counts the investigations that may still be started.
private final class Slots: Sendable {
    private let free: Mutex<Int>

    init(_ count: Int) { free = Mutex(count) }

    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func giveBack() { free.withLock { $0 += 1 } }
}
