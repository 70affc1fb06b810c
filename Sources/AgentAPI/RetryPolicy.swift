/// How often and how soon a failed call is tried again.
public struct RetryPolicy: Sendable {
    /// Tries in all, the first one included.
    public var attempts: Int
    /// Wait before the second try; doubles with every further one.
    public var firstDelay: Duration
    /// No wait is longer, but for one the other side asks for.
    public var longestDelay: Duration
    /// A number from 0 to 1 that spreads the waits; tests inject their own.
    public var random: @Sendable () -> Double

    public init(
        attempts: Int = 3, firstDelay: Duration = .milliseconds(200), longestDelay: Duration = .seconds(5),
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
    ) {
        self.attempts = max(1, attempts)
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.random = random
    }

    /// How long to wait after a failure.
    /// - Parameters:
    ///   - attempt: the try that failed, from 1.
    ///   - retryAfter: what the other side asked for; it is obeyed, with up to a quarter more so that callers do not return together.
    func delay(after attempt: Int, retryAfter: Duration?) -> Duration {
        if let retryAfter { return retryAfter * (1 + 0.25 * random()) }
        let doubled = firstDelay * Double(1 << min(attempt - 1, 20))
        return min(doubled, longestDelay) * (0.5 + 0.5 * random())
    }
}
