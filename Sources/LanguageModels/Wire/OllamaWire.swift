import FastJSON
import IncidentModel
import Investigation

/// `POST /api/chat` of Ollama.
///
/// Source: Ollama's API documentation. Its context is small unless told otherwise, and what does not fit is cut off without a word, so the
/// size that a request needs is asked for.
struct OllamaWire: WireFormat {
    func path(model: String) -> String { "/api/chat" }

    func headers(key: String?) -> [(name: String, value: String)] { key.map { [("Authorization", "Bearer \($0)")] } ?? [] }

    func body(_ request: ModelRequest, model: String, settings: WireSettings, hasNativeSchema: Bool) -> String {
        let system = message("system", instructions(request, hasNativeSchema: hasNativeSchema))
        let messages = [system] + request.turns.flatMap(messages)
        let options = WireJSON.object([
            ("num_predict", String(request.answerTokens)), ("num_ctx", String(Self.context(for: messages, request.answerTokens))),
            settings.temperature.map { ("temperature", WireJSON.number($0)) },
        ])
        return WireJSON.object([
            ("model", WireJSON.text(model)), ("messages", JSONText.array(messages)), ("stream", "false"),
            hasNativeSchema ? request.schema.map { ("format", $0.json) } : nil,
            request.tools.isEmpty ? nil : ("tools", JSONText.array(request.tools.map(tool))), ("options", options),
        ])
    }

    /// Tokens for a conversation: three bytes a token leave room, in steps so that a server need not load the model anew for each request.
    private static func context(for messages: [String], _ answer: Int) -> Int {
        let needed = messages.reduce(0) { $0 + $1.utf8.count } / 3 + answer
        var size = 4_096
        while size < needed, size < 131_072 { size *= 2 }
        return size
    }

    private func messages(_ turn: ModelTurn) -> [String] {
        switch turn {
        case .question(let text): [message("user", text)]
        case .answer(let answer):
            [
                WireJSON.object([
                    ("role", WireJSON.text("assistant")), ("content", WireJSON.text(answer.text)),
                    answer.calls.isEmpty ? nil : ("tool_calls", JSONText.array(answer.calls.map(call))),
                ])
            ]
        case .results(let results):
            results.map {
                WireJSON.object([
                    ("role", WireJSON.text("tool")), ("tool_name", WireJSON.text($0.call.name)), ("content", WireJSON.text($0.text)),
                ])
            }
        }
    }

    private func message(_ role: String, _ text: String) -> String {
        WireJSON.object([("role", WireJSON.text(role)), ("content", WireJSON.text(text))])
    }

    private func call(_ call: ToolCall) -> String {
        WireJSON.object([
            ("function", WireJSON.object([("name", WireJSON.text(call.name)), ("arguments", WireJSON.arguments(call.arguments))]))
        ])
    }

    private func tool(_ tool: ModelTool) -> String {
        let function = WireJSON.object([
            ("name", WireJSON.text(tool.name)), ("description", WireJSON.text(tool.summary)), ("parameters", tool.parameters),
        ])
        return WireJSON.object([("type", WireJSON.text("function")), ("function", function)])
    }

    func answer(_ json: JSONValue) throws(ModelError) -> ModelAnswer {
        guard json["message"].kind == .object else { throw .malformed("there is no message in it") }
        if json["done_reason"].string == "length" { throw .truncated }
        let calls = json["message", "tool_calls"].array.enumerated().compactMap { index, call -> ToolCall? in
            guard let name = call["function", "name"].string else { return nil }
            let arguments = call["function", "arguments"]
            return ToolCall(id: "call-\(index)", name: name, arguments: arguments.string ?? arguments.serialized)
        }
        return ModelAnswer(
            text: json["message", "content"].string ?? "", calls: calls,
            usage: ModelUsage(
                requests: 1, inputTokens: WireJSON.tokens(json["prompt_eval_count"]), outputTokens: WireJSON.tokens(json["eval_count"])),
            model: json["model"].string)
    }
}
