import ClusterModel
import FastJSON
import Hummingbird
import KubernetesClient
import Testing

@Suite struct ListTests {
    private static func names(_ api: KubernetesAPI, namespace: String? = nil, _ selection: ListSelection = .everything) async throws
        -> [String]
    {
        try await api.list(.pods, namespace: namespace, selecting: selection).compactMap { $0["metadata", "name"].string }
    }

    @Test func `a list gathers all its pages in order`() async throws {
        try await withAPI(options: .quick(pageSize: 2)) { request, _ in
            switch request.query("continue") {
            case nil: .pods(["a", "b"], next: "t/1+x=")
            case "t%2F1%2Bx%3D": .pods(["c", "d"], next: "t2")
            case "t2": .pods(["e"])
            default: .failure(400, "unknown token")
            }
        } _: { (api, server) async throws in
            #expect(try await Self.names(api) == ["a", "b", "c", "d", "e"])
            #expect(server.seen.map { $0.query("limit") } == ["2", "2", "2"])
            #expect(server.seen.allSatisfy { $0.path == "/api/v1/pods" && $0.method == "GET" })
        }
    }

    @Test func `an expired continue token restarts the list from the beginning`() async throws {
        try await withAPI { request, index in
            switch (index, request.query("continue")) {
            case (0, nil): .pods(["old"], next: "t1")
            case (1, "t1"): .failure(410, "The provided continue parameter is too old")
            case (2, nil): .pods(["new-1"], next: "t2")
            case (3, "t2"): .pods(["new-2"])
            default: .failure(400, "unexpected")
            }
        } _: { (api, _) async throws in
            #expect(try await Self.names(api) == ["new-1", "new-2"])
        }
    }

    @Test func `a list that expires again and again is given up as gone`() async throws {
        try await withAPI { request, _ in
            request.query("continue") == nil ? .pods(["a"], next: "t") : .failure(410, "too old")
        } _: { (api, server) async throws in
            #expect(
                await failure { () throws(ClusterReadError) in try await api.list(.pods, namespace: nil, selecting: .everything) }
                    == .gone("too old"))
            #expect(server.seen.count == 6)
        }
    }

    @Test func `a list that continues with itself is refused`() async throws {
        try await withAPI { _, _ in
            .pods(["a"], next: "same")
        } _: { (api, server) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.list(.pods, namespace: nil, selecting: .everything) }
            #expect(error == .malformed("the list of pods continues with itself"))
            #expect(server.seen.count == 2)
        }
    }

    @Test func `namespace and selectors go to the server encoded`() async throws {
        try await withAPI { _, _ in
            .pods([])
        } _: { (api, server) async throws in
            let selection = ListSelection(labels: "app in (a,b),tier!=x y", fields: "status.phase=Running&limit=1")
            #expect(try await Self.names(api, namespace: "shop", selection).isEmpty)
            let seen = try #require(server.seen.first)
            #expect(seen.path == "/api/v1/namespaces/shop/pods")
            #expect(seen.query("labelSelector") == "app%20in%20%28a,b%29,tier%21%3Dx%20y")
            #expect(seen.query("fieldSelector") == "status.phase%3DRunning%26limit%3D1")
            #expect(seen.query("limit") == "500")
        }
    }

    @Test func `a group resource is read at its own path`() async throws {
        try await withAPI { _, _ in
            .json(#"{"kind":"DeploymentList","items":null}"#)
        } _: { (api, server) async throws in
            #expect(try await api.list(.deployments, namespace: nil, selecting: .everything).isEmpty)
            #expect(server.seen.first?.path == "/apis/apps/v1/deployments")
        }
    }

    @Test func `an object in the place of a list is refused`() async throws {
        try await withAPI { _, _ in
            .json(#"{"kind":"Pod"}"#)
        } _: { (api, _) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.list(.pods, namespace: nil, selecting: .everything) }
            #expect(error == .malformed("the answer to /api/v1/pods?limit=500 is no list"))
        }
    }

    @Test func `a namespace for a cluster-scoped resource is refused before asking`() async throws {
        try await withAPI { _, _ in
            .pods([])
        } _: { (api, server) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.list(.nodes, namespace: "x", selecting: .everything) }
            #expect(error == .badRequest("Node is no namespaced resource: namespace must be left out"))
            #expect(server.seen.isEmpty)
        }
    }

    @Test func `no more requests than allowed are in flight at once`() async throws {
        let gauge = Gauge()
        try await withAPI(options: .quick(requestsInFlight: 3)) { _, _ in
            gauge.enter()
            try await Task.sleep(for: .milliseconds(10))
            gauge.leave()
            return .pods(["a"])
        } _: { (api, server) async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await api.list(.pods, namespace: nil, selecting: .everything).count }
                }
                for try await count in group { #expect(count == 1) }
            }
            #expect(server.seen.count == 20)
            #expect(gauge.highest == 3)
        }
    }

    @Test func `a call that never gets its turn ends at the deadline`() async throws {
        let options = KubernetesAPI.Options.quick(requestsInFlight: 1, deadline: .milliseconds(200))
        try await withAPI(options: options) { _, _ in
            try await FakeServer.hold(.seconds(20))
            return .version
        } _: { (api, _) async throws in
            await withTaskGroup(of: ClusterReadError?.self) { group in
                for _ in 0..<4 { group.addTask { await failure { () throws(ClusterReadError) in try await api.version() } } }
                for await error in group {
                    guard case .timeout = error else {
                        Issue.record("got \(String(describing: error))")
                        continue
                    }
                }
            }
        }
    }
}
