import FastJSON
import Investigation

/// How one provider's API is spoken: what is sent, and what its answers mean. Plain values; nothing here reaches a network.
protocol WireFormat: Sendable {
    /// What follows the base address.
    func path(model: String) -> String
    /// How the key is shown.
    func headers(key: String?) -> [(name: String, value: String)]
    /// The body of a request, as JSON.
    /// - Parameter hasNativeSchema: whether the provider itself holds the answer to its schema.
    func body(_ request: ModelRequest, model: String, settings: WireSettings, hasNativeSchema: Bool) -> String
    /// Reads an answer of status 200.
    func answer(_ json: JSONValue) throws(ModelError) -> ModelAnswer
    /// The message in an error's body.
    func message(_ json: JSONValue) -> String?
}

/// What differs between servers of one format. Sampling parameters are sent only if somebody configured them.
struct WireSettings: Sendable, Hashable {
    var temperature: Double?
    /// Whether a chat server knows `max_completion_tokens`; older ones know `max_tokens` only.
    var knowsNewBound = true
    /// Whether a model of the Responses API gives its thoughts encrypted; those that have none refuse to.
    var wantsThoughts = true
}

extension WireFormat {
    func message(_ json: JSONValue) -> String? {
        json["error", "message"].string ?? json["error"].string ?? json["message"].string
    }

    /// The instructions, and what the answer has to look like where the provider does not see to that.
    func instructions(_ request: ModelRequest, hasNativeSchema: Bool) -> String {
        guard let schema = request.schema, !hasNativeSchema else { return request.instructions }
        return request.instructions
            + "\n\nAnswer with one JSON object and nothing else: no prose, no code fences. It must follow this JSON Schema:\n\(schema.json)"
    }
}

/// Pieces of JSON that the formats are made of.
enum WireJSON {
    static func object(_ members: [(String, String)?]) -> String {
        JSONText.object(members.compactMap { $0 }.map { (key: $0.0, json: $0.1) })
    }

    static func text(_ text: String) -> String { JSONText.quote(text) }

    /// Arguments of a tool call as an object; models also write what is none.
    static func arguments(_ text: String) -> String {
        guard let json = try? JSONValue(parsing: text), json.kind == .object else { return "{}" }
        return text
    }

    /// A count of tokens; a provider's nonsense must not upset any sum.
    static func tokens(_ value: JSONValue) -> Int { min(max(value.int ?? 0, 0), 1 << 32) }

    /// A reason that is a code, and not a text that somebody wrote.
    static func code(_ text: String) -> String {
        text.utf8.count <= 40 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F } ? text : "unknown"
    }

    static func number(_ value: Double) -> String { value == value.rounded() ? String(Int(value)) : String(value) }
}
