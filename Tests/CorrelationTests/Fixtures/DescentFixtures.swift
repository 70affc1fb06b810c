import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Symptoms that are followed to the end, and several faults at once.
@Suite struct DescentFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static func repeated(_ line: String) -> String { (0..<6).map { _ in line }.joined(separator: "\n") }

    @Test func `a chain of calls ends at the silent fault of the last Service`() throws {
        var cluster = ClusterBuilder()
        cluster.server("web", env: ["API": "http://api:8080"])
        cluster.service("web", port: 8080)
        cluster.server("api", env: ["STORE": "http://store:8080"])
        cluster.service("api", port: 8080)
        cluster.server("store")
        cluster.service("store", port: 8080, targetPort: 9999)
        cluster.log("web", Self.repeated("ERROR upstream http://api:8080/items returned status 500"))
        cluster.log("api", Self.repeated("ERROR Get \"http://store:8080/i\": dial tcp 10.96.0.7:8080: connect: connection refused"))
        let cause = try Self.ask(cluster, "web shows errors").names(.servicePortMismatch, on: "Service shop/store", ["found": "9999"])
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "api")))
    }

    @Test func `an init container that waits leads to the Service that finds nobody`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape(
            [ContainerShape("api")],
            initContainers: [
                ContainerShape("wait", command: ["sh", "-c", "until nc -z store 8080; do echo waiting for store:8080; sleep 2; done"])
            ])
        cluster.deployment("api", template, pods: [PodShape(.waiting("PodInitializing"), others: ["wait": .running])])
        cluster.log("api", container: "wait", Self.repeated("waiting for store:8080"))
        cluster.server("store")
        cluster.service("store", port: 8080, selector: ["app": "storage"])
        try Self.ask(cluster).names(.serviceSelectorMismatch, on: "Service shop/store")
    }

    @Test func `an answer by the dependency's health in a probe leads on`() throws {
        var cluster = ClusterBuilder()
        let names = cluster.deployment(
            "api", TemplateShape([ContainerShape("api", env: ["DB_HOST": "db"], ports: [8080], readiness: .http("/health", port: 8080))]),
            pods: [.running(ready: false)])
        cluster.event(
            "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: names[0]),
            "Readiness probe failed: HTTP probe failed with statuscode: 503", count: 50)
        cluster.log("api", Self.repeated("ERROR health: db unavailable: dial tcp db:5432: connect: connection refused"))
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", ports: [5432])]), pods: [.crashLooping(.outOfMemory)])
        cluster.service("db", port: 5432)
        try Self.ask(cluster, "api is down").names(.memoryLimitExceeded, on: "StatefulSet shop/db")
    }

    @Test func `the fault that explains the question comes first, the loud one elsewhere apart`() throws {
        var cluster = ClusterBuilder()
        cluster.server("checkout", env: ["PAY": "http://payment:8080"])
        cluster.service("checkout", port: 8080)
        cluster.server("payment")
        cluster.service("payment", port: 8080, selector: ["app": "payments"])
        cluster.deployment("report", pods: [.crashLooping(.outOfMemory)])
        let report = try Self.ask(cluster, "checkout cannot reach payment")
        try report.names(.serviceSelectorMismatch, on: "Service shop/payment")
        #expect(!report.confident.contains { $0.object.name == "report" })
        #expect((report.elsewhere + report.alternatives).contains { $0.object.name == "report" })
    }

    @Test func `two silent faults are both reported`() throws {
        var cluster = ClusterBuilder()
        for name in ["cart", "orders", "web"] { cluster.server(name) }
        cluster.service("cart", port: 8080, selector: ["app": "crat"])
        cluster.service("orders", port: 8080, targetPort: 8081)
        cluster.service("web", port: 8080)
        let found = try Self.ask(cluster).confident.map { "\($0.cause.rawValue) \($0.object)" }
        #expect(Set(found) == ["ServiceSelectorMismatch Service shop/cart", "ServicePortMismatch Service shop/orders"])
    }

    @Test func `the knowledge graph leads where no configuration does`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", pods: [.running(ready: false)])
        cluster.service("web", port: 8080)
        cluster.deployment(
            "search",
            pods: [.waiting("ImagePullBackOff", "Back-off pulling image \"registry.example.com/app:1.0.0\": ErrImagePull: not found")])
        cluster.knowledgeGraph = "components:\n  - name: web\n    relationships:\n      - depends_on: search\n  - name: search\n"
        let report = try Self.ask(cluster, "web does not work")
        #expect(report.rootCauses.contains { $0.cause == .imageNotFound && $0.object.name == "search" })
    }

    @Test func `a missing governing Service is the cause where peers are configured by its names`() throws {
        var cluster = ClusterBuilder()
        let peers = "nats-0.nats-peers:6222,nats-1.nats-peers:6222"
        cluster.statefulSet(
            "nats", TemplateShape([ContainerShape("nats", args: ["--routes", peers], ports: [4222])]), pods: [.running, .running],
            more: ["spec": ["serviceName": "nats-peers"]])
        cluster.service("nats", port: 4222)
        try Self.ask(cluster).names(.headlessServiceMissing, on: "StatefulSet shop/nats", ["reference": "nats-peers"])
    }

    @Test func `a governing Service that nobody uses is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.statefulSet("store", pods: [.running], more: ["spec": ["serviceName": "store-headless"]])
        cluster.service("store", port: 8080)
        try Self.ask(cluster).isSilent()
    }
}
