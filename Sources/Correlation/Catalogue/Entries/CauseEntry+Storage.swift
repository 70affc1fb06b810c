internal import IncidentModel

/// Claims that do not bind and volumes that do not reach their pod.
extension CauseEntry {
    static let storageClassNotFound = CauseEntry(
        .storageClassNotFound, in: .storage,
        meaning: "The claim names a StorageClass that does not exist, or names none where none is the default.",
        reportedOn: "PersistentVolumeClaim",
        signals: [
            "`ProvisioningFailed` event with `storageclass … not found`",
            "`FailedBinding` event with `no storage class is set`, which is of type Normal",
            "The complete list of StorageClasses",
        ],
        lookAlikes: [
            "`WaitForFirstConsumer` is no fault: the claim waits for its pod to be scheduled",
            "`PersistentVolumeMismatch`: a volume without class exists and nearly fits",
        ],
        fix: [
            "Use StorageClass {expected} instead of {found}.",
            "The class of a claim cannot change: delete and re-create the claim, or create the class it names.",
        ],
        verify: [
            "kubectl get storageclasses",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["V1", "V2"], detailsKeys: ["field", "reference", "found", "expected"])

    static let volumeProvisioningFailed = CauseEntry(
        .volumeProvisioningFailed, in: .storage,
        meaning: "The provisioner of the class does not run, or it returns an error.",
        reportedOn: "PersistentVolumeClaim",
        signals: [
            "`ProvisioningFailed` event with the provisioner's error",
            "`ExternalProvisioning` event that repeats, which is of type Normal",
            "CSIDriver and controller pods of the provisioner",
        ],
        lookAlikes: [
            "`StorageClassNotFound`: there is no class to provision with",
            "`WaitForFirstConsumer`: nothing is asked of the provisioner yet",
        ],
        fix: [
            "Bring the provisioner behind {reference} back, and read its log.",
            "Resolve the error it reports: quota of the provider, zone, parameters or credentials.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl get csidrivers",
            "kubectl describe storageclass {reference}",
        ],
        modes: ["V3", "V4"], detailsKeys: ["reference", "found", "reason"])

    static let persistentVolumeMismatch = CauseEntry(
        .persistentVolumeMismatch, in: .storage,
        meaning: "No PersistentVolume fits the claim, or the one it is tied to is taken, released, lost or on other nodes.",
        reportedOn: "PersistentVolumeClaim",
        signals: [
            "`VolumeMismatch` or `FailedBinding` event; claim in phase `Lost`; volume in phase `Released`",
            "Class, access modes, volume mode, capacity, selector and claimRef compared field by field",
            "Scheduler message `didn't match PersistentVolume's node affinity`",
        ],
        lookAlikes: [
            "`VolumeProvisioningFailed`: a new volume was to be made",
            "`NodeSelectorMismatch`: the pod, not its volume, wants certain nodes",
        ],
        fix: [
            "Make {field} of the claim and volume {reference} agree: the claim has {found}, the volume {expected}.",
            "A released volume binds again only after its claimRef is removed; make sure that its data may be reused.",
        ],
        verify: [
            "kubectl describe {kind} {name} {scope}",
            "kubectl describe persistentvolume {reference}",
            "kubectl get persistentvolumes",
        ],
        modes: ["V6", "V7", "S13"], detailsKeys: ["field", "reference", "found", "expected"])

    static let persistentVolumeClaimNotFound = CauseEntry(
        .persistentVolumeClaimNotFound, in: .storage,
        meaning: "The pod mounts a PersistentVolumeClaim that does not exist in its namespace.",
        reportedOn: "workload",
        signals: [
            "`PodScheduled=False` with `persistentvolumeclaim … not found`",
            "The complete list of claims of the namespace",
        ],
        lookAlikes: [
            "`StorageClassNotFound` and other faults of a claim that exists and is not bound",
            "A StatefulSet makes its claims itself: see why it could not",
        ],
        fix: [
            "Create claim {reference} in namespace {namespace}, or correct claimName in the template.",
            "If the claim was deleted by mistake, check the reclaim policy and the volume before making a new one.",
        ],
        verify: [
            "kubectl get persistentvolumeclaim {reference} {scope}",
            "kubectl get persistentvolumeclaims {scope}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["S12"], detailsKeys: ["reference", "field", "found", "expected"])

    static let volumeAttachFailed = CauseEntry(
        .volumeAttachFailed, in: .storage,
        meaning: "The volume cannot be attached to the node: it is attached elsewhere, or the driver refuses.",
        reportedOn: "workload",
        signals: [
            "`FailedAttachVolume` event, with `Multi-Attach` where another node still has it",
            "`attachError` of the VolumeAttachment",
        ],
        lookAlikes: [
            "`NodeNotReady`: the node that holds the volume is dead, which is then the cause",
            "`UpdateStrategyBlocks`: a rolling update starts the new pod before the old one lets go",
            "`VolumeMountFailed`: attached, and not mountable",
        ],
        fix: [
            "Let the pod that still uses volume {reference} end, so that it can be detached.",
            "A volume for one node suits one replica with strategy Recreate, or a StatefulSet.",
        ],
        verify: [
            "kubectl get volumeattachments",
            "kubectl get events {scope} --field-selector reason=FailedAttachVolume",
            "kubectl get pods {scope} -o wide",
        ],
        modes: ["V8", "V9", "V21"], detailsKeys: ["container", "reference", "node", "found", "reason"])

    static let volumeMountFailed = CauseEntry(
        .volumeMountFailed, in: .storage,
        meaning: "The volume reaches the node and cannot be mounted there.",
        reportedOn: "workload",
        signals: [
            "`FailedMount` event with `MountVolume.SetUp failed` or `MountVolume.MountDevice failed`",
            "`FailedMount` event: the CSI driver is not among the registered ones",
            "The driver's DaemonSet pod on that node",
        ],
        lookAlikes: [
            "`ConfigMapNotFound` and `SecretNotFound` also come as `FailedMount`",
            "A token that cannot be fetched once, right after the pod was made, passes by itself",
            "`VolumeMountInvalid`: the target path is wrong, the storage is fine",
        ],
        fix: [
            "Bring the storage driver on node {node} back, if it is not registered there.",
            "Otherwise resolve the mount error: export and address of the share, file system, credentials.",
        ],
        verify: [
            "kubectl get events {scope} --field-selector reason=FailedMount",
            "kubectl describe csinode {node}",
            "kubectl describe {kind} {name} {scope}",
        ],
        modes: ["V10", "V11", "V14"], detailsKeys: ["container", "reference", "node", "reason"])
}
