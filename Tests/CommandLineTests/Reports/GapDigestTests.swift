import IncidentModel
import Testing

@testable import Reporting

@Suite struct GapDigestTests {
    private func lines(_ gaps: [(String, String)]) -> [String] { GapDigest(gaps.map { EvidenceGap(path: $0.0, reason: $0.1) }).lines }

    @Test func `lists of one namespace that are missing for one reason are one line`() {
        let kinds = ["configmaps", "endpoints", "events", "limitranges", "pods", "secrets", "services", "serviceaccounts"]
        let gaps =
            kinds.map { ("api/v1/namespaces/kube-system/\($0)", "not recorded") } + [
                ("apis/apps/v1/namespaces/kube-system/deployments", "not recorded"), ("api/v1/namespaces/shop/secrets", "forbidden"),
            ]
        #expect(
            lines(gaps) == [
                "events, pods, services, deployments, configmaps, endpoints and 3 more in kube-system: not recorded",
                "secrets in shop: forbidden",
            ])
    }

    @Test func `lists of the whole cluster, logs and everything else stand apart`() {
        let gaps = [
            ("knowledge_graph.yaml", "line 3: no name"), ("logs/shop/cart-0/cart", "not found"), ("logs/shop/web-0/web", "not found"),
            ("api/v1/nodes", "forbidden"), ("apis/apps/v1/deployments[3]", "item is no object with a name"), ("logs/shop", "forbidden"),
        ]
        #expect(
            lines(gaps) == [
                "nodes: forbidden", "logs of cart-0/cart, web-0/web in shop: not found", "all logs in shop: forbidden",
                "knowledge_graph.yaml: line 3: no name", "apis/apps/v1/deployments[3]: item is no object with a name",
            ])
    }
}
