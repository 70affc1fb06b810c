import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Claims that do not bind, and volumes that do not reach their pod.
    static let storage: [LookAlike] = [
        LookAlike(
            cause: .storageClassNotFound, object: "PersistentVolumeClaim shop/data",
            details: ["field": "storageClass", "reference": "fast-ssd", "found": "fast-ssd"],
            fault: {
                var cluster = unboundDatabase(storageClass: "fast-ssd")
                claimEvent(&cluster, "ProvisioningFailed", "storageclass.storage.k8s.io \"fast-ssd\" not found")
                return cluster
            },
            twinIs: "a claim that waits for its pod, which no node has the CPU for", twinCause: .insufficientResources,
            twin: {
                var cluster = ClusterBuilder()
                cluster.storageClass("standard", isDefault: true)
                cluster.change(.storageClasses, "standard", ["volumeBindingMode": "WaitForFirstConsumer"])
                cluster.claim("data", phase: "Pending")
                claimEvent(&cluster, "WaitForPodScheduled", "waiting for pod db-6b7f9c8d5-x2x2x to be scheduled", type: "Normal", count: 20)
                cluster.deployment(
                    "db", mounting("db", requests: ["cpu": "32"]),
                    pods: [
                        .unschedulable(
                            """
                            0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful \
                            for scheduling.
                            """
                        )
                    ])
                return cluster
            }),
        LookAlike(
            cause: .storageClassNotFound, object: "PersistentVolumeClaim shop/data",
            details: ["field": "storageClass", "expected": "standard"],
            fault: {
                var cluster = unboundDatabase(storageClass: nil, isDefault: false)
                claimEvent(&cluster, "FailedBinding", noClassSet, type: "Normal", count: 30)
                return cluster
            },
            twinIs: "a claim for a volume made by hand, which is too small", twinCause: .persistentVolumeMismatch,
            twin: {
                var cluster = unboundDatabase(storageClass: "", storage: "20Gi", isDefault: false)
                claimEvent(&cluster, "FailedBinding", noClassSet, type: "Normal", count: 30)
                cluster.volume("pv-by-hand", storage: "10Gi", storageClass: "")
                return cluster
            }),
        LookAlike(
            cause: .volumeProvisioningFailed, object: "PersistentVolumeClaim shop/data",
            details: ["reference": "standard", "found": "ResourceExhausted"],
            fault: {
                var cluster = unboundDatabase()
                claimEvent(
                    &cluster, "ProvisioningFailed",
                    """
                    failed to provision volume with StorageClass "standard": rpc error: code = ResourceExhausted desc = project quota for \
                    volumes exceeded
                    """,
                    source: "csi.example.com_csi-controller-0")
                return cluster
            },
            // The controller reports a class without provisioner as if it had failed to provision.
            twinIs: "a class whose volumes people make, and none fits", twinCause: .persistentVolumeMismatch,
            twin: {
                var cluster = unboundDatabase(storageClass: "manual", storage: "20Gi")
                cluster.storageClass("manual", provisioner: "kubernetes.io/no-provisioner")
                claimEvent(&cluster, "ProvisioningFailed", "no volume plugin matched name: kubernetes.io/no-provisioner", count: 12)
                cluster.volume("pv-by-hand", storage: "10Gi", storageClass: "manual")
                return cluster
            }),
        LookAlike(
            cause: .volumeProvisioningFailed, object: "PersistentVolumeClaim shop/data", details: ["reference": "csi.example.com"],
            fault: {
                var cluster = unboundDatabase()
                claimEvent(&cluster, "ExternalProvisioning", waitingForDriver, type: "Normal", count: 22)
                return cluster
            },
            twinIs: "a provisioner that took its time and then made the volume",
            twin: {
                var cluster = boundDatabase()
                claimEvent(&cluster, "ExternalProvisioning", waitingForDriver, type: "Normal", count: 3, minutesAgo: 28)
                claimEvent(
                    &cluster, "ProvisioningSucceeded", "Successfully provisioned volume pv-data", type: "Normal", minutesAgo: 27,
                    source: "csi.example.com_csi-controller-0")
                cluster.deployment("db", mounting("db"), pods: [.running])
                return cluster
            }),
        LookAlike(
            cause: .persistentVolumeMismatch, object: "PersistentVolumeClaim shop/data",
            details: ["field": "claimRef", "reference": "pv-1"],
            fault: {
                var cluster = unboundDatabase(storageClass: "manual")
                cluster.storageClass("manual", provisioner: "kubernetes.io/no-provisioner")
                cluster.volume(
                    "pv-1", storageClass: "manual", claim: "data", phase: "Released",
                    more: ["claimRef": ["uid": "6f0c2d1e-claim-that-is-gone"]])
                return cluster
            },
            twinIs: "a provisioner that fails beside a released volume of its class", twinCause: .volumeProvisioningFailed,
            twin: {
                var cluster = unboundDatabase()
                cluster.volume("pv-1", claim: "old-data", phase: "Released")
                claimEvent(
                    &cluster, "ProvisioningFailed",
                    """
                    failed to provision volume with StorageClass "standard": rpc error: code = Internal desc = could not create volume in \
                    zone a: not authorized
                    """,
                    source: "csi.example.com_csi-controller-0")
                return cluster
            }),
        LookAlike(
            cause: .persistentVolumeMismatch, object: "PersistentVolumeClaim shop/data",
            details: ["field": "nodeAffinity", "reference": "pv-data"],
            fault: {
                unschedulable(
                    boundDatabase(onNode: "worker-7"), mounting("db"), "1 node(s) didn't match PersistentVolume's node affinity")
            },
            twinIs: "a pod that itself wants a node with a label", twinCause: .nodeSelectorMismatch,
            twin: {
                unschedulable(
                    boundDatabase(), mounting("db", nodeSelector: ["disktype": "ssd"]),
                    "1 node(s) didn't match Pod's node affinity/selector")
            }),
        LookAlike(
            cause: .persistentVolumeClaimNotFound, object: "Deployment shop/db", details: ["reference": "data", "field": "claimName"],
            fault: {
                var cluster = ClusterBuilder()
                cluster.storageClass("standard", isDefault: true)
                return unschedulable(cluster, mounting("db"), "persistentvolumeclaim \"data\" not found")
            },
            twinIs: "a StatefulSet that may not make its claim", twinCause: .quotaExceeded,
            twin: {
                var cluster = ClusterBuilder()
                cluster.storageClass("standard", isDefault: true)
                cluster.quota("storage", hard: ["requests.storage": "100Gi"], used: ["requests.storage": "80Gi"])
                cluster.statefulSet(
                    "db", pods: [], replicas: 1,
                    more: [
                        "spec": [
                            "volumeClaimTemplates": [
                                [
                                    "metadata": ["name": "data"],
                                    "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "50Gi"]]],
                                ]
                            ]
                        ]
                    ])
                cluster.event(
                    "FailedCreate", about: ObjectReference(kind: "StatefulSet", namespace: "shop", name: "db"),
                    """
                    create Claim data-db-0 for Pod db-0 in StatefulSet db failed error: persistentvolumeclaims "data-db-0" is forbidden: \
                    exceeded quota: storage, requested: requests.storage=50Gi, used: requests.storage=80Gi, limited: \
                    requests.storage=100Gi
                    """,
                    count: 16, source: "statefulset-controller")
                return cluster
            }),
        LookAlike(
            cause: .volumeAttachFailed, object: "StatefulSet shop/db", details: ["reference": "data", "reason": "Multi-Attach"],
            fault: {
                var cluster = boundDatabase()
                cluster.node("worker-2")
                let holder = cluster.deployment(
                    "report", mounting("report"), pods: [PodShape(node: "worker-2", minutesOld: 300)], minutesOld: 400)
                return stuck(
                    cluster, "FailedAttachVolume",
                    "Multi-Attach error for volume \"pv-data\" Volume is already used by pod(s) \(holder[0])")
            },
            twinIs: "a volume that a dead node still has", twinCause: .nodeNotReady,
            twin: {
                var cluster = boundDatabase()
                cluster.node("worker-2", ready: false, taints: [["key": "node.kubernetes.io/unreachable", "effect": "NoExecute"]])
                cluster.add(
                    .volumeAttachments, name: "csi-4711",
                    [
                        "spec": ["attacher": "csi.example.com", "nodeName": "worker-2", "source": ["persistentVolumeName": "pv-data"]],
                        "status": ["attached": true],
                    ])
                return stuck(
                    cluster, "FailedAttachVolume",
                    """
                    Multi-Attach error for volume "pv-data" Volume is already exclusively attached to one node and can't be attached to \
                    another
                    """
                )
            }),
        LookAlike(
            cause: .volumeMountFailed, object: "StatefulSet shop/db", details: ["reference": "data", "node": "worker-1"],
            fault: {
                stuck(
                    boundDatabase(), "FailedMount",
                    """
                    MountVolume.SetUp failed for volume "pv-data" : mount failed: exit status 32\nMounting command: mount\nMounting \
                    arguments: -t nfs 192.0.2.50:/exports/db /var/lib/kubelet/pods/4f/volumes/kubernetes.io~nfs/pv-data\nOutput: \
                    mount.nfs: access denied by server while mounting 192.0.2.50:/exports/db
                    """
                )
            },
            twinIs: "a volume of a ConfigMap that does not exist", twinCause: .configMapNotFound,
            twin: {
                var template = mounting("db")
                template.volumes.append(.configMap("settings", name: "db-settings"))
                return stuck(
                    boundDatabase(), "FailedMount",
                    "MountVolume.SetUp failed for volume \"settings\" : configmap \"db-settings\" not found", template: template)
            }),
        LookAlike(
            cause: .volumeMountFailed, object: "StatefulSet shop/db", details: ["reference": "data", "node": "worker-1"],
            fault: { stuck(boundDatabase(), "FailedMount", unregisteredDriver) },
            twinIs: "a driver that registered itself a moment later",
            twin: {
                var cluster = boundDatabase()
                let pods = cluster.statefulSet("db", mounting("db"), pods: [.running])
                cluster.event(
                    "FailedMount", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), unregisteredDriver, count: 2,
                    minutesAgo: 29)
                return cluster
            }),
    ]
}

private let noClassSet = "no persistent volumes available for this claim and no storage class is set"
private let waitingForDriver =
    """
    Waiting for a volume to be created either by the external provisioner 'csi.example.com' or manually by the system administrator. If \
    volume creation is delayed, please verify that the provisioner is running and correctly registered.
    """
private let unregisteredDriver =
    """
    MountVolume.MountDevice failed for volume "pv-data" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: \
    driver name csi.example.com not found in the list of registered CSI drivers
    """

/// A template of one container that mounts claim `data`.
private func mounting(_ name: String, requests: [String: String] = [:], nodeSelector: [String: String] = [:]) -> TemplateShape {
    TemplateShape(
        [ContainerShape(name, requests: requests, mounts: ["data": "/data"])], volumes: [.claim("data", name: "data")],
        nodeSelector: nodeSelector)
}

/// A Deployment that waits for claim `data`, which is Pending.
private func unboundDatabase(
    storageClass: String? = "standard", storage: String = "1Gi", isDefault: Bool = true
) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.storageClass("standard", isDefault: isDefault)
    cluster.claim("data", storageClass: storageClass, phase: "Pending", storage: storage)
    return unschedulable(cluster, mounting("db"), "pod has unbound immediate PersistentVolumeClaims")
}

/// Claim `data` bound to its volume.
private func boundDatabase(onNode node: String? = nil) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    cluster.storageClass("standard", isDefault: true)
    cluster.claim("data")
    cluster.volume("pv-data", claim: "data", onNode: node)
    return cluster
}

/// With a Deployment whose pod the scheduler leaves for this reason.
private func unschedulable(_ cluster: ClusterBuilder, _ template: TemplateShape, _ reason: String) -> ClusterBuilder {
    var cluster = cluster
    let message =
        "0/1 nodes are available: \(reason). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    let pods = cluster.deployment("db", template, pods: [.unschedulable(message)])
    cluster.event(
        "FailedScheduling", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), message, count: 8,
        source: "default-scheduler")
    return cluster
}

/// With a StatefulSet whose pod has a node and does not get its volumes.
private func stuck(
    _ cluster: ClusterBuilder, _ reason: String, _ message: String, template: TemplateShape? = nil
) -> ClusterBuilder {
    var cluster = cluster
    let pods = cluster.statefulSet("db", template ?? mounting("db"), pods: [.creating()])
    cluster.event(
        reason, about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]), message, count: 9, firstMinutesAgo: 9,
        source: reason == "FailedAttachVolume" ? "attachdetach-controller" : "kubelet")
    return cluster
}

private func claimEvent(
    _ cluster: inout ClusterBuilder, _ reason: String, _ message: String, type: String = "Warning", count: Int = 1,
    minutesAgo: Double = 2, source: String = "persistentvolume-controller"
) {
    cluster.event(
        reason, about: ObjectReference(kind: "PersistentVolumeClaim", namespace: "shop", name: "data"), message, type: type,
        count: count, minutesAgo: minutesAgo, source: source)
}
