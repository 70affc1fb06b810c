import ClusterModel
import KubernetesClient
import Testing

@Suite struct RequestPathTests {
    @Test(arguments: ["", ".", "..", "a/b", "../secrets", "/", "a%2Fb", "%2e%2e", String(repeating: "x", count: 2_000)])
    func `a name that could lead elsewhere is refused before asking`(_ name: String) async throws {
        try await withAPI { _, _ in
            .version
        } _: { (api, server) async throws in
            let errors = [
                await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: "a", name: name) },
                await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: name, name: "a") },
                await failure { () throws(ClusterReadError) in try await api.list(.pods, namespace: name, selecting: .everything) },
                await failure { () throws(ClusterReadError) in try await api.log(LogRequest(namespace: "a", pod: name, container: "c")) },
            ]
            for error in errors {
                guard case .badRequest = error else {
                    Issue.record("got \(String(describing: error))")
                    continue
                }
            }
            #expect(server.seen.isEmpty)
        }
    }

    @Test(arguments: [
        ("system:node:a", "system:node:a"), ("a b", "a%20b"), ("a?x=1", "a%3Fx%3D1"), ("a#b", "a%23b"), ("é", "%C3%A9"),
        ("a\u{0}b", "a%00b"), ("a;b&c=d", "a%3Bb%26c%3Dd"), ("...", "..."), ("a\\..\\b", "a%5C..%5Cb"),
        ("a\r\nHost: x", "a%0D%0AHost:%20x"),
    ])
    func `an odd name stays one part of the path`(_ name: String, _ encoded: String) async throws {
        try await withAPI { _, _ in
            .json("{}")
        } _: { (api, server) async throws in
            _ = try await api.get(.configMaps, namespace: "n", name: name)
            #expect(server.seen.map(\.target) == ["/api/v1/namespaces/n/configmaps/\(encoded)"])
        }
    }

    @Test(arguments: ["//", "/apis//v1", "/apis/../api", "/a/./b", "", "/api/", "/a%2e"])
    func `a raw path with empty or relative parts is refused`(_ path: String) async throws {
        try await withAPI { _, _ in
            .json("{}")
        } _: { (api, server) async throws in
            guard case .badRequest = await failure({ () throws(ClusterReadError) in try await api.raw(path) }) else {
                Issue.record("not refused")
                return
            }
            #expect(server.seen.isEmpty)
        }
    }

    @Test func `one object of a namespaced resource needs its namespace`() async throws {
        try await withAPI { _, _ in
            .json("{}")
        } _: { (api, _) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.get(.pods, namespace: nil, name: "a") }
            #expect(error == .badRequest("Pod is a namespaced resource: reading one needs its namespace"))
        }
    }

    @Test func `a server behind a path prefix is read below it`() async throws {
        try await FakeServer.run(answer: { _, _ in .json("{}") }) { server in
            try await withAPI(try ClusterConnection(server: server.address + "/k8s/clusters/c-1/")) { (api) async throws in
                _ = try await api.get(.nodes, namespace: nil, name: "n1")
            }
            #expect(server.seen.map(\.target) == ["/k8s/clusters/c-1/api/v1/nodes/n1"])
        }
    }
}
