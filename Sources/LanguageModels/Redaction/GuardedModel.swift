public import Foundation
public import Investigation

/// A model behind the redactor: whatever it is asked leaves without credentials, personal data and what else is to be hidden, and its
/// answers come back with the placeholders resolved.
public struct GuardedModel: LanguageModel {
    private let model: any LanguageModel
    private let hidden: Set<HiddenData>
    /// Fixed where traffic is recorded, so that a repeated investigation asks the same again.
    private let salt: Data?

    public init(_ model: any LanguageModel, hidden: Set<HiddenData> = [], salt: Data? = nil) {
        self.model = model
        self.hidden = hidden
        self.salt = salt
    }

    public var name: String { model.name }

    public func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
        var redactor = Redactor(
            salt: salt ?? Data(request.investigation.uuidString.utf8), hidden: hidden, names: request.names)
        var outgoing = request
        outgoing.turns = request.turns.map { turn in
            switch turn {
            case .question(let text): return .question(redactor.redacted(text))
            case .results(let results):
                return .results(results.map { ToolResult(call: Self.redacted($0.call, &redactor), text: redactor.redacted($0.text)) })
            case .answer(var answer):
                answer.text = redactor.redacted(answer.text)
                answer.calls = answer.calls.map { Self.redacted($0, &redactor) }
                return .answer(answer)
            }
        }
        var answer = try await model.answer(outgoing)
        // `raw` stays as the provider gave it: it goes back to where it came from.
        answer.text = redactor.restored(answer.text)
        answer.calls = answer.calls.map {
            ToolCall(id: $0.id, name: $0.name, arguments: redactor.restored($0.arguments))
        }
        return answer
    }

    private static func redacted(_ call: ToolCall, _ redactor: inout Redactor) -> ToolCall {
        ToolCall(id: call.id, name: call.name, arguments: redactor.redacted(call.arguments))
    }
}
