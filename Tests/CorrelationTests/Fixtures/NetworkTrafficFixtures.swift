import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Traffic policies and load balancers of Services (N7, N9).
@Suite struct NetworkTrafficFixtures {
    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    private static func shop(_ more: JSONNode, type: String = "ClusterIP", clients: [String] = ["worker-1", "worker-2"]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.server("store", replicas: 1, nodes: ["worker-1"])
        cluster.service("store", port: 8080, type: type, more: more)
        cluster.server("front", replicas: clients.count, env: ["STORE": "http://store:8080"], nodes: clients)
        return cluster
    }

    @Test func `a Local internal policy drops traffic of clients on other nodes`() throws {
        try Self.ask(Self.shop(["internalTrafficPolicy": "Local"])).names(
            .serviceTrafficPolicy, on: "Service shop/store",
            ["field": "internalTrafficPolicy", "found": "Local", "expected": "Cluster", "node": "worker-2"])
    }

    @Test func `without known clients a node without endpoint still tells`() throws {
        var cluster = Self.shop(["internalTrafficPolicy": "Local"])
        cluster.remove(.deployments, "front")
        cluster.server("front", env: [:], nodes: ["worker-1"])
        try Self.ask(cluster).names(.serviceTrafficPolicy, on: "Service shop/store")
    }

    @Test func `a node port that only one node serves is found`() throws {
        try Self.ask(Self.shop(["externalTrafficPolicy": "Local"], type: "NodePort")).names(
            .serviceTrafficPolicy, on: "Service shop/store", ["field": "externalTrafficPolicy", "node": "worker-2"])
    }

    @Test func `Cluster policies are silent`() throws {
        try Self.ask(Self.shop(["internalTrafficPolicy": "Cluster", "externalTrafficPolicy": "Cluster"], type: "NodePort")).isSilent()
    }

    @Test func `Local policies with clients beside the endpoints are silent`() throws {
        try Self.ask(Self.shop(["internalTrafficPolicy": "Local"], clients: ["worker-1"])).isSilent()
    }

    @Test func `a Local policy in front of a DaemonSet is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.daemonSet("agent", TemplateShape([ContainerShape("agent", ports: [8126])]), pods: [.running])
        cluster.service("agent", port: 8126, more: ["internalTrafficPolicy": "Local"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a load balancer that keeps source addresses is silent`() throws {
        var cluster = Self.shop(["externalTrafficPolicy": "Local"], type: "LoadBalancer")
        cluster.change(.services, "store", ["status": ["loadBalancer": ["ingress": [["ip": "198.51.100.4"]]]]])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a cloud controller's error explains a Service without address`() throws {
        var cluster = Self.shop([:], type: "LoadBalancer")
        cluster.event(
            "SyncLoadBalancerFailed", about: ObjectReference(kind: "Service", namespace: "shop", name: "store"),
            "Error syncing load balancer: failed to ensure load balancer: could not find any suitable subnets for creating the ELB",
            source: "service-controller")
        try Self.ask(cluster, "store has no external IP").names(
            .loadBalancerPending, on: "Service shop/store", ["reason": "SyncLoadBalancerFailed"])
    }

    @Test func `a cluster without load balancers is silent`() throws {
        try Self.ask(Self.shop([:], type: "LoadBalancer")).isSilent()
    }
}
