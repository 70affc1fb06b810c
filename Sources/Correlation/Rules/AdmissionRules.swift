internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that are never made, because the API server refuses them (group Q): the owner's events and conditions tell.
enum AdmissionRules {
    static func finding(_ workload: Workload, context: CaseContext) -> Finding? {
        guard isShort(workload, context) else { return nil }
        guard let (message, citations) = refusal(of: workload, context) else { return nil }
        return classify(message, workload, citations, context)
    }

    // Fewer pods than wished; partial refusals count too.
    private static func isShort(_ workload: Workload, _ context: CaseContext) -> Bool {
        if workload.isBatch { return workload.pods.filter({ !$0.isFinished }).isEmpty }
        guard let desired = workload.desired else { return false }
        if workload.livePods.count < desired { return true }
        // During a roll-out the old pods may be all there while not one of the new can be made.
        return controllers(of: workload, context).contains { $0.conditions.contains { $0.type == "ReplicaFailure" && $0.isTrue } }
    }

    private static func controllers(of workload: Workload, _ context: CaseContext) -> [ReplicaSet] {
        guard let deployment = context.view.deployments[workload.namespace, workload.reference.name],
            workload.reference.kind == "Deployment"
        else { return [] }
        return context.view.replicaSets(of: deployment).filter { $0.replicas > 0 }
    }

    private static func refusal(of workload: Workload, _ context: CaseContext) -> (message: String, citations: [Citation])? {
        let sets = controllers(of: workload, context)
        let jobs =
            workload.reference.kind == "CronJob"
            ? context.view.jobs.inNamespace(workload.namespace).filter { $0.metadata.controller?.name == workload.reference.name }.map(
                \.reference) : []
        let carriers = sets.map(\.reference) + jobs + [workload.reference]
        let events = carriers.flatMap { context.view.events(about: $0) }
            .filter {
                ["FailedCreate", "FailedDaemonPod", "FailedScheduling"].contains($0.reason)
                    && (context.age($0.lastTime) ?? 0) < ContainerCase.recentSeconds
            }
            .sorted { ($0.lastTime ?? .distantPast, $0.name) < ($1.lastTime ?? .distantPast, $1.name) }
        for set in sets {
            guard let condition = set.conditions.first(where: { $0.type == "ReplicaFailure" && $0.isTrue }), let message = condition.message
            else { continue }
            return (
                message,
                [.field(set.reference, "status.conditions[ReplicaFailure].message", message)] + (events.last.map { [.event($0)] } ?? [])
            )
        }
        if let deployment = context.view.deployments[workload.namespace, workload.reference.name], workload.reference.kind == "Deployment",
            let condition = deployment.condition("ReplicaFailure"), condition.isTrue, let message = condition.message
        {
            return (message, [.field(deployment.reference, "status.conditions[ReplicaFailure].message", message)])
        }
        return events.last.map { ($0.message, [.event($0)]) }
    }

    private static func classify(_ message: String, _ workload: Workload, _ citations: [Citation], _ context: CaseContext) -> Finding? {
        func make(
            _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], object: ObjectReference? = nil,
            fields: [String] = [], changed: [ObjectReference] = []
        ) -> Finding {
            Finding(
                cause: cause, object: object ?? workload.reference, sufferer: workload.reference, statement: statement, details: details,
                citations: citations, confidence: confidence, reasons: ["the API server refuses to create the pods"],
                impact: max(workload.impact, .degraded), changedFields: fields, changedObjects: changed)
        }
        let namespace = workload.namespace
        if let quota = Phrase.between(message, "exceeded quota: ", ",") {
            let (resource, numbers) = QuotaMessage.tightest(message)
            let object = ObjectReference(kind: "ResourceQuota", namespace: namespace, name: quota)
            return make(
                .quotaExceeded, "ResourceQuota \(quota) blocks new pods of \(workload.reference): \(numbers).", 0.96,
                ["quota": quota, "resource": resource, "reason": "exceeded quota", "reference": quota], object: object,
                fields: ["resources", "replicas"],
                changed: [object])
        }
        if let quota = Phrase.between(message, "failed quota: ", ":") {
            let demanded = Phrase.after(message, "must specify ") ?? ""
            let object = ObjectReference(kind: "ResourceQuota", namespace: namespace, name: quota)
            return make(
                .quotaRequiresResources,
                "ResourceQuota \(quota) demands \(Citation.cut(demanded)), which the containers of \(workload.reference) do not set.", 0.96,
                ["quota": quota, "found": demanded, "reference": quota], fields: ["resources"], changed: [object])
        }
        if Phrase.containsAny(message, ["usage per Container", "usage per Pod", "max limit to request ratio", "No limit is specified"]) {
            let range = context.view.limitRanges.inNamespace(namespace).first
            let words = Phrase.between(message, "forbidden: ", "\n") ?? Phrase.after(message, "forbidden: ") ?? message
            let resource = ["memory", "cpu", "ephemeral-storage", "storage"].first { words.contains($0 + " ") } ?? ""
            return make(
                .limitRangeViolation,
                "LimitRange \(range?.name ?? "") forbids the resources of \(workload.reference): \(Citation.cut(words)).", 0.96,
                ["resource": resource, "reference": range?.name ?? "", "found": Phrase.between(words, "is ", ".") ?? ""],
                fields: ["resources"],
                changed: range.map { [$0.reference] } ?? [])
        }
        if let level = Phrase.between(message, "violates PodSecurity \"", "\"") {
            let checks = Phrase.after(message, "\": ") ?? ""
            let object = ObjectReference(kind: "Namespace", namespace: nil, name: namespace)
            return make(
                .podSecurityViolation,
                "Namespace \(namespace) enforces PodSecurity \(level), and \(workload.reference) breaks it: \(Citation.cut(checks)).", 0.96,
                ["policy": level, "found": Citation.cut(checks)], fields: ["securityContext"], changed: [object])
        }
        if let account = Phrase.between(message, "serviceaccount \"", "\" not found") {
            let object = ObjectReference(kind: "ServiceAccount", namespace: namespace, name: account)
            return make(
                .serviceAccountNotFound, "ServiceAccount \(account), which \(workload.reference) runs as, does not exist.", 0.97,
                ["reference": account],
                fields: ["serviceAccountName"], changed: [object])
        }
        if let webhook = Phrase.between(message, "failed calling webhook \"", "\"") {
            return WebhookRules.unavailable(webhook, message, workload, citations, context)
        }
        if let webhook = Phrase.between(message, "admission webhook \"", "\" denied the request") {
            let words = Phrase.after(message, "denied the request: ") ?? ""
            return make(
                .admissionDenied, "Admission webhook \(webhook) denies pods of \(workload.reference): \(Citation.cut(words)).", 0.94,
                ["webhook": webhook, "reason": Citation.cut(words)], fields: ["securityContext", "image", "resources"])
        }
        if let policy = Phrase.between(message, "ValidatingAdmissionPolicy '", "'") {
            return make(
                .admissionDenied,
                "Admission policy \(policy) denies pods of \(workload.reference): \(Citation.cut(Phrase.after(message, "denied request: ") ?? "")).",
                0.94,
                ["policy": policy], fields: ["securityContext", "image", "resources"])
        }
        if let name = Phrase.between(message, "RuntimeClass \"", "\" not found") {
            return make(
                .runtimeClassNotFound, "RuntimeClass \(name) of \(workload.reference) does not exist.", 0.95, ["reference": name],
                fields: ["runtimeClassName"])
        }
        if let name = Phrase.between(message, "no PriorityClass with name ", " was found") {
            return make(
                .schedulerMissing, "PriorityClass \(name) of \(workload.reference) does not exist, so no pod of it is admitted.", 0.85,
                ["reference": name, "field": "priorityClassName"], fields: ["priorityClassName"])
        }
        if message.contains("because it is being terminated") {
            let object = ObjectReference(kind: "Namespace", namespace: nil, name: namespace)
            return make(
                .namespaceTerminating, "Namespace \(namespace) is being deleted, so no pods can be made in it.", 0.95, [:], object: object,
                changed: [object])
        }
        guard message.contains("forbidden") || message.contains("denied") else { return nil }
        return make(
            .admissionDenied, "The API server refuses pods of \(workload.reference): \(Citation.cut(message)).", 0.6,
            ["reason": Citation.cut(message)])
    }
}

/// `requested: requests.memory=100Mi, used: requests.memory=400Mi, limited: requests.memory=400Mi`.
enum QuotaMessage {
    /// The resource that is exceeded, and the sentence part that says how.
    static func tightest(_ message: String) -> (resource: String, words: String) {
        let requested = values(Phrase.between(message, "requested: ", ", used:") ?? "")
        let used = values(Phrase.between(message, "used: ", ", limited:") ?? "")
        let limited = values(Phrase.after(message, "limited: ") ?? "")
        let parts = requested.keys.sorted().map { key in
            "\(key) requested \(requested[key] ?? "?"), used \(used[key] ?? "?") of \(limited[key] ?? "?")"
        }
        let exceeded = requested.keys.sorted().first { key in
            guard let more = Quantity(requested[key] ?? ""), let now = Quantity(used[key] ?? ""), let most = Quantity(limited[key] ?? "")
            else { return false }
            return now.value + more.value > most.value
        }
        let name = (exceeded ?? requested.keys.sorted().first ?? "").replacing("requests.", with: "").replacing("limits.", with: "")
        return (name, parts.joined(separator: "; "))
    }

    private static func values(_ text: String) -> [String: String] {
        Dictionary(
            text.split(separator: ",").compactMap { pair in
                let sides = pair.split(separator: "=", maxSplits: 1)
                guard sides.count == 2 else { return nil }
                return (sides[0].filter { !$0.isWhitespace }, String(sides[1].prefix { !$0.isWhitespace }))
            }
        ) { first, _ in first }
    }
}
