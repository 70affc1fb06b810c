import Synchronization

/// Lets a bounded number of tasks through at once; the others wait in order of arrival.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var nextIdentifier = 0
        var waiting: [(identifier: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state: Mutex<State>

    /// How many wait for a place now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    init(_ places: Int) { state = Mutex(State(free: max(1, places))) }

    /// Waits for a place, to be given back by `release`.
    /// - Returns: `false`, and no place, when the task was cancelled meanwhile.
    func acquire() async -> Bool {
        let identifier = state.withLock { state in
            state.nextIdentifier += 1
            return state.nextIdentifier
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    // Checked under the lock: a cancellation after this finds the continuation in the queue.
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append((identifier, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                state.waiting.firstIndex { $0.identifier == identifier }.map { state.waiting.remove(at: $0).continuation }
            }
            cancelled?.resume(returning: false)
        }
    }

    /// Waits for a place for a limited time.
    /// - Returns: `false`, and no place, when the time has passed or the task was cancelled meanwhile.
    func acquire(within limit: Duration) async -> Bool {
        if acquireAtOnce() { return true }
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask { await self.acquire() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            // The place may have come at the last moment: it is ours then, and nobody else would give it back.
            return await group.next() == true
        }
    }

    private func acquireAtOnce() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    /// Gives a place back, to the one who waits longest.
    func release() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
