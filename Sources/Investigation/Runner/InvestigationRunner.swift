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
        /// How saves are tried again while the store cannot be used.
        public var saves: RetryDelays

        public init(
            concurrency: Int = 4, leaseSeconds: Double = 30, pollSeconds: Double = 2, attempts: Int = 3,
            saves: RetryDelays = RetryDelays(attempts: 12, firstSeconds: 0.1, longestSeconds: 5)
        ) {
            self.concurrency = concurrency
            self.leaseSeconds = leaseSeconds
            self.pollSeconds = pollSeconds
            self.attempts = attempts
            self.saves = saves
        }
    }

    let store: any IncidentStore
    let pipeline: InvestigationPipeline
    let limits: Limits
    let owner: String
    let clock: any Clock<Duration>
    let logger: Logger

    /// - Parameters:
    ///   - owner: name of this runner in leases, unique among the replicas.
    ///   - clock: measures polls and heartbeats; leases are measured by the store.
    public init(
        store: any IncidentStore, pipeline: InvestigationPipeline, limits: Limits = Limits(), owner: String,
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        self.store = store
        self.pipeline = pipeline
        self.limits = limits
        self.owner = owner
        self.clock = clock
        self.logger = logger
    }

    /// Works until the task is cancelled or a graceful shutdown begins; returns when all work is done or handed back.
    public func run() async {
        let work = OpenWork(limits.concurrency)
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask { await poll(signal) }
            group.addTask { await listen(signal, work) }
            for await _ in signals.cancelOnGracefulShutdown() {
                while !Task.isShuttingDownGracefully, !Task.isCancelled, work.takePlace() {
                    guard let claim = await nextClaim() else {
                        work.givePlaceBack()
                        break
                    }
                    let task = Task(executorPreference: InvestigationThreads.shared) {
                        await ClaimedInvestigation(claim, runner: self).run()
                    }
                    work.add(claim.lease, task)
                    group.addTask {
                        await withTaskCancellationHandler {
                            await task.value
                        } onCancel: {
                            task.cancel()
                        }
                        work.remove(claim.lease)
                        signal.yield()
                    }
                }
            }
        }
    }

    /// Looks at the store now and then: leases of others run out without a signal, and hints get lost.
    private func poll(_ signal: AsyncStream<Void>.Continuation) async {
        _ = try? await cancelWhenGracefulShutdown { [clock, limits] in
            while true {
                signal.yield()
                try await clock.sleep(for: .seconds(limits.pollSeconds))
            }
        }
    }

    /// Passes on what the store tells: new work, and work that is cancelled.
    private func listen(_ signal: AsyncStream<Void>.Continuation, _ work: OpenWork) async {
        let changes = store.changes.subscribe {
            if case .incident = $0 { false } else { true }
        }
        for await change in changes.cancelOnGracefulShutdown() {
            switch change {
            case .work: signal.yield()
            case .cancelled(let id): work.cancel(id)
            case .incident: break
            }
        }
    }

    private func nextClaim() async -> Claim? {
        do {
            return try await store.claim(by: owner, leaseSeconds: limits.leaseSeconds)
        } catch {
            InvestigationMetrics.storeFailed("claim")
            logger.warning("no incident could be claimed", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

/// The investigations that are being worked on, and how many more may be started.
private final class OpenWork: Sendable {
    private struct State {
        var free: Int
        var tasks: [Lease: Task<Void, Never>] = [:]
    }

    private let state: Mutex<State>

    init(_ places: Int) { state = Mutex(State(free: places)) }

    func takePlace() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    func givePlaceBack() { state.withLock { $0.free += 1 } }

    func add(_ lease: Lease, _ task: Task<Void, Never>) { state.withLock { $0.tasks[lease] = task } }

    func remove(_ lease: Lease) {
        state.withLock { state in
            state.tasks[lease] = nil
            state.free += 1
        }
    }

    func cancel(_ incident: UUID) {
        let tasks = state.withLock { $0.tasks.filter { $0.key.incident == incident } }
        for task in tasks.values { task.cancel() }
    }
}
