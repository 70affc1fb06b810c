import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Claims that do not bind, and volumes that do not reach their pod.
@Suite struct StorageFixtures {
    private static let unbound =
        "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    private static let mounting = TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data")])

    private func claimReference(_ name: String = "data") -> ObjectReference {
        ObjectReference(kind: "PersistentVolumeClaim", namespace: "shop", name: name)
    }

    private func cluster(waiting: Bool = true, storageClass: String? = "standard", storage: String = "1Gi") -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard", isDefault: true)
        cluster.claim("data", storageClass: storageClass, phase: "Pending", storage: storage)
        if waiting { cluster.deployment("db", Self.mounting, pods: [.unschedulable(Self.unbound)]) }
        return cluster
    }

    // MARK: Classes

    @Test func `a class that does not exist is named with the nearest one`() throws {
        var cluster = cluster(storageClass: "standrd")
        cluster.event(
            "ProvisioningFailed", about: claimReference(), "storageclass.storage.k8s.io \"standrd\" not found",
            source: "persistentvolume-controller")
        let top = try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .storageClassNotFound, on: "PersistentVolumeClaim shop/data",
            ["field": "storageClass", "reference": "standrd", "found": "standrd", "expected": "standard"])
        #expect(top.affected.map(\.description).contains("Deployment shop/db"))
    }

    @Test func `the list of classes alone shows it`() throws {
        let cluster = cluster(storageClass: "fast-ssd")
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
            .names(.storageClassNotFound, on: "PersistentVolumeClaim shop/data", ["found": "fast-ssd"])
    }

    @Test func `no class named and none the default`() throws {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard")
        cluster.claim("data-db-0", storageClass: nil, phase: "Pending")
        cluster.event(
            "FailedBinding", about: claimReference("data-db-0"),
            "no persistent volumes available for this claim and no storage class is set", type: "Normal")
        cluster.statefulSet(
            "db", TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data-db-0")]), pods: [.unschedulable(Self.unbound)])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .storageClassNotFound, on: "PersistentVolumeClaim shop/data-db-0", ["field": "storageClass", "expected": "standard"],
            saying: ["default"])
    }

    @Test func `a claim that waits for its first consumer is no fault`() throws {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard", isDefault: true)
        cluster.change(.storageClasses, "standard", ["volumeBindingMode": "WaitForFirstConsumer"])
        cluster.claim("data", phase: "Pending")
        cluster.event(
            "WaitForFirstConsumer", about: claimReference(), "waiting for first consumer to be created before binding", type: "Normal")
        cluster.deployment("web", pods: [.running])
        let report = try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop")
        report.isSilent()
        #expect(report.outcome == .noFault)
    }

    @Test func `an unused claim of a missing class is no cause of trouble elsewhere`() throws {
        var cluster = cluster(waiting: false, storageClass: "gone")
        cluster.deployment("web", pods: [.crashLooping(.init(1))])
        cluster.log(
            "web", previous: true, "panic: runtime error: index out of range [3] with length 2\n\ngoroutine 1 [running]:\nmain.main()")
        try diagnose(cluster.evidence(), "Something is wrong.", namespace: "shop").names(.applicationError, on: "Deployment shop/web")
    }

    @Test func `a pod short of cpu with a claim that waits for it is short of cpu`() throws {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard", isDefault: true)
        cluster.change(.storageClasses, "standard", ["volumeBindingMode": "WaitForFirstConsumer"])
        cluster.claim("data", phase: "Pending")
        let template = TemplateShape([ContainerShape("db", requests: ["cpu": "32"])], volumes: [.claim("data", name: "data")])
        cluster.deployment("db", template, pods: [.unschedulable("0/1 nodes are available: 1 Insufficient cpu.")])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(.insufficientResources, on: "Deployment shop/db")
    }

    // MARK: Provisioners

    @Test func `a provisioner's error is passed on`() throws {
        var cluster = cluster()
        cluster.event(
            "ProvisioningFailed", about: claimReference(),
            "failed to provision volume with StorageClass \"standard\": rpc error: code = ResourceExhausted desc = project quota for volumes exceeded",
            source: "csi.example.com")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .volumeProvisioningFailed, on: "PersistentVolumeClaim shop/data", ["reference": "standard", "found": "ResourceExhausted"])
    }

    @Test func `a provisioner that does not run is told from its waiting event`() throws {
        var cluster = cluster()
        cluster.event(
            "ExternalProvisioning", about: claimReference(),
            "Waiting for a volume to be created either by the external provisioner 'csi.example.com' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
            type: "Normal", count: 22, source: "persistentvolume-controller")
        // A volume that somebody else left behind is no candidate where volumes are made anew.
        cluster.volume("old", storage: "1Mi", claim: "other", phase: "Released")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .volumeProvisioningFailed, on: "PersistentVolumeClaim shop/data", ["reference": "csi.example.com"])
    }

    @Test func `a late provisioning of a scheduled claim is found though the pod has no condition`() throws {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard", isDefault: true)
        cluster.change(.storageClasses, "standard", ["volumeBindingMode": "WaitForFirstConsumer"])
        cluster.claim("data", phase: "Pending")
        cluster.change(.persistentVolumeClaims, "data", ["metadata": ["annotations": ["volume.kubernetes.io/selected-node": "worker-1"]]])
        cluster.event(
            "ProvisioningFailed", about: claimReference(),
            "failed to provision volume with StorageClass \"standard\": rpc error: code = DeadlineExceeded desc = context deadline exceeded"
        )
        cluster.deployment("db", Self.mounting, pods: [PodShape(node: nil, more: ["status": ["phase": "Pending", "conditions": .null]])])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(.volumeProvisioningFailed, on: "PersistentVolumeClaim shop/data")
    }

    // MARK: Volumes made by hand

    @Test(arguments: [
        ("capacity", "10Gi", ["ReadWriteOnce"], "manual", "capacity", "20Gi", "10Gi"),
        ("modes", "20Gi", ["ReadOnlyMany"], "manual", "accessModes", "ReadWriteOnce", "ReadOnlyMany"),
        ("class", "20Gi", ["ReadWriteOnce"], "manuel", "storageClass", "manual", "manuel"),
    ])
    func `the field in which a volume made by hand does not fit`(
        _ name: String, _ storage: String, _ modes: [String], _ storageClass: String, _ field: String, _ found: String, _ expected: String
    ) throws {
        var cluster = cluster(storageClass: "manual", storage: "20Gi")
        cluster.storageClass("manual", provisioner: "kubernetes.io/no-provisioner")
        cluster.volume("pv-by-hand", storage: storage, accessModes: modes, storageClass: storageClass)
        cluster.volume("pv-far-off", storage: "1Mi", accessModes: ["ReadOnlyMany"], storageClass: "other")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data",
            ["field": field, "found": found, "expected": expected, "reference": "pv-by-hand"])
    }

    @Test func `a released volume that still refers to its old claim`() throws {
        var cluster = cluster(storageClass: "manual")
        cluster.storageClass("manual", provisioner: "kubernetes.io/no-provisioner")
        cluster.volume(
            "pv-1", storageClass: "manual", claim: "data", phase: "Released", more: ["claimRef": ["uid": "uid-of-the-old-claim"]])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data", ["field": "claimRef", "reference": "pv-1"])
    }

    @Test func `a selector that no volume meets`() throws {
        var cluster = cluster(storageClass: "")
        cluster.change(.persistentVolumeClaims, "data", ["spec": ["selector": ["matchLabels": ["tier": "gold"]]]])
        cluster.volume("pv-1", storageClass: "", labels: ["tier": "silver"])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data",
            ["field": "selector", "found": "tier=gold", "expected": "tier=silver", "reference": "pv-1"])
    }

    @Test func `a volume that another claim has`() throws {
        var cluster = cluster()
        cluster.change(.persistentVolumeClaims, "data", ["spec": ["volumeName": "pv-1"]])
        cluster.volume("pv-1", claim: "ledger")
        cluster.event("FailedBinding", about: claimReference(), "volume \"pv-1\" already bound to a different claim.", type: "Warning")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data", ["field": "claimRef", "reference": "pv-1"], saying: ["ledger"]
        )
    }

    @Test func `a bound volume on a node that is gone`() throws {
        var cluster = ClusterBuilder()
        cluster.claim("data")
        cluster.volume("pv-data", claim: "data", onNode: "worker-7")
        cluster.deployment(
            "db", Self.mounting,
            pods: [.unschedulable("0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity.")])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data", ["field": "nodeAffinity", "reference": "pv-data"],
            saying: ["worker-7"])
    }

    @Test func `a lost claim`() throws {
        var cluster = ClusterBuilder()
        cluster.claim("data", phase: "Lost")
        cluster.change(.persistentVolumeClaims, "data", ["spec": ["volumeName": "pv-data"]])
        cluster.deployment(
            "db", Self.mounting,
            pods: [
                .unschedulable(
                    "0/1 nodes are available: persistentvolumeclaim \"data\" bound to non-existent persistentvolume \"pv-data\".")
            ])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(.persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data", ["field": "volumeName"])
    }

    @Test func `a released volume beside healthy claims is silent`() throws {
        var cluster = ClusterBuilder()
        cluster.storageClass("standard", isDefault: true)
        cluster.claim("data")
        cluster.volume("pv-data", claim: "data")
        cluster.volume("pv-old", claim: "gone", phase: "Released")
        cluster.deployment("db", Self.mounting, pods: [.running])
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }

    // MARK: Missing claims

    @Test func `a claim that does not exist`() throws {
        var cluster = ClusterBuilder()
        cluster.claim("data-v2")
        cluster.deployment(
            "db", Self.mounting, pods: [.unschedulable("0/1 nodes are available: persistentvolumeclaim \"data\" not found.")])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeClaimNotFound, on: "Deployment shop/db", ["reference": "data", "field": "claimName"])
    }

    @Test func `a missing claim shows without any message`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("db", Self.mounting, pods: [PodShape(node: nil)])
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(.persistentVolumeClaimNotFound, on: "Deployment shop/db", ["reference": "data"])
    }

    // MARK: Attach and mount

    private func stuck(_ reason: String, _ message: String, template: TemplateShape = StorageFixtures.mounting) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.claim("data")
        cluster.volume("pv-data", claim: "data")
        let pods = cluster.statefulSet("db", template, pods: [.waiting("ContainerCreating")])
        cluster.event(reason, about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), message)
        return cluster
    }

    @Test func `a volume that another node still has`() throws {
        var cluster = stuck(
            "FailedAttachVolume", "Multi-Attach error for volume \"pv-data\" Volume is already used by pod(s) db-old-7c9d4b5f6-abcde")
        cluster.node("worker-2")
        cluster.pod(
            "db-old-7c9d4b5f6-abcde", TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data")]),
            PodShape(node: "worker-2"))
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .volumeAttachFailed, on: "StatefulSet shop/db", ["reference": "data", "reason": "Multi-Attach"], saying: ["worker-2"])
    }

    @Test func `a volume held by a dead node makes it the node`() throws {
        var cluster = stuck(
            "FailedAttachVolume",
            "Multi-Attach error for volume \"pv-data\" Volume is already exclusively attached to one node and can't be attached to another")
        cluster.node("worker-2", ready: false)
        cluster.add(
            .volumeAttachments, name: "csi-1",
            [
                "spec": ["attacher": "csi.example.com", "nodeName": "worker-2", "source": ["persistentVolumeName": "pv-data"]],
                "status": ["attached": true],
            ])
        try diagnose(cluster.evidence(), "db does not start", namespace: "shop").names(.nodeNotReady, on: "Node worker-2")
    }

    @Test func `the driver's own words are kept`() throws {
        let cluster = stuck(
            "FailedAttachVolume",
            "AttachVolume.Attach failed for volume \"pv-data\" : rpc error: code = NotFound desc = volume vol-0f2 not found")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .volumeAttachFailed, on: "StatefulSet shop/db", ["reference": "data"], saying: ["vol-0f2"])
    }

    @Test func `a summary event after the real one does not hide it`() throws {
        var cluster = stuck(
            "FailedMount",
            "MountVolume.SetUp failed for volume \"pv-data\" : mount failed: exit status 32\nMounting command: mount\nOutput: mount.nfs: access denied by server while mounting 192.0.2.50:/exports/db"
        )
        cluster.event(
            "FailedMount", about: ObjectReference(kind: "Pod", namespace: "shop", name: "db-0"),
            "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data kube-api-access-x2v5d]: timed out waiting for the condition",
            minutesAgo: 1)
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(.volumeMountFailed, on: "StatefulSet shop/db", ["reference": "data"], saying: ["access denied by server"])
    }

    @Test func `a driver that is not registered on the node`() throws {
        let cluster = stuck(
            "FailedMount",
            "MountVolume.MountDevice failed for volume \"pv-data\" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name csi.example.com not found in the list of registered CSI drivers"
        )
        try diagnose(cluster.evidence(), "db pending", namespace: "shop")
            .names(.volumeMountFailed, on: "StatefulSet shop/db", ["node": "worker-1"], saying: ["csi.example.com"])
    }

    @Test func `a mount that failed once and then went through is silent`() throws {
        var cluster = ClusterBuilder()
        let pods = cluster.deployment("db", pods: [.running])
        cluster.event(
            "FailedMount", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
            "MountVolume.SetUp failed for volume \"kube-api-access-x2v5d\" : failed to sync configmap cache: timed out waiting for the condition",
            minutesAgo: 29)
        try diagnose(cluster.evidence(), "Is shop all right?", namespace: "shop").isSilent()
    }
}
