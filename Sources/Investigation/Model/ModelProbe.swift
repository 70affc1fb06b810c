import Foundation
import IncidentModel

/// Finds out by asking what a model can do of what investigations need.
public struct ModelProbe: Sendable {
    public struct Finding: Sendable, Hashable {
        public let name: String
        public let isWell: Bool
        /// Whether without it the model is of no use.
        public let isNeeded: Bool
        /// What was seen, or what will degrade.
        public let words: String
    }

    private struct Reply: Decodable, Sendable {
        let color: String
    }

    private static let schema = ModelSchema(name: "color", json: JSONSchema.object([("color", JSONSchema.text)]))
    private static let tool = ModelTool(
        name: "look_up", summary: "Gives the color of a thing.", parameters: JSONSchema.object([("thing", JSONSchema.text)]))
    /// As much as a large explanation has to carry.
    private static let longQuestionBytes = 24_000

    private static let withoutTools = "where the rules are not sure it will have to do with what they have seen"

    private let model: any LanguageModel

    public init(model: any LanguageModel) { self.model = model }

    /// What was found, in the order in which it was asked; nothing more is asked of a model that cannot answer as JSON.
    public func findings() async -> [Finding] {
        let json = await structured()
        guard json.isWell else { return [json] }
        return [json, await language(), await context(), await tools()]
    }

    private func request(_ question: String, schema: ModelSchema? = nil, tools: [ModelTool] = []) -> ModelRequest {
        ModelRequest(
            purpose: .check, investigation: UUID(), instructions: "You answer questions about colors.", turns: [.question(question)],
            schema: schema, tools: tools, answerTokens: 512)
    }

    /// Whether it answers at all, in the form that is needed: one small question.
    public func structured() async -> Finding {
        let model = MeteredModel(model)
        let question = ModelQuestion<Reply>(
            model: model,
            request: request(#"{"question":"What color is a ripe lemon? Answer in English, in one word."}"#, schema: Self.schema))
        do {
            let reply = try await question.reply()
            let usage = model.usage ?? ModelUsage()
            let extra = usage.requests > 1 ? "; it needed a second try" : ""
            return Finding(
                name: "answers as JSON", isWell: true, isNeeded: true,
                words: "\(usage.inputTokens) + \(usage.outputTokens) tokens, it said \(reply.color)\(extra)")
        } catch {
            return Finding(
                name: "answers as JSON", isWell: false, isNeeded: true,
                words: "\(error.explanation); every report will be that of the rules, with this as a gap")
        }
    }

    private func language() async -> Finding {
        let text = "Seit 10 Uhr antwortet der Dienst kasse im Namensraum laden mit 503."
        let question = DescriptionQuestion(description: text, investigation: UUID())
        do {
            let suggestion = try await question.reply(of: model)
            let words = Set(suggestion.mentions.map(\.word))
            let isWell = words.contains("kasse") && words.contains("laden")
            return Finding(
                name: "reads descriptions", isWell: isWell, isNeeded: false,
                words: isWell
                    ? "it named kasse and laden in a German sentence"
                    : "it named \(words.sorted()) for kasse and laden; names will come from the rules' own reading")
        } catch {
            return Finding(name: "reads descriptions", isWell: false, isNeeded: false, words: error.explanation)
        }
    }

    private func context() async -> Finding {
        let model = MeteredModel(model)
        let filler = String(repeating: "The sky is blue and the grass is green. ", count: Self.longQuestionBytes / 40)
        let text = JSONSchema.quoted(["question": "The door of house 7 is violet. \(filler) What color is the door of house 7? One word."])
        do {
            let reply = try await ModelQuestion<Reply>(model: model, request: request(text, schema: Self.schema)).reply()
            let usage = model.usage ?? ModelUsage()
            let isWell = reply.color.lowercased().contains("violet")
            return Finding(
                name: "long questions", isWell: isWell, isNeeded: false,
                words: isWell
                    ? "it read \(usage.inputTokens) tokens to their end"
                    : "it lost the beginning of a question of \(usage.inputTokens) tokens; long explanations will be thin")
        } catch {
            return Finding(
                name: "long questions", isWell: false, isNeeded: false, words: "\(error.explanation); large reports will not be explained")
        }
    }

    private func tools() async -> Finding {
        do {
            let answer = try await model.answer(request("Use look_up to find the color of the thing called krk.", tools: [Self.tool]))
            let isWell = answer.calls.contains { $0.name == Self.tool.name }
            return Finding(
                name: "calls tools", isWell: isWell, isNeeded: false,
                words: isWell ? "it called look_up" : "it answered without calling one; \(Self.withoutTools)")
        } catch {
            return Finding(
                name: "calls tools", isWell: false, isNeeded: false, words: "\(error.explanation); \(Self.withoutTools)")
        }
    }
}
