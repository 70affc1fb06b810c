import ClusterModel

extension ClusterBuilder {
    /// Adds a Deployment of one container that declares this port, and has these variables.
    public mutating func server(
        _ name: String, port: Int? = 8080, replicas: Int = 2, env: [String: String] = [:], readiness: ProbeShape? = nil,
        labels: [String: String] = [:], nodes: [String] = [], in namespace: String? = nil, more: JSONNode = [:]
    ) {
        let container = ContainerShape(name, env: env, ports: port.map { [$0] } ?? [], readiness: readiness)
        let pods = (0..<replicas).map { PodShape(node: nodes.isEmpty ? "worker-1" : nodes[$0 % nodes.count]) }
        deployment(name, TemplateShape([container], labels: labels, more: more), pods: pods, in: namespace)
    }

    /// Adds a NetworkPolicy: `spec` is merged behind its pod selector; an empty selector covers all pods.
    public mutating func networkPolicy(
        _ name: String, for labels: [String: String] = [:], types: [String] = ["Ingress"], minutesOld: Double = 20,
        in namespace: String? = nil, _ rules: JSONNode = [:]
    ) {
        let selector: JSONNode = labels.isEmpty ? [:] : ["matchLabels": .strings(labels)]
        let spec: JSONNode = ["podSelector": selector, "policyTypes": .array(types.map(JSONNode.string))]
        add(.networkPolicies, name: name, in: namespace, minutesOld: minutesOld, ["spec": spec.merged(with: rules)])
    }

    /// Adds an Ingress with one path after another, as `host/path → service:port`.
    public mutating func ingress(
        _ name: String, _ routes: [(path: String, service: String, port: JSONNode)], host: String = "shop.example.com",
        className: String? = "nginx", annotations: [String: String] = [:], minutesOld: Double = 60, more: JSONNode = [:]
    ) {
        let paths = routes.map { route -> JSONNode in
            let key = if case .string = route.port { "name" } else { "number" }
            let service: JSONNode = ["name": .string(route.service), "port": JSONNode.object([.init(key, route.port)])]
            return ["path": .string(route.path), "pathType": "Prefix", "backend": ["service": service]]
        }
        var spec: JSONNode = ["rules": [["host": .string(host), "http": ["paths": .array(paths)]]]]
        if let className { spec["ingressClassName"] = .string(className) }
        add(
            .ingresses, name: name, annotations: annotations, minutesOld: minutesOld,
            JSONNode.object([.init("spec", spec)]).merged(with: more))
    }

    /// Adds the cluster's DNS as kubeadm does: Deployment, Service and Corefile.
    public mutating func clusterDNS(pods: [PodShape] = [.running, .running], replicas: Int? = nil, corefile: String? = nil) {
        namespace("kube-system")
        let text =
            corefile
            ?? ".:53 {\n    errors\n    health\n    ready\n    kubernetes cluster.local in-addr.arpa ip6.arpa {\n       pods insecure\n    }\n    forward . /etc/resolv.conf\n    cache 30\n}\n"
        configMap("coredns", ["Corefile": text], in: "kube-system")
        let ports: JSONNode = [
            "ports": [
                ["name": "dns", "containerPort": 53, "protocol": "UDP"], ["name": "dns-tcp", "containerPort": 53, "protocol": "TCP"],
            ]
        ]
        deployment(
            "coredns",
            TemplateShape(
                [ContainerShape("coredns", args: ["-conf", "/etc/coredns/Corefile"], more: ports)],
                volumes: [.configMap("config-volume", name: "coredns")], labels: ["k8s-app": "kube-dns"], more: ["dnsPolicy": "Default"]),
            pods: pods, replicas: replicas, in: "kube-system")
        service(
            "kube-dns", port: 53, selector: ["k8s-app": "kube-dns"], in: "kube-system",
            more: [
                "clusterIP": "10.96.0.10",
                "ports": [
                    ["name": "dns", "port": 53, "targetPort": 53, "protocol": "UDP"],
                    ["name": "dns-tcp", "port": 53, "targetPort": 53, "protocol": "TCP"],
                ],
            ])
    }
}
