import Dispatch
import Foundation
import Synchronization

/// Threads of their own for investigations, which compute for tens of milliseconds at a time: the concurrency pool stays free for requests,
/// which are answered at once.
///
/// They have no lower priority: a thread that they wake or start would inherit it, and could not get rid of it without privileges.
final class InvestigationThreads: TaskExecutor {
    /// As many threads as there are cores, shared by all runners of the process.
    static let shared = InvestigationThreads(count: ProcessInfo.processInfo.activeProcessorCount)

    private let jobs = Mutex<[UnownedJob]>([])
    /// Counts the jobs in the queue. Threads wait here, not tasks.
    private let available = DispatchSemaphore(value: 0)

    private init(count: Int) {
        for number in 1...max(1, count) {
            let thread = Thread { [self] in
                Thread.current.name = "investigate-\(number)"
                work()
            }
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
        let executor = asUnownedTaskExecutor()
        while true {
            available.wait()
            jobs.withLock { $0.removeFirst() }.runSynchronously(on: executor)
        }
    }
}
