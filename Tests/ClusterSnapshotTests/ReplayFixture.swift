import AsyncHTTPClient
import ClusterModel
import ClusterSnapshot
import FastJSON
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// An answer of a replay server.
struct Answer: Sendable {
    let status: Int
    let type: String
    let text: String

    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .missing }
}

/// A running replay server, asked over a real socket.
struct Replay: Sendable {
    let port: Int
    var url: String { "http://127.0.0.1:\(port)" }

    func get(_ path: String, accept: String? = nil, method: String = "GET", body: String? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        if let accept { request.headers.add(name: "Accept", value: accept) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code), type: response.headers.first(name: "Content-Type") ?? "", text: String(buffer: bytes))
    }

    /// Asks for a Table, as kubectl does.
    func table(_ path: String) async throws -> JSONValue {
        try await get(path, accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json").json
    }
}

/// Serves evidence on a free port of loopback while `body` runs.
func withReplay<Result: Sendable>(
    of evidence: ClusterEvidence, _ body: @Sendable @escaping (Replay) async throws -> Result
) async throws -> Result {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "replay")
    logger.logLevel = .critical
    let server = ReplayServer(evidence: evidence, host: "127.0.0.1", port: 0, logger: logger) { continuation.yield($0) }
    // Ended in good order: a server that is cancelled while it accepts a connection can abort the whole process.
    let group = ServiceGroup(services: [server], logger: logger)
    async let running: Void = group.run()
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else { throw CancellationError() }
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await body(Replay(port: port)))
    } catch {
        result = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try await running
    return try result.get()
}
