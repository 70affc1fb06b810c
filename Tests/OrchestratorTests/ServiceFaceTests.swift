import FastJSON
import Foundation
import HTTPTypes
import IncidentModel
import Investigation
import OrchestratorService
import ServiceKit
import TestSupport
import Testing
import Yams

/// What every service answers besides its own operations.
@Suite(.timeLimit(.minutes(1)))
struct ServiceFaceTests {
    @Test func `health is answered in all three places, and to HEAD`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            for path in ["/health", "/api/v1/health", "/livez"] {
                let answer = try await orchestrator.get(path)
                #expect(answer.status == 200 && answer.body == "{\"status\":\"ok\"}" && answer.isHardened)
                #expect(answer.header("Content-Type") == "application/json")
            }
            let head = try await RawHTTP.request("HEAD", "/health", port: orchestrator.port)
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func `readiness names each dependency, and which one is missing`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let answer = try await orchestrator.get("/readyz")
            #expect(answer.status == 200 && answer.json["status"].string == "ok")
            #expect(answer.json["checks"].array.map { $0["name"].string } == ["store", "k8s-agent"])
        }
        let refuse: @Sendable () async throws(AgentError) -> Void = { () async throws(AgentError) in
            throw .unreachable("connection refused")
        }
        try await LiveOrchestrator.with(checkAgent: refuse) { orchestrator in
            let answer = try await orchestrator.get("/readyz")
            #expect(answer.isProblem(503) && answer.json["message"].string == "not ready: k8s-agent: connection refused")
            #expect(answer.json["checks"].array.map { $0["status"].string } == ["ok", "not_ready"])
            #expect(try await orchestrator.get("/livez").status == 200)
        }
    }

    @Test func `a sane correlation id is taken over and any other replaced`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            func echo(_ headers: [(String, String)]) async throws -> String? {
                try await orchestrator.get("/api/v1/nothing", headers: headers).header("X-Correlation-ID")
            }
            #expect(try await echo([("X-Correlation-ID", "alert-42.a:b_c")]) == "alert-42.a:b_c")
            #expect(try await echo([("X-Request-ID", "req-7")]) == "req-7")
            #expect(try await echo([("X-Correlation-ID", "first"), ("X-Request-ID", "second")]) == "first")
            for bad in ["", "a b", "{\"a\":1}", "<script>", String(repeating: "a", count: 129), "ä"] {
                let id = try #require(try await echo([("X-Correlation-ID", bad)]))
                #expect(UUID(uuidString: id) != nil)
            }
            let answer = try await orchestrator.get("/api/v1/nothing", headers: [("X-Correlation-ID", "abc")])
            #expect(answer.json["correlation_id"].string == "abc" && answer.json["instance"].string == "/api/v1/nothing")
        }
    }

    @Test func `in development any page may call the API`() async throws {
        try await LiveOrchestrator.with(crossOrigin: .any) { orchestrator in
            let answer = try await orchestrator.get("/health", headers: [("Origin", "http://localhost:3000")])
            #expect(answer.header("Access-Control-Allow-Origin") == "*" && answer.header("Vary") == "Origin")
            let refused = try await orchestrator.get("/nothing", headers: [("Origin", "http://localhost:3000")])
            #expect(refused.isProblem(404) && refused.header("Access-Control-Allow-Origin") == "*")
        }
    }

    @Test func `in production only listed pages may`() async throws {
        try await LiveOrchestrator.with(crossOrigin: .origins(["https://console.example.com"])) { orchestrator in
            func preflight(_ origin: String) async throws -> RawHTTP.Answer {
                let headers = [("Origin", origin), ("Access-Control-Request-Method", "POST")]
                return try await RawHTTP.request("OPTIONS", "/api/v1/incidents", headers: headers, port: orchestrator.port)
            }
            let allowed = try await preflight("https://console.example.com")
            #expect(allowed.status == 204 && allowed.header("Access-Control-Allow-Origin") == "https://console.example.com")
            #expect(allowed.header("Access-Control-Allow-Methods") == "GET, PATCH, POST" && allowed.isHardened)
            let refused = try await preflight("https://evil.example.com")
            #expect(refused.isProblem(405) && refused.header("Access-Control-Allow-Origin") == nil)
            let other = try await orchestrator.get("/health", headers: [("Origin", "https://evil.example.com")])
            #expect(other.status == 200 && other.header("Access-Control-Allow-Origin") == nil)
        }
    }

    @Test func `a port in use is said so`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let second = try ServiceApplication(name: "second", listening: .init(port: orchestrator.port), routes: [], logger: .silent)
            await #expect { try await second.run() } throws: { error in
                guard let failure = error as? ServiceFailure else { return false }
                return failure.description.hasPrefix("cannot listen on 127.0.0.1:\(orchestrator.port): ")
            }
        }
    }

    @Test func `the document that is served is the file of the repository`() async throws {
        let file = try String(contentsOf: URL(filePath: Fixture.root + "/openapi/orchestrator.yaml"), encoding: .utf8)
        #expect(Orchestrator.openAPIDocument == file)
        try await LiveOrchestrator.with { orchestrator in
            let answer = try await orchestrator.get("/openapi.yaml")
            #expect(answer.status == 200 && answer.body == file && answer.header("Content-Type") == "application/yaml")
        }
    }

    @Test func `the documented codes are those there are`() throws {
        let document = try #require(try Yams.load(yaml: Orchestrator.openAPIDocument) as? [String: Any])
        let schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: Any]
        let codes = try #require((schemas?["CauseCode"] as? [String: Any])?["enum"] as? [String])
        #expect(codes == CauseCode.allCases.map(\.rawValue))
    }

    @Test func `every route is documented and every documented operation exists`() throws {
        let document = try #require(try Yams.load(yaml: Orchestrator.openAPIDocument) as? [String: Any])
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let documented = paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) \(path)" } }
        let configuration = OrchestratorConfiguration(agentURL: try #require(URL(string: "http://127.0.0.1:1")))
        let orchestrator = Orchestrator(
            configuration: configuration, agent: ScriptedAgent(Fixture.brokenShop().evidence()), store: MemoryIncidentStore(),
            logger: .silent)
        #expect(Set(documented) == Set(orchestrator.routes.map { "\($0.method.rawValue) \($0.path)" }))
    }

    @Test func `every reference of the document leads somewhere`() throws {
        let document = try #require(try Yams.load(yaml: Orchestrator.openAPIDocument) as? [String: Any])
        let references = Orchestrator.openAPIDocument.matches(of: /\$ref: "#\/([^"]+)"/).map { String($0.output.1) }
        #expect(references.count > 30)
        for reference in references {
            let target = reference.split(separator: "/").reduce(document as Any?) { ($0 as? [String: Any])?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
    }
}
