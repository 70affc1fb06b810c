public import Foundation
public import IncidentModel

/// A language model behind one port. The rules decide without one; what it says counts only as far as code has checked it.
public protocol LanguageModel: Sendable {
    /// Provider and model, for reports, e.g. `anthropic claude-sonnet`.
    var name: String { get }

    /// Answers one request: in text, or with calls of the tools that it was offered.
    func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer
}

/// What a model is asked.
public struct ModelRequest: Sendable, Hashable {
    /// What for; names metrics, spans and recordings.
    public enum Purpose: String, Sendable, Hashable, CaseIterable {
        case parse, reason, explain
        /// A question that only finds out what an endpoint can do.
        case check
    }

    public var purpose: Purpose
    /// The investigation it belongs to: within one, the same secret is always hidden behind the same placeholder.
    public var investigation: UUID
    /// What the model is to do; from this program alone, never from evidence.
    public var instructions: String
    /// The conversation so far, a question first.
    public var turns: [ModelTurn]
    /// What an answer in text has to look like; nil for free text.
    public var schema: ModelSchema?
    public var tools: [ModelTool]
    /// Most tokens of the answer.
    public var answerTokens: Int
    /// Names of objects in it, which are hidden where that is wanted.
    public var names: [String] = []

    public init(
        purpose: Purpose, investigation: UUID, instructions: String, turns: [ModelTurn], schema: ModelSchema? = nil,
        tools: [ModelTool] = [], answerTokens: Int = 1_024
    ) {
        self.purpose = purpose
        self.investigation = investigation
        self.instructions = instructions
        self.turns = turns
        self.schema = schema
        self.tools = tools
        self.answerTokens = answerTokens
    }
}

/// A turn of a conversation.
public enum ModelTurn: Sendable, Hashable {
    case question(String)
    case answer(ModelAnswer)
    /// Results of the calls that the answer before it made, each with the call's id.
    case results([ToolResult])
}

/// The JSON Schema of an answer. All properties are required and no others allowed, as strict modes want it.
public struct ModelSchema: Sendable, Hashable {
    /// Letters, digits and `_`.
    public let name: String
    public let json: String

    public init(name: String, json: String) {
        self.name = name
        self.json = json
    }
}

/// Something that a model may ask this program to look up.
public struct ModelTool: Sendable, Hashable {
    /// Letters, digits and `_`.
    public let name: String
    public let summary: String
    /// JSON Schema of its arguments, an object.
    public let parameters: String

    public init(name: String, summary: String, parameters: String) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
    }
}

public struct ToolCall: Sendable, Hashable {
    public let id: String
    public let name: String
    /// JSON, as the model wrote it.
    public let arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

public struct ToolResult: Sendable, Hashable {
    public let call: ToolCall
    public let text: String

    public init(call: ToolCall, text: String) {
        self.call = call
        self.text = text
    }
}

public struct ModelAnswer: Sendable, Hashable {
    public var text: String
    public var calls: [ToolCall]
    public var usage: ModelUsage
    /// Which model answered, by its own word.
    public var model: String?
    /// The answer in the provider's own form, which some want back word for word when the conversation goes on; nil where they do not.
    public var raw: String?

    public init(text: String, calls: [ToolCall] = [], usage: ModelUsage = ModelUsage(), model: String? = nil, raw: String? = nil) {
        self.text = text
        self.calls = calls
        self.usage = usage
        self.model = model
        self.raw = raw
    }
}

/// Why a model gave no answer that can be used. None of it stops an investigation.
public enum ModelError: Error, Sendable, Hashable {
    case unreachable(String)
    case timeout
    /// The provider refuses the request; trying again will not help.
    case refused(status: Int, message: String)
    /// The provider cannot answer now, after all tries.
    case busy(String)
    /// The model declined to answer.
    case declined(String)
    /// The answer was cut off at its longest length.
    case truncated
    case empty
    /// Not what was asked for, also after being told so.
    case malformed(String)
    /// What may be used is used up.
    case overBudget(String)

    /// In words for a report.
    public var explanation: String {
        switch self {
        case .unreachable(let reason): "the language model cannot be reached: \(reason)"
        case .timeout: "the language model did not answer in time"
        case .refused(let status, let message): "the language model's provider refused (HTTP \(status)): \(message)"
        case .busy(let reason): "the language model's provider could not answer: \(reason)"
        case .declined(let reason): "the language model declined: \(reason)"
        case .truncated: "the language model's answer was cut off"
        case .empty: "the language model gave an empty answer"
        case .malformed(let reason): "the language model's answer cannot be used: \(reason)"
        case .overBudget(let reason): "the language model's budget is used up: \(reason)"
        }
    }
}
