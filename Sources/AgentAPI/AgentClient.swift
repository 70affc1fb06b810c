public import AsyncHTTPClient
public import ClusterModel
public import Foundation
public import IncidentModel
public import Investigation
import Metrics
import NIOCore

/// An agent of the Kubernetes domain, reached over HTTP.
///
/// Every call has one deadline for all its tries; transient failures are tried again with growing, jittered waits; an agent that fails
/// again and again is left alone for a while, so that a dead one does not slow everything.
public struct AgentClient: EvidenceAgent {
    private let exchange: AgentExchange
    private let timeout: Duration
    private let retries: RetryPolicy
    private let breaker: CircuitBreaker

    /// - Parameters:
    ///   - baseURL: where the agent listens, e.g. `http://k8s-agent:8081`; a path is kept as prefix.
    ///   - httpClient: shared, shut down by its owner. With `retryConnectionEstablishment` it would try refused connections until the
    ///     deadline; switch that off, tries are counted here.
    ///   - timeoutSeconds: for a call with all its tries.
    ///   - token: shown to the agent as `Authorization: Bearer`.
    ///   - largestResponseBytes: a longer answer is refused as malformed.
    ///   - correlationID: the id of the request or incident being worked on, by default that of the task; sent as `X-Correlation-ID`.
    public init(
        baseURL: URL, httpClient: HTTPClient, timeoutSeconds: Double = 20, token: String? = nil,
        largestResponseBytes: Int = 512 << 20,
        retries: RetryPolicy = RetryPolicy(), breaker: CircuitBreaker = CircuitBreaker(),
        correlationID: @escaping @Sendable () -> String? = { CorrelationID.current?.text }
    ) {
        exchange = AgentExchange(
            baseURL: baseURL, httpClient: httpClient, token: token, largestResponseBytes: largestResponseBytes, correlationID: correlationID
        )
        timeout = .seconds(timeoutSeconds)
        self.retries = retries
        self.breaker = breaker
    }

    public func inventory() async throws(AgentError) -> Inventory {
        let body = try await call(.get("/api/v1/inventory"))
        do {
            return try JSONDecoder().decode(Inventory.self, from: Data(body.readableBytesView))
        } catch {
            throw .malformed("the agent's inventory cannot be read")
        }
    }

    public func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence {
        let body = try await call(.post("/api/v1/evidence", scope.wireData))
        let result = body.withUnsafeReadableBytes { bytes in
            Result { () throws(EvidenceWireError) in try ClusterEvidence(wire: bytes) }
        }
        switch result {
        case .success(let evidence): return evidence
        case .failure(let error): throw .malformed("the agent's answer is \(error.description)")
        }
    }

    /// Whether the agent answers its health check; for readiness.
    public func check() async throws(AgentError) {
        if case .failure(let failure) = await exchange.perform(.get("/livez"), within: min(timeout, .seconds(5))) { throw failure.error }
    }

    private func call(_ request: AgentRequest) async throws(AgentError) -> ByteBuffer {
        let deadline = ContinuousClock.now + timeout
        var attempt = 1
        while true {
            let failure = try await attemptOnce(request, until: deadline)
            let error: AgentFailure
            switch failure {
            case .success(let body): return body
            case .failure(let failed): error = failed
            }
            let pause = retries.delay(after: attempt, retryAfter: error.retryAfter)
            guard error.error.isTransient, !Task.isCancelled, attempt < retries.attempts, ContinuousClock.now + pause < deadline else {
                throw error.error
            }
            Counter(label: "sre_agent_retries_total").increment()
            do { try await Task.sleep(for: pause) } catch { throw .unreachable("the call was cancelled") }
            attempt += 1
        }
    }

    private func attemptOnce(
        _ request: AgentRequest, until deadline: ContinuousClock.Instant
    ) async throws(AgentError) -> Result<ByteBuffer, AgentFailure> {
        guard breaker.admits() else {
            throw .unreachable("the agent at \(exchange.address) failed \(breaker.threshold) times in a row; it is left alone for a while")
        }
        let result = await exchange.perform(request, within: ContinuousClock.now.duration(to: deadline))
        switch result {
        case _ where Task.isCancelled: breaker.abandoned()
        case .success: breaker.succeeded()
        case .failure(let failure): failure.showsAlive ? breaker.succeeded() : breaker.failed()
        }
        Meter(label: "sre_circuit_breaker_open", dimensions: [("dependency", "k8s-agent")]).set(breaker.isOpen ? 1 : 0)
        return result
    }
}
