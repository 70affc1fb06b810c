import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Names that do not resolve: the cluster's servers (N19, N20), and pods that do not ask them (N22).
@Suite struct DNSFixtures {
    private static let words = "Partial Service Unreachability."

    private static func ask(_ cluster: ClusterBuilder, _ description: String = words) throws -> Report {
        try diagnose(cluster.evidence(), description, namespace: "shop")
    }

    private static func shop(_ template: JSONNode = [:]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.server("front", env: ["STORE_URL": "http://store:8080"], more: template)
        cluster.service("front", port: 80, targetPort: 8080)
        cluster.server("store")
        cluster.service("store", port: 8080)
        return cluster
    }

    private static func fails(_ cluster: inout ClusterBuilder, _ line: String) {
        cluster.log("front", (0..<6).map { _ in line }.joined(separator: "\n"))
    }

    // MARK: The cluster's DNS

    @Test func `DNS at zero replicas is found from a client's log`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS(pods: [], replicas: 0)
        Self.fails(&cluster, "ERROR lookup store on 10.96.0.10:53: read udp 10.244.0.9:53211->10.96.0.10:53: i/o timeout")
        try Self.ask(cluster).names(.clusterDNSUnavailable, on: "Deployment kube-system/coredns")
    }

    @Test func `DNS without a ready pod is found without any log`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS(pods: [.crashLooping(), .crashLooping()])
        cluster.log(
            "coredns", previous: true, in: "kube-system", "/etc/coredns/Corefile:4 - Error during parsing: Unknown directive 'kuberntes'")
        let cause = try Self.ask(cluster).names(.clusterDNSUnavailable, on: "Deployment kube-system/coredns")
        #expect(cause.details["reason"] != nil)
    }

    @Test func `a template that denies the cluster's own names is found in the Corefile`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS(
            corefile:
                ".:53 {\n    errors\n    template ANY ANY svc.cluster.local {\n        rcode NXDOMAIN\n    }\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n        pods insecure\n    }\n    forward . /etc/resolv.conf\n}\n"
        )
        Self.fails(&cluster, "ERROR dial tcp: lookup store on 10.96.0.10:53: no such host")
        try Self.ask(cluster).names(
            .clusterDNSUnavailable, on: "Deployment kube-system/coredns", ["field": "template", "reference": "coredns"])
    }

    @Test func `a zone with a typing error is found without any log`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS(corefile: ".:53 {\n    errors\n    kubernetes cluster.locl in-addr.arpa ip6.arpa\n    forward . 8.8.8.8\n}\n")
        try Self.ask(cluster).names(
            .clusterDNSUnavailable, on: "Deployment kube-system/coredns", ["field": "kubernetes", "expected": "cluster.local"])
    }

    @Test func `a DNS Service that finds no pods takes all names with it`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS()
        cluster.remove(.services, "kube-dns", in: "kube-system")
        cluster.service(
            "kube-dns", port: 53, selector: ["k8s-app": "core-dns"], in: "kube-system",
            more: ["clusterIP": "10.96.0.10", "ports": [["name": "dns", "port": 53, "targetPort": 53, "protocol": "UDP"]]])
        Self.fails(&cluster, "Error: getaddrinfo EAI_AGAIN store")
        try Self.ask(cluster).names(
            .clusterDNSUnavailable, on: "Deployment kube-system/coredns", ["reference": "kube-dns", "found": "k8s-app=core-dns"])
    }

    @Test func `an unread DNS namespace is asked for`() throws {
        var cluster = Self.shop()
        cluster.scope = ["shop"]
        Self.fails(&cluster, "Error: getaddrinfo EAI_AGAIN store")
        let report = try Self.ask(cluster)
        #expect(report.nextSteps.contains { $0.contains("kube-system") } || report.outcome == .causeFound)
        #expect(report.rootCauses.allSatisfy { $0.level < .high })
    }

    @Test func `a healthy Corefile with another domain or templates for other types is silent`() throws {
        for corefile in [
            ".:53 {\n    kubernetes k8s.example.net in-addr.arpa\n    forward . /etc/resolv.conf\n}\n",
            ".:53 {\n    template ANY AAAA {\n      rcode NXDOMAIN\n    }\n    kubernetes cluster.local\n}\n",
            "import /etc/coredns/custom/*.conf\n",
        ] {
            var cluster = Self.shop()
            cluster.clusterDNS(corefile: corefile)
            try Self.ask(cluster).isSilent()
        }
    }

    @Test func `one of two DNS pods down is no outage`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS(pods: [.running, .waiting("ContainerCreating")])
        try Self.ask(cluster).doesNotClaim(.clusterDNSUnavailable)
    }

    // MARK: Pods

    @Test(arguments: [("Default", "ClusterFirst"), ("None", "ClusterFirst")])
    func `a pod that asks other servers is found without a log`(_ policy: String, _ expected: String) throws {
        var cluster = Self.shop(["dnsPolicy": .string(policy), "dnsConfig": ["nameservers": ["8.8.8.8"]]])
        cluster.clusterDNS()
        try Self.ask(cluster).names(
            .podDNSPolicyInvalid, on: "Deployment shop/front", ["field": "dnsPolicy", "found": policy, "expected": expected])
    }

    @Test func `a pod on the node's network needs the policy for it`() throws {
        var cluster = Self.shop(["hostNetwork": true, "dnsPolicy": "ClusterFirst"])
        cluster.clusterDNS()
        Self.fails(&cluster, "ERROR dial tcp: lookup store on 192.0.2.53:53: no such host")
        try Self.ask(cluster).names(
            .podDNSPolicyInvalid, on: "Deployment shop/front", ["found": "ClusterFirst", "expected": "ClusterFirstWithHostNet"])
    }

    @Test func `own servers without search domains cannot resolve short names`() throws {
        var cluster = Self.shop(["dnsPolicy": "None", "dnsConfig": ["nameservers": ["10.96.0.10"], "searches": ["example.com"]]])
        cluster.clusterDNS()
        try Self.ask(cluster).names(
            .podDNSPolicyInvalid, on: "Deployment shop/front",
            ["field": "dnsConfig.searches", "found": "example.com", "expected": "shop.svc.cluster.local"])
    }

    @Test func `own servers that are the cluster's are silent`() throws {
        var cluster = Self.shop([
            "dnsPolicy": "None",
            "dnsConfig": ["nameservers": ["10.96.0.10"], "searches": ["shop.svc.cluster.local", "svc.cluster.local", "cluster.local"]],
        ])
        cluster.clusterDNS()
        try Self.ask(cluster).isSilent()
    }

    @Test func `the right policy on the node's network is silent`() throws {
        var cluster = Self.shop(["hostNetwork": true, "dnsPolicy": "ClusterFirstWithHostNet"])
        cluster.clusterDNS()
        try Self.ask(cluster).isSilent()
    }

    @Test func `an agent on the node's network that names no Service is silent`() throws {
        var cluster = Self.shop()
        cluster.clusterDNS()
        cluster.daemonSet(
            "node-exporter",
            TemplateShape([ContainerShape("node-exporter", ports: [9100])], more: ["hostNetwork": true, "dnsPolicy": "ClusterFirst"]))
        try Self.ask(cluster).isSilent()
    }
}
