import AgentAPI
import AsyncHTTPClient
import Foundation
import Investigation
import KnowledgeGraph
public import Logging
import NIOCore
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
        let store = try await store(configuration.storage)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: clientConfiguration)
        // A client that is shut down after a cancelled call may take seconds to say so; nobody needs to wait for that.
        defer { client.shutdown { _ in } }
        let agent = AgentClient(
            baseURL: configuration.agentURL, httpClient: client, timeoutSeconds: configuration.agentTimeoutSeconds)
        return try await work(
            Orchestrator(
                configuration: configuration, agent: agent, store: store, graph: graph,
                checkAgent: { () async throws(AgentError) in try await agent.check() }, logger: logger))
    }

    private static var clientConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(5))
        configuration.redirectConfiguration = .disallow
        // Otherwise a refused connection is tried again until the deadline; the agent's client has its own retries.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return configuration
    }

    private static func store(_ storage: OrchestratorConfiguration.Storage) async throws -> any IncidentStore {
        switch storage {
        case .memory: return MemoryIncidentStore()
        case .file(let path):
            do throws(StoreError) {
                let store = try SQLiteIncidentStore(path: path)
                try await store.releaseAllLeases()
                return store
            } catch {
                throw OrchestratorFailure.store(error.explanation)
            }
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
    case knowledgeGraph(String, String)

    public var description: String {
        switch self {
        case .store(let reason): "\(OrchestratorConfiguration.store.key): \(reason)"
        case .knowledgeGraph(let path, let reason): "\(OrchestratorConfiguration.knowledgeGraph.key): \(path): \(reason)"
        }
    }
}
