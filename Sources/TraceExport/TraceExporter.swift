import AsyncHTTPClient
public import Foundation
public import Logging
import Metrics
import NIOCore
import NIOHTTP1
import Tracing

/// Sends recorded spans to a collector: the OpenTelemetry protocol over HTTP, as JSON.
///
/// Batches go out every two seconds, or once one is full. A collector that fails is tried again a few times; then the batch is dropped
/// and counted, and what is traced goes on as if nothing had happened.
public struct TraceExporter: Sendable {
    /// Where spans go, and as whose.
    public struct Target: Sendable, Hashable {
        /// Base address of the collector; `/v1/traces` is appended.
        public var endpoint: URL
        /// Sent with every request, e.g. for authorization.
        public var headers: [String: String]
        /// Name of the service in the traces; nil for the name of whoever traces.
        public var service: String?
        /// Of the traces that begin here, how many are recorded: 0 to 100.
        public var percent: Int

        public init(endpoint: URL, headers: [String: String] = [:], service: String? = nil, percent: Int = 100) {
            self.endpoint = endpoint
            self.headers = headers
            self.service = service
            self.percent = percent
        }
    }

    private static let pause = Duration.seconds(2)
    private static let tries = 3
    private static let timeout = TimeAmount.seconds(10)
    /// What a stop may cost at most.
    private static let farewell = Duration.seconds(3)

    private let target: Target
    private let service: String
    private let version: String
    private let httpClient: HTTPClient
    private let queue = SpanQueue()
    private let logger: Logger

    /// - Parameters:
    ///   - name: of the service, where the target names none.
    ///   - version: of the program, for `service.version`.
    public init(_ target: Target, name: String, version: String, logger: Logger) {
        self.target = target
        service = target.service ?? name
        self.version = version
        self.logger = logger
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(5))
        configuration.redirectConfiguration = .disallow
        // The sending of spans makes no spans.
        configuration.tracing.tracer = nil
        httpClient = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// What records the spans that this exporter sends.
    public var tracer: OTLPTracer { OTLPTracer(percent: target.percent) { [queue] in queue.add($0) } }

    /// Sends while `work` runs, and what is left when it has ended.
    public func sending<Result>(while work: () async throws -> Result) async throws -> Result {
        let task = Task { await sendUntilClosed() }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        queue.close()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await task.value }
            group.addTask { try? await Task.sleep(for: Self.farewell) }
            await group.next()
            task.cancel()
            group.cancelAll()
        }
        httpClient.shutdown { _ in }
        return try result.get()
    }

    private func sendUntilClosed() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.pause)
                    queue.wake()
                }
            }
            for await _ in queue.signals { while await sendBatch() {} }
            while !Task.isCancelled, await sendBatch() {}
            group.cancelAll()
        }
    }

    /// - Returns: whether there was anything to send.
    private func sendBatch() async -> Bool {
        let spans = queue.next()
        guard !spans.isEmpty else { return false }
        let body = FinishedSpan.request(spans, service: service, version: version)
        for attempt in 1...Self.tries {
            switch await send(body) {
            case .taken:
                Counter(label: "sre_trace_spans_exported_total").increment(by: Int64(spans.count))
                return true
            case .refused(let reason):
                return drop(spans, reason)
            case .failed(let reason):
                guard attempt < Self.tries else { return drop(spans, reason) }
                do {
                    try await Task.sleep(for: .seconds(1 << (attempt - 1)))
                } catch {
                    return drop(spans, reason)
                }
            }
        }
        return true
    }

    private func drop(_ spans: [FinishedSpan], _ reason: String) -> Bool {
        SpanQueue.dropped(spans.count)
        logger.warning("traces not sent", metadata: ["spans": .stringConvertible(spans.count), "reason": .string(reason)])
        return true
    }

    private enum Sending {
        case taken
        /// Trying again will not help.
        case refused(String)
        case failed(String)
    }

    private func send(_ body: String) async -> Sending {
        let base = target.endpoint.absoluteString
        var request = HTTPClientRequest(url: (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/v1/traces")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in target.headers.sorted(by: { $0.key < $1.key }) { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: body))
        do {
            let response = try await httpClient.execute(request, deadline: .now() + Self.timeout)
            // So that the connection can be used again; what a collector has to say fits into this.
            _ = try? await response.body.collect(upTo: 64 << 10)
            switch response.status.code {
            case 200..<300: return .taken
            case 429, 502, 503, 504: return .failed("the collector answered \(response.status.code)")
            default: return .refused("the collector answered \(response.status.code)")
            }
        } catch {
            return .failed("the collector cannot be reached: \(String(describing: error).prefix(200))")
        }
    }
}
