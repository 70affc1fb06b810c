import ClusterModel
import Correlation
import Foundation
import IncidentModel
import TestSupport
import Testing

/// What the services of hosts say of their nodes.
struct NodeServiceFixtures {
    private static let shop = "Partial Service Unreachability."

    private func node(_ name: String) -> ObjectReference { ObjectReference(kind: "Node", namespace: nil, name: name) }

    private func top(_ cluster: ClusterBuilder, _ description: String = shop, namespace: String? = "shop") throws -> RootCause {
        let report = try diagnose(cluster.evidence(), description, namespace: namespace)
        return try #require(report.rootCauses.first, "\(report.summary)")
    }

    private func expectSilence(_ cluster: ClusterBuilder, _ description: String = shop, namespace: String? = "shop") throws {
        let report = try diagnose(cluster.evidence(), description, namespace: namespace)
        #expect(report.confident.isEmpty, "false alarm: \(report.words)")
    }

    private func twoNodes() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.deployment("web", pods: [.running, PodShape(node: "worker-2")])
        cluster.service("web")
        return cluster
    }

    @Test(arguments: ["inactive", "failed"]) func `a stopped kubelet`(_ active: String) throws {
        var cluster = twoNodes()
        cluster.hostService("kubelet", on: "worker-1")
        cluster.hostService("containerd", on: "worker-1")
        cluster.hostService(
            "kubelet", on: "worker-2", active: active, sub: "dead", journal: ["Stopped kubelet: The Kubernetes Node Agent."])
        cluster.hostService("containerd", on: "worker-2")
        let cause = try top(cluster)
        #expect(cause.cause == .nodeNotReady && cause.object == node("worker-2") && cause.level == .high)
        #expect(cause.details["reference"] == "kubelet")
        #expect(cause.details["found"] == "\(active) (dead)")
    }

    @Test func `a kubelet that falls for want of its runtime`() throws {
        var cluster = twoNodes()
        cluster.hostService(
            "kubelet", on: "worker-2", active: "activating", sub: "auto-restart",
            journal: [
                "E1123 18:55:01 run.go:72] \"command failed\" err=\"failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint \\\"unix:///var/run/containerd/containerd.sock\\\": rpc error: code = Unavailable desc = connection error: dial unix /var/run/containerd/containerd.sock: connect: no such file or directory\""
            ])
        cluster.hostService("containerd.service", on: "worker-2", active: "failed", sub: "failed")
        let cause = try top(cluster)
        #expect(cause.cause == .containerRuntimeDown && cause.object == node("worker-2"))
    }

    @Test func `a kubelet whose certificate expired`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2", ready: false)
        cluster.deployment("cart", pods: [.stranded(on: "worker-2")])
        cluster.hostService(
            "kubelet", on: "worker-2", active: "activating", sub: "auto-restart",
            journal: [
                "E1123 server.go:302] \"Failed to run kubelet\" err=\"part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf has expired: x509: certificate has expired\""
            ])
        let cause = try top(cluster)
        #expect(cause.cause == .nodeNotReady && cause.details["reason"] == "certificate expired")
    }

    @Test func `a stopped runtime on a node that its pods still run on`() throws {
        var cluster = twoNodes()
        cluster.hostService("kubelet", on: "worker-2")
        cluster.hostService("containerd", on: "worker-2", active: "inactive", sub: "dead")
        let cause = try top(cluster)
        #expect(cause.cause == .containerRuntimeDown && cause.object == node("worker-2"))
    }

    @Test func `services that a host does not use are no fault`() throws {
        var cluster = twoNodes()
        for node in ["worker-1", "worker-2"] {
            cluster.hostService("kubelet", on: node)
            cluster.hostService("containerd", on: node)
            cluster.hostService("docker", on: node, active: "inactive", sub: "dead")
            cluster.hostService("crio", on: node, active: "inactive", sub: "dead", loaded: "not-found")
            cluster.hostService("kube-scheduler", on: node, active: "inactive", sub: "dead", loaded: "not-found")
            cluster.hostService("kube-proxy", on: node, active: "unknown", sub: "")
        }
        try expectSilence(cluster)
    }

    @Test func `telemetry that is no such file is a named gap and costs nothing else`() throws {
        var cluster = twoNodes()
        cluster.telemetry["node_services.json"] = Data("{oops".utf8)
        cluster.telemetry["connectivity.json"] = Data(
            "[{\"port\": 80}, 7, {\"service\": \"web\", \"namespace\": \"shop\", \"probes\": \"none\"}]".utf8)
        let report = try diagnose(cluster.evidence(), Self.shop, namespace: "shop")
        #expect(report.confident.isEmpty)
        #expect(Set(report.gaps.map(\.path)) == ["telemetry/node_services.json", "telemetry/connectivity.json"])
    }
}
