import Metrics
import Synchronization

/// Ended spans that wait to be sent. What does not fit is dropped and counted: tracing must never hold up or fill what it watches.
final class SpanQueue: Sendable {
    /// A few megabytes: texts in spans are short.
    private static let capacity = 4_096
    private static let batch = 512

    private struct State {
        var spans: [FinishedSpan] = []
    }

    private let state = Mutex(State())
    /// Yields when spans should be sent, until the queue is closed.
    let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() { (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func wake() { signal.yield() }

    func close() { signal.finish() }

    func add(_ span: FinishedSpan) {
        let (isTaken, isFull) = state.withLock { state in
            guard state.spans.count < Self.capacity else { return (false, false) }
            state.spans.append(span)
            return (true, state.spans.count == Self.batch)
        }
        if !isTaken { Self.dropped(1) }
        if isFull { wake() }
    }

    /// The oldest spans, as many as are sent at once; empty where none waits.
    func next() -> [FinishedSpan] {
        state.withLock { state in
            let batch = Array(state.spans.prefix(Self.batch))
            state.spans.removeFirst(batch.count)
            return batch
        }
    }

    static func dropped(_ count: Int) { Counter(label: "sre_trace_spans_dropped_total").increment(by: Int64(count)) }
}
