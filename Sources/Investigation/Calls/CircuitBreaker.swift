import Synchronization

/// Stops calls to something that has failed several times in a row, and lets one probe through after a while.
///
/// Closed: calls pass. Open: calls are refused at once. Half-open: after the delay a single call passes; its success closes the
/// breaker, its failure opens it again.
public final class CircuitBreaker: Sendable {
    private enum State {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        case halfOpen
    }

    /// Failures in a row that open the breaker.
    public let threshold: Int
    /// How long an open breaker refuses before it lets a probe through.
    public let delay: Duration

    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex<State>(.closed(failures: 0))

    /// - Parameters:
    ///   - threshold: failures in a row that open it, at least 1.
    ///   - now: the clock; tests inject their own.
    public init(
        threshold: Int = 5, delay: Duration = .seconds(10), now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.threshold = max(1, threshold)
        self.delay = delay
        self.now = now
    }

    /// Whether calls are refused, or one probe is under way.
    public var isOpen: Bool {
        state.withLock { state in
            if case .closed = state { false } else { true }
        }
    }

    /// Whether a call may be made now. Who gets `true` must report `succeeded()`, `failed()` or `abandoned()`.
    public func admits() -> Bool {
        state.withLock { state in
            switch state {
            case .closed: return true
            case .halfOpen: return false
            case .open(let until):
                guard now() >= until else { return false }
                state = .halfOpen
                return true
            }
        }
    }

    /// The call went well, or failed in a way that shows the other side alive.
    public func succeeded() {
        state.withLock { $0 = .closed(failures: 0) }
    }

    public func failed() {
        state.withLock { state in
            switch state {
            case .closed(let failures) where failures + 1 < threshold: state = .closed(failures: failures + 1)
            case .closed, .halfOpen: state = .open(until: now().advanced(by: delay))
            case .open: break
            }
        }
    }

    /// The call ended without saying anything about the other side, e.g. because it was cancelled.
    public func abandoned() {
        state.withLock { state in
            if case .halfOpen = state { state = .open(until: now()) }
        }
    }
}
