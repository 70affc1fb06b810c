import Foundation
public import Investigation
public import KnowledgeGraph
public import Logging
public import ServiceKit

/// The orchestrator: takes incidents over REST, investigates them in the background and answers with what was found.
public struct Orchestrator: Sendable {
    /// Name in logs and in the `Server` header.
    public static let serviceName = "orchestrator"

    /// Every operation, as the OpenAPI document lists them.
    public let routes: [Route]
    /// What works off the incidents; runs as long as the server does.
    public let runner: InvestigationRunner
    private let upkeep: StoreUpkeep
    private let configuration: OrchestratorConfiguration
    private let logger: Logger

    /// - Parameters:
    ///   - graph: the configured topology.
    ///   - model: nil for the rules alone.
    ///   - checkAgent: a cheap question whether the agent answers, for `/readyz`; must have its own deadline.
    public init(
        configuration: OrchestratorConfiguration, agent: any EvidenceAgent, store: any IncidentStore, graph: KnowledgeGraph = .empty,
        model: (any LanguageModel)? = nil, checkAgent: @escaping @Sendable () async throws(AgentError) -> Void = {}, logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        runner = InvestigationRunner(
            store: store, pipeline: InvestigationPipeline(agent: agent, graph: graph, model: model, limits: configuration.pipeline),
            limits: configuration.runner, owner: "orchestrator-\(UUID().uuidString.lowercased())", logger: logger)
        upkeep = StoreUpkeep(store: store, retention: configuration.retention, logger: logger)
        let gauges = StoreGauges(store)
        let metrics = configuration.offersMetrics ? [Route.metrics { await gauges.refresh() }] : []
        routes =
            HealthRoutes.routes(dependencies: Self.dependencies(store: store, checkAgent: checkAgent))
            + metrics + [.openAPI(Self.openAPIDocument)] + IncidentRoutes(store: store, intake: configuration.intake, logger: logger).routes
    }

    /// The HTTP server and the runner, for whoever runs them beside other services, and for tests.
    /// - Parameter onListening: called with the port once connections are accepted.
    public func application(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) throws(ServiceFailure)
        -> ServiceApplication
    {
        try ServiceApplication(
            name: Self.serviceName, listening: configuration.listening, routes: routes, services: [runner, upkeep], logger: logger,
            onListening: onListening)
    }

    /// Serves until SIGTERM or SIGINT, then lets requests in flight end and hands unfinished investigations back.
    /// - Throws: `ServiceFailure` where the address cannot be bound.
    public func run(onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }) async throws {
        try await application(onListening: onListening).runUntilSignal(graceSeconds: configuration.shutdownGraceSeconds)
    }

    private static func dependencies(
        store: any IncidentStore, checkAgent: @escaping @Sendable () async throws(AgentError) -> Void
    ) -> [Dependency] {
        [
            Dependency("store") {
                do throws(StoreError) {
                    try await store.check()
                    return .ready
                } catch {
                    return .notReady(error.explanation)
                }
            },
            Dependency("k8s-agent") {
                do throws(AgentError) {
                    try await checkAgent()
                    return .ready
                } catch {
                    return .notReady(error.message)
                }
            },
        ]
    }
}
