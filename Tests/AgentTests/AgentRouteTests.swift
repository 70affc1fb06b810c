import AgentAPI
import ClusterModel
import EvidenceCollection
import FastJSON
import Foundation
import HTTPTypes
import HummingbirdTesting
import IncidentModel
import Investigation
import KubernetesAgentService
import KubernetesClient
import NIOCore
import ServiceKit
import TestSupport
import Testing

struct AgentRouteTests {
    private func agent(failing: @escaping FakeCluster.Failure = { _ in nil }) -> (AgentUnderTest, pod: String) {
        var builder = shop()
        let pod = builder.deployment("api", pods: [.crashLooping(.init(2), restarts: 3)])[0]
        builder.log("api", "panic: broken\n")
        return (AgentUnderTest(FakeCluster(builder.evidence(), failing: failing)), pod)
    }

    @Test(arguments: ["/health", "/api/v1/health", "/livez"])
    func `health answers ok`(path: String) async throws {
        let response = try await agent().0.get(path)
        #expect(response.status == .ok)
        #expect(response.json["status"].string == "ok")
    }

    @Test(arguments: ["", "/details"])
    func `a pod is summed up as JSON with snake case names and times in UTC`(suffix: String) async throws {
        let (agent, pod) = agent()
        let response = try await agent.get("/api/v1/pods/shop/\(pod)\(suffix)")
        #expect(response.status == .ok)
        let json = response.json
        #expect(json["restart_count"].int == 3)
        #expect(json["owners"].array.last?["name"].string == "api")
        #expect(json["containers"].array.first?["last_exit_code"].int == 2)
        #expect(json["created_at"].string.flatMap(RFC3339.parse) != nil)
        #expect(json["gaps"].count == 0 && json["gaps"].kind == .array)
    }

    @Test(arguments: [
        (ClusterReadError.notFound("pods \"x\" not found"), 404), (.forbidden("no"), 403), (.conflict("c"), 409), (.gone("g"), 410),
        (.tooManyRequests(retryAfterSeconds: 7, "busy"), 429), (.badRequest("b"), 400), (.unauthorized("u"), 502),
        (.serverError(status: 500, "s"), 502), (.serverError(status: 503, "s"), 502), (.timeout("t"), 504), (.unreachable("u"), 503),
        (.malformed("m"), 502), (.configuration("c"), 503),
    ])
    func `errors of the Kubernetes API keep their meaning`(error: ClusterReadError, status: Int) async throws {
        let (agent, _) = agent { _ in error }
        for path in ["/api/v1/pods/shop/x", "/api/v1/pods/shop/x/logs", "/api/v1/pods/shop/x/logs?container=app"] {
            let response = try await agent.get(path)
            #expect(response.status.code == status)
            #expect(response.json["code"].int == status)
            #expect(response.json["message"].string?.contains(error.message) == true)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.headers[.retryAfter] == (status == 429 ? "7" : nil))
        }
    }

    @Test(arguments: [
        (ClusterReadError.forbidden("no"), 403), (.unauthorized("u"), 502), (.serverError(status: 500, "s"), 502), (.timeout("t"), 504),
        (.unreachable("u"), 503), (.notFound("n"), 502), (.malformed("m"), 502), (.tooManyRequests(retryAfterSeconds: nil, "b"), 429),
    ])
    func `a collection that reads nothing at all is an error and no empty cluster`(error: ClusterReadError, status: Int) async throws {
        let (agent, _) = agent { _ in error }
        #expect(try await agent.request(.post, "/api/v1/evidence", "{}").status.code == status)
        #expect(try await agent.get("/api/v1/inventory").status.code == status)
    }

    @Test(arguments: [
        "/api/v1/pods/shop/..%2F..%2Fetc", "/api/v1/pods/shop/%2e%2e", "/api/v1/pods/..%2Fx/cart", "/api/v1/pods/SHOP/cart",
        "/api/v1/pods/shop/cart%00", "/api/v1/pods/shop/cart%0d%0aX:1", "/api/v1/pods/shop/-cart", "/api/v1/pods/shop/c%C3%A4rt",
        "/api/v1/pods/shop/cart;x", "/api/v1/pods/shop.x/cart", "/api/v1/pods/shop/cart/logs?container=..%2Fx",
        "/api/v1/pods/shop/cart/logs?tail=0", "/api/v1/pods/shop/cart/logs?tail=-1", "/api/v1/pods/shop/cart/logs?tail=1000000",
        "/api/v1/pods/shop/cart/logs?tail=ten", "/api/v1/pods/shop/cart/logs?tail=", "/api/v1/pods/shop/cart/logs?previous=maybe",
        "/api/v1/pods/shop/cart/logs?timestamps=2", "/api/v1/pods/shop/cart/logs?since=yesterday", "/api/v1/pods/shop/cart/logs?since=0",
        "/api/v1/pods/shop/cart/logs?since=-5m", "/api/v1/pods/shop/cart/logs?since=99999999999999999999h",
    ])
    func `names and queries that cannot be are refused before the cluster is asked`(path: String) async throws {
        let cluster = FakeCluster(shop().evidence())
        let response = try await AgentUnderTest(cluster).get(path)
        #expect(response.status == .badRequest)
        #expect(response.json["code"].int == 400)
        #expect(cluster.podCalls.isEmpty)
    }

    @Test(arguments: [
        ("not json", "application/json", 400), ("", "application/json", 400), ("[]", "application/json", 400),
        (#"{"namespaces":"x"}"#, "application/json", 400), (#"{"subject":{"kind":"Pod","name":"../x"}}"#, "application/json", 400),
        ("{}", "text/plain", 415), ("{}", nil, 415), (String(repeating: " ", count: 1_100_000) + "{}", "application/json", 413),
        (String(repeating: "[", count: 2_000), "application/json", 400),
    ])
    func `a body that is no scope is refused`(body: String, type: String?, status: Int) async throws {
        let response = try await agent().0.request(.post, "/api/v1/evidence", body, type: type)
        #expect(response.status.code == status)
        #expect(response.json["code"].int == status)
        #expect(response.json["message"].string?.isEmpty == false)
    }

    @Test func `unknown paths and wrong methods have the error body`() async throws {
        #expect(try await agent().0.get("/api/v2/pods").json["code"].int == 404)
        let wrong = try await agent().0.request(.get, "/api/v1/evidence")
        #expect(wrong.status == .methodNotAllowed)
        #expect(wrong.headers[.allow] == "POST")
        #expect(try await agent().0.request(.delete, "/api/v1/pods/shop/cart").status == .methodNotAllowed)
    }

    @Test func `evidence comes in its wire form, with the logs of what is broken`() async throws {
        let (agent, pod) = agent()
        let response = try await agent.request(.post, "/api/v1/evidence", #"{"namespaces":["shop"],"unknown":1}"#)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
        let evidence = try ClusterEvidence(wire: Data(response.text.utf8))
        #expect(evidence.namespaces == ["shop"])
        #expect(evidence.names(.pods).contains("shop/\(pod)"))
        #expect(evidence.logs.contains { $0.pod == pod && $0.text.contains("panic: broken") })
    }

    @Test func `the inventory names what exists`() async throws {
        let response = try await agent().0.get("/api/v1/inventory")
        let inventory = try JSONDecoder().decode(Inventory.self, from: Data(response.text.utf8))
        #expect(inventory.namespaces == ["other", "shop"])
        #expect(inventory.entries.map(\.object).contains(ObjectReference(kind: "Service", namespace: "shop", name: "cart")))
    }

    @Test(arguments: [("1", true), ("0.9", true), ("60", false), ("nonsense", false), ("-1", false), ("nan", false), (nil, false)])
    func `who waits for a shorter time gets what could be read in it`(_ header: String?, _ isCut: Bool) async throws {
        let cluster = FakeCluster(shop().evidence(), pause: { $0 == .list(.leases, namespace: nil) ? .seconds(1.5) : nil })
        let name = try #require(HTTPField.Name(CallDeadline.header))
        let response = try await AgentUnderTest(cluster).request(
            .post, "/api/v1/evidence", "{}", headers: header.map { [name: $0] } ?? [:])
        #expect(response.status == .ok)
        let gaps = response.json["gaps"].array.compactMap { $0["path"].string }
        #expect(gaps.contains(ResourceType.leases.path) == isCut, "\(header ?? "none")")
    }

    @Test func `a call tells how long its caller waits`() async throws {
        let agent = RoughAgent { _, _ in .json("{}") }
        _ = try? await agent.run(timeoutSeconds: 7) { client in try await client.inventory() }
        let told = try #require(agent.seen.deadlines.first?.flatMap(Double.init))
        #expect(told > 5 && told <= 7)
    }

    @Test func `more collections at once than allowed are told to come back`() async throws {
        var configuration = AgentUnderTest.configuration
        configuration.collectionsAtOnce = 1
        let cluster = FakeCluster(shop().evidence(), pause: { $0 == .version ? .seconds(2) : nil })
        let agent = AgentUnderTest(cluster, configuration: configuration)
        let statuses = try await agent.agent.application().application.test(.router) { client in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        try await client.execute(
                            uri: "/api/v1/evidence", method: .post, headers: [.contentType: "application/json"], body: .init(string: "{}")
                        ) {
                            #expect($0.headers[.retryAfter] == ($0.status == .tooManyRequests ? "1" : nil))
                            return $0.status.code
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted()
            }
        }
        #expect(statuses == [200, 429, 429])
    }

    @Test func `the caller's correlation id comes back with the security headers`() async throws {
        let name = try #require(HTTPField.Name("X-Correlation-ID"))
        let response = try await agent().0.request(.get, "/api/v1/pods/shop/ghost", headers: [name: "abc-1"])
        #expect(response.status == .notFound)
        #expect(response.headers[name] == "abc-1")
        #expect(response.json["correlation_id"].string == "abc-1")
        #expect(response.headers[try #require(HTTPField.Name("X-Content-Type-Options"))] == "nosniff")
    }
}
