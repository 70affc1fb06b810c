import ClusterModel
import Foundation
import IncidentModel
import Investigation
import Synchronization
import TestSupport

/// A cart in `shop` whose database lives in `data`, scaled to zero; gives what a scope asks for.
final class WideningAgent: EvidenceAgent {
    private let asked = Mutex<[[String]]>([])

    var scopes: [[String]] { asked.withLock { $0 } }

    func inventory() async throws(AgentError) -> Inventory { Inventory(cluster(["shop", "data"]).view()) }

    func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence {
        asked.withLock { $0.append(scope.namespaces) }
        return cluster(scope.namespaces).evidence()
    }

    private func cluster(_ namespaces: [String]) -> ClusterBuilder {
        var builder = ClusterBuilder()
        builder.scope = namespaces
        builder.namespace("shop")
        builder.namespace("data")
        builder.deployment(
            "cart", TemplateShape([ContainerShape("cart", env: ["DB_URL": "postgres://orders-db.data.svc.cluster.local:5432/cart"])]),
            pods: [.crashLooping()])
        let refused = "could not connect to orders-db.data.svc.cluster.local:5432: connection refused\n"
        builder.log("cart", refused)
        builder.log("cart", previous: true, refused)
        guard namespaces.contains("data") else { return builder }
        builder.deployment("orders-db", pods: [], replicas: 0, in: "data")
        builder.service("orders-db", port: 5_432, in: "data")
        return builder
    }
}
