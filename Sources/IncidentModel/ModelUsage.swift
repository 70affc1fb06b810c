/// What the answers of a language model took.
public struct ModelUsage: Codable, Sendable, Hashable {
    public var requests: Int
    public var inputTokens: Int
    public var outputTokens: Int
    public var seconds: Double
    /// In the currency of the configured prices; nil where there are none.
    public var cost: Double?

    public init(requests: Int = 0, inputTokens: Int = 0, outputTokens: Int = 0, seconds: Double = 0, cost: Double? = nil) {
        self.requests = requests
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.seconds = seconds
        self.cost = cost
    }

    public static func + (left: ModelUsage, right: ModelUsage) -> ModelUsage {
        ModelUsage(
            requests: left.requests + right.requests, inputTokens: left.inputTokens + right.inputTokens,
            outputTokens: left.outputTokens + right.outputTokens, seconds: left.seconds + right.seconds,
            cost: left.cost == nil && right.cost == nil ? nil : (left.cost ?? 0) + (right.cost ?? 0))
    }

    enum CodingKeys: String, CodingKey {
        case requests
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
        case seconds, cost
    }
}
