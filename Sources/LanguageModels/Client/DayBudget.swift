import Foundation
import Investigation
import Synchronization

/// Tokens that this process may use in a day (UTC). Each replica has its own.
final class DayBudget: Sendable {
    private struct State {
        var day = 0
        var used = 0
    }

    private let limit: Int?
    private let now: @Sendable () -> Date
    private let state = Mutex(State())

    init(_ limit: Int?, now: @escaping @Sendable () -> Date = { Date() }) {
        self.limit = limit
        self.now = now
    }

    /// - Throws: `.overBudget` where nothing is left.
    func check() throws(ModelError) {
        guard let limit else { return }
        let used = state.withLock { state in
            turn(&state)
            return state.used
        }
        guard used < limit else { throw .overBudget("\(limit) tokens a day; the rules go on alone until 00:00 UTC") }
    }

    func use(_ tokens: Int) {
        state.withLock { state in
            turn(&state)
            state.used += tokens
        }
    }

    private func turn(_ state: inout State) {
        let today = Int(now().timeIntervalSince1970 / 86_400)
        if state.day != today { state = State(day: today) }
    }
}
