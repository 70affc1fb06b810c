import Synchronization

/// Bounds how many collections run at once, for each holds a good part of a cluster in memory.
final class CollectionAdmission: Sendable {
    let most: Int
    private let running = Mutex(0)

    init(most: Int) {
        self.most = max(1, most)
    }

    /// - Returns: `false` where enough run already; who gets `true` must `leave()`.
    func enter() -> Bool {
        running.withLock { running in
            guard running < most else { return false }
            running += 1
            return true
        }
    }

    func leave() {
        running.withLock { $0 -= 1 }
    }
}
