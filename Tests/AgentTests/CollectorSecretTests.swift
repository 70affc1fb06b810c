import AgentAPI
import ClusterModel
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import Investigation
import TestSupport
import Testing

struct CollectorSecretTests {
    private static let secret = JSONNode.object([
        .init(
            "metadata",
            [
                "name": "web-keys", "namespace": "shop", "uid": "u1", "labels": ["app": "web"],
                "annotations": [
                    "kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"api\":\"aHVudGVyMg==\"}}",
                    "tool.example.com/original": "hunter2", "kubernetes.io/service-account.name": "web",
                ],
            ]),
        .init("type", "Opaque"), .init("data", ["api": "aHVudGVyMg==", "signing": "c2lnbmluZw=="]),
        .init("stringData", ["plain": "hunter2"]),
    ])

    private func collect(_ limits: CollectionLimits = CollectionLimits()) async throws -> (ClusterEvidence, FakeCluster) {
        let cluster = FakeCluster(shop().evidence(), overrides: [ResourceType.secrets.path: [Self.secret.value]])
        return (try await EvidenceCollector(cluster, limits: limits).evidence(for: EvidenceScope(namespaces: ["shop"])), cluster)
    }

    @Test func `values of Secrets never leave, wherever the object repeats them`() async throws {
        let (evidence, _) = try await collect()
        let wire = String(decoding: EvidenceWireForm(evidence).data, as: UTF8.self)
        for value in ["aHVudGVyMg", "hunter2", "c2lnbmluZw"] { #expect(!wire.contains(value)) }
        let secret = try #require(ClusterView(evidence).secrets["shop", "web-keys"])
        #expect(secret.keys == ["api", "signing", "plain"])
        #expect(secret.type == "Opaque")
        #expect(secret.metadata.labels == ["app": "web"])
        #expect(secret.metadata.annotations == ["kubernetes.io/service-account.name": "web"])
    }

    @Test func `where reading Secrets is switched off nobody asks for them and the gap says so`() async throws {
        var limits = CollectionLimits()
        limits.readsSecrets = false
        let (evidence, cluster) = try await collect(limits)
        #expect(!cluster.calls.contains(.list(.secrets, namespace: "shop")))
        #expect(
            evidence.gaps == [EvidenceGap(path: "api/v1/namespaces/shop/secrets", reason: "forbidden: reading Secrets is switched off")])
    }

    @Test func `a long value of a ConfigMap is cut, its other values and keys stay`() async throws {
        var builder = shop()
        builder.configMap("big", ["blob": String(repeating: "ä", count: 40_000), "mode": "fast"])
        let evidence = try await EvidenceCollector(FakeCluster(builder.evidence())).evidence(for: EvidenceScope(namespaces: ["shop"]))
        let map = try #require(ClusterView(evidence).configMaps["shop", "big"])
        #expect(map.data["blob"]?.utf8.count == 64 << 10)
        #expect(map.data["mode"] == "fast")
        #expect(evidence.gapPaths == ["api/v1/namespaces/shop/configmaps/big"])
        #expect(ClusterView(evidence).wasRead(.configMaps, in: "shop"))
    }
}
