import Foundation
import IncidentModel

/// What a step asks a model.
protocol StepQuestion: Sendable {
    associatedtype Reply: Sendable

    /// - Returns: the reply as far as it stands.
    func reply(of model: any LanguageModel) async throws(ModelError) -> Reply
}

/// Asks a model for JSON of a certain shape, and a second time where it answered something else.
struct ModelQuestion<Reply: Decodable & Sendable> {
    let model: any LanguageModel
    let request: ModelRequest

    func reply() async throws(ModelError) -> Reply {
        let first: ModelAnswer
        do throws(ModelError) { first = try await model.answer(request) } catch {
            guard error == .truncated else { throw error }
            // Thinking may have taken all the room there was.
            var longer = request
            longer.answerTokens *= 2
            first = try await model.answer(longer)
        }
        let problem: String
        do throws(ModelError) { return try Self.reply(in: first.text) } catch { problem = error.reason }
        var again = request
        again.turns += [
            .answer(first),
            .question("That cannot be used: \(problem). Answer again with the JSON object alone."),
        ]
        return try Self.reply(in: try await model.answer(again).text)
    }

    /// The JSON object of an answer; small models put it into fences or prose.
    private static func reply(in text: String) throws(ModelError) -> Reply {
        guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end else {
            throw .malformed("there is no JSON object in it")
        }
        do {
            return try JSONDecoder().decode(Reply.self, from: Data(text[start...end].utf8))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .malformed("`\(key.stringValue)` is missing")
        } catch DecodingError.typeMismatch(_, let context) {
            throw .malformed("`\(context.codingPath.last?.stringValue ?? "")` has another type")
        } catch {
            throw .malformed("it is no valid JSON")
        }
    }
}

extension ModelError {
    fileprivate var reason: String {
        if case .malformed(let reason) = self { reason } else { explanation }
    }
}
