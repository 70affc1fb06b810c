import IncidentModel
import Investigation
import Synchronization

/// Answers as a test says, and keeps what it was asked.
final class ScriptedModel: LanguageModel {
    let name = "scripted"
    private let answers: @Sendable (ModelRequest) throws(ModelError) -> ModelAnswer
    private let log = Mutex<[ModelRequest]>([])

    init(answers: @escaping @Sendable (ModelRequest) throws(ModelError) -> ModelAnswer) { self.answers = answers }

    /// Answers in text.
    convenience init(_ text: @escaping @Sendable (ModelRequest) throws(ModelError) -> String) {
        self.init(answers: { request throws(ModelError) in ModelAnswer(text: try text(request)) })
    }

    var asked: [ModelRequest] { log.withLock { $0 } }

    func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
        log.withLock { $0.append(request) }
        var answer = try answers(request)
        answer.usage = ModelUsage(requests: 1, inputTokens: 100, outputTokens: 10)
        return answer
    }
}
