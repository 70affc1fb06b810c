import Investigation
import Synchronization
import Testing

struct CircuitBreakerTests {
    /// A clock that a test turns.
    private final class TestClock: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func advance(_ duration: Duration) { instant.withLock { $0 += duration } }
    }

    private let clock = TestClock()

    private func breaker(threshold: Int = 2) -> CircuitBreaker {
        CircuitBreaker(threshold: threshold, delay: .seconds(10), now: { [clock] in clock.now })
    }

    private func fail(_ breaker: CircuitBreaker, times: Int) {
        for _ in 0..<times where breaker.admits() { breaker.failed() }
    }

    @Test func `failures in a row open it`() {
        let breaker = breaker()
        fail(breaker, times: 1)
        #expect(breaker.admits())
        breaker.failed()
        #expect(!breaker.admits())
    }

    @Test func `a success in between starts the count anew`() {
        let breaker = breaker()
        for _ in 0..<5 {
            fail(breaker, times: 1)
            #expect(breaker.admits())
            breaker.succeeded()
        }
        #expect(breaker.admits())
    }

    @Test func `after the delay a single probe passes, and its success closes it`() {
        let breaker = breaker()
        fail(breaker, times: 2)
        clock.advance(.seconds(9))
        #expect(!breaker.admits())
        clock.advance(.seconds(1))
        #expect(breaker.admits())
        #expect(!breaker.admits())
        breaker.succeeded()
        #expect(breaker.admits() && breaker.admits())
    }

    @Test func `a probe that fails opens it for another delay`() {
        let breaker = breaker()
        fail(breaker, times: 2)
        clock.advance(.seconds(10))
        #expect(breaker.admits())
        breaker.failed()
        #expect(!breaker.admits())
        clock.advance(.seconds(10))
        #expect(breaker.admits())
    }

    @Test func `a probe that says nothing lets the next one pass at once`() {
        let breaker = breaker()
        fail(breaker, times: 2)
        clock.advance(.seconds(10))
        #expect(breaker.admits())
        breaker.abandoned()
        #expect(breaker.admits())
    }
}
