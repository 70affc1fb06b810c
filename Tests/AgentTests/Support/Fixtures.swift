import ClusterModel
import ClusterSnapshot
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import Investigation
import KubernetesClient
import TestSupport

extension EvidenceCollector {
    /// A collector over a fake cluster, whose clock is that of the evidence.
    init(_ cluster: FakeCluster, limits: CollectionLimits = CollectionLimits(), at time: Date = ClusterBuilder().capturedAt) {
        self.init(reader: cluster, limits: limits, capturedAt: { time })
    }

    /// As the benchmark and `--snapshot` read a recorded cluster.
    init(snapshot: ClusterEvidence, limits: CollectionLimits = CollectionLimits()) {
        let time = snapshot.capturedAt
        self.init(reader: SnapshotReader(snapshot), limits: limits, capturedAt: { time }, supplement: snapshot)
    }
}

extension ClusterEvidence {
    /// Names in a list, as `namespace/name` or `name`, sorted.
    func names(_ resource: ResourceType) -> [String] {
        (lists[resource.path] ?? []).map { item in
            let name = item["metadata", "name"].string ?? ""
            return item["metadata", "namespace"].string.map { "\($0)/\(name)" } ?? name
        }.sorted()
    }

    var gapPaths: Set<String> { Set(gaps.map(\.path)) }
}

/// A shop: `web` calls `cart`, `cart` lacks its ConfigMap and crashes, `blog` has nothing to do with either.
func shop() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.namespace("other")
    cluster.deployment(
        "web", TemplateShape([ContainerShape("web", env: ["CART_URL": "http://cart:8080"], envFrom: [.secret("web-keys")])]),
        pods: [.running, .running])
    cluster.deployment(
        "cart", TemplateShape([ContainerShape("cart", envFrom: [.configMapKey(variable: "MODE", name: "cart-config", key: "mode")])]),
        pods: [.crashLooping(.init(1), restarts: 3)])
    cluster.deployment("blog", pods: [.running])
    cluster.deployment("far", pods: [.running], in: "other")
    cluster.service("web", port: 80)
    cluster.service("cart", port: 8080)
    cluster.service("blog", port: 80)
    cluster.configMap("cart-config", ["mode": "fast"])
    cluster.configMap("blog-config", ["title": "hello"])
    cluster.secret("web-keys", keys: ["api", "signing"])
    for workload in ["web", "cart", "blog"] { cluster.log(workload, "\(workload) says hello\n") }
    cluster.log("cart", previous: true, "cart says goodbye\n")
    return cluster
}
