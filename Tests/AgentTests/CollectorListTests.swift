import ClusterModel
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import Investigation
import KubernetesClient
import TestSupport
import Testing

struct CollectorListTests {
    @Test func `a namespace scope reads every kind of it and nothing of the others`() async throws {
        let evidence = try await EvidenceCollector(FakeCluster(shop().evidence())).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(evidence.namespaces == ["shop"])
        #expect(Set(evidence.lists.keys) == Set(ResourceType.all.map(\.path)))
        #expect(evidence.names(.deployments) == ["shop/blog", "shop/cart", "shop/web"])
        #expect(evidence.kubernetesVersion == "v1.36.2")
        #expect(evidence.gaps.isEmpty)
        let view = ClusterView(evidence)
        #expect(view.wasRead(.configMaps, in: "shop"))
        #expect(!view.wasRead(.configMaps, in: "other"))
    }

    @Test func `the whole cluster is read with one list of each kind`() async throws {
        let cluster = FakeCluster(shop().evidence())
        let evidence = try await EvidenceCollector(cluster).evidence(for: EvidenceScope())
        #expect(evidence.namespaces == nil)
        #expect(evidence.names(.deployments) == ["other/far", "shop/blog", "shop/cart", "shop/web"])
        #expect(cluster.calls.filter { if case .list = $0 { true } else { false } }.count == (ResourceType.all + ResourceType.addOns).count)
    }

    @Test func `a list that is forbidden in a namespace is a gap of that namespace alone`() async throws {
        let cluster = FakeCluster(shop().evidence()) { call in
            call == .list(.configMaps, namespace: "shop") ? .forbidden("configmaps is forbidden") : nil
        }
        let evidence = try await EvidenceCollector(cluster).evidence(for: EvidenceScope(namespaces: ["other", "shop"]))
        #expect(evidence.gaps == [EvidenceGap(path: "api/v1/namespaces/shop/configmaps", reason: "forbidden: configmaps is forbidden")])
        let view = ClusterView(evidence)
        #expect(!view.wasRead(.configMaps, in: "shop"))
        #expect(view.wasRead(.configMaps, in: "other"))
        #expect(view.wasRead(.services, in: "shop"))
    }

    @Test(arguments: [ClusterReadError.notFound("no such group"), .forbidden("httproutes is forbidden")])
    func `an add-on that is not installed, or that the role does not name, is no gap`(error: ClusterReadError) async throws {
        let cluster = FakeCluster(shop().evidence()) { call in
            if case .list(.httpRoutes, _) = call { error } else { nil }
        }
        let evidence = try await EvidenceCollector(cluster).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(evidence.gaps.isEmpty)
        #expect(!ClusterView(evidence).wasRead(.httpRoutes))
    }

    @Test(arguments: [
        (ClusterReadError.forbidden("no"), "forbidden: no"), (.notFound("no such group"), "not served: no such group"),
        (.timeout("late"), "timeout: late"), (.serverError(status: 503, "down"), "server error 503: down"),
        (.tooManyRequests(retryAfterSeconds: 1, "slow"), "too many requests: slow"), (.malformed("<html>"), "malformed answer: <html>"),
    ])
    func `a list that fails over all namespaces is a gap at its own path, with the reason`(
        error: ClusterReadError, reason: String
    ) async throws {
        let cluster = FakeCluster(shop().evidence()) { $0 == .list(.nodes, namespace: nil) ? error : nil }
        let evidence = try await EvidenceCollector(cluster).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(evidence.gaps == [EvidenceGap(path: "api/v1/nodes", reason: reason)])
        #expect(evidence.lists["api/v1/nodes"] == nil)
        #expect(!ClusterView(evidence).wasRead(.nodes))
    }

    @Test(arguments: [
        (ClusterReadError.unreachable("refused"), AgentError.unreachable("the Kubernetes API cannot be reached: refused")),
        (.timeout("late"), .timeout("the Kubernetes API did not answer in time: late")),
        (.unauthorized("bad token"), .refused(status: 401, message: "the Kubernetes API does not accept the credentials: bad token")),
        (.forbidden("no"), .refused(status: 403, message: "no")),
        (.configuration("no context"), .unreachable("the access to the cluster is not configured right: no context")),
    ])
    func `where nothing can be read there is an error and no empty cluster`(error: ClusterReadError, expected: AgentError) async {
        let collector = EvidenceCollector(FakeCluster(shop().evidence()) { _ in error })
        await #expect(throws: expected) { try await collector.evidence(for: EvidenceScope(namespaces: ["shop"])) }
        await #expect(throws: expected) { try await collector.inventory() }
    }

    @Test func `an API that dies after its version still makes an error when nothing was read`() async {
        let collector = EvidenceCollector(FakeCluster(shop().evidence()) { $0 == .version ? nil : .unreachable("gone") })
        await #expect(throws: AgentError.unreachable("the Kubernetes API cannot be reached: gone")) {
            try await collector.evidence(for: EvidenceScope())
        }
    }

    @Test func `a version that may not be read is a gap`() async throws {
        let cluster = FakeCluster(shop().evidence()) { $0 == .version ? .forbidden("no") : nil }
        let evidence = try await EvidenceCollector(cluster).evidence(for: EvidenceScope())
        #expect(evidence.kubernetesVersion == "")
        #expect(evidence.gaps == [EvidenceGap(path: "version", reason: "forbidden: no")])
    }

    @Test func `where lists over all namespaces are forbidden the configured ones are read`() async throws {
        var limits = CollectionLimits()
        limits.namespaces = ["shop"]
        let forbidden: FakeCluster.Failure = { call in
            guard case .list(let resource, nil) = call, resource.isNamespaced || resource == .nodes else { return nil }
            return .forbidden("cluster-wide")
        }
        let collector = EvidenceCollector(FakeCluster(shop().evidence(), failing: forbidden), limits: limits)
        let evidence = try await collector.evidence(for: EvidenceScope())
        #expect(evidence.namespaces == ["shop"])
        #expect(evidence.names(.pods).count == 4)
        #expect(evidence.gapPaths == ["*", "api/v1/nodes"])
        #expect(ClusterView(evidence).wasRead(.pods, in: "shop"))
        #expect(!ClusterView(evidence).wasRead(.pods, in: "other"))
        let inventory = try await collector.inventory()
        #expect(inventory.entries.contains { $0.object == ObjectReference(kind: "Deployment", namespace: "shop", name: "cart") })
        #expect(inventory.gaps.map(\.path).contains("*"))
    }

    @Test func `no more calls run at once than the limit allows`() async throws {
        var limits = CollectionLimits()
        limits.parallelism = 3
        let cluster = FakeCluster(shop().evidence(), pause: { _ in .milliseconds(1) })
        _ = try await EvidenceCollector(cluster, limits: limits).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(cluster.mostCallsAtOnce == 3)
    }

    @Test func `a list that hangs is a gap when the time is up, and the rest is there`() async throws {
        var limits = CollectionLimits()
        limits.deadlineSeconds = 2
        let cluster = FakeCluster(shop().evidence(), pause: { $0 == .list(.leases, namespace: nil) ? .seconds(60) : nil })
        let evidence = try await EvidenceCollector(cluster, limits: limits).evidence(for: EvidenceScope())
        #expect(evidence.gapPaths.contains(ResourceType.leases.path))
        #expect(evidence.gaps.first { $0.path == ResourceType.leases.path }?.reason.hasPrefix("timeout: ") == true)
        #expect(evidence.names(.pods).count == 5)
    }

    @Test func `cluster DNS and the backends of webhooks are read beside the scope`() async throws {
        var builder = shop()
        builder.namespace("kube-system")
        builder.namespace("policy")
        builder.add(.pods, name: "coredns-1", in: "kube-system", labels: ["k8s-app": "kube-dns"], ["status": ["phase": "Running"]])
        builder.add(.pods, name: "proxy-1", in: "kube-system", labels: ["k8s-app": "kube-proxy"], ["status": ["phase": "Running"]])
        builder.deployment("judge", pods: [.crashLooping()], in: "policy")
        builder.service("judge", port: 443, in: "policy")
        builder.add(
            .validatingWebhookConfigurations, name: "judge",
            ["webhooks": [["name": "judge.example.com", "clientConfig": ["service": ["name": "judge", "namespace": "policy"]]]]])
        let evidence = try await EvidenceCollector(FakeCluster(builder.evidence())).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(evidence.namespaces == ["shop"])
        #expect(evidence.names(.pods).contains("kube-system/coredns-1"))
        #expect(!evidence.names(.pods).contains("kube-system/proxy-1"))
        #expect(evidence.names(.deployments).contains("policy/judge"))
        #expect(evidence.names(.services).contains("policy/judge"))
        #expect(!ClusterView(evidence).wasRead(.services, in: "policy"))
    }

    @Test func `a namespace that a pod names with its service is read too`() async throws {
        var builder = shop()
        builder.deployment("mail", TemplateShape([ContainerShape("mail", args: ["--upstream=far.other.svc.cluster.local:25"])]))
        builder.service("far", port: 25, in: "other")
        let evidence = try await EvidenceCollector(FakeCluster(builder.evidence())).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(evidence.names(.services).contains("other/far"))
        #expect(!evidence.names(.configMaps).contains { $0.hasPrefix("other/") })
    }

    @Test func `items of other namespaces never stand for a list that could not be read`() async throws {
        var builder = shop()
        builder.namespace("kube-system")
        builder.add(.pods, name: "coredns-1", in: "kube-system", labels: ["k8s-app": "kube-dns"], [:])
        let cluster = FakeCluster(builder.evidence()) { $0 == .list(.pods, namespace: "shop") ? .forbidden("no") : nil }
        let evidence = try await EvidenceCollector(cluster).evidence(for: EvidenceScope(namespaces: ["shop"]))
        #expect(evidence.lists[ResourceType.pods.path] == nil)
        #expect(!ClusterView(evidence).wasRead(.pods))
    }
}
