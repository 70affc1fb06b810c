import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that no node takes: one cause of many that look alike in the scheduler's message.
@Suite struct SchedulingFixtures {
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

    // MARK: Resources

    @Test func `a request above every node is found with the largest node beside it`() throws {
        var cluster = cluster()
        cluster.deployment(
            "render", template(["cpu": "12"]),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod."
                )
            ])
        try diagnose(cluster.evidence(), "Pods of render are pending.", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/render", ["resource": "cpu", "found": "12", "expected": "at most 4"])
    }

    @Test func `the text of 1_21 with its comma inside the taint reads the same`() throws {
        var cluster = cluster()
        cluster.statefulSet(
            "db", template(["memory": "64Gi"]),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 Insufficient memory."
                )
            ])
        try diagnose(cluster.evidence(), "db does not start", namespace: "shop")
            .names(.insufficientResources, on: "StatefulSet shop/db", ["resource": "memory", "found": "64Gi", "expected": "at most 16Gi"])
    }

    @Test func `the text of 1_36 names no taint key and the request still wins`() throws {
        var cluster = cluster()
        cluster.deployment(
            "render", template(["memory": "24Gi"]),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient memory. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
                )
            ])
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/render", ["resource": "memory", "found": "24Gi"])
    }

    @Test func `an extended resource keeps its whole name`() throws {
        var cluster = cluster()
        cluster.job(
            "train", template(["nvidia.com/gpu": "2"]),
            pods: [.unschedulable("0/3 nodes are available: 3 Insufficient nvidia.com/gpu.")])
        try diagnose(cluster.evidence(), "train is stuck", namespace: "shop")
            .names(.insufficientResources, on: "Job shop/train", ["resource": "nvidia.com/gpu", "found": "2"])
    }

    @Test func `requests of several containers are added up`() throws {
        var cluster = cluster()
        let template = TemplateShape([ContainerShape("app", requests: ["cpu": "3"]), ContainerShape("proxy", requests: ["cpu": "1500m"])])
        cluster.deployment("edge", template, pods: [.unschedulable("0/3 nodes are available: 3 Insufficient cpu.")])
        try diagnose(cluster.evidence(), "edge pending", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/edge", ["found": "4500m", "expected": "at most 4"])
    }

    @Test func `full nodes are told from too small ones`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("batch", template(["cpu": "3"]), pods: [.running])
        cluster.deployment("web", template(["cpu": "2"]), pods: [.unschedulable("0/1 nodes are available: 1 Insufficient cpu.")])
        let top = try diagnose(cluster.evidence(), "web is down", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["resource": "cpu", "found": "2", "expected": "at most 1"])
        #expect(!top.statement.contains("more than any node"))
    }

    @Test func `the pod limit of nodes is a resource of its own`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("web", template(["cpu": "100m"]), pods: [.running, .unschedulable("0/1 nodes are available: 1 Too many pods.")])
        try diagnose(cluster.evidence(), "web lacks a replica", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["resource": "pods"])
    }

    @Test func `a daemon set pod that its own node cannot hold is no selector trouble`() throws {
        var cluster = cluster()
        let pinned: JSONNode = [
            "affinity": [
                "nodeAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        "nodeSelectorTerms": [
                            ["matchFields": [["key": "metadata.name", "operator": "In", "values": ["worker-2"]]]]
                        ]
                    ]
                ]
            ]
        ]
        cluster.daemonSet(
            "agent", template(["memory": "500Gi"]),
            pods: [
                .running,
                PodShape(
                    unschedulable:
                        "0/3 nodes are available: 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.",
                    more: ["spec": pinned]),
            ])
        try diagnose(cluster.evidence(), "agent misses a node", namespace: "shop")
            .names(.insufficientResources, on: "DaemonSet shop/agent", ["resource": "memory", "found": "500Gi"])
    }

    @Test func `a kubelet that is out of cpu refuses by pod reason`() throws {
        var cluster = cluster()
        cluster.deployment(
            "web", template(["cpu": "1"]),
            pods: [
                .running,
                PodShape(
                    .waiting("ContainerCreating"), minutesOld: 4,
                    more: [
                        "status": [
                            "phase": "Failed", "reason": "OutOfcpu",
                            "message":
                                "Pod was rejected: Node didn't have enough resource: cpu, requested: 1000, used: 3500, capacity: 4000",
                            "containerStatuses": .null,
                        ]
                    ]),
            ])
        try diagnose(cluster.evidence(), "web pods fail", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["resource": "cpu", "node": "worker-1"])
    }

    // MARK: Labels

    @Test func `a selector that no node meets names the nearest value`() throws {
        var cluster = cluster()
        cluster.deployment(
            "search", template(nodeSelector: ["disktype": "ssd"]),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector."
                )
            ])
        try diagnose(cluster.evidence(), "search pending", namespace: "shop")
            .names(
                .nodeSelectorMismatch, on: "Deployment shop/search",
                ["field": "nodeSelector", "label": "disktype", "found": "disktype=ssd", "expected": "disktype=hdd"])
    }

    @Test func `a misspelt label key finds the one that nodes carry`() throws {
        var cluster = cluster()
        cluster.deployment(
            "search", template(nodeSelector: ["disk-type": "hdd"]),
            pods: [.unschedulable("0/3 nodes are available: 3 node(s) didn't match node selector.")])
        try diagnose(cluster.evidence(), "search pending", namespace: "shop")
            .names(.nodeSelectorMismatch, on: "Deployment shop/search", ["label": "disk-type", "expected": "disktype=hdd"])
    }

    @Test func `node affinity is told from the selector`() throws {
        var cluster = cluster()
        let affinity: JSONNode = [
            "affinity": [
                "nodeAffinity": [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        "nodeSelectorTerms": [
                            [
                                "matchExpressions": [
                                    ["key": "topology.kubernetes.io/zone", "operator": "In", "values": ["c"]]
                                ]
                            ]
                        ]
                    ]
                ]
            ]
        ]
        cluster.statefulSet(
            "db", template([:], affinity),
            pods: [.unschedulable("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.")])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(
                .nodeSelectorMismatch, on: "StatefulSet shop/db",
                ["field": "nodeAffinity", "label": "topology.kubernetes.io/zone"], saying: ["topology.kubernetes.io/zone"])
    }

    @Test func `a node name that nobody has is found without any event`() throws {
        var cluster = cluster()
        cluster.deployment(
            "pinned", template([:], ["nodeName": "worker-9"]),
            pods: [
                PodShape(
                    .waiting("ContainerCreating"), node: "worker-9",
                    more: ["status": ["phase": "Pending", "containerStatuses": .null]])
            ])
        try diagnose(cluster.evidence(), "pinned is pending", namespace: "shop")
            .names(.nodeSelectorMismatch, on: "Deployment shop/pinned", ["field": "nodeName", "found": "worker-9"])
    }

    @Test func `a node that fits by label but is tainted makes it the taint`() throws {
        var cluster = cluster()
        cluster.node("gpu-1", labels: ["accelerator": "a100"], taints: [["key": "dedicated", "value": "ml", "effect": "NoSchedule"]])
        cluster.deployment(
            "infer", template(nodeSelector: ["accelerator": "a100"]),
            pods: [
                .unschedulable(
                    "0/4 nodes are available: 1 node(s) had untolerated taint {dedicated: ml}, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector."
                )
            ])
        try diagnose(cluster.evidence(), "infer pending", namespace: "shop")
            .names(
                .untoleratedTaint, on: "Deployment shop/infer", ["taint": "dedicated", "found": "dedicated=ml:NoSchedule", "node": "gpu-1"])
    }

    // MARK: Taints and cordons

    @Test func `taints on all workers are the cause and the control plane is not named`() throws {
        var cluster = cluster()
        let taint: JSONNode = ["key": "maintenance", "value": "true", "effect": "NoSchedule"]
        cluster.node("worker-1", taints: [taint])
        cluster.node("worker-2", taints: [taint])
        cluster.deployment(
            "web", template(), pods: [.unschedulable("0/3 nodes are available: 3 node(s) had untolerated taint(s).")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(
                .untoleratedTaint, on: "Deployment shop/web",
                ["field": "toleration", "taint": "maintenance", "found": "maintenance=true:NoSchedule"])
    }

    @Test func `the message alone names the taint where nodes were not read`() throws {
        var cluster = cluster()
        cluster.removeList(.nodes, reason: "403 Forbidden")
        cluster.deployment(
            "web", template(),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate, 2 node(s) had taint {dedicated: batch}, that the pod didn't tolerate."
                )
            ])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.untoleratedTaint, on: "Deployment shop/web", ["taint": "dedicated", "found": "dedicated=batch"])
    }

    @Test func `a not-ready taint stands for the node`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", ready: false, taints: [["key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"]])
        cluster.deployment(
            "web", template(),
            pods: [.unschedulable("0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop").names(.nodeNotReady, on: "Node worker-1")
    }

    @Test func `a cordoned node that would take the pod is the cause though others are full`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", cpu: "2")
        cluster.node("worker-2", cpu: "8", unschedulable: true)
        cluster.deployment("base", template(["cpu": "1500m"]), pods: [.running])
        cluster.deployment(
            "web", template(["cpu": "1"]),
            pods: [.unschedulable("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.nodeCordoned, on: "Node worker-2", ["node": "worker-2"])
    }

    @Test func `a cordoned node that is too small as well is no cause`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2", unschedulable: true)
        cluster.deployment(
            "web", template(["cpu": "16"]),
            pods: [.unschedulable("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["found": "16", "expected": "at most 4"])
    }

    @Test func `a cordoned node with nobody waiting is silent`() throws {
        var cluster = cluster()
        cluster.node("worker-2", taints: [["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"]], unschedulable: true)
        cluster.deployment("web", pods: [.running, .running])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a pod whose volume lives on a cordoned node waits for that node`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-2", unschedulable: true)
        cluster.claim("data")
        cluster.volume("pv-data", claim: "data", onNode: "worker-2")
        cluster.statefulSet(
            "db", TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data")]),
            pods: [
                .unschedulable(
                    "0/2 nodes are available: 1 node(s) had volume node affinity conflict, 1 node(s) were unschedulable.")
            ])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(.nodeCordoned, on: "Node worker-2")
    }
}
