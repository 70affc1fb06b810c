internal import ClusterModel
internal import IncidentModel

/// Pods that are missing without any word about why, as after the events have expired: what would refuse them, worked out from quotas,
/// limits and accounts as admission does.
struct SilentRefusal {
    let workload: Workload
    let context: CaseContext

    var finding: Finding? {
        guard let template = workload.template else { return nil }
        return account(template.spec) ?? quota(template.spec)
    }

    private func account(_ spec: PodSpec) -> Finding? {
        let name = spec.serviceAccountName
        // Before its controller has seen a new namespace even the default account is missing for a moment.
        guard context.view.wasRead(.serviceAccounts, in: workload.namespace), workload.livePods.isEmpty,
            context.view.serviceAccounts[workload.namespace, name] == nil,
            name != "default" || !context.view.serviceAccounts.inNamespace(workload.namespace).isEmpty
        else { return nil }
        return AccountFinding.missing(
            name, workload, [.field(workload.reference, "spec.template.spec.serviceAccountName", name)], 0.88, context)
    }

    private func quota(_ spec: PodSpec) -> Finding? {
        for quota in context.view.resourceQuotas.inNamespace(workload.namespace) {
            for (field, hard) in quota.hard.sorted(by: { $0.key < $1.key }) {
                guard let limit = Quantity(hard), let wanted = demand(field, spec) else { continue }
                guard let amount = wanted else { return demanded(field, quota) }
                let used = Quantity(quota.used[field] ?? "0")?.value ?? 0
                if used + amount > limit.value { return exceeded(field, quota, hard: hard, amount: amount, used: used) }
            }
        }
        return nil
    }

    /// How much of a quota's resource one more pod takes: outer `nil` where the quota is about something else, inner where the
    /// containers do not say.
    private func demand(_ field: String, _ spec: PodSpec) -> Double?? {
        if field == "pods" || field == "count/pods" { return .some(.some(1)) }
        let isLimit = field.hasPrefix("limits.")
        let resource = QuotaMessage.plain(field)
        guard isLimit || field.hasPrefix("requests.") || ["cpu", "memory"].contains(field), ["cpu", "memory"].contains(resource) else {
            return .none
        }
        var sum = 0.0
        for container in spec.containers {
            let own = isLimit ? container.limits[resource] : container.requests[resource] ?? container.limits[resource]
            guard let text = own ?? fallback(resource, isLimit: isLimit), let quantity = Quantity(text) else { return .some(.none) }
            sum += quantity.value
        }
        return .some(.some(sum))
    }

    // What a LimitRange would fill in.
    private func fallback(_ resource: String, isLimit: Bool) -> String? {
        let limits = context.view.limitRanges.inNamespace(workload.namespace).flatMap(\.limits).filter { $0.type == "Container" }
        return limits.lazy.compactMap { limit in
            isLimit
                ? limit.default[resource] ?? limit.max[resource]
                : limit.defaultRequest[resource] ?? limit.default[resource] ?? limit.max[resource]
        }.first
    }

    private func exceeded(_ field: String, _ quota: ResourceQuota, hard: String, amount: Double, used: Double) -> Finding {
        let resource = QuotaMessage.plain(field)
        let asked = PodDemand.text(amount, of: resource)
        let now = quota.used[field] ?? "0"
        return Finding(
            cause: .quotaExceeded, object: quota.reference, sufferer: workload.reference,
            statement:
                "ResourceQuota \(quota.name) leaves no room for a further pod of \(workload.reference): \(field) requested \(asked), used \(now) of \(hard).",
            details: [
                "quota": quota.name, "resource": resource, "field": field, "reference": quota.name, "found": hard,
                "expected": PodDemand.text(amount + used, of: resource), "reason": "exceeded quota",
            ],
            citations: [
                .field(quota.reference, "status.hard.\(field)", hard), .field(quota.reference, "status.used.\(field)", now),
                .field(workload.reference, "spec.replicas", workload.desired.map { String($0) } ?? "1"),
            ], confidence: 0.78, reasons: ["pods are missing, and one more would exceed the quota"],
            impact: max(workload.impact, .degraded), changedFields: ["resources", "replicas"], changedObjects: [quota.reference])
    }

    private func demanded(_ field: String, _ quota: ResourceQuota) -> Finding? {
        guard workload.livePods.isEmpty else { return nil }
        return Finding(
            cause: .quotaRequiresResources, object: workload.reference, sufferer: workload.reference,
            statement: "ResourceQuota \(quota.name) demands \(field), which the containers of \(workload.reference) do not set.",
            details: [
                "quota": quota.name, "found": field, "field": field, "reference": quota.name, "resource": QuotaMessage.plain(field),
            ],
            citations: [
                .field(quota.reference, "spec.hard.\(field)", quota.hard[field] ?? ""),
                .field(workload.reference, "spec.template.spec.containers[].resources", "no \(field)"),
            ], confidence: 0.78, reasons: ["pods are missing, and the quota refuses any without it"],
            impact: max(workload.impact, .degraded), changedFields: ["resources"], changedObjects: [quota.reference])
    }
}
