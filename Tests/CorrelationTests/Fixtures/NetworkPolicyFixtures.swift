import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// NetworkPolicies that hold off traffic which is needed (N10-N12), evaluated as the API defines them.
@Suite struct NetworkPolicyFixtures {
    private static let policy = "NetworkPolicy shop/"

    private static func ask(_ cluster: ClusterBuilder, _ words: String = "Partial Service Unreachability.") throws -> Report {
        try diagnose(cluster.evidence(), words, namespace: "shop")
    }

    /// `front` calls `store` on 8080.
    private static func shop(_ labels: [String: String] = [:]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.clusterDNS()
        cluster.server("front", env: ["STORE_URL": "http://store:8080"], labels: labels)
        cluster.service("front", port: 80, targetPort: 8080)
        cluster.server("store")
        cluster.service("store", port: 8080)
        return cluster
    }

    private static func from(_ labels: [String: String], port: JSONNode = 8080) -> JSONNode {
        ["ingress": [["from": [["podSelector": ["matchLabels": .strings(labels)]]], "ports": [["port": port, "protocol": "TCP"]]]]]
    }

    // MARK: Ingress

    @Test func `a policy that admits other labels holds the client off, without any log`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("store-in", for: ["app": "store"], Self.from(["role": "frontend"]))
        let cause = try Self.ask(cluster).names(
            .networkPolicyBlocks, on: Self.policy + "store-in", ["policy": "store-in", "field": "ingress", "port": "8080"])
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "front")))
        #expect(cause.affected.contains(ObjectReference(kind: "Service", namespace: "shop", name: "store")))
    }

    @Test func `timeouts in the log settle it`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("store-in", for: ["app": "store"], Self.from(["role": "frontend"]))
        cluster.log(
            "front", (0..<6).map { _ in "ERROR Get \"http://store:8080/x\": dial tcp 10.96.0.9:8080: i/o timeout" }.joined(separator: "\n"))
        let cause = try Self.ask(cluster, "front is slow and fails").names(.networkPolicyBlocks, on: Self.policy + "store-in")
        #expect(cause.confidence >= 0.8)
    }

    @Test func `a policy with the wrong port holds the client off`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("store-in", for: ["app": "store"], Self.from(["app": "front"], port: 8081))
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "store-in", ["port": "8080"])
    }

    @Test func `of several policies that cover the pods the one that was added last is named`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("allow-monitoring", for: ["app": "store"], minutesOld: 5_000, Self.from(["app": "prometheus"], port: 9100))
        cluster.networkPolicy("deny-all", minutesOld: 10)
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "deny-all")
    }

    @Test func `the allowing policy that drifted is named rather than the default deny of the same age`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("zz-default-deny", minutesOld: 30)
        cluster.networkPolicy("allow-store", for: ["app": "store"], minutesOld: 30, Self.from(["app": "web-front"]))
        cluster.networkPolicy("allow-front", for: ["app": "front"], minutesOld: 30, ["ingress": [[:]]])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "allow-store")
    }

    @Test func `a policy without rules for one program with a Service lets nobody in`() throws {
        var cluster = ClusterBuilder()
        cluster.server("store")
        cluster.service("store", port: 8080)
        cluster.networkPolicy("lock", for: ["app": "store"])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "lock")
    }

    // MARK: Egress

    @Test func `an egress policy without DNS keeps names from resolving`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy(
            "front-out", for: ["app": "front"], types: ["Egress"],
            ["egress": [["to": [["podSelector": ["matchLabels": ["app": "store"]]]], "ports": [["port": 8080, "protocol": "TCP"]]]]])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "front-out", ["field": "egress", "port": "53"])
    }

    @Test func `DNS over TCP alone is not enough`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy(
            "front-out", for: ["app": "front"], types: ["Egress"],
            ["egress": [["ports": [["port": 53, "protocol": "TCP"]]], ["ports": [["port": 8080, "protocol": "TCP"]]]]])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "front-out", ["port": "53"])
    }

    @Test func `an egress policy that admits DNS and not the store holds the client off`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy(
            "front-out", for: ["app": "front"], types: ["Egress"],
            ["egress": [["to": [["namespaceSelector": [:]]], "ports": [["port": 53, "protocol": "UDP"]]]]])
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "front-out", ["field": "egress", "port": "8080"])
    }

    @Test func `a name server that does not answer one program is its egress policy`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("front-out", for: ["app": "front"], types: ["Egress"])
        cluster.log(
            "front",
            (0..<6).map { _ in "ERROR lookup store on 10.96.0.10:53: read udp 10.244.0.7:40000->10.96.0.10:53: i/o timeout" }.joined(
                separator: "\n"))
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "front-out")
    }

    // MARK: Silence

    @Test func `policies that admit the client are silent`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("default-deny", types: ["Ingress"])
        cluster.networkPolicy("allow-store", for: ["app": "store"], Self.from(["app": "front"]))
        cluster.networkPolicy("allow-front", for: ["app": "front"], ["ingress": [[:]]])
        try Self.ask(cluster).isSilent()
    }

    @Test(arguments: [
        #"[{"ports": [{"port": 8000, "endPort": 8100, "protocol": "TCP"}]}]"#,
        #"[{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}}]}]"#,
        #"[{"from": [{"ipBlock": {"cidr": "10.244.0.0/16"}}]}]"#,
        #"[{"from": [{"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["front", "x"]}]}}]}]"#,
    ])
    func `every form of rule that admits the client is silent`(_ rules: String) throws {
        var cluster = Self.shop()
        cluster.raw(
            "NetworkPolicy",
            #"{"metadata": {"name": "in", "namespace": "shop"}, "spec": {"podSelector": {"matchLabels": {"app": "store"}}, "#
                + #""policyTypes": ["Ingress"], "ingress": \#(rules)}}"#)
        try Self.ask(cluster).isSilent()
    }

    @Test(arguments: [
        #"[{"ports": [{"port": 8000, "endPort": 8079, "protocol": "TCP"}]}]"#,
        #"[{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}]}]"#,
        #"[{"from": [{"ipBlock": {"cidr": "10.244.0.0/16", "except": ["10.244.0.0/16"]}}]}]"#,
        #"[{"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "x"}}}]}]"#,
        #"[{"ports": [{"port": "http", "protocol": "TCP"}]}]"#, #"[{"ports": [{"port": 8080, "protocol": "UDP"}]}]"#,
    ])
    func `every form of rule that does not admit the client is found`(_ rules: String) throws {
        var cluster = Self.shop()
        cluster.raw(
            "NetworkPolicy",
            #"{"metadata": {"name": "in", "namespace": "shop"}, "spec": {"podSelector": {"matchLabels": {"app": "store"}}, "#
                + #""policyTypes": ["Ingress"], "ingress": \#(rules)}}"#)
        try Self.ask(cluster).names(.networkPolicyBlocks, on: Self.policy + "in")
    }

    @Test func `a default deny that nobody suffers from is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.server("worker")
        cluster.networkPolicy("default-deny")
        try Self.ask(cluster).isSilent()
    }

    @Test func `an egress policy for a database that calls nobody is silent`() throws {
        var cluster = Self.shop()
        cluster.networkPolicy("store-out", for: ["app": "store"], types: ["Egress"])
        try Self.ask(cluster).isSilent()
    }

    @Test func `a policy in another namespace is silent`() throws {
        var cluster = Self.shop()
        cluster.namespace("other")
        cluster.networkPolicy("deny", in: "other")
        try Self.ask(cluster).isSilent()
    }

    @Test func `a refusal is no policy`() throws {
        var cluster = Self.shop()
        cluster.remove(.deployments, "store")
        cluster.deployment("store", pods: [.crashLooping()])
        cluster.log("front", (0..<5).map { _ in "ERROR dial tcp store:8080: connect: connection refused" }.joined(separator: "\n"))
        try Self.ask(cluster).doesNotClaim(.networkPolicyBlocks)
    }

    @Test func `traffic from the ingress controller counts as needed`() throws {
        var cluster = Self.shop()
        cluster.namespace("ingress-nginx")
        cluster.deployment(
            "ingress-nginx-controller",
            TemplateShape([ContainerShape("controller", image: "registry.k8s.io/ingress-nginx/controller:v1.11.2")]), in: "ingress-nginx")
        cluster.add(.ingressClasses, name: "nginx", ["spec": ["controller": "k8s.io/ingress-nginx"]])
        cluster.ingress("shop", [("/", "front", 80)])
        cluster.networkPolicy("front-in", for: ["app": "front"], Self.from(["app": "gateway"]))
        try Self.ask(cluster, "The site gives 504").names(.networkPolicyBlocks, on: Self.policy + "front-in")
    }
}
