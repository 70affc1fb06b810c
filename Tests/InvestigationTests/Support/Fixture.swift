import ClusterModel
import Foundation
import IncidentModel
import Investigation
import Logging
import TestSupport

/// What investigation tests need around the thing they test.
enum Fixture {
    /// A Deployment whose pods want a ConfigMap that does not exist.
    static func brokenShop() -> ClusterBuilder {
        var builder = ClusterBuilder()
        builder.namespace("shop")
        let message = "configmap \"cart-settings\" not found"
        builder.deployment(
            "cart", TemplateShape([ContainerShape("cart", envFrom: [.configMap("cart-settings")])]),
            pods: [PodShape(.waiting("CreateContainerConfigError", message))])
        builder.configMap("other")
        return builder
    }

    static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Retries without waiting.
    static let limits = InvestigationPipeline.Limits(retry: RetryDelays(attempts: 3, firstSeconds: 0, jitter: { 0 }))

    /// Whether a journal is that of an investigation that went through, first to last; the two branches at its start come in any order.
    static func isComplete(_ journal: [JournalEntry]) -> Bool {
        let steps = journal.map(\.step)
        return Set(steps.prefix(2)) == ["parse", "inventory"] && steps.dropFirst(2) == ["resolve", "collect", "correlate", "report"]
            && journal.map(\.sequence) == Array(1...6)
    }

    /// Waits, a bounded time, until `condition` gives a value.
    static func wait<Value>(_ condition: () async throws -> Value?) async throws -> Value {
        for _ in 0..<4_000 {
            if let value = try await condition() { return value }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw Impatience()
    }

    struct Impatience: Error {}
}
