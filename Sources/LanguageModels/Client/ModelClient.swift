public import AsyncHTTPClient
import FastJSON
import Foundation
import IncidentModel
public import Investigation
import NIOCore
import NIOHTTP1
import Synchronization
import Tracing

/// A language model over HTTP, in the wire format of its provider.
///
/// A request has one deadline for all its tries. What a server cannot do (hold answers to a schema, a newer name of a parameter) is found out
/// from its refusal and remembered. Redaction is not done here: `GuardedModel` stands in front.
public final class ModelClient: LanguageModel {
    private static let tries = 4
    private static let largestAnswerBytes = 8 << 20
    private static let timeouts: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout]

    /// What the server turned out to be able to do.
    private struct Dialect {
        var hasNativeSchema = true
        var knowsNewBound = true
        var givesThoughts = true
    }

    public let name: String
    private let access: ModelAccess
    private let wire: any WireFormat
    private let httpClient: HTTPClient
    private let budget: DayBudget
    private let breaker: CircuitBreaker
    private let dialect = Mutex(Dialect())

    /// - Parameter httpClient: shared, shut down by its owner; must not follow redirects, which could lead the key elsewhere.
    public init(_ access: ModelAccess, httpClient: HTTPClient, breaker: CircuitBreaker = CircuitBreaker(threshold: 3, delay: .seconds(60)))
    {
        self.access = access
        self.httpClient = httpClient
        self.breaker = breaker
        wire = access.provider.wire(keyHeader: access.keyHeader)
        budget = DayBudget(access.tokensPerDay)
        name = "\(access.provider.rawValue) \(access.model)"
    }

    /// Whether the provider itself holds answers to a schema, as far as is known.
    public var hasNativeSchema: Bool { dialect.withLock { $0.hasNativeSchema } }

    public func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
        try budget.check()
        let start = ContinuousClock.now
        let result = await withSpan("\(ModelTelemetry.operation) \(access.model)", ofKind: .client) { span in
            typealias Attribute = ModelTelemetry.Attribute
            span.updateAttributes { attributes in
                attributes[Attribute.operation] = ModelTelemetry.operation
                attributes[Attribute.provider] = access.provider.telemetryName
                attributes[Attribute.requestModel] = access.model
                attributes[Attribute.server] = access.address.host()
                attributes[Attribute.purpose] = request.purpose.rawValue
            }
            let result: Result<ModelAnswer, ModelError>
            do throws(ModelError) { result = .success(try await tried(request)) } catch { result = .failure(error) }
            span.updateAttributes { attributes in
                switch result {
                case .success(let answer):
                    attributes[Attribute.responseModel] = answer.model
                    attributes[Attribute.inputTokens] = answer.usage.inputTokens
                    attributes[Attribute.outputTokens] = answer.usage.outputTokens
                case .failure(let error): attributes[Attribute.errorType] = error.kind
                }
            }
            if case .failure(let error) = result { span.setStatus(SpanStatus(code: .error, message: error.kind)) }
            return result
        }
        let duration = start.duration(to: .now)
        switch result {
        case .success(var answer):
            answer.usage.seconds = duration / .seconds(1)
            if let prices = access.prices {
                answer.usage.cost =
                    (Double(answer.usage.inputTokens) * prices.input + Double(answer.usage.outputTokens) * prices.output) / 1_000_000
            }
            budget.use(answer.usage.inputTokens + answer.usage.outputTokens)
            ModelTelemetry.used(answer.usage)
            ModelTelemetry.answered(request.purpose, "answered", in: duration)
            return answer
        case .failure(let error):
            ModelTelemetry.answered(request.purpose, error.kind, in: duration)
            throw error
        }
    }

    /// A try that failed, with what decides about another.
    private struct Failure: Error {
        let error: ModelError
        /// Seconds before another try; nil for none.
        var wait: Double?
        /// Whether the request itself has to change first, which costs no try.
        var isNegotiation = false
    }

    private func tried(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
        guard breaker.admits() else { throw .unreachable("it failed \(breaker.threshold) times in a row and is left alone for a while") }
        let deadline = ContinuousClock.now + .seconds(access.timeoutSeconds)
        var attempt = 1
        while true {
            let failure: Failure
            do throws(Failure) {
                let answer = try await exchange(request, attempt, deadline)
                breaker.succeeded()
                ModelTelemetry.breaker(isOpen: breaker.isOpen)
                return answer
            } catch { failure = error }
            if failure.isNegotiation { continue }
            guard let wait = failure.wait, attempt < Self.tries, ContinuousClock.now + .seconds(wait) < deadline, !Task.isCancelled else {
                if Task.isCancelled { breaker.abandoned() } else { report(failure.error) }
                throw failure.error
            }
            ModelTelemetry.retried()
            attempt += 1
            do {
                try await Task.sleep(for: .seconds(wait))
            } catch {
                breaker.abandoned()
                throw .timeout
            }
        }
    }

    /// What the server answered in good order shows that it is alive, whatever it said.
    private func report(_ error: ModelError) {
        switch error {
        case .unreachable, .timeout, .busy: breaker.failed()
        default: breaker.succeeded()
        }
        ModelTelemetry.breaker(isOpen: breaker.isOpen)
    }

    private func exchange(
        _ request: ModelRequest, _ attempt: Int, _ deadline: ContinuousClock.Instant
    ) async throws(Failure) -> ModelAnswer {
        let spoken = dialect.withLock { $0 }
        let (status, headers, body) = try await send(request, spoken, attempt, deadline)
        let json = (try? JSONValue(parsing: body)) ?? .missing
        guard status == 200 else {
            let message = withoutKey(String((wire.message(json) ?? "no reason was given").prefix(300)))
            if [400, 404, 422].contains(status), negotiate(message, request, spoken) {
                throw Failure(error: .refused(status: status, message: message), isNegotiation: true)
            }
            let wait = RetryAdvice.wait(status: status, headers: headers, attempt: attempt)
            let isPassing = [408, 409, 429].contains(status) || status >= 500
            throw Failure(error: isPassing ? .busy("HTTP \(status): \(message)") : .refused(status: status, message: message), wait: wait)
        }
        guard !json.isMissing else { throw Failure(error: .malformed("it is no JSON"), wait: RetryAdvice.backoff(attempt)) }
        do throws(ModelError) {
            let answer = try wire.answer(json)
            guard !answer.calls.isEmpty || answer.text.contains(where: { !$0.isWhitespace }) else { throw ModelError.empty }
            return answer
        } catch {
            // What was used is used, also for nothing.
            budget.use(request.answerTokens)
            let wait: Double? = if case .busy = error { RetryAdvice.backoff(attempt) } else { nil }
            throw Failure(error: error, wait: wait)
        }
    }

    /// Learns from a refusal what the server does not know.
    /// - Returns: whether the request can be said in another way.
    private func negotiate(_ message: String, _ request: ModelRequest, _ spoken: Dialect) -> Bool {
        let text = message.lowercased()
        if spoken.knowsNewBound, text.contains("max_completion_tokens"), access.provider == .chatCompletions {
            dialect.withLock { $0.knowsNewBound = false }
            return true
        }
        if spoken.givesThoughts, text.contains("encrypted"), access.provider == .responses {
            dialect.withLock { $0.givesThoughts = false }
            return true
        }
        let words = ["response_format", "json_schema", "schema", "output_config", "responsejsonschema", "text.format", "structured output"]
        if spoken.hasNativeSchema, request.schema != nil, words.contains(where: text.contains) {
            dialect.withLock { $0.hasNativeSchema = false }
            return true
        }
        return false
    }

    private func send(
        _ request: ModelRequest, _ spoken: Dialect, _ attempt: Int, _ deadline: ContinuousClock.Instant
    ) async throws(Failure) -> (status: Int, headers: HTTPHeaders, body: Data) {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { throw Failure(error: .timeout) }
        let outgoing = httpRequest(request, spoken)
        let outcome = await withTaskGroup(of: Result<(Int, HTTPHeaders, Data), Failure>.self) { [httpClient] group in
            group.addTask { [self] in
                do {
                    let response = try await httpClient.execute(outgoing, deadline: .now() + TimeAmount.nanoseconds(left.nanoseconds))
                    let body = try await response.body.collect(upTo: Self.largestAnswerBytes)
                    return .success((Int(response.status.code), response.headers, Data(body.readableBytesView)))
                } catch is NIOTooManyBytesError {
                    return .failure(Failure(error: .malformed("it is longer than \(Self.largestAnswerBytes) bytes")))
                } catch let error as HTTPClientError where Self.timeouts.contains(error) {
                    return .failure(Failure(error: .timeout))
                } catch {
                    return .failure(Failure(error: .unreachable(withoutKey(Self.reason(error))), wait: RetryAdvice.backoff(attempt)))
                }
            }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return .failure(Failure(error: .timeout))
            }
            let first = await group.next() ?? .failure(Failure(error: .timeout))
            group.cancelAll()
            return first
        }
        return try outcome.get()
    }

    /// A connection's failure in words; errors of the system say much more than helps.
    private static func reason(_ error: any Error) -> String {
        let text = String(describing: error)
        if text.contains("Connection refused") { return "connection refused" }
        if text.contains("dns") || text.contains("DNS") || text.contains("NXDOMAIN") { return "the name of its host is not known" }
        return (error as? HTTPClientError)?.shortDescription ?? String(text.prefix(200))
    }

    /// What a server or a library says may quote the key back.
    private func withoutKey(_ text: String) -> String {
        access.key.map { $0.isEmpty ? text : text.replacing($0, with: "***") } ?? text
    }

    private func httpRequest(_ request: ModelRequest, _ spoken: Dialect) -> HTTPClientRequest {
        let base = access.address.absoluteString
        var result = HTTPClientRequest(url: (base.hasSuffix("/") ? String(base.dropLast()) : base) + wire.path(model: access.model))
        result.method = .POST
        result.headers.add(name: "Content-Type", value: "application/json")
        result.headers.add(name: "Accept", value: "application/json")
        result.headers.add(name: "User-Agent", value: "sre-orchestrator")
        for header in wire.headers(key: access.key) { result.headers.add(name: header.name, value: header.value) }
        let settings = WireSettings(
            temperature: access.temperature, knowsNewBound: spoken.knowsNewBound, wantsThoughts: spoken.givesThoughts)
        let body = wire.body(request, model: access.model, settings: settings, hasNativeSchema: spoken.hasNativeSchema)
        result.body = .bytes(ByteBuffer(string: body))
        return result
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let parts = components
        return parts.seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + parts.attoseconds / 1_000_000_000
    }
}
