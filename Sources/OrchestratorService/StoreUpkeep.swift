import Investigation
import Logging
import ServiceLifecycle

/// Deletes what is beyond the retention, now and then. Replicas that do it at once do no harm.
struct StoreUpkeep: Service {
    private static let everySeconds = 600.0

    let store: any IncidentStore
    let retention: Retention
    let logger: Logger

    func run() async {
        _ = try? await cancelWhenGracefulShutdown {
            while true {
                await prune()
                try await Task.sleep(for: .seconds(Self.everySeconds))
            }
        }
    }

    private func prune() async {
        guard !retention.isUnbounded else { return }
        do {
            let deleted = try await store.prune(retention)
            if deleted > 0 { logger.info("old incidents deleted", metadata: ["count": .stringConvertible(deleted)]) }
        } catch {
            logger.warning("old incidents not deleted", metadata: ["error": .string(error.explanation)])
        }
    }
}
