import FastJSON
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KubernetesAgentService
import KubernetesClient
import NIOCore
import ServiceKit

/// The agent's real router over a fake cluster.
struct AgentUnderTest {
    static var configuration: KubernetesAgentConfiguration { .init(listening: .init(port: 0)) }

    let agent: KubernetesAgent

    init(_ reader: any ClusterReader, configuration: KubernetesAgentConfiguration = Self.configuration) {
        agent = KubernetesAgent(configuration: configuration, reader: reader, logger: .silent)
    }

    func request(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, type: String? = "application/json", headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if body != nil { headers[.contentType] = type }
        return try await agent.application().application.test(.router) { [headers] client in
            try await client.execute(uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        }
    }

    func get(_ path: String) async throws -> TestResponse { try await request(.get, path) }
}

extension TestResponse {
    var text: String { String(buffer: body) }
    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .missing }
}
