import AgentAPI
import AsyncHTTPClient
import Foundation
public import IncidentRecords
public import Investigation
import KnowledgeGraph
public import Logging
import NIOCore
import PostgresStore
import SQLiteStore
import ServiceKit

extension Orchestrator {
    /// Builds the orchestrator that a configuration describes, gives it to `work`, and closes its connections afterwards.
    ///
    /// What a killed process left unfinished in the store is taken up again.
    /// - Throws: `OrchestratorFailure` where the store or the knowledge graph cannot be used, or what `work` throws.
    public static func with<Result>(
        _ configuration: OrchestratorConfiguration, logger: Logger, _ work: (Orchestrator) async throws -> Result
    ) async throws -> Result {
        let graph = try knowledgeGraph(at: configuration.knowledgeGraphPath)
        let store = try await store(configuration.storage, configuration.cipher)
        // A file has one orchestrator: what runs in it, an earlier process left.
        try await (store as? SQLiteIncidentStore)?.releaseAllLeases()
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try clientConfiguration(configuration.agentAccess))
        // A client that is shut down after a cancelled call may take seconds to say so; nobody needs to wait for that.
        defer { client.shutdown { _ in } }
        let agent = AgentClient(
            baseURL: configuration.agentURL, httpClient: client, timeoutSeconds: configuration.agentTimeoutSeconds,
            token: configuration.agentAccess.token)
        return try await configuration.model.with { model in
            try await work(
                Orchestrator(
                    configuration: configuration, agent: agent, store: store, graph: graph, model: model,
                    checkAgent: { () async throws(AgentError) in try await agent.check() }, logger: logger))
        }
    }

    private static func clientConfiguration(
        _ access: OrchestratorConfiguration.AgentAccess
    ) throws(OrchestratorFailure) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = try access.tlsConfiguration()
        configuration.timeout = .init(connect: .seconds(5))
        configuration.redirectConfiguration = .disallow
        // Otherwise a refused connection is tried again until the deadline; the agent's client has its own retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return configuration
    }

    /// Opens the store that a configuration describes.
    /// - Parameter schema: what is done where an older version wrote it.
    /// - Throws: `OrchestratorFailure.store` that says what is wrong and what to do.
    public static func store(
        _ storage: OrchestratorConfiguration.Storage, _ cipher: RecordCipher, schema: StoreSchemaPolicy = .bringUpToDate
    ) async throws -> any IncidentStore {
        do throws(StoreError) {
            switch storage {
            case .memory: return MemoryIncidentStore()
            case .file(let path):
                return try SQLiteIncidentStore(path: path, schema: schema, cipher: cipher)
            case .postgres(let address, let connections):
                return try await PostgresIncidentStore(address, options: .init(connections: connections, schema: schema), cipher: cipher)
            }
        } catch {
            if case .postgres = storage { throw OrchestratorFailure.database(error.explanation) }
            throw OrchestratorFailure.store(error.explanation)
        }
    }

    private static func knowledgeGraph(at path: String?) throws -> KnowledgeGraph {
        guard let path else { return .empty }
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            // One byte more than is allowed is enough to be refused for its size.
            let data = try handle.read(upToCount: KnowledgeGraph.maximumFileSize + 1) ?? Data()
            guard let text = String(data: data, encoding: .utf8) else {
                throw OrchestratorFailure.knowledgeGraph(path, "it is not UTF-8 text")
            }
            return try KnowledgeGraph(yaml: text)
        } catch let error as KnowledgeGraphError {
            throw OrchestratorFailure.knowledgeGraph(path, error.description)
        } catch let error as OrchestratorFailure {
            throw error
        } catch {
            throw OrchestratorFailure.knowledgeGraph(path, "it cannot be read; check that the file exists and may be read")
        }
    }
}

/// Why the orchestrator cannot start, in one line.
public enum OrchestratorFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case store(String)
    case database(String)
    /// Key and reason.
    case agentAccess(String, String)
    case knowledgeGraph(String, String)

    public var description: String {
        switch self {
        case .store(let reason): "\(OrchestratorConfiguration.store.key): \(reason)"
        case .database(let reason): "\(OrchestratorConfiguration.databaseURL.key): \(reason)"
        case .agentAccess(let key, let reason): "\(key): \(reason)"
        case .knowledgeGraph(let path, let reason): "\(OrchestratorConfiguration.knowledgeGraph.key): \(path): \(reason)"
        }
    }
}
