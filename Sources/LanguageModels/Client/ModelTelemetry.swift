import IncidentModel
import Investigation
import Metrics
import Tracing

/// Names under which requests to models are counted and traced. OpenTelemetry's conventions for generative AI are still in development: they
/// stand here and nowhere else. What is said to and by a model is in no span.
enum ModelTelemetry {
    enum Attribute {
        static let operation = "gen_ai.operation.name"
        static let provider = "gen_ai.provider.name"
        static let requestModel = "gen_ai.request.model"
        static let responseModel = "gen_ai.response.model"
        static let inputTokens = "gen_ai.usage.input_tokens"
        static let outputTokens = "gen_ai.usage.output_tokens"
        static let errorType = "error.type"
        static let server = "server.address"
        static let purpose = "sre.llm.purpose"
    }

    static let operation = "chat"

    static func answered(_ purpose: ModelRequest.Purpose, _ outcome: String, in duration: Duration) {
        Counter(label: "sre_llm_requests_total", dimensions: [("purpose", purpose.rawValue), ("outcome", outcome)]).increment()
        Timer(label: "sre_llm_request_duration_seconds", dimensions: [("purpose", purpose.rawValue)]).record(duration: duration)
    }

    static func used(_ usage: ModelUsage) {
        Counter(label: "sre_llm_tokens_total", dimensions: [("direction", "input")]).increment(by: Int64(usage.inputTokens))
        Counter(label: "sre_llm_tokens_total", dimensions: [("direction", "output")]).increment(by: Int64(usage.outputTokens))
        if let cost = usage.cost { FloatingPointCounter(label: "sre_llm_cost_total").increment(by: cost) }
    }

    static func retried() { Counter(label: "sre_llm_retries_total").increment() }

    static func breaker(isOpen: Bool) {
        Meter(label: "sre_circuit_breaker_open", dimensions: [("dependency", "llm")]).set(isOpen ? 1 : 0)
    }
}

extension ModelError {
    /// A word for metrics and spans.
    var kind: String {
        switch self {
        case .unreachable: "unreachable"
        case .timeout: "timeout"
        case .refused: "refused"
        case .busy: "busy"
        case .declined: "declined"
        case .truncated: "truncated"
        case .empty: "empty"
        case .malformed: "malformed"
        case .overBudget: "over_budget"
        }
    }
}
