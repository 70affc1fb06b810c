import ClusterModel
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import KubernetesClient
import TestSupport
import Testing

struct PodDetailsTests {
    private func cluster() -> (builder: ClusterBuilder, pod: String) {
        var builder = ClusterBuilder()
        let container = ContainerShape(
            "cart", env: ["MODE": "fast", "DB_PASSWORD": "hunter2", "DSN": "postgres://app:hunter2@db:5432/shop"],
            envFrom: [
                .configMapKey(variable: "LEVEL", name: "cart-config", key: "level"),
                .secretKey(variable: "KEY_ID", name: "cart-keys", key: "id"), .configMap("cart-config"), .secret("cart-keys"),
                .configMap("missing"),
            ], requests: ["cpu": "100m", "memory": "64Mi"], limits: ["memory": "128Mi"])
        builder.configMap("cart-config", ["level": "info"])
        builder.secret("cart-keys", keys: ["id"])
        let pod = builder.deployment("cart", TemplateShape([container]), pods: [.crashLooping(.outOfMemory, restarts: 4)])[0]
        builder.event("BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: pod), "Back-off restarting failed container")
        return (builder, pod)
    }

    @Test func `a pod is summed up with its state, resources, owners and events`() throws {
        let (builder, name) = cluster()
        let view = builder.view()
        let details = PodDetails(try #require(view.pods["shop", name]), in: view)
        #expect(details.restartCount == 4)
        #expect(!details.ready)
        #expect(details.node == "worker-1")
        #expect(details.owners.map(\.kind) == ["ReplicaSet", "Deployment"])
        #expect(details.events.map(\.reason) == ["BackOff"])
        #expect(details.conditions.contains { $0.type == "Ready" && $0.status == "False" })
        let container = try #require(details.containers.first)
        #expect(container.role == "app")
        #expect(container.state == "waiting" && container.reason == "CrashLoopBackOff")
        #expect(container.lastReason == "OOMKilled" && container.lastExitCode == 137)
        #expect(container.requests == ["cpu": "100m", "memory": "64Mi"])
        #expect(container.limits == ["memory": "128Mi"])
    }

    @Test func `the environment shows where values come from and hides what looks secret`() throws {
        let (builder, name) = cluster()
        let view = builder.view()
        let details = PodDetails(try #require(view.pods["shop", name]), in: view)
        #expect(
            details.containers.first?.environment == [
                "MODE": "fast", "DB_PASSWORD": "***", "DSN": "postgres://app:***@db:5432/shop", "LEVEL": "ConfigMap cart-config/level",
                "KEY_ID": "Secret cart-keys/id", "level": "ConfigMap cart-config/level", "id": "Secret cart-keys/id",
                "envFrom ConfigMap missing": "all keys, prefix ''",
            ])
    }

    @Test(arguments: [
        "PASSWORD", "DB_PASSWORD", "dbPassword", "GITHUB_TOKEN", "apiKey", "API_KEY", "AWS_SECRET_ACCESS_KEY", "SSH_PRIVATE_KEY", "DB_PASS",
        "REDIS_AUTH", "JWT", "SESSION_COOKIE",
    ])
    func `a name that tells of a credential hides the value`(name: String) {
        #expect(CredentialMask.masked("x1", of: name) == "***")
        #expect(CredentialMask.masked("", of: name) == "")
    }

    @Test(arguments: ["MODE", "KEYCLOAK_URL", "PASSAGE", "AUTHOR", "PATH", "TIMEOUT", "BYPASS_CACHE"])
    func `an ordinary name hides nothing`(name: String) {
        #expect(CredentialMask.masked("x1", of: name) == "x1")
    }

    @Test(arguments: [
        ("amqp://u:p@h/v and redis://:pw@r:6379", "amqp://u:***@h/v and redis://:***@r:6379"), ("http://host:80/a@b", "http://host:80/a@b"),
        ("no url", "no url"), ("a://", "a://"), ("mysql://u:p@ss@h", "mysql://u:***@h"), ("http://user@host", "http://user@host"),
    ])
    func `passwords inside URLs are hidden`(value: String, shown: String) {
        #expect(CredentialMask.masked(value, of: "URL") == shown)
    }

    @Test func `a combined log names container and run on every line and keeps the last lines`() throws {
        let view = ClusterView(
            ClusterEvidence(
                capturedAt: Date(timeIntervalSince1970: 0), kubernetesVersion: "", lists: builderPod(),
                logs: [
                    ContainerLog(namespace: "shop", pod: "p", container: "app", isPrevious: true, text: "old\r\n"),
                    ContainerLog(namespace: "shop", pod: "p", container: "app", isPrevious: false, text: "one\ntwo\nthree"),
                ]))
        let pod = try #require(view.pods["shop", "p"])
        #expect(view.combinedLog(of: pod, lastLines: 2) == "[app] two\n[app] three\n[app previous] old\n")
        #expect(view.combinedLog(of: pod, lastLines: 0) == "")
    }

    private func builderPod() -> [String: [JSONValue]] {
        var builder = ClusterBuilder()
        builder.pod("p", TemplateShape([ContainerShape("app")]))
        return builder.evidence().lists
    }

    @Test func `an inspection reads a pod with its owners and events, and no Secret's value`() async throws {
        let (builder, name) = cluster()
        let (details, gaps) = try await PodInspection(reader: FakeCluster(builder.evidence())).details(namespace: "shop", name: name)
        #expect(gaps.isEmpty)
        #expect(details.owners.last == ObjectReference(kind: "Deployment", namespace: "shop", name: "cart"))
        #expect(details.events.count == 1)
        #expect(details.containers.first?.environment["id"] == "Secret cart-keys/id")
    }

    @Test func `what an inspection may not read is a gap and the pod is still there`() async throws {
        let (builder, name) = cluster()
        let cluster = FakeCluster(builder.evidence()) { call in
            call == .list(.events, namespace: "shop") ? .forbidden("no") : nil
        }
        let (details, gaps) = try await PodInspection(reader: cluster).details(namespace: "shop", name: name)
        #expect(gaps.map(\.path) == ["api/v1/namespaces/shop/events"])
        #expect(details.name == name)
    }

    @Test func `an absent pod is not found`() async {
        await #expect(throws: ClusterReadError.self) {
            try await PodInspection(reader: FakeCluster(ClusterBuilder().evidence())).details(namespace: "shop", name: "ghost")
        }
    }
}
