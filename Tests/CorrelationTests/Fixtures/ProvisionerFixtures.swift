import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Claims whose provisioner is a program in the cluster: its own fault, where it has one, is the deeper one (V4).
@Suite struct ProvisionerFixtures {
    private static let image = "registry.example.com/local-path-provisioner:v0.0.99"

    /// A claim that waits for its provisioner, a Deployment that waits for the claim, and the provisioner with this pod.
    private static func cluster(_ provisioner: PodShape) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.storageClass("local-path", provisioner: "rancher.io/local-path", isDefault: true)
        cluster.claim("data", storageClass: "local-path", phase: "Pending")
        cluster.deployment(
            "db", TemplateShape([ContainerShape("db")], volumes: [.claim("data", name: "data")]),
            pods: [.unschedulable("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.")])
        cluster.namespace("local-path-storage")
        cluster.deployment(
            "local-path-provisioner", TemplateShape([ContainerShape("provisioner", image: image)]), pods: [provisioner],
            in: "local-path-storage")
        return cluster
    }

    private static let claim = ObjectReference(kind: "PersistentVolumeClaim", namespace: "shop", name: "data")

    @Test func `a provisioner that cannot start is the deeper fault`() throws {
        let error = "failed to resolve reference \"\(Self.image)\": \(Self.image): not found"
        var cluster = Self.cluster(.waiting("ImagePullBackOff", "Back-off pulling image \"\(Self.image)\": ErrImagePull: \(error)"))
        cluster.event(
            "ExternalProvisioning", about: Self.claim,
            "Waiting for a volume to be created either by the external provisioner 'rancher.io/local-path' or manually by the system administrator.",
            type: "Normal", count: 40, source: "persistentvolume-controller")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .imageNotFound, on: "Deployment local-path-storage/local-path-provisioner")
    }

    @Test func `a provisioner that runs and refuses has no fault of its own`() throws {
        var cluster = Self.cluster(.running)
        cluster.event(
            "ProvisioningFailed", about: Self.claim,
            "failed to provision volume with StorageClass \"local-path\": rpc error: code = ResourceExhausted desc = no node has 1Gi left",
            source: "rancher.io/local-path")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .volumeProvisioningFailed, on: "PersistentVolumeClaim shop/data", ["found": "ResourceExhausted"])
    }

    @Test func `a class whose volumes people make has no provisioner that could fail`() throws {
        var cluster = Self.cluster(.running)
        cluster.change(.storageClasses, "local-path", ["provisioner": "kubernetes.io/no-provisioner"])
        cluster.volume("pv-by-hand", storage: "512Mi", storageClass: "local-path")
        cluster.event(
            "ProvisioningFailed", about: Self.claim,
            "storageclass.storage.k8s.io \"local-path\" has no provisioner: no volume plugin matched name: kubernetes.io/no-provisioner",
            source: "persistentvolume-controller")
        try diagnose(cluster.evidence(), "db pending", namespace: "shop").names(
            .persistentVolumeMismatch, on: "PersistentVolumeClaim shop/data", ["field": "capacity", "reference": "pv-by-hand"])
    }
}
