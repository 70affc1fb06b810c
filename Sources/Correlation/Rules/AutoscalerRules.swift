internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Autoscalers that cannot scale, or have no room to (H1-H9).
enum AutoscalerRules {
    /// The controller leaves a deviation from the target of up to a tenth alone (`--horizontal-pod-autoscaler-tolerance`).
    private static let tolerance = 1.1

    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.horizontalPodAutoscalers.items.compactMap { finding($0, context) } + DisruptionBudgetRules.findings(context)
    }

    private static func finding(_ hpa: HorizontalPodAutoscaler, _ context: CaseContext) -> Finding? {
        if let missing = targetMissing(hpa, context) { return missing }
        // Without a single Ready pod there is nothing to measure, and replicas that cannot start are not too few: the pods are the story.
        let target = context.topology[hpa.target]
        guard target?.impact != .outage, target?.desired != 0 else { return nil }
        return unmeasured(hpa, target, context) ?? requestMissing(hpa, target, context) ?? atMaximum(hpa, target)
    }

    private static func make(
        _ hpa: HorizontalPodAutoscaler, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], reason: String = "the autoscaler's own condition says so", onset: Date? = nil
    ) -> Finding {
        Finding(
            cause: cause, object: hpa.reference, sufferer: hpa.target, statement: statement, details: details, citations: citations,
            confidence: confidence, reasons: [reason], impact: .degraded, onset: onset, changedObjects: [hpa.reference])
    }

    private static func cite(_ hpa: HorizontalPodAutoscaler, _ condition: Condition) -> Citation {
        .field(
            hpa.reference, "status.conditions[\(condition.type)]", "\(condition.reason ?? ""): \(condition.message ?? "")",
            time: condition.lastTransitionTime)
    }

    // MARK: Target

    private static func targetMissing(_ hpa: HorizontalPodAutoscaler, _ context: CaseContext) -> Finding? {
        let able = hpa.condition("AbleToScale")
        let isRefused = able.map { $0.isFalse && $0.reason == "FailedGetScale" } ?? false
        let isListed = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].contains(hpa.target.kind)
        let type = ResourceType.of(kind: hpa.target.kind)
        let isAbsent =
            isListed && type.map { context.view.wasRead($0, in: hpa.namespace) } ?? false && context.view.template(of: hpa.target) == nil
        guard isRefused || isAbsent else { return nil }
        let message = able?.message ?? ""
        // What is there and still cannot be got is refused, or asked for under a wrong API version.
        let isThere = isListed && !isAbsent && context.view.template(of: hpa.target) != nil
        var details = ["reference": hpa.target.name, "field": "scaleTargetRef", "found": "\(hpa.target.kind)/\(hpa.target.name)"]
        details["expected"] = isThere ? nil : meant(hpa, context)
        var citations = isRefused ? able.map { [cite(hpa, $0)] } ?? [] : []
        citations.append(.field(hpa.reference, "spec.scaleTargetRef", "\(hpa.target.kind)/\(hpa.target.name)"))
        if isAbsent {
            citations.append(.absence(hpa.target, "the list of \(hpa.target.kind)s in \(hpa.namespace) has no \(hpa.target.name)"))
        }
        let words = isThere ? "whose scale cannot be read: \(Citation.cut(message))" : "which does not exist"
        return make(
            hpa, .autoscalerTargetMissing, "HorizontalPodAutoscaler \(hpa.name) points to \(hpa.target), \(words).",
            isThere ? 0.6 : isRefused ? 0.94 : 0.86, details, citations,
            reason: isRefused ? "the autoscaler's own condition says so" : "the complete list has no such workload",
            onset: isRefused ? able?.lastTransitionTime : nil)
    }

    // The one workload that carries the autoscaler's name, or nearly the name it points to.
    private static func meant(_ hpa: HorizontalPodAutoscaler, _ context: CaseContext) -> String? {
        let names = context.topology.workloads(in: hpa.namespace).filter { ["Deployment", "StatefulSet"].contains($0.reference.kind) }
            .map(\.reference.name)
        let near = names.filter { name in
            EditDistance.between(name, hpa.target.name, atMost: 2) != nil || hpa.target.name.hasPrefix(name + "-")
                || name.hasPrefix(hpa.target.name + "-")
        }
        if names.contains(hpa.target.name) { return hpa.target.name }
        return near.count == 1 ? near[0] : near.first { $0 == hpa.name }
    }

    // MARK: Metrics

    private static func unmeasured(_ hpa: HorizontalPodAutoscaler, _ target: Workload?, _ context: CaseContext) -> Finding? {
        guard let active = hpa.condition("ScalingActive"), active.isFalse, let reason = active.reason, reason != "ScalingDisabled" else {
            return nil
        }
        let message = active.message ?? ""
        if message.contains("missing request for") { return requestMissing(hpa, target, active, message) }
        // Pods that have just started have no samples yet.
        if message.contains("did not receive metrics for targeted pods"), target.map({ $0.impact > .latent }) ?? false { return nil }
        let metric = metric(reason, message, hpa)
        var details = ["reason": reason, "reference": api(for: reason)]
        details["resource"] = metric
        let what = metric.map { "metric \($0)" } ?? "metrics"
        var finding = make(
            hpa, .autoscalerMetricsUnavailable,
            "HorizontalPodAutoscaler \(hpa.name) gets no \(what) for \(hpa.target): \(Citation.cut(message)).",
            reason.hasPrefix("FailedGet") ? 0.92 : 0.7, details, [cite(hpa, active)], onset: active.lastTransitionTime)
        serve(&finding, group: api(for: reason), context)
        return finding
    }

    // What serves the metrics may itself be broken, or not be there at all.
    private static func serve(_ finding: inout Finding, group: String, _ context: CaseContext) {
        let services = context.view.apiServices.items.filter { $0.name.hasSuffix("." + group) }
        if services.isEmpty, context.view.wasRead(.apiServices) {
            finding.reasons.append("no APIService serves \(group)")
        }
        for service in services {
            guard let available = service.condition("Available"), available.isFalse else { continue }
            finding.citations.append(
                .field(service.reference, "status.conditions[Available]", "\(available.reason ?? ""): \(available.message ?? "")"))
            finding.reasons.append("APIService \(service.name) is not available")
            guard let backing = service.service, let found = context.view.services[backing.namespace ?? "", backing.name] else { continue }
            finding.carriers += context.topology.workloads(behind: found).map(\.reference)
        }
    }

    private static func api(for reason: String) -> String {
        switch reason {
        case "FailedGetExternalMetric": "external.metrics.k8s.io"
        case "FailedGetPodsMetric", "FailedGetObjectMetric": "custom.metrics.k8s.io"
        default: "metrics.k8s.io"
        }
    }

    private static func metric(_ reason: String, _ message: String, _ hpa: HorizontalPodAutoscaler) -> String? {
        let source: Set<AutoscalerMetric.Source> =
            switch reason {
            case "FailedGetExternalMetric": [.external]
            case "FailedGetPodsMetric": [.pods]
            case "FailedGetObjectMetric": [.object]
            default: [.resource, .containerResource]
            }
        let names = hpa.metrics.filter { source.contains($0.source) }.map(\.name)
        return names.first { message.contains($0) } ?? (names.count == 1 ? names[0] : nil) ?? hpa.resourceMetrics.first
    }

    // MARK: Requests

    private static func requestMissing(
        _ hpa: HorizontalPodAutoscaler, _ target: Workload?, _ active: Condition, _ message: String
    ) -> Finding {
        let rest = Phrase.after(message, "missing request for ") ?? ""
        let resource = rest.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "," }).first.map(String.init) ?? "cpu"
        let named = Phrase.between(rest + " ", "in container ", " ")
        let container = named ?? lacking(resource, target)?.name
        return request(hpa, resource, container, 0.94, [cite(hpa, active)], onset: active.lastTransitionTime)
    }

    // An autoscaler without a status says nothing, its template may.
    private static func requestMissing(_ hpa: HorizontalPodAutoscaler, _ target: Workload?, _ context: CaseContext) -> Finding? {
        guard hpa.conditions.isEmpty, let target,
            let metric = hpa.metrics.first(where: { $0.isUtilization && $0.source == .resource && $0.current == nil }),
            let container = lacking(metric.name, target), !hasDefault(metric.name, hpa.namespace, context)
        else { return nil }
        var finding = request(
            hpa, metric.name, container.name, 0.75,
            [.field(hpa.target, "spec.template.spec.containers[\(container.name)].resources.requests", "no \(metric.name)")], onset: nil)
        finding.reasons = ["utilisation is a share of the request, and there is none"]
        finding.impact = .latent
        return finding
    }

    private static func request(
        _ hpa: HorizontalPodAutoscaler, _ resource: String, _ container: String?, _ confidence: Double, _ citations: [Citation],
        onset: Date?
    ) -> Finding {
        var details = ["resource": resource, "reference": hpa.target.name, "field": "resources.requests.\(resource)"]
        details["container"] = container
        var finding = make(
            hpa, .autoscalerRequestMissing,
            "HorizontalPodAutoscaler \(hpa.name) cannot compute utilisation: \(container.map { "container \($0)" } ?? "a container") of \(hpa.target) sets no \(resource) request.",
            confidence, details, citations, onset: onset)
        finding.changedFields = ["resources.requests"]
        return finding
    }

    // A limit without a request is the request; pods show what a LimitRange added.
    private static func lacking(_ resource: String, _ target: Workload?) -> Container? {
        let specs = target?.livePods.first.map { [$0.spec] } ?? [target?.template?.spec].compactMap { $0 }
        return specs.flatMap(\.containers).first { $0.requests[resource] == nil && $0.limits[resource] == nil }
    }

    private static func hasDefault(_ resource: String, _ namespace: String, _ context: CaseContext) -> Bool {
        context.view.limitRanges.inNamespace(namespace).flatMap(\.limits).contains {
            $0.type == "Container" && ($0.defaultRequest[resource] ?? $0.default[resource]) != nil
        }
    }

    // MARK: At the maximum

    private static func atMaximum(_ hpa: HorizontalPodAutoscaler, _ target: Workload?) -> Finding? {
        guard hpa.maxReplicas > 0, hpa.currentReplicas >= hpa.maxReplicas else { return nil }
        // Replicas that do not serve yet take no load.
        guard target.map({ $0.unreadyPods.isEmpty }) ?? true else { return nil }
        let limited = hpa.condition("ScalingLimited").flatMap { $0.isTrue && $0.reason == "TooManyReplicas" ? $0 : nil }
        let over = hpa.metrics.first { metric in
            guard let current = metric.current, let target = metric.target else { return false }
            return current > target * tolerance
        }
        let isMeasured = hpa.metrics.contains { $0.current != nil && $0.target != nil }
        guard over != nil || (limited != nil && !isMeasured) else { return nil }
        var details = ["found": String(hpa.maxReplicas), "field": "maxReplicas"]
        details["resource"] = over?.name
        var citations = limited.map { [cite(hpa, $0)] } ?? []
        citations.append(.field(hpa.reference, "spec.maxReplicas", String(hpa.maxReplicas)))
        var words = ""
        if let over, let current = over.current, let target = over.target {
            let load = "\(over.name) \(Self.number(current)) of \(Self.number(target))\(over.isUtilization ? " %" : "")"
            citations.append(.field(hpa.reference, "status.currentMetrics", load))
            words = " (\(load))"
        }
        var finding = make(
            hpa, .autoscalerAtMaximum,
            "HorizontalPodAutoscaler \(hpa.name) is at its maximum of \(hpa.maxReplicas) replicas while the load asks for more\(words).",
            over == nil ? 0.6 : 0.75, details, citations,
            reason: over == nil ? "the autoscaler's own condition says so" : "the load is above the target with all replicas in service")
        finding.against = ["a slow dependency keeps replicas as busy as load does"]
        // Without numbers, being at the maximum is how many clusters live; it counts where somebody asks about it.
        if over == nil { finding.impact = .latent }
        return finding
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String((value * 1_000).rounded() / 1_000)
    }
}
