import ClusterModel
import Hummingbird
import KubernetesClient
import Logging
import Testing

@Suite struct RetryTests {
    @Test(arguments: [429, 500, 502, 503, 504]) func `an error that may pass is tried again`(_ status: Int) async throws {
        try await withAPI { _, index in
            index < 2 ? .failure(status, "busy") : .version
        } _: { (api, server) async throws in
            #expect(try await api.version() == "v1.36.2")
            #expect(server.seen.count == 3)
        }
    }

    @Test(arguments: [400, 403, 404, 409, 422, 501]) func `an error that will not pass is not tried again`(_ status: Int) async throws {
        try await withAPI { _, _ in
            .failure(status, "no")
        } _: { (api, server) async throws in
            #expect(await failure { () throws(ClusterReadError) in try await api.version() } != nil)
            #expect(server.seen.count == 1)
        }
    }

    @Test func `attempts are bounded`() async throws {
        try await withAPI(options: .quick(attempts: 4)) { _, _ in
            .failure(500, "broken")
        } _: { (api, server) async throws in
            let error = await failure { () throws(ClusterReadError) in try await api.version() }
            #expect(error == .serverError(status: 500, "broken"))
            #expect(server.seen.count == 4)
        }
    }

    @Test func `the wait that the server asks for is kept`() async throws {
        try await withAPI { _, index in
            index == 0 ? .failure(429, "slow down", headers: [.retryAfter: "1"]) : .version
        } _: { (api, server) async throws in
            let start = ContinuousClock.now
            #expect(try await api.version() == "v1.36.2")
            #expect(start.duration(to: .now) >= .seconds(1))
            #expect(server.seen.count == 2)
        }
    }

    @Test func `a wait beyond the deadline is not begun`() async throws {
        try await withAPI { _, _ in
            .failure(429, "slow down", headers: [.retryAfter: "60"])
        } _: { (api, server) async throws in
            let start = ContinuousClock.now
            let error = await failure { () throws(ClusterReadError) in try await api.version() }
            #expect(error == .tooManyRequests(retryAfterSeconds: 60, "slow down"))
            #expect(start.duration(to: .now) < .seconds(10))
            #expect(server.seen.count == 1)
        }
    }

    @Test func `a server that does not answer meets the deadline`() async throws {
        let options = KubernetesAPI.Options.quick(deadline: .milliseconds(300), attemptTimeout: .milliseconds(200))
        try await withAPI(options: options) { _, _ in
            try await FakeServer.hold(.seconds(20))
            return .version
        } _: { (api, server) async throws in
            let start = ContinuousClock.now
            guard case .timeout = await failure({ () throws(ClusterReadError) in try await api.version() }) else {
                Issue.record("no timeout")
                return
            }
            #expect(start.duration(to: .now) < .seconds(10))
            #expect(server.seen.count <= 2)
        }
    }

    @Test func `a body that never ends meets the deadline`() async throws {
        let options = KubernetesAPI.Options.quick(deadline: .milliseconds(300), attemptTimeout: .milliseconds(200), attempts: 1)
        try await withAPI(options: options) { _, _ in
            .chunks([#"{"gitVersion":"#], holding: .seconds(20))
        } _: { (api, _) async throws in
            let start = ContinuousClock.now
            guard case .timeout = await failure({ () throws(ClusterReadError) in try await api.version() }) else {
                Issue.record("no timeout")
                return
            }
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }

    @Test func `a connection cut in the middle of an answer is tried again`() async throws {
        try await withAPI { _, index in
            index == 0 ? .chunks([#"{"gitVersion":"#], isCut: true) : .version
        } _: { (api, server) async throws in
            #expect(try await api.version() == "v1.36.2")
            #expect(server.seen.count == 2)
        }
    }

    @Test func `a connection that is always cut is unreachable`() async throws {
        try await withAPI { _, _ in
            .chunks(["{"], isCut: true)
        } _: { (api, server) async throws in
            guard case .unreachable = await failure({ () throws(ClusterReadError) in try await api.version() }) else {
                Issue.record("not unreachable")
                return
            }
            #expect(server.seen.count == 3)
        }
    }

    @Test func `a port where nobody listens is unreachable at once`() async throws {
        try await withAPI(try ClusterConnection(server: "http://127.0.0.1:1")) { (api) async throws in
            let start = ContinuousClock.now
            let error = await failure { () throws(ClusterReadError) in try await api.version() }
            #expect(error == .unreachable("no connection to http://127.0.0.1:1: connection refused"))
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }

    @Test func `a cancelled call ends at once`() async throws {
        try await withAPI { _, _ in
            try await FakeServer.hold(.seconds(20))
            return .version
        } _: { (api, _) async throws in
            let start = ContinuousClock.now
            await withTaskGroup(of: ClusterReadError?.self) { group in
                group.addTask { await failure { () throws(ClusterReadError) in try await api.version() } }
                try? await Task.sleep(for: .milliseconds(100))
                group.cancelAll()
                for await error in group { #expect(error != nil) }
            }
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }

    @Test func `calls after shutdown fail without crashing`() async throws {
        let api = KubernetesAPI(
            connection: try ClusterConnection(server: "http://127.0.0.1:1"), options: .quick(), logger: .init(label: "t"))
        await api.shutdown()
        #expect(await failure { () throws(ClusterReadError) in try await api.version() } != nil)
        await api.shutdown()
    }
}
