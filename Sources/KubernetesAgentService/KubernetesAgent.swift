import EvidenceCollection
import Foundation
public import KubernetesClient
public import Logging
public import ServiceKit

/// The agent: the only process with access to the cluster, a read-only REST face over what can be read there.
public struct KubernetesAgent: Sendable {
    /// Name in logs and in the `Server` header.
    public static let serviceName = "k8s-agent"

    /// Every operation, as the OpenAPI document lists them.
    public let routes: [Route]
    private let review: AccessReview
    private let configuration: KubernetesAgentConfiguration
    private let logger: Logger

    /// - Parameter reader: the cluster, usually `configuration.connect(environment:logger:)`.
    public init(configuration: KubernetesAgentConfiguration, reader: any ClusterReader, logger: Logger) {
        let limits = configuration.limits
        let collector = EvidenceCollector(reader: reader, limits: limits, capturedAt: { Date() })
        let admission = CollectionAdmission(most: configuration.collectionsAtOnce)
        review = AccessReview(reader: reader, limits: limits, logger: logger)
        routes =
            HealthRoutes.routes(dependencies: review.dependencies) + [.openAPI(Self.openAPIDocument)]
            + (configuration.offersMetrics ? [.metrics()] : [])
            + PodRoutes(reader: reader, limits: limits).routes + LogRoutes(reader: reader, limits: limits).routes
            + EvidenceRoutes(collector: collector, admission: admission, logger: logger).routes
        self.configuration = configuration
        self.logger = logger
    }

    /// The HTTP server, for whoever runs it beside other services, and for tests.
    /// - Parameter onListening: called with the port once connections are accepted.
    public func application(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) throws(ServiceFailure)
        -> ServiceApplication
    {
        try ServiceApplication(
            name: Self.serviceName, listening: configuration.listening, routes: routes, services: [review], logger: logger,
            onListening: onListening)
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in flight end.
    /// - Throws: `ServiceFailure` where the address cannot be bound.
    public func run(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        try await application(onListening: onListening).runUntilSignal(graceSeconds: configuration.shutdownGraceSeconds)
    }
}
