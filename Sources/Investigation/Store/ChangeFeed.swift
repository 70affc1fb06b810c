public import Foundation
import Synchronization

/// Something that happened in a store.
public enum StoreChange: Sendable, Hashable {
    /// There may be something to claim.
    case work
    /// The journal or status of an incident changed.
    case incident(UUID)
    /// An incident was cancelled; whoever works on it stops.
    case cancelled(UUID)
}

/// Tells listeners in this process what happened in a store, so that nobody waits for the next look. Hints only: a listener that is slow
/// loses the oldest ones, and a store on another machine loses them while its connection is down.
public final class ChangeFeed: Sendable {
    private struct Listener {
        let wants: @Sendable (StoreChange) -> Bool
        let continuation: AsyncStream<StoreChange>.Continuation
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var lastID = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Never waits.
    public func publish(_ change: StoreChange) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners where listener.wants(change) { listener.continuation.yield(change) }
    }

    /// Changes from now on, the newest 64 that were not read yet; ends with the task that reads it.
    public func subscribe(where wants: @escaping @Sendable (StoreChange) -> Bool) -> AsyncStream<StoreChange> {
        let (stream, continuation) = AsyncStream.makeStream(of: StoreChange.self, bufferingPolicy: .bufferingNewest(64))
        let id = state.withLock { state in
            state.lastID += 1
            state.listeners[state.lastID] = Listener(wants: wants, continuation: continuation)
            return state.lastID
        }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            self.state.withLock { state in _ = state.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
