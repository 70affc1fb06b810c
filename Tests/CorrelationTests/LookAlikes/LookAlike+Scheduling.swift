import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Pods without a node: one message, and many constraints.
    static let scheduling: [LookAlike] = [
        LookAlike(
            cause: .insufficientResources, object: web, details: ["resource": "cpu", "found": "12"],
            fault: {
                var cluster = threeNodes()
                cluster.deployment(
                    "web", asking(cpu: "12"), pods: [turnedDown(3, "1 node(s) had untolerated taint(s), 2 Insufficient cpu")])
                return cluster
            },
            twinIs: "a quota that lets no more pods be made", twinCause: .quotaExceeded,
            twin: {
                var cluster = threeNodes()
                cluster.deployment("web", asking(cpu: "2"), pods: [.running], replicas: 2)
                let use = "requested: requests.cpu=2, used: requests.cpu=2, limited: requests.cpu=3"
                refused(&cluster, "exceeded quota: compute, \(use)")
                cluster.quota("compute", hard: ["requests.cpu": "3"], used: ["requests.cpu": "2"])
                return cluster
            }),
        LookAlike(
            cause: .untoleratedTaint, object: web, details: ["field": "toleration", "effect": "NoSchedule"],
            fault: {
                tainted(["key": "maintenance", "value": "true", "effect": "NoSchedule"], isReady: true)
            },
            twinIs: "taints that say that the nodes are out of reach", twinCause: .nodeNotReady,
            twin: { tainted(["key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"], isReady: false) }),
        LookAlike(
            cause: .nodeCordoned, object: "Node worker-2", details: ["node": "worker-2"],
            fault: { besideCordon(cpu: "1") },
            twinIs: "a request that the cordoned node could not hold either", twinCause: .insufficientResources,
            twin: { besideCordon(cpu: "16") }),
        LookAlike(
            cause: .nodeSelectorMismatch, object: web,
            details: ["field": "nodeSelector", "label": "disktype", "found": "disktype=ssd", "expected": "disktype=hdd"],
            fault: { selecting("disktype", "ssd") },
            twinIs: "a volume that is tied to a node which is gone", twinCause: .persistentVolumeMismatch,
            twin: {
                var cluster = threeNodes()
                cluster.claim("data")
                cluster.volume("pv-data", claim: "data", onNode: "worker-7")
                let reasons = "1 node(s) had untolerated taint(s), 2 node(s) didn't match PersistentVolume's node affinity"
                cluster.deployment(
                    "web", TemplateShape([ContainerShape("web")], volumes: [.claim("data", name: "data")]), pods: [turnedDown(3, reasons)])
                return cluster
            }),
        LookAlike(
            cause: .nodeSelectorMismatch, object: web, details: ["field": "nodeSelector", "label": "accelerator"],
            fault: { selecting("accelerator", "h100", withGPU: true) },
            twinIs: "a node with that label that keeps others off by a taint", twinCause: .untoleratedTaint,
            twin: { selecting("accelerator", "a100", withGPU: true) }),
        LookAlike(
            cause: .podAffinityUnsatisfiable, object: web, details: ["field": "podAntiAffinity", "label": "kubernetes.io/hostname"],
            fault: {
                var cluster = threeNodes()
                let reasons = "1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules"
                cluster.deployment("web", apart(), pods: [.running, PodShape(node: "worker-2"), turnedDown(3, reasons)])
                return cluster
            },
            twinIs: "a spread over zones of which one takes no pods", twinCause: .topologySpreadUnsatisfiable,
            twin: {
                var cluster = threeNodes(zones: ["b", "a", "a"])
                let reasons = "1 node(s) had untolerated taint(s), 2 node(s) didn't match pod topology spread constraints"
                cluster.deployment("web", spread(over: "topology.kubernetes.io/zone"), pods: [.running, turnedDown(3, reasons)])
                return cluster
            }),
        LookAlike(
            cause: .podAffinityUnsatisfiable, object: web, details: ["field": "podAntiAffinity"],
            fault: {
                var cluster = threeNodes()
                let reasons = "1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules"
                cluster.deployment("web", apart(cpu: "1"), pods: [.running, PodShape(node: "worker-2"), turnedDown(3, reasons)])
                return cluster
            },
            twinIs: "a node of its own for each replica, of which the last is full", twinCause: .insufficientResources,
            twin: {
                var cluster = threeNodes()
                cluster.node("worker-3")
                cluster.deployment(
                    "hog", TemplateShape([ContainerShape("hog", requests: ["cpu": "3500m"])]), pods: [PodShape(node: "worker-3")])
                let reasons = "1 Insufficient cpu, 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules"
                cluster.deployment("web", apart(cpu: "1"), pods: [.running, PodShape(node: "worker-2"), turnedDown(4, reasons)])
                return cluster
            }),
        LookAlike(
            cause: .topologySpreadUnsatisfiable, object: web,
            details: ["field": "topologySpreadConstraints", "label": "topology.example.com/rack"],
            fault: {
                var cluster = threeNodes()
                let words = "2 node(s) didn't match pod topology spread constraints (missing required label)"
                cluster.deployment(
                    "web", spread(over: "topology.example.com/rack"), pods: [turnedDown(3, "1 node(s) had untolerated taint(s), \(words)")])
                return cluster
            },
            twinIs: "a zone whose only node is cordoned", twinCause: .nodeCordoned,
            twin: {
                var cluster = threeNodes()
                cluster.node("worker-2", labels: ["topology.kubernetes.io/zone": "b"], unschedulable: true)
                let words = "1 node(s) didn't match pod topology spread constraints, 1 node(s) had untolerated taint(s)"
                cluster.deployment(
                    "web", spread(over: "topology.kubernetes.io/zone"),
                    pods: [.running, turnedDown(3, "\(words), 1 node(s) were unschedulable")])
                return cluster
            }),
        LookAlike(
            cause: .schedulerMissing, object: web, details: ["field": "schedulerName", "found": "volcano"],
            fault: {
                var cluster = threeNodes()
                cluster.deployment("web", asking(cpu: "12", more: ["schedulerName": "volcano"]), pods: [.unseen()])
                return cluster
            },
            twinIs: "a scheduler of that name that finds no room", twinCause: .insufficientResources,
            twin: {
                var cluster = threeNodes()
                let shape = turnedDown(3, "1 node(s) had untolerated taint(s), 2 Insufficient cpu")
                let pods = cluster.deployment("web", asking(cpu: "12", more: ["schedulerName": "volcano"]), pods: [shape])
                cluster.event(
                    "FailedScheduling", about: pod(pods[0]), shape.unschedulable ?? "", count: 20, minutesAgo: 1, firstMinutesAgo: 20,
                    source: "volcano")
                return cluster
            }),
        LookAlike(
            cause: .schedulerMissing, object: web, details: ["field": "schedulingGates", "found": "kueue.x-k8s.io/admission"],
            fault: { gated() },
            twinIs: "the scheduler of the cluster itself that crashes", twinCause: .controlPlaneDegraded,
            twin: {
                var cluster = ClusterBuilder()
                cluster.node("master-1", labels: ["node-role.kubernetes.io/control-plane": ""])
                for component in ["etcd", "kube-apiserver", "kube-controller-manager"] { cluster.staticPod(component, on: "master-1") }
                cluster.staticPod("kube-scheduler", on: "master-1", .crashLooping())
                cluster.deployment("web", pods: [.unseen()])
                cluster.service("web", port: 8080)
                return cluster
            }),
        LookAlike(
            cause: .podPreempted, object: web, details: ["node": "worker-1", "reference": "batch"],
            fault: { preempted() },
            twinIs: "pods that the kubelet puts out for want of memory", twinCause: .nodeMemoryPressure, twin: { putOut() }),
    ]
}

private let web = "Deployment shop/web"

private func pod(_ name: String) -> ObjectReference { ObjectReference(kind: "Pod", namespace: "shop", name: name) }

/// A control plane and two workers.
private func threeNodes(zones: [String] = ["a", "a", "b"]) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let zone = "topology.kubernetes.io/zone"
    cluster.node("cp-1", labels: [zone: zones[0]], taints: [["key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"]])
    cluster.node("worker-1", labels: ["disktype": "hdd", zone: zones[1]])
    cluster.node("worker-2", labels: ["disktype": "hdd", zone: zones[2]])
    return cluster
}

/// A pod that none of the nodes takes, for these reasons.
private func turnedDown(_ count: Int, _ reasons: String) -> PodShape {
    let words =
        reasons.contains("Insufficient") ? "No preemption victims found for incoming pod" : "Preemption is not helpful for scheduling"
    return .unschedulable("0/\(count) nodes are available: \(reasons). preemption: 0/\(count) nodes are available: \(count) \(words).")
}

private func asking(cpu: String, more: JSONNode = [:]) -> TemplateShape {
    TemplateShape([ContainerShape("web", requests: ["cpu": cpu])], more: more)
}

/// Replicas that want a node each.
private func apart(cpu: String = "100m") -> TemplateShape {
    let term: JSONNode = ["topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": "web"]]]
    return asking(cpu: cpu, more: ["affinity": ["podAntiAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": [term]]]])
}

/// Replicas that want to be spread evenly.
private func spread(over key: String) -> TemplateShape {
    let constraint: JSONNode = [
        "maxSkew": 1, "topologyKey": .string(key), "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": ["matchLabels": ["app": "web"]],
    ]
    return asking(cpu: "100m", more: ["topologySpreadConstraints": [constraint]])
}

private func refused(_ cluster: inout ClusterBuilder, _ why: String) {
    let name = cluster.replicaSetName(of: "web")
    cluster.event(
        "FailedCreate", about: ObjectReference(kind: "ReplicaSet", namespace: "shop", name: name),
        "Error creating: pods \"\(name)-x2x2x\" is forbidden: \(why)", count: 14, source: "replicaset-controller")
}

/// A Deployment `web` before two workers that carry this taint.
private func tainted(_ taint: JSONNode, isReady: Bool) -> ClusterBuilder {
    var cluster = threeNodes()
    for name in ["worker-1", "worker-2"] { cluster.node(name, ready: isReady, taints: [taint]) }
    cluster.deployment("web", asking(cpu: "1"), pods: [turnedDown(3, "3 node(s) had untolerated taint(s)")])
    cluster.service("web", port: 8080)
    return cluster
}

/// A Deployment `web` before a full node and a cordoned one.
private func besideCordon(cpu: String) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.node("worker-1", cpu: "2")
    cluster.node("worker-2", cpu: "8", unschedulable: true)
    cluster.deployment("base", TemplateShape([ContainerShape("base", requests: ["cpu": "1500m"])]), pods: [.running])
    cluster.deployment("web", asking(cpu: cpu), pods: [turnedDown(2, "1 Insufficient cpu, 1 node(s) were unschedulable")])
    cluster.service("web", port: 8080)
    return cluster
}

/// A Deployment `web` that insists on a label.
private func selecting(_ key: String, _ value: String, withGPU: Bool = false) -> ClusterBuilder {
    var cluster = threeNodes()
    if withGPU {
        let taint: JSONNode = ["key": "dedicated", "value": "ml", "effect": "NoSchedule"]
        cluster.node("gpu-1", labels: ["accelerator": "a100"], taints: [taint])
    }
    let template = TemplateShape([ContainerShape("web")], nodeSelector: [key: value])
    // The scheduler looks at taints before labels, and its words do not say whose taint it met.
    let tainted = withGPU ? 2 : 1
    let reasons = "2 node(s) didn't match Pod's node affinity/selector, \(tainted) node(s) had untolerated taint(s)"
    cluster.deployment("web", template, pods: [turnedDown(2 + tainted, reasons)])
    cluster.service("web", port: 8080)
    return cluster
}

/// A Deployment `web` whose pod waits for a gate to be lifted.
private func gated() -> ClusterBuilder {
    var cluster = threeNodes()
    let condition: JSONNode = [
        "type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
        "message": "Scheduling is blocked due to non-empty scheduling gates",
    ]
    let more: JSONNode = ["status": ["phase": "Pending", "conditions": [condition]]]
    let template = asking(cpu: "1", more: ["schedulingGates": [["name": "kueue.x-k8s.io/admission"]]])
    cluster.deployment("web", template, pods: [PodShape(node: nil, more: more)])
    cluster.service("web", port: 8080)
    return cluster
}

/// A Deployment `web` that had to give way to a Job.
private func preempted() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    var shape = turnedDown(1, "1 Insufficient cpu")
    shape.minutesOld = 4
    cluster.deployment("web", asking(cpu: "2"), pods: [shape])
    cluster.service("web", port: 8080)
    let batch = TemplateShape(
        [ContainerShape("batch", requests: ["cpu": "3"])], more: ["priorityClassName": "high", "restartPolicy": "Never"])
    cluster.job("batch", batch, pods: [PodShape(name: "batch-x7kbb", minutesOld: 4)])
    cluster.event(
        "Preempted", about: pod("\(cluster.replicaSetName(of: "web"))-gone1"), "Preempted by pod uid-pod-shop-batch-x7kbb on node worker-1",
        type: "Normal", minutesAgo: 4, source: "default-scheduler")
    return cluster
}

/// A Deployment `web` whose pod was evicted from a node short of memory, and whose next one finds no node.
private func putOut() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.node("worker-1", taints: [["key": "node.kubernetes.io/memory-pressure", "effect": "NoSchedule"]])
    cluster.conditions(
        of: "worker-1",
        [cluster.condition("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available")])
    let use = "Container web was using 1521Mi, request is 64Mi, has larger consumption of memory. "
    let message = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 71552Ki. \(use)"
    let pods = cluster.deployment(
        "web",
        pods: [.evicted(message, at: cluster.time(minutesAgo: 5)), turnedDown(1, "1 node(s) had untolerated taint(s)")], replicas: 1)
    cluster.service("web", port: 8080)
    cluster.event("Evicted", about: pod(pods[0]), message, minutesAgo: 5)
    return cluster
}
