/// When to try again: exponential backoff with jitter, or what the server asked for, within a deadline.
struct Retrying: Sendable {
    let attempts: Int
    let firstPause: Duration
    static let longestPause = Duration.seconds(5)

    /// How long to wait before the next attempt; `nil` to give up.
    /// - Parameter remaining: what is left until the deadline. A pause that would reach it is not worth beginning.
    func pause(after failure: AttemptFailure, attempt: Int, remaining: Duration) -> Duration? {
        guard failure.isWorthRetrying, attempt < attempts else { return nil }
        let pause = failure.retryAfter ?? backoff(attempt)
        return pause < remaining ? pause : nil
    }

    // Jitter spreads the clients that failed together; never below half, so that the pause still grows.
    private func backoff(_ attempt: Int) -> Duration {
        let full = min(firstPause * (1 << min(attempt - 1, 16)), Self.longestPause)
        return full * Double.random(in: 0.5...1)
    }
}
