import Investigation
import Metrics
import Synchronization

/// What the store knows of the queue, as gauges; read when somebody asks for metrics, and no more often than it changes what they see.
final class StoreGauges: Sendable {
    private static let lookSeconds = 5.0

    private let store: any IncidentStore
    private let looked = Mutex<ContinuousClock.Instant?>(nil)

    init(_ store: any IncidentStore) {
        self.store = store
    }

    func refresh() async {
        let isDue = looked.withLock { looked in
            if let last = looked, last.duration(to: .now) < .seconds(Self.lookSeconds) { return false }
            looked = .now
            return true
        }
        guard isDue else { return }
        guard let statistics = try? await store.statistics() else {
            Meter(label: "sre_store_up").set(0)
            return
        }
        Meter(label: "sre_store_up").set(1)
        let incidents = [
            ("queued", statistics.queued), ("running", statistics.running), ("awaiting", statistics.awaiting),
            ("finished", statistics.finished),
        ]
        for (state, count) in incidents { Meter(label: "sre_incidents", dimensions: [("state", state)]).set(count) }
        Meter(label: "sre_queue_oldest_seconds").set(statistics.oldestQueuedSeconds)
        Meter(label: "sre_store_bytes").set(statistics.bytes)
    }
}
