import ClusterModel
import EvidenceCollection
import FastJSON
import HTTPTypes
import HummingbirdTesting
import KubernetesClient
import TestSupport
import Testing

@testable import KubernetesAgentService

struct AgentLogRouteTests {
    private func builder() -> ClusterBuilder {
        var builder = ClusterBuilder()
        builder.pod("single", TemplateShape([ContainerShape("app")]))
        builder.pod("double", TemplateShape([ContainerShape("app"), ContainerShape("proxy")]))
        for pod in ["single", "double"] { builder.log(pod, container: "app", "one\ntwo\nthree") }
        builder.log("double", container: "proxy", "ready")
        builder.log("single", container: "app", previous: true, "before")
        return builder
    }

    @Test func `the log of a pod with one container is plain text as it is`() async throws {
        let response = try await AgentUnderTest(FakeCluster(builder().evidence())).get("/api/v1/pods/shop/single/logs")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(response.text == "one\ntwo\nthree\n")
    }

    @Test func `a pod with several containers gives all of them, each line prefixed`() async throws {
        let response = try await AgentUnderTest(FakeCluster(builder().evidence())).get("/api/v1/pods/shop/double/logs")
        #expect(response.text == "[app] one\n[app] two\n[app] three\n[proxy] ready\n")
    }

    @Test func `one container can be asked for alone`() async throws {
        let response = try await AgentUnderTest(FakeCluster(builder().evidence())).get("/api/v1/pods/shop/double/logs?container=proxy")
        #expect(response.text == "ready\n")
    }

    @Test(arguments: [
        ("", LogRequest(namespace: "shop", pod: "single", container: "app", tailLines: 100, limitBytes: 10 << 20, hasTimestamps: false)),
        (
            "?tail=7&previous=true&since=15m&timestamps=1",
            LogRequest(
                namespace: "shop", pod: "single", container: "app", isPrevious: true, tailLines: 7, sinceSeconds: 900, limitBytes: 10 << 20,
                hasTimestamps: true)
        ),
        (
            "?since=90&previous=0&unknown=x",
            LogRequest(
                namespace: "shop", pod: "single", container: "app", tailLines: 100, sinceSeconds: 90, limitBytes: 10 << 20,
                hasTimestamps: false)
        ),
    ])
    func `the query decides what is read`(query: String, expected: LogRequest) async throws {
        let cluster = FakeCluster(builder().evidence())
        _ = try await AgentUnderTest(cluster).get("/api/v1/pods/shop/single/logs\(query)")
        #expect(cluster.logRequests == [expected])
    }

    @Test func `a container without a log says so between the others`() async throws {
        let cluster = FakeCluster(builder().evidence()) { call in
            guard case .log(let request) = call, request.container == "app" else { return nil }
            return .badRequest("container \"app\" is waiting to start:\nContainerCreating")
        }
        let response = try await AgentUnderTest(cluster).get("/api/v1/pods/shop/double/logs")
        #expect(response.status == .ok)
        #expect(response.text == "[app] (no log: container \"app\" is waiting to start: ContainerCreating)\n[proxy] ready\n")
    }

    @Test func `where no container has a log the error is the first one's`() async throws {
        let cluster = FakeCluster(builder().evidence()) { call in
            if case .log = call { .badRequest("waiting to start") } else { nil }
        }
        let response = try await AgentUnderTest(cluster).get("/api/v1/pods/shop/double/logs")
        #expect(response.status == .badRequest)
        #expect(response.json["message"].string == "waiting to start")
    }

    @Test func `a forbidden log is an error, however many containers there are`() async throws {
        let cluster = FakeCluster(builder().evidence()) { call in
            if case .log = call { .forbidden("pods/log") } else { nil }
        }
        #expect(try await AgentUnderTest(cluster).get("/api/v1/pods/shop/double/logs").status == .forbidden)
    }

    @Test func `an absent pod or container is told apart`() async throws {
        let agent = AgentUnderTest(FakeCluster(builder().evidence()))
        #expect(try await agent.get("/api/v1/pods/shop/ghost/logs").status == .notFound)
        #expect(try await agent.get("/api/v1/pods/shop/single/logs?container=ghost").status == .badRequest)
    }

    @Test(arguments: [["one\ntwo\n"], ["o", "ne", "\n", "two\n"], ["one\n", "", "two"], ["one\ntwo"]])
    func `lines are prefixed however the text is cut`(pieces: [String]) {
        var lines = LinePrefixing(prefix: "[a] ")
        let bytes = pieces.flatMap { lines.take(Array($0.utf8)) } + lines.end()
        #expect(String(decoding: bytes, as: UTF8.self) == "[a] one\n[a] two\n")
    }

    @Test func `a log longer than one piece arrives whole`() async throws {
        var builder = ClusterBuilder()
        builder.pod("single", TemplateShape([ContainerShape("app")]))
        let line = String(repeating: "x", count: 100_000)
        builder.log("single", line)
        let response = try await AgentUnderTest(FakeCluster(builder.evidence())).get("/api/v1/pods/shop/single/logs")
        #expect(response.text == line + "\n")
    }
}
