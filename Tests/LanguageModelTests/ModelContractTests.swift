import AsyncHTTPClient
import FastJSON
import Foundation
import IncidentModel
import Investigation
import LanguageModels
import Testing

/// What every adapter does, over real HTTP against a server that speaks its provider's wire format and refuses anything else.
@Suite(.timeLimit(.minutes(2)))
struct ModelContractTests {
    private static let schema = ModelSchema(
        name: "reply", json: #"{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"string"}}}"#)
    private static let tool = ModelTool(
        name: "look", summary: "Looks.", parameters: #"{"type":"object","properties":{"at":{"type":"string"}}}"#)

    private static func request(schema: ModelSchema? = schema, tools: [ModelTool] = []) -> ModelRequest {
        ModelRequest(
            purpose: .check, investigation: UUID(), instructions: "Be brief.", turns: [.question("What \"is\"\nit? ü")], schema: schema,
            tools: tools)
    }

    private static func with(
        _ server: FakeProvider, timeoutSeconds: Double = 10, tokensPerDay: Int? = nil, key: String? = "the-key",
        _ body: (ModelClient) async throws -> Void
    ) async throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let access = ModelAccess(
            provider: server.provider, address: server.address, model: "the-model", key: key, timeoutSeconds: timeoutSeconds,
            tokensPerDay: tokensPerDay, prices: .init(input: 1_000_000, output: 2_000_000))
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(ModelClient(access, httpClient: http))) } catch { outcome = .failure(error) }
        try await http.shutdown()
        try outcome.get()
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `a question is answered, with its schema, model, tokens and cost`(_ provider: ModelAccess.Provider) async throws {
        try await FakeProvider.run(provider, answer: { _, _ in .text(#"{"a":"b"}"#) }) { server in
            try await Self.with(server) { model async throws in
                let answer = try await model.answer(Self.request())
                #expect(answer.text == #"{"a":"b"}"# && answer.calls.isEmpty && answer.model == "m-1")
                #expect(answer.usage.inputTokens == 11 && answer.usage.outputTokens == 7 && answer.usage.cost == 25)
                let seen = try #require(server.seen.first)
                #expect(ProviderForm(provider: provider).hasSchema(seen.json) && !seen.body.contains("temperature"))
                #expect(seen.body.contains(#"What \"is\"\nit? ü"#) && seen.body.contains("Be brief."))
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `tools are called, and the conversation goes on with their results`(_ provider: ModelAccess.Provider) async throws {
        let answer: @Sendable (Int, FakeProvider.Seen) -> FakeProvider.Reply = { number, _ in
            number == 1 ? .calls([("look", #"{"at":"x"}"#), ("fly", "{}")]) : .text("done")
        }
        try await FakeProvider.run(provider, answer: answer) { server in
            try await Self.with(server) { model async throws in
                var request = Self.request(schema: nil, tools: [Self.tool])
                let first = try await model.answer(request)
                #expect(first.calls.map(\.name) == ["look", "fly"])
                #expect(try JSONValue(parsing: first.calls[0].arguments)["at"].string == "x")
                request.turns += [.answer(first), .results(first.calls.map { ToolResult(call: $0, text: "result of \($0.name)") })]
                #expect(try await model.answer(request).text == "done")
                #expect(
                    server.seen.last?.body.contains("result of look") == true && server.seen.last?.body.contains("result of fly") == true)
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `refusals, cut and empty answers are told apart, and asked once`(_ provider: ModelAccess.Provider) async throws {
        let replies: [FakeProvider.Reply] = [.truncated, .empty, .refusal]
        try await FakeProvider.run(provider, answer: { number, _ in replies[(number - 1) % 3] }) { server in
            try await Self.with(server) { model async throws in
                await #expect(throws: ModelError.truncated) { try await model.answer(Self.request()) }
                await #expect(throws: ModelError.empty) { try await model.answer(Self.request()) }
                // Ollama's API has no sign of a refusal: it is an answer like any other.
                if provider != .ollama {
                    await #expect { try await model.answer(Self.request()) } throws: { error in
                        if case ModelError.declined = error { true } else { false }
                    }
                    #expect(server.seen.count == 3)
                }
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases, ["not json", "[]", "{}", #"{"choices":[],"output":7,"content":null}"#])
    func `what is no answer is malformed`(_ provider: ModelAccess.Provider, _ body: String) async throws {
        try await FakeProvider.run(provider, answer: { _, _ in .garbage(body) }) { server in
            try await Self.with(server, timeoutSeconds: 1.2) { model async throws in
                await #expect { try await model.answer(Self.request()) } throws: { error in
                    if case ModelError.malformed = error { true } else { false }
                }
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `failures that pass are tried again as the provider says`(_ provider: ModelAccess.Provider) async throws {
        let answer: @Sendable (Int, FakeProvider.Seen) -> FakeProvider.Reply = { number, _ in
            switch number {
            case 1: .failure(429, headers: ["retry-after-ms": "20", "retry-after": "500"])
            case 2: .failure(529, headers: ["retry-after": "0"])
            case 3: .failure(400, headers: ["x-should-retry": "true", "retry-after-ms": "5"])
            default: .text("at last")
            }
        }
        try await FakeProvider.run(provider, answer: answer) { server in
            try await Self.with(server) { model async throws in
                #expect(try await model.answer(Self.request()).text == "at last")
                #expect(server.seen.count == 4)
            }
        }
    }

    @Test(arguments: [
        (FakeProvider.Reply.failure(401), 1, "refused"), (.failure(404, message: "no such model"), 1, "refused"),
        (.failure(503, headers: ["retry-after": "600"]), 1, "busy"), (.failure(500, headers: ["x-should-retry": "false"]), 1, "busy"),
        (.failure(500, headers: ["retry-after-ms": "1"]), 4, "busy"), (.cut, 4, "unreachable"),
        (.failure(429, headers: ["retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"]), 1, "busy"),
    ])
    func `what does not pass ends in good time`(_ reply: FakeProvider.Reply, _ requests: Int, _ kind: String) async throws {
        try await FakeProvider.run(.anthropic, answer: { _, _ in reply }) { server in
            try await Self.with(server) { model async throws in
                await #expect { try await model.answer(Self.request()) } throws: { error in
                    let error = error as? ModelError
                    #expect(error?.explanation.contains("the-key") == false)
                    return switch error {
                    case .refused: kind == "refused"
                    case .busy: kind == "busy"
                    case .unreachable: kind == "unreachable"
                    default: false
                    }
                }
                #expect(server.seen.count == requests)
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `a server that does not answer is a timeout`(_ provider: ModelAccess.Provider) async throws {
        try await FakeProvider.run(provider, answer: { _, _ in .slow }) { server in
            try await Self.with(server, timeoutSeconds: 0.5) { model async throws in
                let start = ContinuousClock.now
                await #expect(throws: ModelError.timeout) { try await model.answer(Self.request()) }
                #expect(start.duration(to: .now) < .seconds(5))
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `a server that knows no schemas gets them in words, and is not asked for them again`(_ provider: ModelAccess.Provider) async throws
    {
        try await FakeProvider.run(provider, knowsSchemas: false, answer: { _, _ in .text("{}") }) { server in
            try await Self.with(server) { model async throws in
                for _ in 1...2 { _ = try await model.answer(Self.request()) }
                #expect(server.seen.count == 3 && !model.hasNativeSchema)
                let last = try #require(server.seen.last)
                #expect(!ProviderForm(provider: provider).hasSchema(last.json) && last.body.contains("JSON Schema"))
            }
        }
    }

    @Test(arguments: ModelAccess.Provider.allCases)
    func `nonsense in counts upsets nothing`(_ provider: ModelAccess.Provider) async throws {
        let answer = ProviderForm(provider: provider).answer(text: "x").replacing(/:(11|7|5|6|4|3)\b/) {
            $0.output.1 == "7" ? ":-9" : ":9223372036854775807"
        }
        try await FakeProvider.run(provider, answer: { _, _ in .garbage(answer) }) { server in
            try await Self.with(server, tokensPerDay: 1_000) { model async throws in
                #expect(try await model.answer(Self.request()).usage.inputTokens > 1_000)
            }
        }
    }

    @Test func `a model without thoughts is not asked for them again`() async throws {
        let answer: @Sendable (Int, FakeProvider.Seen) -> FakeProvider.Reply = { _, seen in
            seen.json["include"].isMissing ? .text("x") : .failure(400, message: "Encrypted content is not supported with this model.")
        }
        try await FakeProvider.run(.responses, answer: answer) { server in
            try await Self.with(server) { model async throws in
                for _ in 1...2 { _ = try await model.answer(Self.request()) }
                #expect(server.seen.count == 3)
            }
        }
    }

    @Test func `an older chat server gets the older name of the bound`() async throws {
        let answer: @Sendable (Int, FakeProvider.Seen) -> FakeProvider.Reply = { _, seen in
            seen.json["max_completion_tokens"].isMissing
                ? .text("x") : .failure(400, message: "Unrecognized request argument supplied: max_completion_tokens")
        }
        try await FakeProvider.run(.chatCompletions, checks: false, answer: answer) { server in
            try await Self.with(server) { model async throws in
                #expect(try await model.answer(Self.request()).text == "x")
                #expect(server.seen.last?.json["max_tokens"].int == 1_024)
            }
        }
    }

    @Test func `a provider that fails again and again is left alone for a while`() async throws {
        try await FakeProvider.run(.gemini, answer: { _, _ in .failure(503, headers: ["x-should-retry": "false"]) }) { server in
            try await Self.with(server) { model async throws in
                for _ in 1...5 { _ = try? await model.answer(Self.request()) }
                #expect(server.seen.count == 3)
            }
        }
    }

    @Test func `what may be used in a day is not exceeded by more than one answer`() async throws {
        try await FakeProvider.run(.responses, answer: { _, _ in .text("x") }) { server in
            try await Self.with(server, tokensPerDay: 20) { model async throws in
                for _ in 1...2 { _ = try await model.answer(Self.request()) }
                await #expect { try await model.answer(Self.request()) } throws: { error in
                    if case ModelError.overBudget = error { true } else { false }
                }
                #expect(server.seen.count == 2)
            }
        }
    }

    @Test func `nobody at the address is unreachable, and the key is in no message`() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let access = ModelAccess(
            provider: .chatCompletions, address: try #require(URL(string: "http://127.0.0.1:1/v1")), model: "m", key: "the-key",
            timeoutSeconds: 20)
        await #expect { try await ModelClient(access, httpClient: http).answer(Self.request()) } throws: { error in
            let error = error as? ModelError
            return error?.explanation.contains("cannot be reached") == true && error?.explanation.contains("the-key") == false
        }
        try await http.shutdown()
    }
}
