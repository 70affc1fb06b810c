import FastJSON
import HTTPTypes
import Hummingbird
import LanguageModels
import NIOCore
import ServiceLifecycle

/// What the providers' references say of requests and answers, written anew here and not taken from the adapters.
struct ProviderForm: Sendable {
    struct Cut: Error {}

    let provider: ModelAccess.Provider

    // MARK: Requests

    /// What is wrong with a request.
    func problem(_ seen: FakeProvider.Seen, knowsSchemas: Bool) -> (status: Int, message: String)? {
        let json = seen.json
        guard json.kind == .object else { return (400, "the body is no JSON object") }
        if let problem = keyProblem(seen.headers) { return (401, problem) }
        if !knowsSchemas, hasSchema(json) { return (400, "Unknown parameter: json_schema is not supported by this server") }
        switch provider {
        case .chatCompletions: return chat(seen, json).map { (400, $0) }
        case .responses: return responses(seen, json).map { (400, $0) }
        case .anthropic: return messages(seen, json).map { (400, $0) }
        case .gemini: return gemini(seen, json).map { (400, $0) }
        case .ollama: return ollama(seen, json).map { (400, $0) }
        }
    }

    private func keyProblem(_ headers: HTTPFields) -> String? {
        let key: String? =
            switch provider {
            case .anthropic: HTTPField.Name("x-api-key").flatMap { headers[$0] }
            case .gemini: HTTPField.Name("x-goog-api-key").flatMap { headers[$0] }
            default: headers[.authorization].map { String($0.dropFirst("Bearer ".count)) }
            }
        return key == "the-key" ? nil : "invalid key"
    }

    func hasSchema(_ json: JSONValue) -> Bool {
        switch provider {
        case .chatCompletions: json["response_format", "json_schema", "schema"].kind == .object
        case .responses: json["text", "format", "schema"].kind == .object
        case .anthropic: json["output_config", "format", "schema"].kind == .object
        case .gemini: json["generationConfig", "responseJsonSchema"].kind == .object
        case .ollama: json["format"].kind == .object
        }
    }

    private func chat(_ seen: FakeProvider.Seen, _ json: JSONValue) -> String? {
        guard seen.path == "/v1/chat/completions" else { return "no such path" }
        guard json["model"].string == "the-model", json["max_completion_tokens"].int != nil else { return "model or bound is missing" }
        let messages = json["messages"].array
        guard messages.first?["role"].string == "system", messages.dropFirst().first?["role"].string == "user" else { return "order" }
        if json["response_format"].kind == .object, json["response_format", "json_schema", "name"].string == nil { return "no schema name" }
        var open: Set<String> = []
        for message in messages {
            switch message["role"].string {
            case "assistant":
                for call in message["tool_calls"].array {
                    guard let id = call["id"].string, (try? JSONValue(parsing: call["function", "arguments"].string ?? "")) != nil else {
                        return "a tool call without id or with arguments that are no JSON"
                    }
                    open.insert(id)
                }
            case "tool": guard open.remove(message["tool_call_id"].string ?? "") != nil else { return "a result without a call" }
            case "system", "user": break
            default: return "an unknown role"
            }
        }
        return open.isEmpty ? nil : "calls without results"
    }

    private func responses(_ seen: FakeProvider.Seen, _ json: JSONValue) -> String? {
        guard seen.path == "/v1/responses" else { return "no such path" }
        guard json["store"].bool == false, json["instructions"].string != nil, json["max_output_tokens"].int != nil else {
            return "store, instructions or bound"
        }
        var open: Set<String> = []
        var thoughts = 0
        for item in json["input"].array {
            switch item["type"].string {
            case "reasoning":
                guard item["encrypted_content"].string == "thought" else { return "reasoning was changed" }
                thoughts += 1
            case "function_call": open.insert(item["call_id"].string ?? "")
            case "function_call_output":
                guard open.remove(item["call_id"].string ?? "") != nil else { return "an output without a call" }
                guard thoughts > 0 else { return "the reasoning of the call is missing" }
            default: guard item["role"].string != nil else { return "an unknown item" }
            }
        }
        return open.isEmpty ? nil : "calls without outputs"
    }

    private func messages(_ seen: FakeProvider.Seen, _ json: JSONValue) -> String? {
        guard seen.path == "/v1/messages" else { return "no such path" }
        guard HTTPField.Name("anthropic-version").flatMap({ seen.headers[$0] }) == "2023-06-01" else { return "no version" }
        guard json["max_tokens"].int != nil, json["system"].string != nil else { return "max_tokens or system" }
        var role = "assistant"
        var open: Set<String> = []
        for message in json["messages"].array {
            guard let own = message["role"].string, own != role else { return "roles must alternate, a user first" }
            role = own
            let blocks = message["content"].array
            for block in blocks {
                switch block["type"].string {
                case "tool_use": open.insert(block["id"].string ?? "")
                case "tool_result": guard open.remove(block["tool_use_id"].string ?? "") != nil else { return "a result without a use" }
                case "text": guard block["text"].string?.isEmpty == false else { return "an empty text" }
                case "thinking": guard block["signature"].string == "signed" else { return "thinking was changed" }
                default: return "an unknown block"
                }
            }
            if blocks.contains(where: { $0["type"].string == "tool_use" }), blocks.first?["type"].string != "thinking" {
                return "the thinking of the use is missing"
            }
        }
        return open.isEmpty ? nil : "uses without results"
    }

    private func gemini(_ seen: FakeProvider.Seen, _ json: JSONValue) -> String? {
        guard seen.path == "/v1beta/models/the-model:generateContent" else { return "no such path" }
        guard json["systemInstruction", "parts"].array.first?["text"].string != nil, json["generationConfig", "maxOutputTokens"].int != nil
        else { return "instruction or bound" }
        var open: [String] = []
        for content in json["contents"].array {
            guard ["user", "model"].contains(content["role"].string) else { return "an unknown role" }
            for part in content["parts"].array {
                if let name = part["functionCall", "name"].string {
                    guard part["thoughtSignature"].string == "signed" else { return "a call without its thought signature" }
                    open.append(name)
                }
                if let name = part["functionResponse", "name"].string {
                    guard let index = open.firstIndex(of: name) else { return "a response without a call" }
                    open.remove(at: index)
                }
            }
        }
        return open.isEmpty ? nil : "calls without responses"
    }

    private func ollama(_ seen: FakeProvider.Seen, _ json: JSONValue) -> String? {
        guard seen.path == "/api/chat" else { return "no such path" }
        guard json["stream"].bool == false, json["options", "num_predict"].int != nil, json["options", "num_ctx"].int ?? 0 >= 4_096 else {
            return "stream or options"
        }
        return json["messages"].array.allSatisfy { ["system", "user", "assistant", "tool"].contains($0["role"].string) } ? nil : "a role"
    }

    // MARK: Answers

    func response(to reply: FakeProvider.Reply) async throws -> Response {
        switch reply {
        case .failure(let status, let headers, let message): return failure(status, headers, message)
        case .garbage(let text): return Self.json(200, [:], text)
        case .slow:
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(30)) }
            return Self.json(200, [:], "{}")
        case .cut:
            return Response(
                status: .ok, headers: [.contentLength: "1000"],
                body: ResponseBody(contentLength: 1_000) { writer in
                    try await writer.write(ByteBuffer(string: "{"))
                    throw Cut()
                })
        case .text(let text): return Self.json(200, [:], answer(text: text))
        case .calls(let calls): return Self.json(200, [:], answer(calls: calls))
        case .refusal: return Self.json(200, [:], refusal)
        case .truncated: return Self.json(200, [:], truncated)
        case .empty: return Self.json(200, [:], answer(text: ""))
        }
    }

    func failure(_ status: Int, _ headers: [String: String], _ message: String) -> Response {
        let text = JSONText.quote(message)
        let body =
            switch provider {
            case .anthropic: #"{"type":"error","error":{"type":"x","message":\#(text)},"request_id":"r"}"#
            case .ollama: #"{"error":\#(text)}"#
            default: #"{"error":{"message":\#(text),"type":"x","code":null}}"#
            }
        return Self.json(status, headers, body)
    }

    private static func json(_ status: Int, _ headers: [String: String], _ text: String) -> Response {
        var fields: HTTPFields = [.contentType: "application/json"]
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return Response(status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    func answer(text: String) -> String {
        let text = JSONText.quote(text)
        return switch provider {
        case .chatCompletions:
            #"{"model":"m-1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":\#(text),"refusal":null}}],"usage":{"prompt_tokens":11,"completion_tokens":7}}"#
        case .responses:
            #"{"status":"completed","model":"m-1","output":[{"type":"reasoning","id":"r","encrypted_content":"thought"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":\#(text)}]}],"usage":{"input_tokens":11,"output_tokens":7}}"#
        case .anthropic:
            #"{"type":"message","model":"m-1","stop_reason":"end_turn","content":[{"type":"thinking","thinking":"x","signature":"signed"},{"type":"text","text":\#(text)}],"usage":{"input_tokens":5,"cache_read_input_tokens":6,"output_tokens":7}}"#
        case .gemini:
            #"{"modelVersion":"m-1","candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":\#(text)}]}}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":4,"thoughtsTokenCount":3}}"#
        case .ollama:
            #"{"model":"m-1","message":{"role":"assistant","content":\#(text)},"done":true,"done_reason":"stop","prompt_eval_count":11,"eval_count":7}"#
        }
    }

    private func answer(calls: [(name: String, arguments: String)]) -> String {
        func list(_ item: (Int, String, String) -> String) -> String {
            calls.enumerated().map { item($0.offset, $0.element.name, $0.element.arguments) }.joined(separator: ",")
        }
        return switch provider {
        case .chatCompletions:
            #"{"choices":[{"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[\#(list { #"{"id":"c\#($0)","type":"function","function":{"name":"\#($1)","arguments":\#(JSONText.quote($2))}}"# })]}}]}"#
        case .responses:
            #"{"status":"completed","output":[{"type":"reasoning","id":"r","encrypted_content":"thought"},\#(list { #"{"type":"function_call","call_id":"c\#($0)","name":"\#($1)","arguments":\#(JSONText.quote($2))}"# })]}"#
        case .anthropic:
            #"{"stop_reason":"tool_use","content":[{"type":"thinking","thinking":"x","signature":"signed"},\#(list { #"{"type":"tool_use","id":"c\#($0)","name":"\#($1)","input":\#($2)}"# })],"usage":{}}"#
        case .gemini:
            #"{"candidates":[{"finishReason":"STOP","content":{"role":"model","parts":[\#(list { #"{"functionCall":{"name":"\#($1)","args":\#($2)},"thoughtSignature":"signed"}"# })]}}]}"#
        case .ollama:
            #"{"message":{"role":"assistant","content":"","tool_calls":[\#(list { #"{"function":{"name":"\#($1)","arguments":\#($2)}}"# })]},"done_reason":"stop"}"#
        }
    }

    private var refusal: String {
        switch provider {
        case .chatCompletions: #"{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"no"}}]}"#
        case .responses: #"{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}]}"#
        case .anthropic: #"{"stop_reason":"refusal","content":[]}"#
        case .gemini: #"{"promptFeedback":{"blockReason":"SAFETY"}}"#
        case .ollama: #"{"message":{"role":"assistant","content":"I cannot help with that."},"done_reason":"stop"}"#
        }
    }

    private var truncated: String {
        switch provider {
        case .chatCompletions: #"{"choices":[{"finish_reason":"length","message":{"content":"{\"a"}}]}"#
        case .responses: #"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}"#
        case .anthropic: #"{"stop_reason":"max_tokens","content":[{"type":"text","text":"{\"a"}]}"#
        case .gemini: #"{"candidates":[{"finishReason":"MAX_TOKENS","content":{"parts":[{"text":"{\"a"}]}}]}"#
        case .ollama: #"{"message":{"role":"assistant","content":"{\"a"},"done_reason":"length"}"#
        }
    }
}
