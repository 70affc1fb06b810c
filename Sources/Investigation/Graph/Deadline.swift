/// Runs `work` and gives up on it after `limit`.
/// - Throws: `DeadlineExceeded`, or what `work` throws. Work that ignores its cancellation is still waited for.
func withDeadline<Value: Sendable>(
    _ limit: Duration, clock: any Clock<Duration>, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await clock.sleep(for: limit)
            throw DeadlineExceeded()
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}

/// The time for a piece of work is over.
struct DeadlineExceeded: Error {}
