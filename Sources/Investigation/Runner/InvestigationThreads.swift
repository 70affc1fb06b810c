import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Threads of their own for investigations, which compute for tens of milliseconds at a time, so that requests never wait behind them: the
/// threads step back where the processor is short, and the concurrency pool stays free for what answers at once.
final class InvestigationThreads: TaskExecutor {
    /// As many threads as there are cores, shared by all runners of the process.
    static let shared = InvestigationThreads(count: ProcessInfo.processInfo.activeProcessorCount)

    /// Niceness of the threads. In competition they get about a third of what other threads get (weights of Linux' scheduler), which
    /// neither starves them nor holds up answers.
    private static let niceness: Int32 = 5

    private let jobs = Mutex<[UnownedJob]>([])
    /// Counts the jobs in the queue. Threads wait here, not tasks.
    private let available = DispatchSemaphore(value: 0)

    private init(count: Int) {
        for number in 1...max(1, count) {
            let thread = Thread { [self] in work() }
            thread.name = "investigate-\(number)"
            // As large as that of a main thread: the engine may descend deep.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
        available.signal()
    }

    private func work() {
        Self.stepBack()
        let executor = asUnownedTaskExecutor()
        while true {
            available.wait()
            jobs.withLock { $0.removeFirst() }.runSynchronously(on: executor)
        }
    }

    /// On Linux niceness is a matter of each thread.
    private static func stepBack() {
        #if canImport(Glibc)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        #endif
    }
}
