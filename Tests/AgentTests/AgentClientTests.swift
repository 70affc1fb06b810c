import AgentAPI
import AsyncHTTPClient
import ClusterModel
import FastJSON
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import IncidentModel
import Investigation
import KubernetesAgentService
import KubernetesClient
import NIOCore
import ServiceKit
import TestSupport
import Testing

struct AgentClientTests {
    private static func problem(_ status: HTTPResponse.Status, headers: HTTPFields = [:]) -> Response {
        .json("{\"code\":\(status.code),\"message\":\"as the test wants\"}", status: status, headers: headers)
    }

    private static var evidence: Response { .json(String(decoding: EvidenceWireForm(shop().evidence()).data, as: UTF8.self)) }

    @Test func `evidence and inventory come over a real socket from the real agent`() async throws {
        var builder = shop()
        builder.log("cart", "panic: no mode\n")
        let expected = builder.evidence()
        let agent = AgentUnderTest(FakeCluster(expected)).agent
        try await withLiveServer({ try agent.application(onListening: $0).application }) { port in
            let url = try #require(URL(string: "http://127.0.0.1:\(port)"))
            try await RoughAgent.withClient { http in
                let client = AgentClient(baseURL: url, httpClient: http)
                try await client.check()
                let scope = EvidenceScope(namespaces: ["shop"], focus: [ObjectReference(kind: "Service", namespace: "shop", name: "web")])
                let evidence = try await client.evidence(for: scope)
                #expect(evidence.names(.pods).count == 4)
                #expect(evidence.logs.contains { $0.container == "cart" })
                let inventory = try await client.inventory()
                #expect(inventory.namespaces == ["other", "shop"])
            }
        }
    }

    @Test func `the correlation id and the scope go with the call`() async throws {
        let agent = RoughAgent { _, _ in Self.evidence }
        try await agent.run { client in
            try await CorrelationID.$current.withValue(CorrelationID("abc-7")) {
                _ = try await client.evidence(for: EvidenceScope(namespaces: ["shop"]))
            }
        }
        #expect(agent.seen.paths == ["/api/v1/evidence"])
        #expect(agent.seen.correlationIDs == ["abc-7"])
        #expect(agent.seen.bodies == [#"{"namespaces":["shop"],"focus":[]}"#])
    }

    @Test(arguments: [HTTPResponse.Status.internalServerError, .badGateway, .serviceUnavailable, .tooManyRequests])
    func `a transient failure is tried again`(status: HTTPResponse.Status) async throws {
        let agent = RoughAgent { number, _ in number < 3 ? Self.problem(status) : Self.evidence }
        let evidence = try await agent.run { client in try await client.evidence(for: EvidenceScope()) }
        #expect(evidence.names(.pods).count == 5)
        #expect(agent.seen.paths.count == 3)
    }

    @Test func `after three tries the agent's own words are the error`() async throws {
        let agent = RoughAgent { _, _ in Self.problem(.badGateway) }
        await #expect(throws: AgentError.refused(status: 502, message: "as the test wants")) {
            try await agent.run { client in try await client.evidence(for: EvidenceScope()) }
        }
        #expect(agent.seen.paths.count == 3)
    }

    @Test(arguments: [HTTPResponse.Status.badRequest, .forbidden, .notFound, .unauthorized, .contentTooLarge])
    func `a refusal is final`(status: HTTPResponse.Status) async throws {
        let agent = RoughAgent { _, _ in Self.problem(status) }
        await #expect(throws: AgentError.refused(status: status.code, message: "as the test wants")) {
            try await agent.run { client in try await client.inventory() }
        }
        #expect(agent.seen.paths.count == 1)
    }

    @Test func `a wait that the agent asks for is kept`() async throws {
        let agent = RoughAgent { number, _ in
            number == 1 ? Self.problem(.tooManyRequests, headers: [.retryAfter: "1"]) : Self.evidence
        }
        let start = ContinuousClock.now
        _ = try await agent.run { client in try await client.evidence(for: EvidenceScope()) }
        #expect(start.duration(to: .now) >= .seconds(1))
        #expect(agent.seen.paths.count == 2)
    }

    @Test func `a wait longer than the deadline is not begun`() async throws {
        let agent = RoughAgent { _, _ in Self.problem(.tooManyRequests, headers: [.retryAfter: "600"]) }
        let start = ContinuousClock.now
        await #expect(throws: AgentError.refused(status: 429, message: "as the test wants")) {
            try await agent.run { client in try await client.evidence(for: EvidenceScope()) }
        }
        #expect(start.duration(to: .now) < .seconds(3))
    }

    @Test(arguments: [
        "", "{}", "[]", "<html>hello</html>", "{\"captured_at\":\"2026-11-23T19:00:00Z\"", "null",
        #"{"captured_at":"2026-11-23T19:00:00Z","kubernetes_version":"v1","lists":{},"logs":[]}"#,
    ])
    func `nonsense is malformed, never an empty cluster`(body: String) async throws {
        let agent = RoughAgent { _, _ in .json(body) }
        for call in [0, 1] {
            let error = await #expect(throws: AgentError.self) {
                try await agent.run { client in
                    if call == 0 { _ = try await client.evidence(for: EvidenceScope()) } else { _ = try await client.inventory() }
                }
            }
            guard case .malformed = error else {
                Issue.record("\(String(describing: error)) for \(body)")
                continue
            }
        }
        #expect(agent.seen.paths.count == 2)
    }

    @Test func `an agent that does not answer in time is a timeout`() async throws {
        let agent = RoughAgent { _, _ in
            try await Task.sleep(for: .seconds(30))
            return Self.evidence
        }
        try await expectTimeout(of: agent)
    }

    @Test func `an answer that begins and never ends is a timeout`() async throws {
        let agent = RoughAgent { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "{\"captured_at\":"))
                    try await Task.sleep(for: .seconds(30))
                    try await writer.finish(nil)
                })
        }
        try await expectTimeout(of: agent)
    }

    private func expectTimeout(of agent: RoughAgent) async throws {
        let start = ContinuousClock.now
        let error = await #expect(throws: AgentError.self) {
            try await agent.run(timeoutSeconds: 0.4) { client in
                let error: AgentError
                do throws(AgentError) {
                    _ = try await client.evidence(for: EvidenceScope())
                    return
                } catch let caught { error = caught }
                #expect(start.duration(to: .now) < .seconds(5))
                throw error
            }
        }
        guard case .timeout = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a connection cut in the middle of the answer is unreachable, after its tries`() async throws {
        struct Cut: Error {}
        let agent = RoughAgent { _, _ in
            Response(
                status: .ok, headers: [.contentLength: "1000"],
                body: ResponseBody(contentLength: 1_000) { writer in
                    try await writer.write(ByteBuffer(string: "{\"captured_at\":"))
                    throw Cut()
                })
        }
        let error = await #expect(throws: AgentError.self) {
            try await agent.run { client in try await client.evidence(for: EvidenceScope()) }
        }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(agent.seen.paths.count == 3)
    }

    @Test func `an answer beyond the bound is refused`() async throws {
        let agent = RoughAgent { _, _ in .json("{\"x\":\"" + String(repeating: "x", count: 5_000) + "\"}") }
        let error = await #expect(throws: AgentError.self) {
            try await agent.run(largestResponseBytes: 1_000) { client in try await client.inventory() }
        }
        guard case .malformed(let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("1000 bytes"))
    }

    @Test func `nobody listening is unreachable`() async throws {
        let url = try #require(URL(string: "http://127.0.0.1:1"))
        let error = await #expect(throws: AgentError.self) {
            try await RoughAgent.withClient { http in
                try await AgentClient(baseURL: url, httpClient: http, retries: RetryPolicy(attempts: 1)).inventory()
            }
        }
        guard case .unreachable(let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("127.0.0.1:1"))
    }

    @Test func `a dead agent is left alone once its failures have opened the breaker`() async throws {
        let agent = RoughAgent { _, _ in Self.problem(.internalServerError) }
        let breaker = CircuitBreaker(threshold: 3, delay: .seconds(600))
        try await agent.run(breaker: breaker) { client in
            for _ in 0..<3 {
                await #expect(throws: AgentError.self) { try await client.inventory() }
            }
        }
        #expect(agent.seen.paths.count == 3)
    }

    @Test func `refusals show an agent alive and never open the breaker`() async throws {
        let agent = RoughAgent { _, _ in Self.problem(.notFound) }
        try await agent.run(breaker: CircuitBreaker(threshold: 1, delay: .seconds(600))) { client in
            for _ in 0..<3 {
                await #expect(throws: AgentError.self) { try await client.inventory() }
            }
        }
        #expect(agent.seen.paths.count == 3)
    }
}
