public import IncidentModel

/// Everything that is known about every cause code, in one place: the report takes fix and checks from it, `docs/rules.md` is made of it.
public enum CauseCatalogue {
    /// One entry per code, in the order of `CauseCode.allCases`.
    public static let entries: [CauseEntry] = CauseCode.allCases.map(entry)

    /// What is known about one code.
    // A switch, so that a new code does not compile without its entry.
    public static func entry(for code: CauseCode) -> CauseEntry {
        switch code {
        case .imageNotFound: .imageNotFound
        case .imagePullUnauthorized: .imagePullUnauthorized
        case .registryUnavailable: .registryUnavailable
        case .imageArchitectureMismatch: .imageArchitectureMismatch
        case .invalidImageName: .invalidImageName
        case .imageNeverPull: .imageNeverPull
        case .configMapNotFound: .configMapNotFound
        case .secretNotFound: .secretNotFound
        case .configKeyNotFound: .configKeyNotFound
        case .securityContextConflict: .securityContextConflict
        case .volumeMountInvalid: .volumeMountInvalid
        case .commandNotRunnable: .commandNotRunnable
        case .lifecycleHookFailed: .lifecycleHookFailed
        case .runtimeClassNotFound: .runtimeClassNotFound
        case .podNetworkSetupFailed: .podNetworkSetupFailed
        case .deviceUnavailable: .deviceUnavailable
        case .applicationError: .applicationError
        case .memoryLimitExceeded: .memoryLimitExceeded
        case .nodeOutOfMemory: .nodeOutOfMemory
        case .containerExitsCleanly: .containerExitsCleanly
        case .configurationMissing: .configurationMissing
        case .configurationInvalid: .configurationInvalid
        case .dependencyUnreachable: .dependencyUnreachable
        case .dependencyNameUnresolvable: .dependencyNameUnresolvable
        case .credentialsRejected: .credentialsRejected
        case .databaseSchemaMissing: .databaseSchemaMissing
        case .filePermissionDenied: .filePermissionDenied
        case .readOnlyFileSystem: .readOnlyFileSystem
        case .portConflict: .portConflict
        case .privilegedPortDenied: .privilegedPortDenied
        case .diskFull: .diskFull
        case .processLimitReached: .processLimitReached
        case .libraryMissing: .libraryMissing
        case .certificateInvalid: .certificateInvalid
        case .probeMisconfigured: .probeMisconfigured
        case .probeTooAggressive: .probeTooAggressive
        case .healthCheckFailing: .healthCheckFailing
        case .readinessGateUnset: .readinessGateUnset
        case .initContainerBlocked: .initContainerBlocked
        case .insufficientResources: .insufficientResources
        case .untoleratedTaint: .untoleratedTaint
        case .nodeCordoned: .nodeCordoned
        case .nodeSelectorMismatch: .nodeSelectorMismatch
        case .podAffinityUnsatisfiable: .podAffinityUnsatisfiable
        case .topologySpreadUnsatisfiable: .topologySpreadUnsatisfiable
        case .schedulerMissing: .schedulerMissing
        case .podPreempted: .podPreempted
        case .storageClassNotFound: .storageClassNotFound
        case .volumeProvisioningFailed: .volumeProvisioningFailed
        case .persistentVolumeMismatch: .persistentVolumeMismatch
        case .persistentVolumeClaimNotFound: .persistentVolumeClaimNotFound
        case .volumeAttachFailed: .volumeAttachFailed
        case .volumeMountFailed: .volumeMountFailed
        case .quotaExceeded: .quotaExceeded
        case .quotaRequiresResources: .quotaRequiresResources
        case .limitRangeViolation: .limitRangeViolation
        case .podSecurityViolation: .podSecurityViolation
        case .admissionDenied: .admissionDenied
        case .admissionWebhookUnavailable: .admissionWebhookUnavailable
        case .serviceAccountNotFound: .serviceAccountNotFound
        case .namespaceTerminating: .namespaceTerminating
        case .rolloutPaused: .rolloutPaused
        case .scaledToZero: .scaledToZero
        case .updateStrategyBlocks: .updateStrategyBlocks
        case .headlessServiceMissing: .headlessServiceMissing
        case .jobDeadlineExceeded: .jobDeadlineExceeded
        case .jobSuspended: .jobSuspended
        case .cronJobMissedSchedule: .cronJobMissedSchedule
        case .sidecarBlocksCompletion: .sidecarBlocksCompletion
        case .autoscalerTargetMissing: .autoscalerTargetMissing
        case .autoscalerMetricsUnavailable: .autoscalerMetricsUnavailable
        case .autoscalerRequestMissing: .autoscalerRequestMissing
        case .autoscalerAtMaximum: .autoscalerAtMaximum
        case .disruptionBudgetBlocksDrain: .disruptionBudgetBlocksDrain
        case .serviceSelectorMismatch: .serviceSelectorMismatch
        case .servicePortMismatch: .servicePortMismatch
        case .clientPortMismatch: .clientPortMismatch
        case .serviceNotFound: .serviceNotFound
        case .serviceTrafficPolicy: .serviceTrafficPolicy
        case .loadBalancerPending: .loadBalancerPending
        case .networkPolicyBlocks: .networkPolicyBlocks
        case .ingressBackendNotFound: .ingressBackendNotFound
        case .ingressClassNotFound: .ingressClassNotFound
        case .ingressCertificateMissing: .ingressCertificateMissing
        case .ingressMisrouted: .ingressMisrouted
        case .clusterDNSUnavailable: .clusterDNSUnavailable
        case .podDNSPolicyInvalid: .podDNSPolicyInvalid
        case .serviceRoutingBroken: .serviceRoutingBroken
        case .nodeNotReady: .nodeNotReady
        case .containerRuntimeDown: .containerRuntimeDown
        case .nodeMemoryPressure: .nodeMemoryPressure
        case .nodeDiskPressure: .nodeDiskPressure
        case .nodePIDPressure: .nodePIDPressure
        case .ephemeralStorageExceeded: .ephemeralStorageExceeded
        case .permissionForbidden: .permissionForbidden
        case .finalizerBlocksDeletion: .finalizerBlocksDeletion
        case .aggregatedAPIUnavailable: .aggregatedAPIUnavailable
        case .controlPlaneDegraded: .controlPlaneDegraded
        case .meshSidecarFailed: .meshSidecarFailed
        case .cpuThrottled: .cpuThrottled
        case .loadSpike: .loadSpike
        case .databaseReadOnly: .databaseReadOnly
        case .poolExhausted: .poolExhausted
        case .networkDegraded: .networkDegraded
        }
    }
}
