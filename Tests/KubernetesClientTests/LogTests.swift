import ClusterModel
import Hummingbird
import KubernetesClient
import NIOCore
import Testing

@Suite struct LogTests {
    private static let request = LogRequest(namespace: "shop", pod: "web-0", container: "app")

    @Test func `a log is asked for with its limits`() async throws {
        try await withAPI { _, _ in
            .text("2026-01-01T00:00:00Z started\n")
        } _: { (api, server) async throws in
            let request = LogRequest(
                namespace: "shop", pod: "web-0", container: "app", isPrevious: true, tailLines: 100, sinceSeconds: 60, limitBytes: 4_096)
            #expect(try await api.log(request) == "2026-01-01T00:00:00Z started\n")
            let seen = try #require(server.seen.first)
            #expect(seen.path == "/api/v1/namespaces/shop/pods/web-0/log")
            #expect(seen.query("container") == "app")
            #expect(seen.query("previous") == "true")
            #expect(seen.query("tailLines") == "100")
            #expect(seen.query("sinceSeconds") == "60")
            #expect(seen.query("limitBytes") == "4096")
            #expect(seen.query("timestamps") == "true")
            #expect(seen.query("follow") == nil)
        }
    }

    @Test func `words of the kubelet in the place of a log are no log`() async throws {
        let words = "unable to retrieve container logs for containerd://0123456789abcdef"
        try await withAPI { _, _ in
            .text(words)
        } _: { (api, _) async throws in
            var request = Self.request
            request.isPrevious = true
            let previous = request
            #expect(await failure { () throws(ClusterReadError) in try await api.log(previous) } == .notFound(words))
            let streamed = await failure { () throws(ClusterReadError) in try await api.streamLog(previous) }
            #expect(streamed == .notFound(words))
        }
    }

    @Test func `a log that only speaks of those words is a log`() async throws {
        let text = "unable to retrieve container logs for job 7\nretrying\n"
        try await withAPI { _, _ in
            .text(text)
        } _: { (api, _) async throws in
            #expect(try await api.log(Self.request) == text)
        }
    }

    @Test func `no content is an empty log`() async throws {
        try await withAPI { _, _ in
            Response(status: .noContent)
        } _: { (api, _) async throws in
            #expect(try await api.log(Self.request).isEmpty)
            let stream = try await api.streamLog(Self.request)
            var count = 0
            for try await chunk in stream { count += chunk.count }
            #expect(count == 0)
        }
    }

    @Test func `a missing previous log keeps the server's words`() async throws {
        let words = "previous terminated container not found"
        try await withAPI { _, _ in
            .failure(400, words)
        } _: { (api, _) async throws in
            #expect(await failure { () throws(ClusterReadError) in try await api.log(Self.request) } == .badRequest(words))
            #expect(await failure { () throws(ClusterReadError) in try await api.streamLog(Self.request) } == .badRequest(words))
        }
    }

    @Test func `a log is cut where the server ignores the limit, and bad bytes are replaced`() async throws {
        try await withAPI { _, _ in
            Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: [0x61, 0xFF, 0x62] + Array(repeating: 0x7A, count: 10_000))))
        } _: { (api, _) async throws in
            var request = Self.request
            request.limitBytes = 5
            let limited = request
            #expect(try await api.log(limited) == "a\u{FFFD}bzz")
        }
    }

    @Test func `a log without a limit of its own is limited all the same`() async throws {
        try await withAPI { _, _ in
            .text("x")
        } _: { (api, server) async throws in
            _ = try await api.log(Self.request)
            #expect(server.seen.first?.query("limitBytes") == String(16 << 20))
        }
    }

    @Test func `a negative limit and a nameless container are refused`() async throws {
        try await withAPI { _, _ in
            .text("x")
        } _: { (api, server) async throws in
            var request = Self.request
            request.tailLines = -1
            let negative = request
            #expect(
                await failure { () throws(ClusterReadError) in try await api.log(negative) }
                    == .badRequest("tailLines must not be negative"))
            let nameless = LogRequest(namespace: "a", pod: "b", container: "")
            #expect(await failure { () throws(ClusterReadError) in try await api.log(nameless) } != nil)
            #expect(server.seen.isEmpty)
        }
    }

    @Test func `a large log streams in pieces`() async throws {
        let line = String(repeating: "y", count: 64 << 10)
        try await withAPI { _, _ in
            .chunks(Array(repeating: line, count: 64))
        } _: { (api, server) async throws in
            var total = 0
            var pieces = 0
            for try await chunk in try await api.streamLog(Self.request) {
                total += chunk.count
                pieces += 1
            }
            #expect(total == 64 * line.utf8.count)
            #expect(pieces > 1)
            #expect(server.seen.first?.query("limitBytes") == nil)
        }
    }

    @Test func `a stream that breaks off says so`() async throws {
        try await withAPI { _, _ in
            .chunks(["first line\n"], isCut: true)
        } _: { (api, _) async throws in
            let stream = try await api.streamLog(Self.request)
            var received: [UInt8] = []
            do {
                for try await chunk in stream { received += chunk }
                Issue.record("ended as if complete")
            } catch {
                guard case .unreachable? = error as? ClusterReadError else {
                    Issue.record("got \(error)")
                    return
                }
            }
            #expect(String(decoding: received, as: UTF8.self) == "first line\n")
        }
    }

    @Test func `open streams do not stop other calls`() async throws {
        try await withAPI(options: .quick(requestsInFlight: 2)) { request, _ in
            request.path == "/version" ? .version : .chunks(["line\n"], holding: .seconds(20))
        } _: { (api, _) async throws in
            var streams: [LogStream] = []
            for _ in 0..<10 { streams.append(try await api.streamLog(Self.request)) }
            #expect(try await api.version() == "v1.36.2")
            #expect(streams.count == 10)
        }
    }
}
