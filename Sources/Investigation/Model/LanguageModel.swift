/// A language model behind one port. The rules decide without one; adapters come with the providers they speak to.
public protocol LanguageModel: Sendable {
    /// Answers a prompt with JSON that follows `schema` (JSON Schema text).
    func complete(prompt: String, schema: String) async throws -> String
}
