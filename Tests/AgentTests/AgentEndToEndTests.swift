import AgentAPI
import ClusterModel
import ClusterSnapshot
import EvidenceCollection
import FastJSON
import Foundation
import HTTPTypes
import HummingbirdTesting
import IncidentModel
import Investigation
import KubernetesAgentService
import KubernetesClient
import NIOCore
import ServiceKit
import ServiceLifecycle
import TestSupport
import Testing

/// Everything over real sockets: client, agent, Kubernetes client, and a replayed cluster as the Kubernetes API.
struct AgentEndToEndTests {
    private func replayed(
        _ snapshot: ClusterEvidence, _ body: @Sendable @escaping (_ agent: any TestClientProtocol) async throws -> Void
    ) async throws {
        let replay: @Sendable (@escaping @Sendable (Int) -> Void) -> any ServiceLifecycle.Service = { onListening in
            ReplayServer(evidence: snapshot, host: "127.0.0.1", port: 0, logger: .silent) { onListening($0) }
        }
        try await withLiveServer(replay) { port in
            let api = KubernetesAPI(connection: try ClusterConnection(server: "http://127.0.0.1:\(port)"), logger: .silent)
            try await AgentUnderTest(api).agent.application().application.test(.live) { try await body($0) }
            await api.shutdown()
        }
    }

    @Test func `evidence that came over the wire is what the snapshot holds`() async throws {
        let snapshot = try Scenario.named("12").evidence()
        let namespace = try #require(snapshot.namespaces?.first)
        let direct = try await EvidenceCollector(snapshot: snapshot).evidence(for: EvidenceScope(namespaces: [namespace]))
        try await replayed(snapshot) { server in
            let url = try #require(URL(string: "http://127.0.0.1:\(server.port ?? 0)"))
            try await RoughAgent.withClient { http in
                let evidence = try await AgentClient(baseURL: url, httpClient: http).evidence(for: EvidenceScope(namespaces: [namespace]))
                #expect(evidence.names(.pods) == direct.names(.pods))
                #expect(evidence.names(.deployments) == direct.names(.deployments))
                // A live API gives the events of nodes as well, which lie outside the namespace.
                #expect(evidence.names(.events).filter { $0.hasPrefix(namespace + "/") } == direct.names(.events))
                #expect(Set(evidence.logs.map(\.path)) == Set(direct.logs.map(\.path)))
                #expect(evidence.kubernetesVersion == snapshot.kubernetesVersion)
            }
        }
    }

    @Test func `a pod and its streamed log come from the replayed API`() async throws {
        let snapshot = try Scenario.named("23").evidence()
        let view = ClusterView(snapshot)
        let pod = try #require(view.pods.items.first { $0.spec.containers.count > 1 && view.logs(of: $0).count > 1 })
        try await replayed(snapshot) { agent in
            let path = "/api/v1/pods/\(pod.namespace)/\(pod.name)"
            let details = try await agent.execute(uri: path + "/details", method: .get)
            #expect(details.json["name"].string == pod.name)
            #expect(details.json["containers"].count == pod.spec.allContainers.count)
            let log = try await agent.execute(uri: path + "/logs?tail=5", method: .get)
            #expect(log.status == .ok)
            let lines = log.text.split(separator: "\n")
            #expect(!lines.isEmpty)
            #expect(lines.allSatisfy { line in pod.spec.allContainers.contains { line.hasPrefix("[\($0.name)] ") } })
            let ghost = try await agent.execute(uri: "/api/v1/pods/\(pod.namespace)/ghost", method: .get)
            #expect(ghost.status == .notFound)
            let ready = try await agent.execute(uri: "/readyz", method: .get)
            #expect(ready.status == .ok)
        }
    }
}
