/// What can be wrong: the closed vocabulary of root causes. A code names the fault, never the symptom.
///
/// The raw value is the code on the wire. `docs/rules.md` lists what each one rests on.
public enum CauseCode: String, CaseIterable, Codable, Sendable, Hashable {
    /// Image name or tag is not in the registry.
    case imageNotFound = "ImageNotFound"
    /// Registry refuses the pull: no, wrong or missing pull credentials.
    case imagePullUnauthorized = "ImagePullUnauthorized"
    /// Registry unreachable, rate-limited or untrusted from the node.
    case registryUnavailable = "RegistryUnavailable"
    /// No image for the node's architecture.
    case imageArchitectureMismatch = "ImageArchitectureMismatch"
    /// Image reference does not parse.
    case invalidImageName = "InvalidImageName"
    /// Pull policy Never and the image is absent.
    case imageNeverPull = "ImageNeverPull"
    /// A ConfigMap it references does not exist.
    case configMapNotFound = "ConfigMapNotFound"
    /// A Secret it references does not exist.
    case secretNotFound = "SecretNotFound"
    /// A key it references is not in the ConfigMap or Secret.
    case configKeyNotFound = "ConfigKeyNotFound"
    /// RunAsNonRoot, seccomp, AppArmor or similar cannot be met.
    case securityContextConflict = "SecurityContextConflict"
    /// SubPath, mount path or hostPath type cannot be mounted.
    case volumeMountInvalid = "VolumeMountInvalid"
    /// Entrypoint missing, not executable or not in the image.
    case commandNotRunnable = "CommandNotRunnable"
    /// PostStart or preStop hook fails.
    case lifecycleHookFailed = "LifecycleHookFailed"
    /// RuntimeClass missing or without handler.
    case runtimeClassNotFound = "RuntimeClassNotFound"
    /// CNI cannot give the pod a network.
    case podNetworkSetupFailed = "PodNetworkSetupFailed"
    /// Device plugin or resource claim cannot be served.
    case deviceUnavailable = "DeviceUnavailable"
    /// The program itself fails: exception, panic, segfault, assertion.
    case applicationError = "ApplicationError"
    /// Container OOM-killed at its own memory limit, or limit too small to start.
    case memoryLimitExceeded = "MemoryLimitExceeded"
    /// The node ran out of memory and its kernel killed containers.
    case nodeOutOfMemory = "NodeOutOfMemory"
    /// Main process of a long-running workload ends with 0.
    case containerExitsCleanly = "ContainerExitsCleanly"
    /// A required variable, file or setting is not given.
    case configurationMissing = "ConfigurationMissing"
    /// A setting, config file or flag is malformed or not accepted.
    case configurationInvalid = "ConfigurationInvalid"
    /// A dependency outside the cluster or of unknown state refuses or does not answer.
    case dependencyUnreachable = "DependencyUnreachable"
    /// It uses a host name that does not exist.
    case dependencyNameUnresolvable = "DependencyNameUnresolvable"
    /// A dependency rejects its credentials, or a rotated Secret is still stale in it.
    case credentialsRejected = "CredentialsRejected"
    /// Database, table or migration it needs is missing.
    case databaseSchemaMissing = "DatabaseSchemaMissing"
    /// It may not read or write a path.
    case filePermissionDenied = "FilePermissionDenied"
    /// It writes to a read-only file system.
    case readOnlyFileSystem = "ReadOnlyFileSystem"
    /// Port already taken in the pod or on the node.
    case portConflict = "PortConflict"
    /// Non-root process binds a port below 1024.
    case privilegedPortDenied = "PrivilegedPortDenied"
    /// Volume or disk it writes to is full.
    case diskFull = "DiskFull"
    /// File descriptors, threads, PIDs or inotify exhausted.
    case processLimitReached = "ProcessLimitReached"
    /// Module or shared library missing in the image.
    case libraryMissing = "LibraryMissing"
    /// Certificate expired, untrusted or for another name.
    case certificateInvalid = "CertificateInvalid"
    /// Liveness, readiness or startup probe has the wrong path, port, command or protocol.
    case probeMisconfigured = "ProbeMisconfigured"
    /// Probe budget shorter than the program's real start or answer time.
    case probeTooAggressive = "ProbeTooAggressive"
    /// Probe is right and the program really answers unhealthy (no deeper cause found).
    case healthCheckFailing = "HealthCheckFailing"
    /// Readiness gate never set by its controller.
    case readinessGateUnset = "ReadinessGateUnset"
    /// Init container waits for something that never comes (no deeper cause found).
    case initContainerBlocked = "InitContainerBlocked"
    /// No node can ever or now fit its requests.
    case insufficientResources = "InsufficientResources"
    /// Only nodes with taints it does not tolerate remain.
    case untoleratedTaint = "UntoleratedTaint"
    /// Nodes it could use are cordoned or draining.
    case nodeCordoned = "NodeCordoned"
    /// No node carries the labels its selector or node affinity wants, or its nodeName does not exist.
    case nodeSelectorMismatch = "NodeSelectorMismatch"
    /// Pod affinity or anti-affinity leaves no node.
    case podAffinityUnsatisfiable = "PodAffinityUnsatisfiable"
    /// Topology spread constraint cannot be met.
    case topologySpreadUnsatisfiable = "TopologySpreadUnsatisfiable"
    /// SchedulerName served by nobody, or scheduling gate never lifted.
    case schedulerMissing = "SchedulerMissing"
    /// Displaced by a higher-priority workload.
    case podPreempted = "PodPreempted"
    /// PVC names a StorageClass that does not exist, or none is default.
    case storageClassNotFound = "StorageClassNotFound"
    /// Provisioner absent or returns an error.
    case volumeProvisioningFailed = "VolumeProvisioningFailed"
    /// No PV fits: size, access mode, selector, claimRef, released or lost PV, node affinity.
    case persistentVolumeMismatch = "PersistentVolumeMismatch"
    /// It mounts a PVC that does not exist.
    case persistentVolumeClaimNotFound = "PersistentVolumeClaimNotFound"
    /// Volume cannot be attached: still attached elsewhere, driver, limit.
    case volumeAttachFailed = "VolumeAttachFailed"
    /// Volume attached but cannot be mounted; CSI driver not on the node.
    case volumeMountFailed = "VolumeMountFailed"
    /// ResourceQuota blocks new pods.
    case quotaExceeded = "QuotaExceeded"
    /// Quota demands requests or limits the containers do not set.
    case quotaRequiresResources = "QuotaRequiresResources"
    /// LimitRange forbids its resources.
    case limitRangeViolation = "LimitRangeViolation"
    /// PodSecurity level of the namespace refuses it.
    case podSecurityViolation = "PodSecurityViolation"
    /// Webhook or admission policy denies it by rule.
    case admissionDenied = "AdmissionDenied"
    /// Admission webhook is down and blocks changes.
    case admissionWebhookUnavailable = "AdmissionWebhookUnavailable"
    /// Its ServiceAccount does not exist.
    case serviceAccountNotFound = "ServiceAccountNotFound"
    /// Namespace is being deleted or stuck deleting.
    case namespaceTerminating = "NamespaceTerminating"
    /// Rollout is paused.
    case rolloutPaused = "RolloutPaused"
    /// Replicas set to 0.
    case scaledToZero = "ScaledToZero"
    /// Strategy cannot progress or takes all replicas down.
    case updateStrategyBlocks = "UpdateStrategyBlocks"
    /// Governing Service does not exist and peers need it.
    case headlessServiceMissing = "HeadlessServiceMissing"
    /// Job ran past activeDeadlineSeconds (no deeper cause).
    case jobDeadlineExceeded = "JobDeadlineExceeded"
    /// Suspended.
    case jobSuspended = "JobSuspended"
    /// Runs missed or forbidden by overlap.
    case cronJobMissedSchedule = "CronJobMissedSchedule"
    /// Sidecar keeps the pod of a Job alive.
    case sidecarBlocksCompletion = "SidecarBlocksCompletion"
    /// Scale target does not exist.
    case autoscalerTargetMissing = "AutoscalerTargetMissing"
    /// Metrics API or metric is not served.
    case autoscalerMetricsUnavailable = "AutoscalerMetricsUnavailable"
    /// Target sets no resource request, utilisation cannot be computed.
    case autoscalerRequestMissing = "AutoscalerRequestMissing"
    /// At maxReplicas while load is above target.
    case autoscalerAtMaximum = "AutoscalerAtMaximum"
    /// Budget forbids every eviction.
    case disruptionBudgetBlocksDrain = "DisruptionBudgetBlocksDrain"
    /// Selects no pod, or pods of the wrong workload.
    case serviceSelectorMismatch = "ServiceSelectorMismatch"
    /// TargetPort or named port is not the port the pods listen on.
    case servicePortMismatch = "ServicePortMismatch"
    /// It calls a port or scheme the Service does not expose.
    case clientPortMismatch = "ClientPortMismatch"
    /// Service it calls was deleted or never made.
    case serviceNotFound = "ServiceNotFound"
    /// Traffic policy Local without local endpoints.
    case serviceTrafficPolicy = "ServiceTrafficPolicy"
    /// Load balancer cannot be provisioned.
    case loadBalancerPending = "LoadBalancerPending"
    /// Policy denies needed ingress or egress, DNS included.
    case networkPolicyBlocks = "NetworkPolicyBlocks"
    /// Routes to a Service or port that does not exist.
    case ingressBackendNotFound = "IngressBackendNotFound"
    /// No controller serves its class.
    case ingressClassNotFound = "IngressClassNotFound"
    /// TLS Secret missing or invalid.
    case ingressCertificateMissing = "IngressCertificateMissing"
    /// Host or path goes to the wrong Service.
    case ingressMisrouted = "IngressMisrouted"
    /// Cluster DNS is down or misconfigured.
    case clusterDNSUnavailable = "ClusterDNSUnavailable"
    /// Pod does not use cluster DNS.
    case podDNSPolicyInvalid = "PodDNSPolicyInvalid"
    /// Service routing fails on a node.
    case serviceRoutingBroken = "ServiceRoutingBroken"
    /// Node or kubelet down or unreachable.
    case nodeNotReady = "NodeNotReady"
    /// Container runtime down or hanging.
    case containerRuntimeDown = "ContainerRuntimeDown"
    /// Node short of memory, evicting.
    case nodeMemoryPressure = "NodeMemoryPressure"
    /// Node short of disk, evicting.
    case nodeDiskPressure = "NodeDiskPressure"
    /// Node short of PIDs.
    case nodePIDPressure = "NodePIDPressure"
    /// Evicted for its own ephemeral-storage or emptyDir limit.
    case ephemeralStorageExceeded = "EphemeralStorageExceeded"
    /// Its ServiceAccount lacks an RBAC permission, or the binding is broken.
    case permissionForbidden = "PermissionForbidden"
    /// Finalizer's controller is gone.
    case finalizerBlocksDeletion = "FinalizerBlocksDeletion"
    /// Aggregated API is down.
    case aggregatedAPIUnavailable = "AggregatedAPIUnavailable"
    /// API server, scheduler or controller manager does not work.
    case controlPlaneDegraded = "ControlPlaneDegraded"
    /// Mesh proxy not ready or misrouting.
    case meshSidecarFailed = "MeshSidecarFailed"
    /// Throttled at its CPU limit, or starved.
    case cpuThrottled = "CPUThrottled"
    /// Demand above capacity, retry storm included.
    case loadSpike = "LoadSpike"
    /// A database it writes to is in read-only mode (replica, failover, flag, full disk guard).
    case databaseReadOnly = "DatabaseReadOnly"
    /// Connection, thread or lock pool of it or its dependency exhausted.
    case poolExhausted = "PoolExhausted"
    /// Latency or loss on the path, no object at fault.
    case networkDegraded = "NetworkDegraded"
}
