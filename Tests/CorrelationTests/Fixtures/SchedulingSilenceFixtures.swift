import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that nobody schedules, or that wait without a word; preemption and devices.
@Suite struct SchedulingSilenceFixtures {
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

    // MARK: Nobody schedules

    @Test func `an unknown scheduler leaves no event at all`() throws {
        var cluster = cluster()
        cluster.deployment(
            "web", template([:], ["schedulerName": "batch-scheduler"]),
            pods: [PodShape(node: nil, more: ["status": ["phase": "Pending", "conditions": .null]])])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(
                .schedulerMissing, on: "Deployment shop/web",
                ["field": "schedulerName", "found": "batch-scheduler", "expected": "default-scheduler"])
    }

    @Test func `a scheduler that places other pods is not missing`() throws {
        var cluster = cluster()
        let template = template([:], ["schedulerName": "volcano"])
        cluster.deployment(
            "web", template,
            pods: [
                PodShape(minutesOld: 3), PodShape(node: nil, minutesOld: 1.5, more: ["status": ["phase": "Pending", "conditions": .null]]),
            ])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop").doesNotClaim(.schedulerMissing)
    }

    @Test func `a scheduling gate is named`() throws {
        var cluster = cluster()
        let gated: JSONNode = [
            "status": [
                "phase": "Pending",
                "conditions": [
                    [
                        "type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
                        "message": "Scheduling is blocked due to non-empty scheduling gates",
                    ]
                ],
            ]
        ]
        cluster.job(
            "train", template([:], ["schedulingGates": [["name": "kueue.x-k8s.io/admission"]]]), pods: [PodShape(node: nil, more: gated)])
        try diagnose(cluster.evidence(), "train pending", namespace: "shop")
            .names(.schedulerMissing, on: "Job shop/train", ["field": "schedulingGates", "found": "kueue.x-k8s.io/admission"])
    }

    // MARK: Little evidence

    @Test func `without any message the nodes themselves tell`() throws {
        var cluster = cluster()
        cluster.deployment("search", template(nodeSelector: ["disktype": "ssd"]), pods: [PodShape(node: nil)])
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
            .names(.nodeSelectorMismatch, on: "Deployment shop/search", ["label": "disktype", "expected": "disktype=hdd"])
    }

    @Test func `without condition and events a request above all nodes still shows`() throws {
        var cluster = cluster()
        cluster.deployment(
            "render", template(["cpu": "40"]), pods: [PodShape(node: nil, more: ["status": ["phase": "Pending", "conditions": .null]])])
        try diagnose(cluster.evidence(), "render pending", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/render", ["resource": "cpu", "found": "40", "expected": "at most 4"])
    }

    @Test func `only the event has the message and no nodes were read`() throws {
        var cluster = ClusterBuilder()
        cluster.removeList(.nodes)
        let pods = cluster.deployment("render", template(["cpu": "40"]), pods: [PodShape(node: nil)])
        cluster.change(.pods, pods[0], ["status": ["conditions": .null]])
        cluster.event(
            "FailedScheduling", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 Insufficient cpu.",
            source: "default-scheduler")
        try diagnose(cluster.evidence(), "Pods pending", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/render", ["resource": "cpu", "found": "40"])
    }

    @Test func `a pod made seconds ago is on its way`() throws {
        var cluster = cluster()
        cluster.deployment(
            "web", pods: [.running, PodShape(node: nil, minutesOld: 0.2, more: ["status": ["phase": "Pending", "conditions": .null]])])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    // MARK: Preemption and devices

    @Test func `a replica that had to give way is not merely short of room`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("urgent", template(["cpu": "3"], ["priorityClassName": "high"]), pods: [.running])
        let pods = cluster.deployment(
            "web", template(["cpu": "2"]), pods: [PodShape(unschedulable: "0/1 nodes are available: 1 Insufficient cpu.", minutesOld: 3)])
        let victim = String(pods[0].dropLast(5)) + "zz9zz"
        cluster.event(
            "Preempted", about: ObjectReference(kind: "Pod", namespace: "shop", name: victim),
            "Preempted by pod 6f5e7c34-52c9-4c0e-9d67-0d6d9f1f4b2a on node worker-1", type: "Normal", minutesAgo: 3,
            source: "default-scheduler")
        try diagnose(cluster.evidence(), "web is down", namespace: "shop").names(.podPreempted, on: "Deployment shop/web")
    }

    @Test func `a device plugin that cannot serve`() throws {
        var cluster = cluster()
        cluster.deployment(
            "infer", template(["nvidia.com/gpu": "1"]),
            pods: [
                PodShape(
                    .waiting("ContainerCreating"), minutesOld: 5,
                    more: [
                        "status": [
                            "phase": "Failed", "reason": "UnexpectedAdmissionError",
                            "message":
                                "Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices nvidia.com/gpu, which is unexpected",
                            "containerStatuses": .null,
                        ]
                    ])
            ])
        try diagnose(cluster.evidence(), "infer fails", namespace: "shop")
            .names(.deviceUnavailable, on: "Deployment shop/infer", ["resource": "nvidia.com/gpu", "node": "worker-1"])
    }
}
