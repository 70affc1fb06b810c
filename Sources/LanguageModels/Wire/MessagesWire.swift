import FastJSON
import IncidentModel
import Investigation

/// `POST /v1/messages` of Anthropic.
///
/// Source: Anthropic's API reference, version 2023-06-01. Thinking that stands before tool calls has to be sent back as it came.
struct MessagesWire: WireFormat {
    func path(model: String) -> String { "/v1/messages" }

    func headers(key: String?) -> [(name: String, value: String)] {
        [("anthropic-version", "2023-06-01")] + (key.map { [("x-api-key", $0)] } ?? [])
    }

    func body(_ request: ModelRequest, model: String, settings: WireSettings, hasNativeSchema: Bool) -> String {
        var format: String?
        if let schema = request.schema, hasNativeSchema {
            format = WireJSON.object([
                ("format", WireJSON.object([("type", WireJSON.text("json_schema")), ("schema", schema.json)]))
            ])
        }
        return WireJSON.object([
            ("model", WireJSON.text(model)), ("max_tokens", String(request.answerTokens)),
            ("system", WireJSON.text(instructions(request, hasNativeSchema: hasNativeSchema))),
            ("messages", JSONText.array(request.turns.map(message))), format.map { ("output_config", $0) },
            request.tools.isEmpty ? nil : ("tools", JSONText.array(request.tools.map(tool))),
            settings.temperature.map { ("temperature", WireJSON.number($0)) },
        ])
    }

    private func message(_ turn: ModelTurn) -> String {
        switch turn {
        case .question(let text): message("user", WireJSON.text(text))
        case .answer(let answer): message("assistant", answer.raw ?? JSONText.array(blocks(answer)))
        case .results(let results):
            message(
                "user",
                JSONText.array(
                    results.map {
                        WireJSON.object([
                            ("type", WireJSON.text("tool_result")), ("tool_use_id", WireJSON.text($0.call.id)),
                            ("content", WireJSON.text($0.text)),
                        ])
                    }))
        }
    }

    private func message(_ role: String, _ content: String) -> String {
        WireJSON.object([("role", WireJSON.text(role)), ("content", content)])
    }

    private func blocks(_ answer: ModelAnswer) -> [String] {
        // An empty text is refused.
        let text = answer.text.isEmpty ? [] : [WireJSON.object([("type", WireJSON.text("text")), ("text", WireJSON.text(answer.text))])]
        return text
            + answer.calls.map {
                WireJSON.object([
                    ("type", WireJSON.text("tool_use")), ("id", WireJSON.text($0.id)), ("name", WireJSON.text($0.name)),
                    ("input", WireJSON.arguments($0.arguments)),
                ])
            }
    }

    private func tool(_ tool: ModelTool) -> String {
        WireJSON.object([
            ("name", WireJSON.text(tool.name)), ("description", WireJSON.text(tool.summary)), ("input_schema", tool.parameters),
        ])
    }

    func answer(_ json: JSONValue) throws(ModelError) -> ModelAnswer {
        switch json["stop_reason"].string {
        case "refusal": throw .declined("the model refused")
        case "max_tokens", "model_context_window_exceeded": throw .truncated
        default: break
        }
        guard json["content"].kind == .array else { throw .malformed("there is no content in it") }
        let blocks = json["content"].array
        let calls = blocks.filter { $0["type"].string == "tool_use" }.compactMap { block -> ToolCall? in
            guard let id = block["id"].string, let name = block["name"].string else { return nil }
            return ToolCall(id: id, name: name, arguments: block["input"].serialized)
        }
        let usage = json["usage"]
        let input = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"].reduce(0) { $0 + WireJSON.tokens(usage[$1]) }
        return ModelAnswer(
            text: blocks.filter { $0["type"].string == "text" }.compactMap { $0["text"].string }.joined(), calls: calls,
            usage: ModelUsage(requests: 1, inputTokens: input, outputTokens: WireJSON.tokens(usage["output_tokens"])),
            model: json["model"].string, raw: calls.isEmpty ? nil : json["content"].serialized)
    }
}
