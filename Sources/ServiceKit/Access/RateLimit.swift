import Synchronization

/// Token buckets, one a name: so many a minute on the average, and as many at once.
final class RateLimit: Sendable {
    /// Names that are remembered; beyond it full buckets are forgotten, then those that were used longest ago, which begin anew.
    private static let mostNames = 10_000

    private struct Bucket {
        var tokens: Double
        var updated: ContinuousClock.Instant
    }

    private let perMinute: Double
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<[String: Bucket]>([:])

    init(perMinute: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.perMinute = Double(max(1, perMinute))
        self.now = now
    }

    /// Takes a token.
    /// - Returns: seconds to wait where there is none.
    func take(_ name: String) -> Int? {
        let now = now()
        return buckets.withLock { buckets in
            if buckets.count >= Self.mostNames && buckets[name] == nil { forget(&buckets, now) }
            var bucket = filled(buckets[name], now)
            defer { buckets[name] = bucket }
            guard bucket.tokens >= 1 else { return seconds(until: bucket) }
            bucket.tokens -= 1
            return nil
        }
    }

    private func filled(_ bucket: Bucket?, _ now: ContinuousClock.Instant) -> Bucket {
        guard let bucket else { return Bucket(tokens: perMinute, updated: now) }
        let elapsed = bucket.updated.duration(to: now) / .seconds(1)
        return Bucket(tokens: min(perMinute, bucket.tokens + elapsed * perMinute / 60), updated: now)
    }

    private func seconds(until bucket: Bucket) -> Int {
        max(1, Int(((1 - bucket.tokens) * 60 / perMinute).rounded(.up)))
    }

    private func forget(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
        buckets = buckets.filter { filled($0.value, now).tokens < perMinute }
        guard buckets.count > Self.mostNames / 2 else { return }
        // Half at once, so that the next thousands of new names cost nothing.
        for (name, _) in buckets.sorted(by: { $0.value.updated < $1.value.updated }).prefix(buckets.count / 2) { buckets[name] = nil }
    }
}
