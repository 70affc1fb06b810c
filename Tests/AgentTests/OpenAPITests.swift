import Foundation
import HTTPTypes
import KubernetesAgentService
import ServiceKit
import TestSupport
import Testing
import Yams

struct OpenAPITests {
    private var document: [String: Any] {
        get throws { try #require(try Yams.load(yaml: KubernetesAgent.openAPIDocument) as? [String: Any]) }
    }

    @Test func `the document that is served is the file of the repository`() async throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try String(contentsOf: URL(filePath: "/\(root)/openapi/k8s-agent.yaml"), encoding: .utf8)
        #expect(KubernetesAgent.openAPIDocument == file)
        let response = try await AgentUnderTest(FakeCluster(shop().evidence())).get("/openapi.yaml")
        #expect(response.text == file)
    }

    @Test func `every route is documented and every documented operation exists`() throws {
        let paths = try #require(try document["paths"] as? [String: [String: Any]])
        let documented = Set(paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) \(path)" } })
        let served = Set(AgentUnderTest(FakeCluster(shop().evidence())).agent.routes.map { "\($0.method.rawValue) \($0.path)" })
        #expect(documented == served)
    }

    @Test func `every reference leads somewhere and every operation has its own id`() throws {
        let document = try document
        var references: [String] = []
        var ids: [String] = []
        collect(document, &references, &ids)
        #expect(!references.isEmpty)
        for reference in references {
            let parts = reference.split(separator: "/").dropFirst().map(String.init)
            let target = parts.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
            #expect(target != nil, "\(reference)")
        }
        #expect(Set(ids).count == ids.count)
    }

    private func collect(_ value: Any, _ references: inout [String], _ ids: inout [String]) {
        if let map = value as? [String: Any] {
            if let reference = map["$ref"] as? String { references.append(reference) }
            if let id = map["operationId"] as? String { ids.append(id) }
            for member in map.values { collect(member, &references, &ids) }
        } else if let list = value as? [Any] {
            for element in list { collect(element, &references, &ids) }
        }
    }
}
