internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Namespaces, aggregated APIs, webhooks and claims that are stuck or down by themselves (Z1-Z4, V20).
enum NamespaceRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.namespaces.items.compactMap { terminating($0, context) }
            + context.view.apiServices.items.compactMap { unavailable($0) }
            + context.view.persistentVolumeClaims.items.compactMap { stuckClaim($0, context) }
    }

    private static func terminating(_ namespace: Namespace, _ context: CaseContext) -> Finding? {
        guard namespace.phase == "Terminating", (context.age(namespace.metadata.deletionTime) ?? 0) > 60 else { return nil }
        let remaining = namespace.conditions.filter { $0.isTrue }.compactMap(\.message)
        let isFinalizer = remaining.contains { $0.contains("finalizers") }
        var finding = Finding(
            cause: .namespaceTerminating, object: namespace.reference, sufferer: namespace.reference,
            statement: "Namespace \(namespace.name) is being deleted and does not get done: \(Citation.cut(Phrase.list(remaining))).",
            details: ["reason": "Terminating"],
            citations: [.field(namespace.reference, "status.phase", "Terminating")]
                + remaining.map { .field(namespace.reference, "status.conditions", $0) },
            confidence: 0.9, reasons: ["deletion began \(Phrase.duration(context.age(namespace.metadata.deletionTime) ?? 0)) ago"],
            impact: .degraded, onset: namespace.metadata.deletionTime)
        if isFinalizer { finding.details["field"] = "finalizers" }
        return finding
    }

    private static func unavailable(_ api: APIService) -> Finding? {
        guard let condition = api.condition("Available"), condition.isFalse, let service = api.service else { return nil }
        return Finding(
            cause: .aggregatedAPIUnavailable, object: api.reference, sufferer: api.reference,
            statement: "Aggregated API \(api.name) is down: \(Citation.cut(condition.message ?? condition.reason ?? "")).",
            details: ["reference": service.name, "reason": condition.reason ?? ""],
            citations: [.field(api.reference, "status.conditions[Available]", "\(condition.reason ?? ""): \(condition.message ?? "")")],
            confidence: 0.9,
            reasons: ["the API server's own condition says so"], impact: .degraded, onset: condition.lastTransitionTime)
    }

    private static func stuckClaim(_ claim: PersistentVolumeClaim, _ context: CaseContext) -> Finding? {
        guard let deleted = claim.metadata.deletionTime, (context.age(deleted) ?? 0) > 300, !claim.metadata.finalizers.isEmpty else {
            return nil
        }
        let finalizer = claim.metadata.finalizers[0]
        return Finding(
            cause: .finalizerBlocksDeletion, object: claim.reference, sufferer: claim.reference,
            statement:
                "PersistentVolumeClaim \(claim.name) is being deleted since \(RFC3339.format(deleted)) and held by finalizer \(finalizer).",
            details: ["reason": finalizer, "field": "finalizers"],
            citations: [.field(claim.reference, "metadata.finalizers", finalizer)], confidence: 0.7, reasons: ["the deletion does not end"],
            impact: .latent, onset: deleted)
    }
}
