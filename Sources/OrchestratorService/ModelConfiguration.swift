import AsyncHTTPClient
import Foundation
public import Investigation
import LanguageModels
import NIOCore
public import ServiceKit

/// Which language model is asked, if any, and within what bounds. Without one the rules decide alone.
public struct ModelConfiguration: Sendable {
    public static let provider = Setting(
        "SRE_LLM_PROVIDER", kind: .choice(["none"] + ModelAccess.Provider.allCases.map(\.rawValue)), default: "none",
        summary:
            "Whose API the language model speaks. `openai-chat` is `/chat/completions`, which vLLM, llama.cpp, LM Studio and Azure speak too; `none` leaves all to the rules."
    )
    public static let address = Setting(
        "SRE_LLM_URL", kind: .url,
        summary:
            "Base address of the model's API where it is not the provider's own, e.g. `http://vllm:8000/v1`, `https://NAME.openai.azure.com/openai/v1`."
    )
    public static let model = Setting("SRE_LLM_MODEL", kind: .text, summary: "Name of the model, as its provider knows it.")
    public static let key = Setting("SRE_LLM_API_KEY", kind: .text, isSecret: true, summary: "Key for the model's API.")
    public static let keyFile = Setting("SRE_LLM_API_KEY_FILE", kind: .path, summary: "File with that key, in place of `SRE_LLM_API_KEY`.")
    public static let keyHeader = Setting(
        "SRE_LLM_KEY_HEADER", kind: .text,
        summary: "Header that the key stands in where it is not the provider's own, e.g. `api-key` for Azure; OpenAI's two forms only.")
    public static let allowedHosts = Setting(
        "SRE_LLM_ALLOWED_HOSTS", kind: .list, default: "",
        summary: "Hosts that a model may be at; an address elsewhere is refused at the start. Empty allows all.")
    public static let timeout = Setting(
        "SRE_LLM_TIMEOUT_SECONDS", kind: .seconds(1...600), default: "60",
        summary: "Time for a request to the model, all its tries included.")
    public static let temperature = Setting(
        "SRE_LLM_TEMPERATURE", kind: .text,
        summary: "Sampling temperature from 0 to 2; sent only where it is set, since not all models take one.")
    public static let tokensPerInvestigation = Setting(
        "SRE_LLM_TOKENS_PER_INVESTIGATION", kind: .integer(1_000...10_000_000), default: "40000",
        summary: "Tokens, asked and answered, that one investigation may use; then the rules go on alone.")
    public static let costPerInvestigation = Setting(
        "SRE_LLM_COST_PER_INVESTIGATION", kind: .text,
        summary: "What one investigation may cost, in the currency of `SRE_LLM_PRICES`, e.g. `0.05`; then the rules go on alone.")
    public static let tokensPerDay = Setting(
        "SRE_LLM_TOKENS_PER_DAY", kind: .integer(0...10_000_000_000), default: "2000000",
        summary: "Tokens that one process may use in a day (UTC); then the rules go on alone. 0 for no bound.")
    public static let prices = Setting(
        "SRE_LLM_PRICES", kind: .text,
        summary: "What a million input and a million output tokens cost, e.g. `3,15`; then reports and metrics tell what was spent.")
    public static let hidden = Setting(
        "SRE_LLM_HIDE", kind: .list, default: "",
        summary: "What the model does not get to see beyond credentials and personal data: `addresses`, `names`, or both.")
    public static let explains = Setting(
        "SRE_LLM_EXPLAIN", kind: .boolean, default: "true", summary: "Whether the model puts causes into words.")
    public static let language = Setting(
        "SRE_LLM_LANGUAGE", kind: .text, summary: "Language that the model writes in, e.g. `German`; by default that of the description.")
    public static let record = Setting(
        "SRE_LLM_RECORD", kind: .path, summary: "Directory that keeps what the model was asked and answered, redacted as it left.")
    public static let replay = Setting(
        "SRE_LLM_REPLAY", kind: .path,
        summary: "Directory of such a recording that answers in place of the model; nothing leaves the process.")

    /// All keys, in the order in which they are documented.
    public static let all = [
        provider, address, model, key, keyFile, keyHeader, allowedHosts, timeout, temperature, tokensPerInvestigation, costPerInvestigation,
        tokensPerDay, prices, hidden, explains, language, record, replay,
    ]

    /// Nil where there is no model.
    var access: ModelAccess?
    var recording: (directory: URL, mode: RecordedModel.Mode)?
    public var limits: InvestigationPipeline.ModelLimits

    /// Whether there is a model.
    public var isOn: Bool { access != nil }

    /// No model.
    public init() { limits = .init() }

    /// Reads and checks the keys.
    /// - Throws: `SettingError` naming the key, the value and what is accepted.
    public init(_ settings: Settings) throws(SettingError) {
        let timeout = try settings.seconds(Self.timeout)
        limits = .init(
            tokens: try settings.integer(Self.tokensPerInvestigation), cost: try Self.cost(settings), stepSeconds: timeout + 15,
            language: settings.text(Self.language), explains: try settings.boolean(Self.explains))
        guard let provider = ModelAccess.Provider(rawValue: try settings.choice(Self.provider)) else { return }
        guard let model = settings.text(Self.model) else {
            throw SettingError(key: Self.model.key, reason: "is not set; \(Self.provider.key) needs a model")
        }
        let address = try settings.url(Self.address) ?? URL(string: provider.defaultAddress)
        guard let address, let host = address.host() else { throw SettingError(key: Self.address.key, reason: "has no host") }
        let allowed = settings.list(Self.allowedHosts)
        guard allowed.isEmpty || allowed.contains(host) else {
            throw SettingError(key: Self.allowedHosts.key, reason: "does not name `\(host)`, where the model would be asked")
        }
        let perDay = try settings.integer(Self.tokensPerDay)
        var hidden: Set<HiddenData> = []
        for word in settings.list(Self.hidden) {
            guard let data = HiddenData(rawValue: word) else {
                throw SettingError(key: Self.hidden.key, reason: "`\(word.prefix(40))` is not accepted; it must be addresses or names")
            }
            hidden.insert(data)
        }
        access = ModelAccess(
            provider: provider, address: address, model: model, key: try Self.key(settings),
            keyHeader: try Self.header(settings.text(Self.keyHeader), Self.keyHeader),
            timeoutSeconds: timeout, temperature: try Self.temperature(settings), tokensPerDay: perDay == 0 ? nil : perDay,
            prices: try Self.prices(settings), hidden: hidden)
        switch (settings.text(Self.record), settings.text(Self.replay)) {
        case (nil, nil): break
        case (let path?, nil): recording = (URL(fileURLWithPath: path), .record)
        case (nil, let path?): recording = (URL(fileURLWithPath: path), .replay)
        case (_?, _?): throw SettingError(key: Self.replay.key, reason: "and \(Self.record.key) exclude one another")
        }
    }

    private static func key(_ settings: Settings) throws(SettingError) -> String? {
        guard let path = settings.text(keyFile) else { return try header(settings.text(key), key) }
        guard let text = try? String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8) else {
            throw SettingError(key: keyFile.key, reason: "\(path) cannot be read; check that it exists and may be read")
        }
        return try header(text, keyFile)
    }

    /// A text that stands in a header.
    private static func header(_ text: String?, _ setting: Setting) throws(SettingError) -> String? {
        guard let text = text?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw SettingError(key: setting.key, reason: "the given value is not accepted; it must be one line of visible ASCII characters")
        }
        return text
    }

    private static func temperature(_ settings: Settings) throws(SettingError) -> Double? {
        guard let text = settings.text(temperature) else { return nil }
        guard let value = Double(text), (0...2).contains(value) else {
            throw SettingError(key: temperature.key, reason: "`\(text.prefix(40))` is not accepted; it must be a number from 0 to 2")
        }
        return value
    }

    private static func cost(_ settings: Settings) throws(SettingError) -> Double? {
        guard let text = settings.text(costPerInvestigation) else { return nil }
        guard let value = Double(text), value.isFinite, value > 0 else {
            throw SettingError(
                key: costPerInvestigation.key, reason: "`\(text.prefix(40))` is not accepted; it must be a number above 0 such as 0.05")
        }
        guard try prices(settings) != nil else {
            throw SettingError(key: costPerInvestigation.key, reason: "needs \(prices.key), by which cost is worked out")
        }
        return value
    }

    private static func prices(_ settings: Settings) throws(SettingError) -> ModelAccess.Prices? {
        guard let text = settings.text(prices) else { return nil }
        let numbers = text.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == 2, numbers.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw SettingError(key: prices.key, reason: "`\(text.prefix(40))` is not accepted; it must be two numbers such as 3,15")
        }
        return .init(input: numbers[0], output: numbers[1])
    }

    /// Gives `work` the model, behind its redaction, and closes its connections afterwards.
    public func with<Result>(_ work: ((any LanguageModel)?) async throws -> Result) async throws -> Result {
        guard let access else { return try await work(nil) }
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(5))
        // A redirect could lead the key and the evidence elsewhere.
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        var model: any LanguageModel = ModelClient(access, httpClient: client)
        if let recording { model = RecordedModel(model, directory: recording.directory, mode: recording.mode) }
        return try await work(GuardedModel(model, hidden: access.hidden, salt: recording == nil ? nil : Data("recorded".utf8)))
    }
}
