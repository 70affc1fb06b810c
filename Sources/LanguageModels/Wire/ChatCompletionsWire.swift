import FastJSON
import IncidentModel
import Investigation

/// `POST /chat/completions`, which OpenAI, Azure, vLLM, llama.cpp, LM Studio and many others speak.
///
/// Source: OpenAI's API reference. Servers differ in the name of the bound: older ones know only `max_tokens`.
struct ChatCompletionsWire: WireFormat {
    /// Header of the key where it is not `Authorization: Bearer`, e.g. `api-key` for Azure.
    var keyHeader: String?

    func path(model: String) -> String { "/chat/completions" }

    func headers(key: String?) -> [(name: String, value: String)] {
        guard let key else { return [] }
        return keyHeader.map { [($0, key)] } ?? [("Authorization", "Bearer \(key)")]
    }

    func body(_ request: ModelRequest, model: String, settings: WireSettings, hasNativeSchema: Bool) -> String {
        let system = WireJSON.object([
            ("role", WireJSON.text("system")), ("content", WireJSON.text(instructions(request, hasNativeSchema: hasNativeSchema))),
        ])
        var format: String?
        if let schema = request.schema, hasNativeSchema {
            let inner = WireJSON.object([("name", WireJSON.text(schema.name)), ("strict", "true"), ("schema", schema.json)])
            format = WireJSON.object([("type", WireJSON.text("json_schema")), ("json_schema", inner)])
        }
        return WireJSON.object([
            ("model", WireJSON.text(model)), ("messages", JSONText.array([system] + request.turns.flatMap(messages))),
            (settings.knowsNewBound ? "max_completion_tokens" : "max_tokens", String(request.answerTokens)),
            format.map { ("response_format", $0) },
            request.tools.isEmpty ? nil : ("tools", JSONText.array(request.tools.map(tool))),
            settings.temperature.map { ("temperature", WireJSON.number($0)) },
        ])
    }

    private func messages(_ turn: ModelTurn) -> [String] {
        switch turn {
        case .question(let text): [WireJSON.object([("role", WireJSON.text("user")), ("content", WireJSON.text(text))])]
        case .answer(let answer):
            [
                WireJSON.object([
                    ("role", WireJSON.text("assistant")),
                    ("content", answer.text.isEmpty && !answer.calls.isEmpty ? "null" : WireJSON.text(answer.text)),
                    answer.calls.isEmpty ? nil : ("tool_calls", JSONText.array(answer.calls.map(call))),
                ])
            ]
        case .results(let results):
            results.map {
                WireJSON.object([
                    ("role", WireJSON.text("tool")), ("tool_call_id", WireJSON.text($0.call.id)), ("content", WireJSON.text($0.text)),
                ])
            }
        }
    }

    private func call(_ call: ToolCall) -> String {
        let function = WireJSON.object([
            ("name", WireJSON.text(call.name)), ("arguments", WireJSON.text(WireJSON.arguments(call.arguments))),
        ])
        return WireJSON.object([("id", WireJSON.text(call.id)), ("type", WireJSON.text("function")), ("function", function)])
    }

    private func tool(_ tool: ModelTool) -> String {
        let function = WireJSON.object([
            ("name", WireJSON.text(tool.name)), ("description", WireJSON.text(tool.summary)), ("parameters", tool.parameters),
        ])
        return WireJSON.object([("type", WireJSON.text("function")), ("function", function)])
    }

    func answer(_ json: JSONValue) throws(ModelError) -> ModelAnswer {
        guard let choice = json["choices"].array.first else { throw .malformed("there is no choice in it") }
        let message = choice["message"]
        if message["refusal"].string?.isEmpty == false { throw .declined("the model refused") }
        switch choice["finish_reason"].string {
        case "length": throw .truncated
        case "content_filter": throw .declined("the provider's content filter")
        default: break
        }
        let calls = message["tool_calls"].array.enumerated().compactMap { index, call -> ToolCall? in
            guard let name = call["function", "name"].string else { return nil }
            let arguments = call["function", "arguments"]
            return ToolCall(id: call["id"].string ?? "call-\(index)", name: name, arguments: arguments.string ?? arguments.serialized)
        }
        let usage = ModelUsage(
            requests: 1, inputTokens: WireJSON.tokens(json["usage", "prompt_tokens"]),
            outputTokens: WireJSON.tokens(json["usage", "completion_tokens"]))
        return ModelAnswer(text: Self.text(message["content"]), calls: calls, usage: usage, model: json["model"].string)
    }

    /// Content is a text, or parts of which some are texts.
    private static func text(_ content: JSONValue) -> String {
        content.string ?? content.array.compactMap { $0["text"].string }.joined()
    }
}
