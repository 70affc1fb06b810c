import FastJSON
import Foundation
import IncidentModel
import Investigation
import OrchestratorService
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

/// An orchestrator on a real port of the loopback interface.
struct LiveOrchestrator: Sendable {
    let port: Int
    let store: any IncidentStore

    /// Starts one, runs `work` against it and shuts it down as SIGTERM would.
    static func with(
        agent: any EvidenceAgent = ScriptedAgent(Fixture.brokenShop().evidence()), store: any IncidentStore = MemoryIncidentStore(),
        crossOrigin: CrossOriginPolicy = .any, asksForReview: Bool = false,
        access: AccessControl.Source = .everybody, requestsPerMinute: Int? = nil, requestSeconds: Int = 30, connections: Int = 1_024,
        certificate: ServerCertificate.Files? = nil, checkAgent: @escaping @Sendable () async throws(AgentError) -> Void = {},
        _ work: (LiveOrchestrator) async throws -> Void
    ) async throws {
        let configuration = OrchestratorConfiguration(
            listening: .init(
                port: 0, crossOrigin: crossOrigin, requestSeconds: requestSeconds, access: access, requestsPerMinute: requestsPerMinute,
                connections: connections,
                certificate: certificate), agentURL: try #require(URL(string: "http://127.0.0.1:1")),
            pipeline: .init(retry: RetryDelays(firstSeconds: 0), asksForReview: asksForReview), runner: .init(pollSeconds: 0.05))
        let orchestrator = Orchestrator(
            configuration: configuration, agent: agent, store: store, checkAgent: checkAgent, logger: .silent)
        try await serve(store: store, { try orchestrator.application(onListening: $0) }, work)
    }

    /// Serves what `application` makes.
    static func serve(
        store: any IncidentStore, _ application: (_ onListening: @escaping @Sendable (Int) async -> Void) throws -> ServiceApplication,
        _ work: (LiveOrchestrator) async throws -> Void
    ) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(services: [try application { continuation.yield($0) }], logger: .silent)
        async let running: Void = group.run()
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        do {
            try await work(LiveOrchestrator(port: port, store: store))
        } catch {
            await group.triggerGracefulShutdown()
            try await running
            throw error
        }
        await group.triggerGracefulShutdown()
        try await running
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> RawHTTP.Answer {
        try await RawHTTP.request("GET", path, headers: headers, port: port)
    }

    func post(_ json: String, headers: [(String, String)] = [("Content-Type", "application/json")]) async throws -> RawHTTP.Answer {
        try await RawHTTP.request("POST", "/api/v1/incidents", headers: headers, body: Array(json.utf8), port: port)
    }

    func send(
        _ method: String, _ path: String, _ json: String = "", headers: [(String, String)] = []
    ) async throws -> RawHTTP.Answer {
        try await RawHTTP.request(method, path, headers: headers, body: Array(json.utf8), port: port)
    }

    /// Reports an incident.
    /// - Returns: the path of the incident.
    func open(_ description: String, namespace: String? = "shop") async throws -> String {
        let members = [("description", JSONText.quote(description))] + (namespace.map { [("namespace", JSONText.quote($0))] } ?? [])
        let answer = try await post(JSONText.object(members.map { (key: $0.0, json: $0.1) }))
        #expect(answer.status == 202)
        return try #require(answer.header("Location"))
    }

    /// The incident at a path, when it is final.
    func finished(_ path: String) async throws -> JSONValue {
        for _ in 0..<2_000 {
            let incident = try await get(path).json
            if let status = incident["status"].string, status != "pending", status != "running" { return incident }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw RawHTTP.Failure.never
    }
}

extension RawHTTP.Failure {
    static let never = RawHTTP.Failure("the investigation did not end")
}
