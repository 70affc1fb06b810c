internal import ClusterModel
internal import IncidentModel

/// All findings and symptoms of a case, by the object that suffers.
struct FindingBook: Sendable {
    /// What is wrong with each workload by itself.
    let byWorkload: [ObjectReference: [Finding]]
    let byService: [ObjectReference: Finding]
    /// Ingresses, autoscalers, nodes, namespaces, claims.
    let others: [Finding]
    let symptoms: [ObjectReference: [DependencySymptom]]
    /// Faults of a workload's calls that no log tells of: they follow from its configuration and from policies.
    let silent: [ObjectReference: [Finding]]

    init(_ context: CaseContext) {
        var byWorkload: [ObjectReference: [Finding]] = [:]
        var symptoms: [ObjectReference: [DependencySymptom]] = [:]
        var silent = PolicyRules.findings(context)
        for workload in context.topology.workloads {
            let findings = DNSRules.recast(WorkloadRules.findings(workload, context: context), of: workload)
            if !findings.isEmpty { byWorkload[workload.reference] = findings }
            let failing = DependencySymptoms.collect(workload, context: context)
            if !failing.isEmpty { symptoms[workload.reference] = failing }
            silent += DeclaredCallRules.findings(workload, symptoms: failing, context)
            silent += [DNSRules.finding(workload, context), MeshRules.routing(workload, context)].compactMap { $0 }
        }
        self.byWorkload = byWorkload
        self.symptoms = symptoms
        self.silent = Dictionary(grouping: silent, by: \.sufferer)
        byService = Dictionary(
            context.view.services.items.compactMap { service in
                let own = ServiceRules.finding(service, context: context).map { ConnectivityRules.weighed($0, service, context) }
                return (own ?? ConnectivityRules.unanswered(service, context)).map { (service.reference, $0) }
            }
        ) { first, _ in first }
        let claims = context.view.persistentVolumeClaims.items.compactMap { StorageRules.finding($0, context: context) }
        others =
            IngressRules.findings(context) + HTTPRouteRules.findings(context) + GatewayRouteRules.findings(context)
            + AutoscalerRules.findings(context)
            + NodeRules.findings(context)
            + NamespaceRules.findings(context) + claims + ControlPlaneRules.findings(context) + ServiceRoutingRules.findings(context)
            + ConnectivityRules.findings(context) + DNSRules.findings(context) + silent
    }
}
