import IncidentModel
import Synchronization

/// A model whose answers are counted, also those that nobody could use.
final class MeteredModel: LanguageModel {
    private let model: any LanguageModel
    private let total = Mutex<ModelUsage?>(nil)

    init(_ model: any LanguageModel) { self.model = model }

    var name: String { model.name }

    /// What the answers so far took; nil before the first.
    var usage: ModelUsage? { total.withLock { $0 } }

    func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
        let answer = try await model.answer(request)
        total.withLock { $0 = ($0 ?? ModelUsage()) + answer.usage }
        return answer
    }
}
