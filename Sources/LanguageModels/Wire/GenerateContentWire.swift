import FastJSON
import Foundation
import IncidentModel
import Investigation

/// `POST /v1beta/models/{model}:generateContent` of Gemini.
///
/// Source: Google's API reference. Calls carry a signature of the model's thoughts, which has to be sent back with them.
struct GenerateContentWire: WireFormat {
    func path(model: String) -> String {
        let name = model.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._"))) ?? ""
        return "/v1beta/models/\(name):generateContent"
    }

    func headers(key: String?) -> [(name: String, value: String)] { key.map { [("x-goog-api-key", $0)] } ?? [] }

    func body(_ request: ModelRequest, model: String, settings: WireSettings, hasNativeSchema: Bool) -> String {
        let schema = hasNativeSchema ? request.schema : nil
        let generation = WireJSON.object([
            ("maxOutputTokens", String(request.answerTokens)), schema.map { _ in ("responseMimeType", WireJSON.text("application/json")) },
            schema.map { ("responseJsonSchema", $0.json) }, settings.temperature.map { ("temperature", WireJSON.number($0)) },
        ])
        let system = WireJSON.object([
            ("parts", JSONText.array([part(instructions(request, hasNativeSchema: hasNativeSchema))]))
        ])
        let declarations = request.tools.map { tool in
            WireJSON.object([
                ("name", WireJSON.text(tool.name)), ("description", WireJSON.text(tool.summary)), ("parametersJsonSchema", tool.parameters),
            ])
        }
        return WireJSON.object([
            ("systemInstruction", system), ("contents", JSONText.array(request.turns.map(content))), ("generationConfig", generation),
            declarations.isEmpty
                ? nil : ("tools", JSONText.array([WireJSON.object([("functionDeclarations", JSONText.array(declarations))])])),
        ])
    }

    private func part(_ text: String) -> String { WireJSON.object([("text", WireJSON.text(text))]) }

    private func content(_ turn: ModelTurn) -> String {
        switch turn {
        case .question(let text): content("user", JSONText.array([part(text)]))
        case .answer(let answer): content("model", answer.raw ?? JSONText.array([part(answer.text)] + answer.calls.map(call)))
        case .results(let results):
            content(
                "user",
                JSONText.array(
                    results.map {
                        let response = WireJSON.object([
                            ("name", WireJSON.text($0.call.name)),
                            ("response", WireJSON.object([("result", WireJSON.text($0.text))])),
                        ])
                        return WireJSON.object([("functionResponse", response)])
                    }))
        }
    }

    private func content(_ role: String, _ parts: String) -> String {
        WireJSON.object([("role", WireJSON.text(role)), ("parts", parts)])
    }

    private func call(_ call: ToolCall) -> String {
        WireJSON.object([
            ("functionCall", WireJSON.object([("name", WireJSON.text(call.name)), ("args", WireJSON.arguments(call.arguments))]))
        ])
    }

    func answer(_ json: JSONValue) throws(ModelError) -> ModelAnswer {
        if let reason = json["promptFeedback", "blockReason"].string {
            throw .declined("the provider blocked the prompt: \(WireJSON.code(reason))")
        }
        guard let candidate = json["candidates"].array.first else { throw .malformed("there is no candidate in it") }
        switch candidate["finishReason"].string {
        case "MAX_TOKENS": throw .truncated
        case nil, "STOP": break
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL": throw .malformed("it holds a tool call that cannot be read")
        case let reason?: throw .declined("the provider stopped the answer: \(WireJSON.code(reason))")
        }
        let parts = candidate["content", "parts"].array
        let calls = parts.enumerated().compactMap { index, part -> ToolCall? in
            let call = part["functionCall"]
            guard let name = call["name"].string else { return nil }
            return ToolCall(
                id: call["id"].string ?? "call-\(index)", name: name, arguments: call["args"].isMissing ? "{}" : call["args"].serialized)
        }
        let usage = json["usageMetadata"]
        return ModelAnswer(
            text: parts.filter { $0["thought"].bool != true }.compactMap { $0["text"].string }.joined(), calls: calls,
            usage: ModelUsage(
                requests: 1, inputTokens: WireJSON.tokens(usage["promptTokenCount"]),
                outputTokens: (WireJSON.tokens(usage["candidatesTokenCount"])) + (WireJSON.tokens(usage["thoughtsTokenCount"]))),
            model: json["modelVersion"].string, raw: calls.isEmpty ? nil : candidate["content", "parts"].serialized)
    }
}
