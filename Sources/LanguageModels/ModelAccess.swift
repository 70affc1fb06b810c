public import Foundation

/// Where a language model is, and on what terms it is asked.
public struct ModelAccess: Sendable, Hashable {
    /// Whose API is spoken.
    public enum Provider: String, Sendable, Hashable, CaseIterable {
        /// `/chat/completions`: OpenAI, Azure, vLLM, llama.cpp, LM Studio and others.
        case chatCompletions = "openai-chat"
        /// `/responses` of OpenAI and Azure.
        case responses = "openai-responses"
        case anthropic, gemini, ollama

        /// Where it is when nothing else is said.
        public var defaultAddress: String {
            switch self {
            case .chatCompletions, .responses: "https://api.openai.com/v1"
            case .anthropic: "https://api.anthropic.com"
            case .gemini: "https://generativelanguage.googleapis.com"
            case .ollama: "http://127.0.0.1:11434"
            }
        }

        /// Its name among the well-known values of OpenTelemetry's `gen_ai.provider.name`.
        var telemetryName: String {
            switch self {
            case .chatCompletions, .responses: "openai"
            case .anthropic: "anthropic"
            case .gemini: "gcp.gemini"
            case .ollama: "ollama"
            }
        }

        func wire(keyHeader: String?) -> any WireFormat {
            switch self {
            case .chatCompletions: ChatCompletionsWire(keyHeader: keyHeader)
            case .responses: ResponsesWire(keyHeader: keyHeader)
            case .anthropic: MessagesWire()
            case .gemini: GenerateContentWire()
            case .ollama: OllamaWire()
            }
        }
    }

    /// What a million tokens cost.
    public struct Prices: Sendable, Hashable {
        public var input: Double
        public var output: Double

        public init(input: Double, output: Double) {
            self.input = input
            self.output = output
        }
    }

    public var provider: Provider
    /// Base address; the provider's path follows it.
    public var address: URL
    public var model: String
    public var key: String?
    /// Header that the key stands in, where it is not the provider's own, e.g. `api-key` for Azure.
    public var keyHeader: String?
    /// For a request with all its tries.
    public var timeoutSeconds: Double
    /// Sent only where it is set.
    public var temperature: Double?
    /// Tokens of all investigations of this process in a day (UTC); nil for no bound.
    public var tokensPerDay: Int?
    public var prices: Prices?
    /// What is hidden from the model beyond credentials and personal data.
    public var hidden: Set<HiddenData>

    public init(
        provider: Provider, address: URL, model: String, key: String? = nil, keyHeader: String? = nil, timeoutSeconds: Double = 60,
        temperature: Double? = nil, tokensPerDay: Int? = nil, prices: Prices? = nil, hidden: Set<HiddenData> = []
    ) {
        self.provider = provider
        self.address = address
        self.model = model
        self.key = key
        self.keyHeader = keyHeader
        self.timeoutSeconds = timeoutSeconds
        self.temperature = temperature
        self.tokensPerDay = tokensPerDay
        self.prices = prices
        self.hidden = hidden
    }
}

/// What is hidden from a model only if somebody wants it.
public enum HiddenData: String, Sendable, Hashable, CaseIterable {
    /// IPv4 and IPv6 addresses.
    case addresses
    /// Names of namespaces, workloads, pods, Services and nodes.
    case names
}
