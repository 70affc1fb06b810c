import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that are refused for several reasons at once, and pods of owners other than Deployments.
@Suite struct SchedulingMixedFixtures {
    private static let dedicated: JSONNode = ["key": "dedicated", "value": "ml", "effect": "NoSchedule"]

    private func template(_ requests: [String: String] = [:], _ more: JSONNode = [:], nodeSelector: [String: String] = [:]) -> TemplateShape
    {
        TemplateShape([ContainerShape("app", requests: requests)], nodeSelector: nodeSelector, more: more)
    }

    /// Six nodes, each of which refuses for a reason of its own.
    private func crowd() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("cp-1", labels: ["pool": "main"], taints: [["key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"]])
        cluster.node("worker-1", cpu: "2", labels: ["pool": "main"])
        cluster.node("worker-2", labels: ["pool": "batch"])
        cluster.node("worker-3", labels: ["pool": "main"], taints: [Self.dedicated])
        cluster.node("worker-4", cpu: "2", labels: ["pool": "main"], unschedulable: true)
        return cluster
    }

    private static let six =
        "0/5 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {dedicated: ml}, 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 1 node(s) were unschedulable. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling."

    @Test func `of many reasons the request stands where only larger nodes are kept for others`() throws {
        var cluster = crowd()
        cluster.deployment("web", template(["cpu": "3"], nodeSelector: ["pool": "main"]), pods: [.unschedulable(Self.six)])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["resource": "cpu", "found": "3"])
    }

    @Test func `of many reasons the cordon stands where the cordoned node has room`() throws {
        var cluster = crowd()
        cluster.node("worker-4", cpu: "8", labels: ["pool": "main"], unschedulable: true)
        cluster.deployment("web", template(["cpu": "3"], nodeSelector: ["pool": "main"]), pods: [.unschedulable(Self.six)])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop").names(.nodeCordoned, on: "Node worker-4")
    }

    @Test func `of many reasons a new taint stands where untolerating pods still run`() throws {
        var cluster = crowd()
        cluster.deployment("old", pods: [PodShape(node: "worker-3")])
        cluster.deployment("web", template(["cpu": "3"], nodeSelector: ["pool": "main"]), pods: [.unschedulable(Self.six)])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(
                .untoleratedTaint, on: "Deployment shop/web",
                ["taint": "dedicated", "found": "dedicated=ml:NoSchedule", "node": "worker-3"])
    }

    @Test func `of many reasons the selector stands where no node has the label`() throws {
        var cluster = crowd()
        cluster.deployment("web", template(["cpu": "3"], nodeSelector: ["pool": "front"]), pods: [.unschedulable(Self.six)])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.nodeSelectorMismatch, on: "Deployment shop/web", ["label": "pool", "found": "pool=front"])
    }

    @Test func `a dead node stands where the others are full`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", cpu: "1")
        cluster.node("worker-2", ready: false, taints: [["key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"]])
        cluster.deployment(
            "web", template(["cpu": "2"]),
            pods: [
                .unschedulable(
                    "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.")
            ])
        let top = try diagnose(cluster.evidence(), "web pending", namespace: "shop").names(.nodeNotReady, on: "Node worker-2")
        #expect(top.affected.map(\.description).contains("Deployment shop/web"))
    }

    @Test func `a spread that a cordoned zone makes impossible is the cordon`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", labels: ["topology.kubernetes.io/zone": "a"])
        cluster.node("worker-2", labels: ["topology.kubernetes.io/zone": "b"], unschedulable: true)
        let spread: JSONNode = [
            "topologySpreadConstraints": [
                [
                    "maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule",
                    "labelSelector": ["matchLabels": ["app": "web"]],
                ]
            ]
        ]
        cluster.deployment(
            "web", template([:], spread),
            pods: [
                .running,
                .unschedulable(
                    "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) were unschedulable."),
            ])
        try diagnose(cluster.evidence(), "web misses a replica", namespace: "shop").names(.nodeCordoned, on: "Node worker-2")
    }

    @Test func `the run of a cron job is told as the cron job`() throws {
        var cluster = ClusterBuilder()
        let template = template(["memory": "200Gi"])
        cluster.cronJob("report", template)
        cluster.job(
            "report-29000100", template, pods: [.unschedulable("0/1 nodes are available: 1 Insufficient memory.")],
            owner: ObjectReference(kind: "CronJob", namespace: "shop", name: "report"))
        try diagnose(cluster.evidence(), "the report is missing", namespace: "shop").names(
            .insufficientResources, on: "CronJob shop/report", ["resource": "memory", "found": "200Gi", "expected": "at most 16Gi"])
    }

    @Test func `without nodes a taint that the selector asks for is the taint`() throws {
        var cluster = ClusterBuilder()
        cluster.removeList(.nodes, reason: "403 Forbidden")
        cluster.deployment(
            "infer", template(nodeSelector: ["dedicated": "ml"]),
            pods: [
                .unschedulable(
                    "0/4 nodes are available: 1 node(s) had untolerated taint {dedicated: ml}, 3 node(s) didn't match Pod's node affinity/selector."
                )
            ])
        try diagnose(cluster.evidence(), "infer pending", namespace: "shop")
            .names(.untoleratedTaint, on: "Deployment shop/infer", ["taint": "dedicated", "found": "dedicated=ml"])
    }

    @Test func `without nodes the selector is told from the words`() throws {
        var cluster = ClusterBuilder()
        cluster.removeList(.nodes, reason: "403 Forbidden")
        cluster.deployment(
            "search", template(nodeSelector: ["disktype": "ssd"]),
            pods: [
                .unschedulable(
                    "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector."
                )
            ])
        try diagnose(cluster.evidence(), "search pending", namespace: "shop").names(
            .nodeSelectorMismatch, on: "Deployment shop/search",
            ["field": "nodeSelector", "label": "disktype", "found": "disktype=ssd"])
    }

    @Test func `room taken in namespaces that were not read does not hide what the scheduler says`() throws {
        var cluster = ClusterBuilder()
        cluster.scope = ["shop"]
        cluster.deployment("web", template(["cpu": "2"]), pods: [.unschedulable("0/1 nodes are available: 1 Insufficient cpu.")])
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
            .names(.insufficientResources, on: "Deployment shop/web", ["resource": "cpu", "found": "2"])
    }

    @Test func `tolerated taints and matching labels leave a healthy system silent`() throws {
        var cluster = ClusterBuilder()
        cluster.node("gpu-1", labels: ["accelerator": "a100"], taints: [Self.dedicated])
        let tolerating: JSONNode = ["tolerations": [["key": "dedicated", "operator": "Equal", "value": "ml", "effect": "NoSchedule"]]]
        cluster.deployment(
            "infer", template(["cpu": "1"], tolerating, nodeSelector: ["accelerator": "a100"]), pods: [PodShape(node: "gpu-1")])
        cluster.deployment("web", pods: [.running, .running])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    @Test func `a claim that is asked about is explained though nobody uses it`() throws {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard", isDefault: true)
        cluster.claim("archive", storageClass: "cold", phase: "Pending")
        let report = try diagnose(cluster.evidence(), "PersistentVolumeClaim archive is pending", namespace: "shop")
        try report.names(.storageClassNotFound, on: "PersistentVolumeClaim shop/archive", ["found": "cold", "expected": "standard"])
    }

    @Test func `an attach error without any time on its event still counts`() throws {
        var cluster = ClusterBuilder()
        cluster.claim("data")
        let template = TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data")])
        let pods = cluster.deployment("db", template, pods: [.waiting("ContainerCreating")])
        cluster.raw(
            "Event",
            "{\"metadata\":{\"name\":\"e1\",\"namespace\":\"shop\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"\(pods[0])\"},\"reason\":\"FailedAttachVolume\",\"type\":\"Warning\",\"message\":\"AttachVolume.Attach failed for volume \\\"pv-data\\\" : timed out waiting for external-attacher of csi.example.com CSI driver to attach volume vol-1\"}"
        )
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(.volumeAttachFailed, on: "Deployment shop/db", ["reference": "pv-data"])
    }
}
