import ClusterModel
import FastJSON
import Hummingbird
import KubernetesClient
import Testing

@Suite struct WatchTests {
    private static func event(_ type: String, _ name: String, version: String) -> String {
        #"{"type":"\#(type)","object":{"kind":"Pod","metadata":{"name":"\#(name)","resourceVersion":"\#(version)"}}}"# + "\n"
    }

    private static func summary(_ event: WatchEvent) -> String {
        switch event {
        case .added(let object): "added \(object["metadata", "name"].string ?? "")"
        case .modified(let object): "modified \(object["metadata", "name"].string ?? "")"
        case .deleted(let object): "deleted \(object["metadata", "name"].string ?? "")"
        case .bookmark(let version): "bookmark \(version)"
        }
    }

    /// What a watch reports, and the error it ends with.
    private static func read(_ events: WatchEvents) async -> (events: [String], error: ClusterReadError?) {
        var found: [String] = []
        do {
            for try await event in events { found.append(summary(event)) }
            return (found, nil)
        } catch {
            return (found, error)
        }
    }

    @Test func `events arrive in order, however their bytes are cut`() async throws {
        let text =
            Self.event("ADDED", "a", version: "1") + Self.event("MODIFIED", "a", version: "2") + "\n"
            + Self.event("DELETED", "a", version: "3") + Self.event("BOOKMARK", "", version: "9")
        let halves = [String(text.prefix(50)), String(text.dropFirst(50).prefix(100)), String(text.dropFirst(150))]
        try await withAPI { _, _ in
            .chunks(halves)
        } _: { (api, server) async throws in
            let read = await Self.read(api.watch(.pods, namespace: "shop", resourceVersion: "0", selecting: ListSelection(labels: "a=b")))
            #expect(read.events == ["added a", "modified a", "deleted a", "bookmark 9"])
            #expect(read.error == nil)
            let seen = try #require(server.seen.first)
            #expect(seen.path == "/api/v1/namespaces/shop/pods")
            #expect(seen.query("watch") == "true")
            #expect(seen.query("allowWatchBookmarks") == "true")
            #expect(seen.query("resourceVersion") == "0")
            #expect(seen.query("labelSelector") == "a%3Db")
            #expect(seen.query("timeoutSeconds") != nil)
        }
    }

    @Test func `an event knows where a later watch goes on`() throws {
        #expect(WatchEvent.bookmark(resourceVersion: "9").resourceVersion == "9")
        #expect(WatchEvent.added(try JSONValue(parsing: #"{"metadata":{"resourceVersion":"4"}}"#)).resourceVersion == "4")
    }

    @Test func `an error event of status 410 ends the watch as gone`() async throws {
        let gone =
            #"{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version: 1 (5)","code":410}}"# + "\n"
        try await withAPI { _, _ in
            .chunks([Self.event("ADDED", "a", version: "1"), gone])
        } _: { (api, _) async throws in
            let read = await Self.read(api.watch(.pods, namespace: nil, resourceVersion: "1"))
            #expect(read.events == ["added a"])
            #expect(read.error == .gone("too old resource version: 1 (5)"))
        }
    }

    @Test func `an answer of status 410 ends the watch as gone`() async throws {
        try await withAPI { _, _ in
            .failure(410, "too old")
        } _: { (api, _) async throws in
            #expect(await Self.read(api.watch(.pods, namespace: nil, resourceVersion: "1")).error == .gone("too old"))
        }
    }

    @Test func `a line that is no event ends the watch as malformed`() async throws {
        try await withAPI { _, index in
            .chunks([index == 0 ? "<html>\n" : #"{"type":"NEW","object":{}}"# + "\n"])
        } _: { (api, _) async throws in
            for _ in 0..<2 {
                guard case .malformed = await Self.read(api.watch(.pods, namespace: nil, resourceVersion: nil)).error else {
                    Issue.record("not malformed")
                    return
                }
            }
        }
    }

    @Test func `a cut connection is told`() async throws {
        try await withAPI { _, _ in
            .chunks([Self.event("ADDED", "a", version: "1")], isCut: true)
        } _: { (api, _) async throws in
            let read = await Self.read(api.watch(.pods, namespace: nil, resourceVersion: nil))
            #expect(read.events == ["added a"])
            guard case .unreachable = read.error else {
                Issue.record("got \(String(describing: read.error))")
                return
            }
        }
    }

    @Test func `many open watches do not starve the other calls, and a cancelled watch ends at once`() async throws {
        try await withAPI(options: .quick(requestsInFlight: 2)) { request, _ in
            request.query("watch") == nil ? .version : .chunks([Self.event("ADDED", "a", version: "1")], holding: .seconds(30))
        } _: { (api, _) async throws in
            let start = ContinuousClock.now
            await withThrowingTaskGroup(of: Void.self) { group in
                let (arrivals, arrived) = AsyncStream<Void>.makeStream()
                for _ in 0..<20 {
                    group.addTask {
                        for try await _ in api.watch(.pods, namespace: nil, resourceVersion: nil) { arrived.yield() }
                    }
                }
                var open = 0
                for await _ in arrivals {
                    open += 1
                    if open == 20 { break }
                }
                let version = try? await api.version()
                #expect(version == "v1.36.2")
                group.cancelAll()
                while await group.nextResult() != nil {}
            }
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }
}
