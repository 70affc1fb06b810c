import Foundation
import Investigation
import TestSupport
import Testing

/// Whatever is sent: the error body, the right status, and a process that lives on.
@Suite(.timeLimit(.minutes(2)))
struct BadInputTests {
    @Test func `every malformed request gets its error body from a process that stays alive`() async throws {
        #expect(BadRequestTable.all.count >= 100)
        try await LiveOrchestrator.with { orchestrator in
            for request in BadRequestTable.all {
                let name = Comment(rawValue: request.description)
                do {
                    let answer = try await RawHTTP.send(request.bytes, port: orchestrator.port, closesSending: request.closesSending)
                    #expect(answer.isProblem(request.status), "\(name): \(answer.status) \(answer.body.prefix(300))")
                    #expect(answer.isHardened, name)
                    if request.status == 405 { #expect(answer.header("Allow")?.isEmpty == false, name) }
                } catch {
                    Issue.record(error, name)
                }
                let health = try await orchestrator.get("/health")
                #expect(health.status == 200, name)
            }
            #expect(try await orchestrator.store.incidents(IncidentFilter()).incidents.isEmpty)
        }
    }

    @Test func `a connection that sends garbage behind a good request gets both answers`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let text = try await RawHTTP.conversation(
                "GET /health HTTP/1.1\r\nHost: h\r\n\r\ngarbage\r\n\r\n", port: orchestrator.port)
            #expect(Self.statuses(text) == ["200", "400"], "\(text)")
            #expect(try await orchestrator.get("/health").status == 200)
        }
    }

    @Test func `requests in one piece are answered in their order`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let body = "{\"description\": \"x\"}"
            let requests = [
                "GET /health HTTP/1.1\r\nHost: h\r\n\r\n",
                "POST /api/v1/incidents HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
                "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n", "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            ]
            let text = try await RawHTTP.conversation(requests.joined(), port: orchestrator.port)
            #expect(Self.statuses(text) == ["200", "202", "404", "200"], "\(text)")
        }
    }

    private static func statuses(_ text: String) -> [String] { text.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.1) } }

    @Test func `odd but honest requests are accepted`() async throws {
        try await LiveOrchestrator.with { orchestrator in
            let bodies = [
                "{\"description\": \"x\", \"unknown\": [1, {\"a\": null}], \"namespace\": null, \"cluster\": null, \"labels\": null}",
                "{\"description\": \"first\", \"description\": \"second\"}",
                "\n\t {\"labels\": {}, \"description\": \"購物車 \\ud83d\\uded2 антwort\\u0000\"} \n",
                "{\"description\": \"" + String(repeating: "a", count: 65_536) + "\"}",
            ]
            for body in bodies { #expect(try await orchestrator.post(body).status == 202) }
            for type in ["application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"", "application/cloudevents+json"] {
                #expect(try await orchestrator.post("{\"description\": \"x\"}", headers: [("Content-Type", type)]).status == 202)
            }
            let absolute = try await RawHTTP.send("GET http://other/health HTTP/1.1\r\nHost: h\r\n\r\n", port: orchestrator.port)
            #expect(absolute.status == 200)
        }
    }
}
