import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that other pods keep from every node.
@Suite struct SchedulingNeighbourFixtures {
    private static let controlPlaneTaint: JSONNode = ["key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"]

    /// Three nodes: a control plane and two workers.
    private func cluster() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("cp-1", taints: [Self.controlPlaneTaint])
        cluster.node("worker-1", labels: ["disktype": "hdd", "topology.kubernetes.io/zone": "a"])
        cluster.node("worker-2", labels: ["disktype": "hdd", "topology.kubernetes.io/zone": "b"])
        return cluster
    }

    private func template(_ requests: [String: String] = [:], _ more: JSONNode = [:], nodeSelector: [String: String] = [:]) -> TemplateShape
    {
        TemplateShape([ContainerShape("app", requests: requests)], nodeSelector: nodeSelector, more: more)
    }

    private func antiAffinity(_ app: String) -> JSONNode {
        [
            "affinity": [
                "podAntiAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        ["topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": .string(app)]]]
                    ]
                ]
            ]
        ]
    }

    @Test func `more replicas than nodes with anti-affinity`() throws {
        var cluster = cluster()
        cluster.deployment(
            "web", template([:], antiAffinity("web")),
            pods: [
                .running, PodShape(node: "worker-2"),
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match pod anti-affinity rules."
                ),
            ])
        try diagnose(cluster.evidence(), "web misses a replica", namespace: "shop")
            .names(
                .podAffinityUnsatisfiable, on: "Deployment shop/web", ["field": "podAntiAffinity", "label": "kubernetes.io/hostname"],
                saying: ["anti-affinity", "3 replicas"])
    }

    @Test func `a third replica kept out by a full node is a matter of room`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2")
        cluster.node("worker-3")
        cluster.deployment("hog", template(["cpu": "3500m"]), pods: [PodShape(node: "worker-3")])
        cluster.deployment(
            "web", template(["cpu": "1"], antiAffinity("web")),
            pods: [
                .running, PodShape(node: "worker-2"),
                .unschedulable("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match pod anti-affinity rules."),
            ])
        try diagnose(cluster.evidence(), "web misses a replica", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["resource": "cpu"])
    }

    @Test func `anti-affinity of another workload is named as such`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("exclusive", template([:], antiAffinity("web")), pods: [.running])
        cluster.deployment(
            "web", template(),
            pods: [.unschedulable("0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.podAffinityUnsatisfiable, on: "Deployment shop/web", ["field": "podAntiAffinity"], saying: ["exclusive"])
    }

    @Test func `pod affinity to a label that no pod has`() throws {
        var cluster = cluster()
        cluster.deployment("cache", pods: [.running])
        let affinity: JSONNode = [
            "affinity": [
                "podAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        ["topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": "cach"]]]
                    ]
                ]
            ]
        ]
        cluster.deployment(
            "web", template([:], affinity),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 node(s) didn't match pod affinity rules, 2 node(s) didn't match pod affinity/anti-affinity rules."
                )
            ])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(
                .podAffinityUnsatisfiable, on: "Deployment shop/web",
                ["field": "podAffinity", "found": "affinity app=cach", "expected": "app=cache"])
    }

    @Test func `a spread over a label that nodes lack`() throws {
        var cluster = cluster()
        let spread: JSONNode = [
            "topologySpreadConstraints": [
                [
                    "maxSkew": 1, "topologyKey": "topology.example.com/rack", "whenUnsatisfiable": "DoNotSchedule",
                    "labelSelector": ["matchLabels": ["app": "web"]],
                ]
            ]
        ]
        cluster.deployment(
            "web", template([:], spread),
            pods: [
                .unschedulable("0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label).")
            ])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(
                .topologySpreadUnsatisfiable, on: "Deployment shop/web",
                ["field": "topologySpreadConstraints", "label": "topology.example.com/rack"])
    }

    @Test func `a host port that another pod holds`() throws {
        var cluster = ClusterBuilder()
        let holder = TemplateShape([ContainerShape("edge", more: ["ports": [["containerPort": 8080, "hostPort": 8080]]])])
        cluster.deployment("edge", holder, pods: [.running])
        let asker = TemplateShape([ContainerShape("app", more: ["ports": [["containerPort": 80, "hostPort": 8080]]])])
        cluster.deployment(
            "web", asker,
            pods: [.unschedulable("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.portConflict, on: "Deployment shop/web", ["port": "8080"], saying: ["edge"])
    }
}
