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

    init(_ context: CaseContext) {
        var byWorkload: [ObjectReference: [Finding]] = [:]
        var symptoms: [ObjectReference: [DependencySymptom]] = [:]
        for workload in context.topology.workloads {
            let findings = WorkloadRules.findings(workload, context: context)
            if !findings.isEmpty { byWorkload[workload.reference] = findings }
            let failing = DependencySymptoms.collect(workload, context: context)
            if !failing.isEmpty { symptoms[workload.reference] = failing }
        }
        self.byWorkload = byWorkload
        self.symptoms = symptoms
        byService = Dictionary(
            context.view.services.items.compactMap { service in
                ServiceRules.finding(service, context: context).map { (service.reference, $0) }
            }
        ) { first, _ in first }
        let claims = context.view.persistentVolumeClaims.items.compactMap { StorageRules.finding($0, context: context) }
        others =
            IngressRules.findings(context) + AutoscalerRules.findings(context) + NodeRules.findings(context)
            + NamespaceRules.findings(context) + claims
    }
}
