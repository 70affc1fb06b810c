import ClusterModel
import EvidenceCollection
import FastJSON
import HTTPTypes
import HummingbirdTesting
import KubernetesClient
import ServiceKit
import TestSupport
import Testing

@testable import KubernetesAgentService

struct AgentReadinessTests {
    private func checks(_ json: JSONValue) -> [String: String] {
        Dictionary(json["checks"].array.map { ($0["name"].string ?? "", ($0["status"].string ?? "") + " " + ($0["message"].string ?? "")) })
        { $1 }
    }

    @Test func `an agent that may read everything is ready`() async throws {
        let response = try await AgentUnderTest(FakeCluster(shop().evidence())).get("/readyz")
        #expect(response.status == .ok)
        #expect(checks(response.json) == ["kubernetes": "ok ", "access": "ok "])
    }

    @Test func `what may not be read is named, and the agent still works`() async throws {
        let cluster = FakeCluster(shop().evidence()) { call in
            switch call {
            case .list(.secrets, _), .list(.nodes, _), .log: .forbidden("no")
            default: nil
            }
        }
        let response = try await AgentUnderTest(cluster).get("/readyz")
        #expect(response.status == .ok)
        #expect(checks(response.json)["access"] == "limited may not read nodes, pods/log, secrets")
    }

    @Test func `kinds that may be read in every configured namespace are no lack`() async throws {
        var configuration = AgentUnderTest.configuration
        configuration.limits.namespaces = ["shop", "other"]
        let cluster = FakeCluster(shop().evidence()) { call in
            switch call {
            case .list(let resource, nil) where resource.isNamespaced: .forbidden("cluster-wide")
            case .list(.events, namespace: "other"): .forbidden("events")
            default: nil
            }
        }
        let response = try await AgentUnderTest(cluster, configuration: configuration).get("/readyz")
        #expect(checks(response.json)["access"] == "limited may not read events")
    }

    @Test(arguments: [ClusterReadError.unreachable("refused"), .timeout("late"), .unauthorized("token"), .serverError(status: 500, "x")])
    func `without a Kubernetes API the agent is not ready and says why`(error: ClusterReadError) async throws {
        let response = try await AgentUnderTest(FakeCluster(shop().evidence()) { _ in error }).get("/readyz")
        #expect(response.status == .serviceUnavailable)
        #expect(response.json["code"].int == 503)
        #expect(checks(response.json)["kubernetes"]?.contains(error.message) == true)
    }

    @Test func `access is asked for once, not with every probe`() async throws {
        let cluster = FakeCluster(shop().evidence())
        let review = AccessReview(reader: cluster, limits: .init(), logger: .silent)
        _ = await review.current()
        let first = cluster.calls.count
        #expect(await review.current() == AccessReview.Finding())
        #expect(cluster.calls.count == first)
    }
}

struct AgentConfigurationTests {
    private func read(_ environment: [String: String], flags: [String: String] = [:]) throws -> KubernetesAgentConfiguration {
        let settings = Settings(flags: flags, environment: environment)
        return try KubernetesAgentConfiguration(settings, common: CommonSettings(settings))
    }

    @Test func `without any key the agent listens on loopback`() throws {
        let configuration = try read([:])
        #expect(configuration.listening.host == "127.0.0.1" && configuration.listening.port == 8081)
        #expect(configuration.limits.namespaces.isEmpty && configuration.limits.readsSecrets)
        #expect(configuration.kubeconfigPath == nil)
    }

    @Test func `keys are read, and a flag wins`() throws {
        let configuration = try read(
            [
                "SRE_AGENT_PORT": "9000", "SRE_AGENT_HOST": "0.0.0.0", "SRE_AGENT_NAMESPACES": "shop, other",
                "SRE_AGENT_READ_SECRETS": "false",
                "SRE_AGENT_KUBECONFIG": "/k", "SRE_AGENT_CONTEXT": "kind", "SRE_AGENT_DEADLINE_SECONDS": "2.5",
                "SRE_AGENT_PARALLELISM": "2",
            ], flags: ["SRE_AGENT_PORT": "9001"])
        #expect(configuration.listening.port == 9001 && configuration.listening.host == "0.0.0.0")
        #expect(configuration.limits.namespaces == ["shop", "other"] && !configuration.limits.readsSecrets)
        #expect(configuration.limits.deadlineSeconds == 2.5 && configuration.limits.parallelism == 2)
        #expect(configuration.kubeconfigPath == "/k" && configuration.contextName == "kind")
    }

    @Test(arguments: [
        ("SRE_AGENT_PORT", "http"), ("SRE_AGENT_PORT", "70000"), ("SRE_AGENT_NAMESPACES", "shop,../x"), ("SRE_AGENT_READ_SECRETS", "maybe"),
        ("SRE_AGENT_PARALLELISM", "0"), ("SRE_AGENT_DEADLINE_SECONDS", "0"), ("SRE_AGENT_LOG_TAIL_LINES", "all"),
    ])
    func `a value that cannot be stops the start and names its key`(key: String, value: String) {
        let error = #expect(throws: SettingError.self) { try read([key: value]) }
        #expect(error?.key == key)
    }

    @Test func `every key is documented`() {
        for setting in KubernetesAgentConfiguration.all {
            #expect(setting.key.hasPrefix("SRE_AGENT_"))
            #expect(setting.summary.hasSuffix("."))
        }
        #expect(Set(KubernetesAgentConfiguration.all.map(\.key)).count == KubernetesAgentConfiguration.all.count)
    }

    @Test func `a kubeconfig that is not there is an error that names it`() {
        let configuration = KubernetesAgentConfiguration(kubeconfigPath: "/no/such/kubeconfig")
        #expect { try configuration.connect(environment: [:], logger: .silent) } throws: { "\($0)".contains("/no/such/kubeconfig") }
    }
}
