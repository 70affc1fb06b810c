import FastJSON
import IncidentModel
import Investigation

/// `POST /responses` of OpenAI. Nothing is stored there (`store: false`), so what a model thought comes back encrypted and is sent along
/// with the next turn.
///
/// Source: OpenAI's API reference, Responses.
struct ResponsesWire: WireFormat {
    var keyHeader: String?

    func path(model: String) -> String { "/responses" }

    func headers(key: String?) -> [(name: String, value: String)] {
        guard let key else { return [] }
        return keyHeader.map { [($0, key)] } ?? [("Authorization", "Bearer \(key)")]
    }

    func body(_ request: ModelRequest, model: String, settings: WireSettings, hasNativeSchema: Bool) -> String {
        var format: String?
        if let schema = request.schema, hasNativeSchema {
            let inner = WireJSON.object([
                ("type", WireJSON.text("json_schema")), ("name", WireJSON.text(schema.name)), ("strict", "true"), ("schema", schema.json),
            ])
            format = WireJSON.object([("format", inner)])
        }
        return WireJSON.object([
            ("model", WireJSON.text(model)), ("instructions", WireJSON.text(instructions(request, hasNativeSchema: hasNativeSchema))),
            ("input", JSONText.array(request.turns.flatMap(items))), ("store", "false"),
            settings.wantsThoughts ? ("include", JSONText.array([WireJSON.text("reasoning.encrypted_content")])) : nil,
            ("max_output_tokens", String(request.answerTokens)), format.map { ("text", $0) },
            request.tools.isEmpty ? nil : ("tools", JSONText.array(request.tools.map(tool))),
            settings.temperature.map { ("temperature", WireJSON.number($0)) },
        ])
    }

    private func items(_ turn: ModelTurn) -> [String] {
        switch turn {
        case .question(let text): [WireJSON.object([("role", WireJSON.text("user")), ("content", WireJSON.text(text))])]
        case .answer(let answer):
            if let raw = answer.raw.flatMap({ try? JSONValue(parsing: $0) }) {
                raw.array.map(\.serialized)
            } else {
                [WireJSON.object([("role", WireJSON.text("assistant")), ("content", WireJSON.text(answer.text))])]
                    + answer.calls.map {
                        WireJSON.object([
                            ("type", WireJSON.text("function_call")), ("call_id", WireJSON.text($0.id)), ("name", WireJSON.text($0.name)),
                            ("arguments", WireJSON.text(WireJSON.arguments($0.arguments))),
                        ])
                    }
            }
        case .results(let results):
            results.map {
                WireJSON.object([
                    ("type", WireJSON.text("function_call_output")), ("call_id", WireJSON.text($0.call.id)),
                    ("output", WireJSON.text($0.text)),
                ])
            }
        }
    }

    private func tool(_ tool: ModelTool) -> String {
        WireJSON.object([
            ("type", WireJSON.text("function")), ("name", WireJSON.text(tool.name)), ("description", WireJSON.text(tool.summary)),
            ("parameters", tool.parameters), ("strict", "false"),
        ])
    }

    func answer(_ json: JSONValue) throws(ModelError) -> ModelAnswer {
        switch json["status"].string {
        case "incomplete":
            if json["incomplete_details", "reason"].string == "content_filter" { throw .declined("the provider's content filter") }
            throw .truncated
        case "failed", "cancelled": throw .busy(String((message(json) ?? "the response failed").prefix(300)))
        default: break
        }
        guard json["output"].kind == .array else { throw .malformed("there is no output in it") }
        var text = ""
        var calls: [ToolCall] = []
        for item in json["output"].array {
            switch item["type"].string {
            case "message":
                for part in item["content"].array {
                    if part["refusal"].string != nil { throw .declined("the model refused") }
                    text += part["text"].string ?? ""
                }
            case "function_call":
                guard let name = item["name"].string, let id = item["call_id"].string else { continue }
                calls.append(ToolCall(id: id, name: name, arguments: item["arguments"].string ?? "{}"))
            default: break
            }
        }
        let usage = ModelUsage(
            requests: 1, inputTokens: WireJSON.tokens(json["usage", "input_tokens"]),
            outputTokens: WireJSON.tokens(json["usage", "output_tokens"]))
        return ModelAnswer(text: text, calls: calls, usage: usage, model: json["model"].string, raw: json["output"].serialized)
    }
}
