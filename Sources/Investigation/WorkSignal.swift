/// Tells a runner in the same process that there may be work, so that a new incident does not wait for the next poll.
public struct WorkSignal: Sendable {
    /// Signals that were not yet seen, folded into one. For one runner, once: a stream ends with the task that read it.
    let events: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Never waits.
    public func notify() { continuation.yield() }
}
