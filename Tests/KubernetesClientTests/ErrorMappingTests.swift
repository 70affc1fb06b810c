import ClusterModel
import FastJSON
import Hummingbird
import KubernetesClient
import Testing

@Suite struct ErrorMappingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let status: Int
        let error: ClusterReadError
        var testDescription: String { "\(status)" }
    }

    static let cases = [
        Case(status: 400, error: .badRequest("the words of the server")),
        Case(status: 401, error: .unauthorized("the words of the server")),
        Case(status: 403, error: .forbidden("the words of the server")),
        Case(status: 404, error: .notFound("the words of the server")),
        Case(status: 405, error: .badRequest("the words of the server")),
        Case(status: 408, error: .timeout("the words of the server")),
        Case(status: 409, error: .conflict("the words of the server")),
        Case(status: 410, error: .gone("the words of the server")),
        Case(status: 422, error: .badRequest("the words of the server")),
        Case(status: 429, error: .tooManyRequests(retryAfterSeconds: nil, "the words of the server")),
        Case(status: 500, error: .serverError(status: 500, "the words of the server")),
        Case(status: 501, error: .serverError(status: 501, "the words of the server")),
        Case(status: 503, error: .serverError(status: 503, "the words of the server")),
        Case(status: 504, error: .serverError(status: 504, "the words of the server")),
    ]

    @Test(arguments: cases) func `a status keeps its meaning and the server's words`(_ example: Case) async throws {
        try await withAPI(options: .quick(attempts: 1)) { _, _ in
            .failure(example.status, "the words of the server")
        } _: { (api, _) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: "a", name: "b") }
            #expect(error == example.error)
        }
    }

    @Test func `an object is returned as the server gave it`() async throws {
        try await withAPI { _, _ in
            .json(#"{"kind":"Pod","metadata":{"name":"web-0"}}"#)
        } _: { (api, server) async throws in
            let pod = try await api.get(.pods, namespace: "shop", name: "web-0")
            #expect(pod["metadata", "name"].string == "web-0")
            #expect(server.seen.first?.target == "/api/v1/namespaces/shop/pods/web-0")
            #expect(server.seen.first?.headers[.userAgent]?.hasPrefix("sre-orchestrator/") == true)
            #expect(server.seen.first?.authorization == nil)
        }
    }

    @Test func `a failure that comes with status 200 is still a failure`() async throws {
        try await withAPI { _, _ in
            .json(#"{"kind":"Status","status":"Failure","message":"no rights","code":403}"#)
        } _: { (api, _) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: "a", name: "b") }
            #expect(error == .forbidden("no rights"))
        }
    }

    @Test(arguments: ["<html>login</html>", "", "[1,2]", "{\"kind\":", "null", "\u{FEFF}{"])
    func `an answer that is no JSON object is malformed`(_ body: String) async throws {
        try await withAPI { _, _ in
            .text(body)
        } _: { (api, server) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: "a", name: "b") }
            guard case .malformed(let message) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(message.contains("no JSON object"))
            #expect(server.seen.count == 1)
        }
    }

    @Test func `a 404 of something else than the API server does not mean that the object is absent`() async throws {
        try await withAPI { request, _ in
            request.path.hasSuffix("html")
                ? .text("<html>Not Found</html>", status: .notFound) : .text("404 page not found\n", status: .notFound)
        } _: { (api, _) async throws in
            let proxy = await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: "a", name: "html") }
            guard case .malformed = proxy else {
                Issue.record("got \(String(describing: proxy))")
                return
            }
            let unserved = await failure { () throws(ClusterReadError) in
                try await api.list(.leases, namespace: nil, selecting: .everything)
            }
            #expect(unserved == .notFound("the API server does not serve /apis/coordination.k8s.io/v1/leases?limit=500"))
        }
    }

    @Test func `a redirect is not followed`() async throws {
        try await withAPI { _, _ in
            Response(status: .found, headers: [.location: "/elsewhere"])
        } _: { (api, server) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.raw("/apis") }
            guard case .malformed = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(server.seen.count == 1)
        }
    }

    @Test func `hostile words in an error are made one harmless line`() async throws {
        let message = #"a\u001b[31mred\n\u202Eline\u0000 "# + String(repeating: "x", count: 5_000)
        try await withAPI { _, _ in
            .failure(403, message)
        } _: { (api, _) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: "a", name: "b") }
            let words = try #require(error?.message)
            #expect(words.hasPrefix("a [31mred line  x"))
            #expect(words.unicodeScalars.count <= 1_001)
            #expect(words.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        }
    }

    @Test func `an answer beyond the limit is refused`() async throws {
        var options = KubernetesAPI.Options.quick()
        options.maximumAnswerBytes = 1 << 20
        try await withAPI(options: options) { _, _ in
            .chunks(Array(repeating: String(repeating: " ", count: 64 << 10), count: 20))
        } _: { (api, server) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.raw("/big") }
            #expect(error == .malformed("the answer to /big is larger than 1 MiB"))
            #expect(server.seen.count == 1)
        }
    }

    @Test func `the version is read, and its absence is told`() async throws {
        try await withAPI { _, index in
            index == 0 ? .version : .json("{}")
        } _: { (api, server) async throws in
            #expect(try await api.version() == "v1.36.2")
            #expect(server.seen.first?.target == "/version")
            let error = await failure { () throws(ClusterReadError) in try await api.version() }
            #expect(error?.message.contains("is it a Kubernetes API server?") == true)
        }
    }

    @Test func `a document of discovery is read by its path`() async throws {
        try await withAPI { _, _ in
            .json(#"{"kind":"APIResourceList"}"#)
        } _: { (api, server) async throws in
            #expect(try await api.raw("/apis/apps/v1")["kind"].string == "APIResourceList")
            #expect(try await api.raw("api")["kind"].string == "APIResourceList")
            #expect(server.seen.map(\.target) == ["/apis/apps/v1", "/api"])
        }
    }
}
