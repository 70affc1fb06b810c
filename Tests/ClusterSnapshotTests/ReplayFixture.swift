import AsyncHTTPClient
import ClusterModel
import ClusterSnapshot
import FastJSON
import Foundation
import Logging
import NIOCore
import NIOHTTP1

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
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await server.run()
            continuation.finish()
            return nil
        }
        group.addTask {
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw CancellationError() }
            return try await body(Replay(port: port))
        }
        defer { group.cancelAll() }
        while let result = try await group.next() {
            if let result { return result }
        }
        throw CancellationError()
    }
}
