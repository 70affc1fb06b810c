internal import ClusterModel
internal import IncidentModel

/// Reads the message with which the API server refuses a pod.
struct AdmissionVerdict {
    let message: String
    let citations: [Citation]
    let workload: Workload
    let context: CaseContext

    private var namespace: String { workload.namespace }

    var finding: Finding? {
        // What a webhook says is its author's text and may hold any words, so it is recognised first.
        webhook() ?? policy() ?? quota() ?? limitRange() ?? podSecurity() ?? account() ?? missingClass() ?? terminating() ?? otherwise()
    }

    private func make(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], on object: ObjectReference? = nil,
        fields: [String] = [], changed: [ObjectReference] = []
    ) -> Finding {
        Finding(
            cause: cause, object: object ?? workload.reference, sufferer: workload.reference, statement: statement,
            details: details.filter { !$0.value.isEmpty }, citations: citations, confidence: confidence,
            reasons: ["the API server refuses to create the pods"], impact: max(workload.impact, .degraded), changedFields: fields,
            changedObjects: changed)
    }

    // MARK: Amounts

    private func quota() -> Finding? {
        if let name = Phrase.between(message, "exceeded quota: ", ",") { return quotaExceeded(name) }
        guard let name = Phrase.between(message, "failed quota: ", ":") else { return nil }
        let demanded = (Phrase.after(message, "must specify ") ?? "").trimmed
        let object = ObjectReference(kind: "ResourceQuota", namespace: namespace, name: name)
        // Newer texts name the containers: `limits.cpu for: app,proxy; limits.memory for: app`.
        let first = demanded.prefix { $0 != "," && $0 != ";" && $0 != " " }
        let containers = Phrase.after(demanded, " for: ").map { String($0.prefix { $0 != ";" && $0 != "," && $0 != " " }) }
        return make(
            .quotaRequiresResources,
            "ResourceQuota \(name) demands \(Citation.cut(demanded)), which the containers of \(workload.reference) do not set.", 0.96,
            [
                "quota": name, "found": demanded, "reference": name, "resource": QuotaMessage.plain(String(first)), "field": String(first),
                "container": containers ?? "",
            ], fields: ["resources"], changed: [object])
    }

    private func quotaExceeded(_ name: String) -> Finding {
        let quota = QuotaMessage(message)
        let object = ObjectReference(kind: "ResourceQuota", namespace: namespace, name: name)
        let kept = workload.livePods.count
        let running = workload.desired.map { kept > 0 && kept < $0 ? " (\(kept) of \($0) replicas exist)" : "" } ?? ""
        return make(
            .quotaExceeded, "ResourceQuota \(name) blocks new pods of \(workload.reference): \(quota.words)\(running).", 0.96,
            [
                "quota": name, "resource": quota.resource, "field": quota.field, "reason": "exceeded quota", "reference": name,
                "found": quota.limited ?? "", "expected": quota.needed ?? "",
            ], on: object, fields: ["resources", "replicas"], changed: [object])
    }

    private func limitRange() -> Finding? {
        guard let violation = LimitMessage(message) else { return nil }
        let ranges = context.view.limitRanges.inNamespace(namespace)
        let range =
            ranges.first { range in
                range.limits.contains { $0.max[violation.resource] == violation.bound || $0.min[violation.resource] == violation.bound }
            } ?? ranges.first
        let container = workload.template?.spec.containers.first { container in
            let amounts = violation.isLimit ? container.limits : container.requests
            return amounts[violation.resource].flatMap { Quantity($0) } == violation.found.flatMap { Quantity($0) }
                || amounts[violation.resource] == violation.found
        }
        let words = Phrase.after(message, "forbidden: ") ?? message
        return make(
            .limitRangeViolation,
            "LimitRange \(range?.name ?? "") forbids the resources of \(workload.reference): \(Citation.cut(words.trimmed)).", 0.96,
            [
                "resource": violation.resource, "reference": range?.name ?? "", "found": violation.found ?? "none",
                "expected": violation.expected, "field": violation.field,
                "container": violation.type == "Container" ? container?.name ?? "" : "",
            ], fields: ["resources"], changed: range.map { [$0.reference] } ?? [])
    }

    // MARK: Rights

    private func podSecurity() -> Finding? {
        // Levels that only warn or audit say `would violate PodSecurity`, and refuse nothing.
        guard let level = Phrase.between(message, "violates PodSecurity \"", "\"") else { return nil }
        let checks = Phrase.after(message, "\": ") ?? ""
        let object = ObjectReference(kind: "Namespace", namespace: nil, name: namespace)
        var finding = make(
            .podSecurityViolation,
            "Namespace \(namespace) enforces PodSecurity \(level), and \(workload.reference) breaks it: \(Citation.cut(checks.trimmed)).",
            0.96,
            [
                "policy": level, "found": Citation.cut(checks), "field": PodSecurityMessage.fields(checks).joined(separator: ","),
                "container": Phrase.between(checks, "container \"", "\"") ?? "",
            ], fields: ["securityContext", "hostNetwork", "volumes"], changed: [object])
        let label = "pod-security.kubernetes.io/enforce"
        if let value = context.view.namespaces[namespace]?.metadata.labels[label] {
            finding.citations.append(.field(object, "metadata.labels.\(label)", value))
        }
        return finding
    }

    private func account() -> Finding? {
        guard let name = Phrase.between(message, "serviceaccount \"", "\" not found") else { return nil }
        return AccountFinding.missing(name, workload, citations, 0.97, context)
    }

    // MARK: Webhooks and policies

    private func webhook() -> Finding? {
        if let name = Phrase.between(message, "failed calling webhook \"", "\"") {
            return WebhookRules.unavailable(name, message, workload, citations, context)
        }
        guard let name = Phrase.between(message, "admission webhook \"", "\" denied the request") else { return nil }
        let words = (Phrase.after(message, "denied the request: ") ?? "").split(whereSeparator: \.isNewline).map(\.trimmedSpaces)
            .filter { !$0.isEmpty }.joined(separator: " ")
        return make(
            .admissionDenied, "Admission webhook \(name) denies pods of \(workload.reference): \(Citation.cut(words)).", 0.94,
            ["webhook": name, "reason": Citation.cut(words), "policy": PolicyName.inside(words) ?? ""],
            fields: ["securityContext", "image", "resources", "labels"])
    }

    private func policy() -> Finding? {
        let words = (Phrase.after(message, "denied request: ") ?? Phrase.after(message, "forbidden: ") ?? message).trimmed
        let name: String
        if let policy = Phrase.between(message, "ValidatingAdmissionPolicy '", "'") {
            name = policy
        } else if message.contains("unable to validate against any pod security policy")
            || message.contains("PodSecurityPolicy: unable to admit pod")
        {
            name = "PodSecurityPolicy"
        } else if message.contains("image policy webhook backend denied") {
            name = "ImagePolicyWebhook"
        } else {
            return nil
        }
        return make(
            .admissionDenied, "Admission policy \(name) denies pods of \(workload.reference): \(Citation.cut(words)).", 0.94,
            ["policy": name, "reason": Citation.cut(words)], fields: ["securityContext", "image", "resources", "labels"])
    }

    // MARK: The rest

    private func missingClass() -> Finding? {
        if let name = Phrase.between(message, "RuntimeClass \"", "\" not found") {
            return make(
                .runtimeClassNotFound, "RuntimeClass \(name) of \(workload.reference) does not exist.", 0.95, ["reference": name],
                fields: ["runtimeClassName"])
        }
        guard let name = Phrase.between(message, "no PriorityClass with name ", " was found") else { return nil }
        return make(
            .schedulerMissing, "PriorityClass \(name) of \(workload.reference) does not exist, so no pod of it is admitted.", 0.85,
            ["reference": name, "field": "priorityClassName", "found": name], fields: ["priorityClassName"])
    }

    private func terminating() -> Finding? {
        guard message.contains("because it is being terminated") else { return nil }
        let object = ObjectReference(kind: "Namespace", namespace: nil, name: namespace)
        return make(
            .namespaceTerminating, "Namespace \(namespace) is being deleted, so no pods can be made in it.", 0.95,
            ["reason": "Terminating"], on: object, changed: [object])
    }

    private func otherwise() -> Finding? {
        guard message.contains("forbidden") || message.contains("denied") else { return nil }
        // A quota that was made moments ago is not counted yet; the controller tries again.
        if message.contains("status unknown for quota") { return nil }
        return make(
            .admissionDenied, "The API server refuses pods of \(workload.reference): \(Citation.cut(message.trimmed)).", 0.6,
            ["reason": Citation.cut(message)])
    }
}

/// A ServiceAccount that is not there.
enum AccountFinding {
    static func missing(_ name: String, _ workload: Workload, _ citations: [Citation], _ confidence: Double, _ context: CaseContext)
        -> Finding
    {
        let namespace = workload.namespace
        let reference = ObjectReference(kind: "ServiceAccount", namespace: namespace, name: name)
        let others = context.view.serviceAccounts.inNamespace(namespace).map(\.name)
        let near = others.filter { $0 != name }.compactMap { other in
            EditDistance.between(other, name, atMost: max(3, name.count / 3)).map { (other, $0) }
        }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
        var citations = citations
        if context.view.wasRead(.serviceAccounts, in: namespace), !others.contains(name) {
            citations.append(.absence(reference, "the list of ServiceAccounts in \(namespace) has no \(name)"))
        }
        var details = ["reference": name, "field": "serviceAccountName", "found": name]
        details["expected"] = near
        return Finding(
            cause: .serviceAccountNotFound, object: workload.reference, sufferer: workload.reference,
            statement:
                "ServiceAccount \(name), which \(workload.reference) runs as, does not exist\(near.map { " (\($0) does)" } ?? "").",
            details: details, citations: citations, confidence: confidence, reasons: ["the API server makes no pods without it"],
            impact: max(workload.impact, .degraded), changedFields: ["serviceAccountName"], changedObjects: [reference])
    }
}
