import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Questions about a node: they mean what fails there.
@Suite struct NodeQuestionFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String) throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: nil)
    }

    /// A workload that is killed on worker-2, and another one without an image on worker-1.
    private static func twoNodes() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        let limited = TemplateShape([ContainerShape("cart", limits: ["memory": "64Mi"])])
        cluster.deployment("cart", limited, pods: [PodShape(.crashLooping(.outOfMemory), node: "worker-2")])
        let error = "Back-off pulling image \"registry.example.com/app:1.0.0\": ErrImagePull: not found"
        cluster.deployment("mail", pods: [PodShape(.waiting("ImagePullBackOff", error), node: "worker-1")])
        return cluster
    }

    @Test func `what fails on the node is the answer, what fails on another one is trouble elsewhere`() throws {
        let report = try Self.ask(Self.twoNodes(), "Something is wrong on node worker-2")
        try report.names(.memoryLimitExceeded, on: "Deployment shop/cart")
        #expect(!report.confident.contains { $0.object.name == "mail" }, "got \(report.words)")
        #expect(report.elsewhere.contains { $0.object.name == "mail" })
    }

    @Test func `the same question about the other node has the other answer`() throws {
        let report = try Self.ask(Self.twoNodes(), "Something is wrong on node worker-1")
        try report.names(.imageNotFound, on: "Deployment shop/mail")
        #expect(!report.confident.contains { $0.object.name == "cart" }, "got \(report.words)")
    }

    @Test func `a fault that names the node is about it, though the pod is nowhere`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", labels: ["pool": "small"])
        cluster.node("worker-2", labels: ["pool": "ml"], taints: [["key": "dedicated", "value": "ml", "effect": "NoSchedule"]])
        cluster.deployment(
            "train", TemplateShape([ContainerShape("train")], nodeSelector: ["pool": "ml"]),
            pods: [
                .unschedulable(
                    "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {dedicated: ml}."
                )
            ])
        cluster.deployment("mail", pods: [.waiting("CreateContainerConfigError", "secret \"mail-login\" not found")])
        let report = try Self.ask(cluster, "Why does node worker-2 take no pods?")
        try report.names(.untoleratedTaint, on: "Deployment shop/train", ["taint": "dedicated", "node": "worker-2"])
        #expect(!report.confident.contains { $0.object.name == "mail" }, "got \(report.words)")
    }

    @Test func `a node on which all is well has no fault`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.deployment("cart", pods: [.running, PodShape(node: "worker-2")])
        let report = try Self.ask(cluster, "Is node worker-2 all right?")
        report.isSilent()
        #expect(report.outcome == .noFault)
    }
}

/// Words of a question that name nothing by themselves, and put one of several faults first.
@Suite struct QuestionWordingFixtures {
    /// Two workloads whose image is missing alike.
    private static func cluster() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for name in ["basket-view", "order-history"] {
            let error = "Back-off pulling image \"registry.example.com/app:1.0.0\": ErrImagePull: not found"
            cluster.deployment(name, pods: [.waiting("ImagePullBackOff", error)])
        }
        return cluster
    }

    private static func first(_ words: String) throws -> String? {
        try diagnose(cluster().evidence(), words, namespace: "shop").rootCauses.first?.object.name
    }

    @Test func `all words of a name put its fault first`() throws {
        #expect(try Self.first("The order history is empty for many customers") == "order-history")
        #expect(try Self.first("Customers do not see the history of any order") == "order-history")
    }

    @Test func `some words of a name say nothing`() throws {
        #expect(try Self.first("Customers cannot place an order") == Self.first("Partial Service Unreachability."))
    }
}
