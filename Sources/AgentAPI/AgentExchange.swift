import AsyncHTTPClient
import FastJSON
import Foundation
import Investigation
import NIOCore
import NIOHTTP1

/// What is sent to an agent.
struct AgentRequest: Sendable {
    let method: HTTPMethod
    let path: String
    let body: Data?

    static func get(_ path: String) -> AgentRequest { AgentRequest(method: .GET, path: path, body: nil) }
    static func post(_ path: String, _ body: Data) -> AgentRequest { AgentRequest(method: .POST, path: path, body: body) }
}

/// A failed try, with what decides about another.
struct AgentFailure: Error, Sendable {
    let error: AgentError
    var retryAfter: Duration?

    /// Whether the agent itself answered in good order, however it decided.
    var showsAlive: Bool {
        switch error {
        case .unreachable, .timeout: false
        case .refused(let status, _): status < 500
        case .malformed: true
        }
    }
}

/// One request and its answer, without any second try.
struct AgentExchange: Sendable {
    /// Error bodies are short; more is not read.
    private static let largestErrorBytes = 64 << 10

    let baseURL: URL
    let httpClient: HTTPClient
    let token: String?
    let largestResponseBytes: Int
    let correlationID: @Sendable () -> String?

    /// For messages: the address without credentials that someone may have put into it.
    var address: String {
        "\(baseURL.scheme ?? "http")://\(baseURL.host ?? "?")" + (baseURL.port.map { ":\($0)" } ?? "")
    }

    func perform(_ request: AgentRequest, within limit: Duration) async -> Result<ByteBuffer, AgentFailure> {
        guard limit > .zero else { return .failure(expired()) }
        // The client's own deadline ends with the head of the answer; this one covers the body too.
        return await withTaskGroup(of: Result<ByteBuffer, AgentFailure>?.self) { group in
            group.addTask { await send(request, limit) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failure(expired())
        }
    }

    private func expired() -> AgentFailure {
        AgentFailure(error: .timeout("the agent at \(address) did not answer in time"))
    }

    private func send(_ request: AgentRequest, _ limit: Duration) async -> Result<ByteBuffer, AgentFailure> {
        do {
            let response = try await httpClient.execute(httpRequest(request, within: limit), deadline: .now() + TimeAmount(limit))
            guard response.status == .ok else { return .failure(await refusal(response)) }
            return .success(try await response.body.collect(upTo: largestResponseBytes))
        } catch is NIOTooManyBytesError {
            let message = "the agent's answer is longer than \(largestResponseBytes) bytes; ask for fewer namespaces"
            return .failure(AgentFailure(error: .malformed(message)))
        } catch let error as HTTPClientError where Self.timeouts.contains(error) {
            return .failure(expired())
        } catch {
            return .failure(AgentFailure(error: .unreachable("the agent at \(address) cannot be reached: \(Self.reason(error))")))
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout,
    ]

    private static func reason(_ error: any Error) -> String {
        let text = String(describing: error)
        // Of the TLS library's words the name of the error is what tells: the rest are places in its sources.
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return String(text.prefix(200)) }
        let name = text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return "TLS failed: " + name.lowercased().replacing("_", with: " ")
    }

    private func httpRequest(_ request: AgentRequest, within limit: Duration) -> HTTPClientRequest {
        let base = baseURL.absoluteString
        var result = HTTPClientRequest(url: (base.hasSuffix("/") ? String(base.dropLast()) : base) + request.path)
        result.method = request.method
        result.headers.add(name: "Accept", value: "application/json")
        result.headers.add(name: "User-Agent", value: "sre-orchestrator")
        result.headers.add(name: CallDeadline.header, value: CallDeadline.value(limit))
        if let token { result.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let id = correlationID() { result.headers.add(name: "X-Correlation-ID", value: id) }
        if let body = request.body {
            result.headers.add(name: "Content-Type", value: "application/json")
            result.body = .bytes(body, length: .known(Int64(body.count)))
        }
        return result
    }

    private func refusal(_ response: HTTPClientResponse) async -> AgentFailure {
        let body = try? await response.body.collect(upTo: Self.largestErrorBytes)
        let json = body.flatMap { try? JSONValue(parsing: Data($0.readableBytesView)) } ?? .missing
        let message = json["message"].string.map { String($0.prefix(500)) } ?? "the agent refused without a reason"
        let seconds = response.headers.first(name: "Retry-After").flatMap { Int($0) }.map { min(max(0, $0), 3_600) }
        return AgentFailure(
            error: .refused(status: Int(response.status.code), message: message), retryAfter: seconds.map { .seconds($0) })
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let parts = duration.components
        self = .nanoseconds(parts.seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + parts.attoseconds / 1_000_000_000)
    }
}
