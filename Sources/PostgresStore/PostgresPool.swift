import Dispatch
import Foundation
import Investigation
import Synchronization

/// A few connections, each with a thread of its own, that take work from one queue: nothing that waits for the server runs on the
/// concurrency pool. A connection that is lost is made anew for the next piece of work.
final class PostgresPool: Sendable {
    private struct Job {
        let deadline: ContinuousClock.Instant
        let run: @Sendable (PostgresConnection) -> PostgresError?
        let fail: @Sendable (PostgresError) -> Void
    }

    let address: String
    private let statementSeconds: Double
    private let queue = JobQueue<Job>()

    /// - Parameters:
    ///   - size: connections, made as they are needed.
    ///   - statementSeconds: longest time of a statement, and of waiting for a connection.
    init(_ address: String, size: Int, statementSeconds: Double) {
        self.address = address
        self.statementSeconds = statementSeconds
        for number in 1...max(1, size) {
            let thread = Thread { [queue, address] in Self.work(queue, address, statementSeconds) }
            thread.name = "postgres-\(number)"
            thread.start()
        }
    }

    deinit { queue.close() }

    /// Times that something repeatable is done where the server closes the connection in the middle: any of a pool of the usual size may
    /// have been closed, by a proxy or an administrator. A server that is gone is no such case; callers wait for that.
    private static let tries = 4

    /// Runs `work` on a connection's thread.
    /// - Parameter isRepeatable: whether `work` may be done once more where the server closed the connection before it answered.
    /// - Throws: `StoreError`; `.unavailable` where the server cannot be reached or does not answer in time.
    func run<Value: Sendable>(
        isRepeatable: Bool = false, _ work: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        var attempt = 1
        while true {
            do {
                return try await runOnce(work).get()
            } catch {
                guard isRepeatable, attempt < Self.tries, (error as? PostgresError)?.isClosed == true else {
                    throw StoreError(postgres: error)
                }
                attempt += 1
            }
        }
    }

    private func runOnce<Value: Sendable>(
        _ work: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async -> Result<Value, any Error> {
        await withCheckedContinuation { continuation in
            let job = Job(
                deadline: .now + .seconds(statementSeconds),
                run: { connection in
                    do {
                        continuation.resume(returning: .success(try work(connection)))
                        return nil
                    } catch {
                        continuation.resume(returning: .failure(error))
                        return error as? PostgresError
                    }
                },
                fail: { continuation.resume(returning: .failure($0)) })
            if !queue.add(job) { job.fail(.lost("the store is closed")) }
        }
    }

    func close() { queue.close() }

    private static func work(_ queue: JobQueue<Job>, _ address: String, _ statementSeconds: Double) {
        var connection: PostgresConnection?
        while let job = queue.next() {
            guard .now < job.deadline else {
                job.fail(.lost("the database is too busy: no connection was free within \(Int(statementSeconds)) s"))
                continue
            }
            if connection?.isAlive != true { connection = nil }
            do throws(PostgresError) {
                let open: PostgresConnection
                if let connection { open = connection } else { open = try PostgresConnection(address, statementSeconds: statementSeconds) }
                connection = open
                if job.run(open)?.isConnectionLost == true { connection = nil }
            } catch {
                job.fail(error)
            }
        }
    }
}

/// Work for threads that wait for it.
private final class JobQueue<Job: Sendable>: Sendable {
    private struct State {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Counts the jobs, and one more when the queue is closed. Threads wait here, not tasks.
    private let ready = DispatchSemaphore(value: 0)

    /// - Returns: whether it will be done.
    func add(_ job: Job) -> Bool {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return !state.isClosed
        }
        if isOpen { ready.signal() }
        return isOpen
    }

    /// Waits for work; nil when there will be none.
    func next() -> Job? {
        ready.wait()
        let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
        // The word that the queue is closed is for every thread.
        if job == nil { ready.signal() }
        return job
    }

    func close() {
        state.withLock { $0.isClosed = true }
        ready.signal()
    }
}

extension StoreError {
    /// A failure in the terms that callers act on.
    init(postgres error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as PostgresError where ["XX001", "XX002"].contains(error.state):
            self = .corrupt("the database is damaged: \(error.message)")
        case let error as PostgresError:
            self = .unavailable(error.state.map { "PostgreSQL: \(error.message) (\($0))" } ?? "PostgreSQL: \(error.message)")
        default: self = .unavailable("\(error)")
        }
    }
}
