import NIOCore
import Synchronization

/// The open connections of a service. Where there are too many, the one that has asked for nothing for the longest time makes room, so
/// that connections that are only held open keep nobody out.
final class ConnectionCrowd: Sendable {
    /// When a connection began to ask for nothing; smaller is longer ago.
    struct Turn: Hashable, Comparable {
        fileprivate let number: UInt64

        static func < (left: Turn, right: Turn) -> Bool { left.number < right.number }
    }

    private struct State {
        var open = 0
        var turns: UInt64 = 0
        var waiting: [Turn: any Channel] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: connections beyond which one that waits is closed for each new one.
    init(limit: Int) { self.limit = limit }

    /// Open connections, and those of them that ask for nothing.
    var counts: (open: Int, waiting: Int) { state.withLock { ($0.open, $0.waiting.count) } }

    func enter() {
        let oldest = state.withLock { state -> (any Channel)? in
            state.open += 1
            guard state.open > limit, let turn = state.waiting.keys.min() else { return nil }
            return state.waiting.removeValue(forKey: turn)
        }
        oldest?.close(promise: nil)
    }

    func wait(_ channel: any Channel) -> Turn {
        state.withLock { state in
            state.turns += 1
            let turn = Turn(number: state.turns)
            state.waiting[turn] = channel
            return turn
        }
    }

    func work(_ turn: Turn?) {
        guard let turn else { return }
        state.withLock { state in _ = state.waiting.removeValue(forKey: turn) }
    }

    func leave(_ turn: Turn?) {
        state.withLock { state in
            state.open -= 1
            if let turn { state.waiting[turn] = nil }
        }
    }
}
