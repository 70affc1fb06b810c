/// How transient failures of an agent are tried again: exponential backoff with full jitter, so that many investigations that failed
/// together do not come back together.
public struct RetryDelays: Sendable {
    /// Tries in all, the first included.
    public var attempts: Int
    /// Upper bound of the first delay; it doubles from try to try.
    public var firstSeconds: Double
    public var longestSeconds: Double
    /// Where in 0...1 of its bound a delay lies.
    public var jitter: @Sendable () -> Double

    public init(
        attempts: Int = 3, firstSeconds: Double = 0.4, longestSeconds: Double = 5,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0.5...1) }
    ) {
        self.attempts = attempts
        self.firstSeconds = firstSeconds
        self.longestSeconds = longestSeconds
        self.jitter = jitter
    }

    /// The delay after the try number `attempt`, counted from 1.
    func delay(after attempt: Int) -> Duration {
        let bound = min(longestSeconds, firstSeconds * Double(1 << min(attempt - 1, 20)))
        return .seconds(bound * jitter())
    }
}
