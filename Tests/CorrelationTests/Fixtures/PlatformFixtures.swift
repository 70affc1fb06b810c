import ClusterModel
import Correlation
import Foundation
import IncidentModel
import TestSupport
import Testing

/// How Services are routed on each node, by probes, host services and kube-proxy's pods.
struct PlatformFixtures {
    private let vague = "Partial Service Unreachability."

    private func node(_ name: String) -> ObjectReference { ObjectReference(kind: "Node", namespace: nil, name: name) }

    private func top(_ cluster: ClusterBuilder) throws -> RootCause {
        let report = try diagnose(cluster.evidence(), vague, namespace: "shop")
        return try #require(report.rootCauses.first, "\(report.summary)")
    }

    private func expectSilence(_ cluster: ClusterBuilder) throws {
        let report = try diagnose(cluster.evidence(), vague, namespace: "shop")
        #expect(report.confident.isEmpty, "false alarm: \(report.words)")
    }

    private func twoNodes() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        for name in ["web", "cart"] {
            cluster.deployment(
                name, TemplateShape([ContainerShape(name, ports: [8080])]), pods: [.running, PodShape(node: "worker-2")])
            cluster.service(name, targetPort: 8080)
        }
        return cluster
    }

    @Test(arguments: ["failed", "timeout"]) func `Services that fail from one node only`(_ result: String) throws {
        var cluster = twoNodes()
        cluster.probes("web", ["worker-1": "open", "worker-2": result])
        cluster.probes("cart", ["worker-1": "open", "worker-2": result])
        let cause = try top(cluster)
        #expect(cause.cause == .serviceRoutingBroken && cause.object == node("worker-2") && cause.level == .high)
        #expect(cause.details["node"] == "worker-2")
        #expect(cause.affected.contains { $0.kind == "Service" && $0.name == "web" })
    }

    @Test func `a stopped kube-proxy on one node`() throws {
        var cluster = twoNodes()
        cluster.hostService("kube-proxy", on: "worker-1")
        cluster.hostService("kube-proxy", on: "worker-2", active: "inactive", sub: "dead")
        let cause = try top(cluster)
        #expect(cause.cause == .serviceRoutingBroken && cause.object == node("worker-2") && cause.level == .high)
        #expect(cause.details["reference"] == "kube-proxy")
    }

    @Test func `a kube-proxy pod that is not ready on the node whose probes fail`() throws {
        var cluster = twoNodes()
        cluster.daemonSet("kube-proxy", pods: [.running, PodShape(.running(ready: false), node: "worker-2")], in: "kube-system")
        cluster.probes("web", ["worker-1": "open", "worker-2": "timeout"])
        let cause = try top(cluster)
        #expect(cause.cause == .serviceRoutingBroken && cause.object == node("worker-2"))
    }

    @Test func `kube-proxy switched off by a node selector that fits nothing`() throws {
        var cluster = twoNodes()
        cluster.daemonSet(
            "kube-proxy", TemplateShape([ContainerShape("kube-proxy")], nodeSelector: ["no": "node"]), pods: [], in: "kube-system")
        let cause = try top(cluster)
        #expect(cause.cause == .serviceRoutingBroken && cause.object.name == "kube-proxy")
    }

    @Test func `a node that is down is the cause of probes that fail from it`() throws {
        var cluster = twoNodes()
        cluster.node("worker-2", ready: false)
        cluster.probes("web", ["worker-1": "open", "worker-2": "timeout"])
        cluster.probes("cart", ["worker-1": "open", "worker-2": "timeout"])
        let cause = try top(cluster)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2"))
    }

    @Test func `a Service that fails from everywhere has the wrong port`() throws {
        var cluster = twoNodes()
        cluster.service("edge", targetPort: 9999, selector: ["app": "web"])
        cluster.probes("edge", ["worker-1": "failed", "worker-2": "failed"])
        cluster.probes("web", ["worker-1": "open", "worker-2": "open"])
        let cause = try top(cluster)
        #expect(cause.cause == .servicePortMismatch && cause.object.name == "edge" && cause.level == .high)
        #expect(cause.details["found"] == "9999" && cause.details["expected"] == "8080")
    }

    @Test func `a target port that no container declares and that opens is right`() throws {
        var cluster = twoNodes()
        cluster.service("edge", targetPort: 9999, selector: ["app": "web"])
        cluster.probes("edge", ["worker-1": "open", "worker-2": "open"])
        try expectSilence(cluster)
    }

    @Test func `a Service behind a policy that admits nobody`() throws {
        var cluster = twoNodes()
        cluster.add(
            .networkPolicies, name: "lock-down", minutesOld: 5,
            ["spec": ["podSelector": ["matchLabels": ["app": "cart"]], "policyTypes": ["Ingress"], "ingress": []]])
        cluster.probes("cart", ["worker-1": "timeout", "worker-2": "timeout"])
        let cause = try top(cluster)
        #expect(cause.cause == .networkPolicyBlocks && cause.object.name == "lock-down")
    }

    @Test func `probes that all open, services that all run`() throws {
        var cluster = twoNodes()
        for node in ["worker-1", "worker-2"] {
            for service in ["kubelet", "containerd", "kube-proxy"] { cluster.hostService(service, on: node) }
        }
        cluster.probes("web", ["worker-1": "open", "worker-2": "open"])
        cluster.probes("cart", ["": "open"])
        try expectSilence(cluster)
    }

    @Test func `a kube-proxy service that no node uses is no fault`() throws {
        var cluster = twoNodes()
        cluster.hostService("kube-proxy", on: "worker-1", active: "inactive", sub: "dead")
        cluster.hostService("kube-proxy", on: "worker-2", active: "inactive", sub: "dead")
        cluster.probes("web", ["worker-1": "open", "worker-2": "open"])
        try expectSilence(cluster)
    }

    @Test func `kube-proxy that runs as a pod needs no service of the host`() throws {
        var cluster = twoNodes()
        cluster.daemonSet("kube-proxy", pods: [.running, PodShape(node: "worker-2")], in: "kube-system")
        cluster.hostService("kube-proxy", on: "worker-1", active: "active")
        cluster.hostService("kube-proxy", on: "worker-2", active: "inactive", sub: "dead")
        try expectSilence(cluster)
    }

    @Test func `a crashing backend is the cause of probes that fail, not the routing`() throws {
        var cluster = twoNodes()
        cluster.deployment("pay", pods: [.waiting("CreateContainerConfigError", "secret \"pay-key\" not found")])
        cluster.service("pay")
        cluster.probes("pay", ["worker-1": "failed", "worker-2": "failed"])
        cluster.probes("web", ["worker-1": "open", "worker-2": "open"])
        let cause = try top(cluster)
        #expect(cause.cause == .secretNotFound && cause.object.name == "pay")
    }
}
