internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Namespaces that do not go, and aggregated APIs that are down (Z1, Z4).
enum NamespaceRules {
    /// The namespace controller works off a namespace within seconds; what takes longer waits for something.
    private static let stuckSeconds = 60.0

    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.namespaces.items.compactMap { terminating($0, context) }
            + context.view.apiServices.items.compactMap { unavailable($0, context) }
            + DeletionRules.findings(context)
    }

    private static func terminating(_ namespace: Namespace, _ context: CaseContext) -> Finding? {
        guard namespace.phase == "Terminating", (context.age(namespace.metadata.deletionTime) ?? .infinity) > stuckSeconds else {
            return nil
        }
        let remaining = namespace.conditions.filter(\.isTrue)
        let messages = remaining.compactMap(\.message)
        if var dead = deadAPI(namespace, remaining, context) {
            dead.citations += messages.prefix(2).map { .field(namespace.reference, "status.conditions", $0) }
            return dead
        }
        var details = ["reason": remaining.first?.reason ?? "Terminating"]
        let finalizers = messages.first { $0.contains("finalizers") }
        if let finalizers {
            details["field"] = "finalizers"
            details["reason"] = "SomeFinalizersRemain"
            // `Some content in the namespace has finalizers remaining: f in 1 resource instances`
            details["found"] = Phrase.between(finalizers, "remaining: ", " in ")
        }
        if let content = messages.first(where: {
            $0.contains("resources are remaining") || $0.contains("resource instances") && !$0.contains("finalizers")
        }) {
            details["reference"] = Phrase.between(content, "remaining: ", " has ")
        }
        let since = context.age(namespace.metadata.deletionTime).map { "deletion began \(Phrase.duration($0)) ago" }
        var finding = Finding(
            cause: .namespaceTerminating, object: namespace.reference, sufferer: namespace.reference,
            statement:
                "Namespace \(namespace.name) is being deleted and does not get done\(messages.isEmpty ? "" : ": \(Citation.cut(Phrase.list(messages)))").",
            details: details,
            citations: [.field(namespace.reference, "status.phase", "Terminating")]
                + messages.map { .field(namespace.reference, "status.conditions", $0) },
            confidence: 0.9, reasons: [since ?? "its phase is Terminating"], impact: .degraded, onset: namespace.metadata.deletionTime)
        finding.sufferers = context.topology.workloads(in: namespace.name).map(\.reference)
        return finding
    }

    // Discovery that fails keeps the controller from knowing what is left: the dead API is what has to be mended.
    private static func deadAPI(_ namespace: Namespace, _ conditions: [Condition], _ context: CaseContext) -> Finding? {
        guard let discovery = conditions.first(where: { $0.type == "NamespaceDeletionDiscoveryFailure" }) else { return nil }
        let message = discovery.message ?? ""
        let down = context.view.apiServices.items.filter { $0.condition("Available")?.isFalse ?? false }
        let named = down.first { api in
            let group = api.name.split(separator: ".").dropFirst().joined(separator: ".")
            return !group.isEmpty && message.contains(group)
        }
        guard let api = named ?? (down.count == 1 ? down.first : nil), var finding = unavailable(api, context) else { return nil }
        finding.sufferers = [namespace.reference]
        finding.reasons.append("namespace \(namespace.name) cannot be deleted while it is down")
        return finding
    }

    private static func unavailable(_ api: APIService, _ context: CaseContext) -> Finding? {
        guard let condition = api.condition("Available"), condition.isFalse, let service = api.service else { return nil }
        var finding = Finding(
            cause: .aggregatedAPIUnavailable, object: api.reference, sufferer: api.reference,
            statement: "Aggregated API \(api.name) is down: \(Citation.cut(condition.message ?? condition.reason ?? "")).",
            details: ["reference": service.name, "reason": condition.reason ?? ""],
            citations: [.field(api.reference, "status.conditions[Available]", "\(condition.reason ?? ""): \(condition.message ?? "")")],
            confidence: 0.9,
            reasons: ["the API server's own condition says so"], impact: .degraded, onset: condition.lastTransitionTime)
        if let backing = context.view.services[service.namespace ?? "", service.name] {
            finding.carriers = context.topology.workloads(behind: backing).map(\.reference)
        }
        return finding
    }
}
