internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Workloads that are paused, scaled to zero or held by their own strategy (W2-W8). All of these can be on purpose: they count only
/// where somebody misses the workload, which the descent and the question decide.
enum RolloutRules {
    static func findings(_ workload: Workload, context: CaseContext) -> [Finding] {
        [paused(workload, context), scaledToZero(workload, context), headlessMissing(workload, context)].compactMap { $0 }
    }

    private static func paused(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard workload.reference.kind == "Deployment",
            let deployment = context.view.deployments[workload.namespace, workload.reference.name],
            deployment.isPaused
        else { return nil }
        let sets = context.view.replicaSets(of: deployment)
        let isApplied = sets.contains { $0.replicas > 0 && TemplateDiff.changes(from: $0.template, to: deployment.template).isEmpty }
        guard !isApplied, context.view.wasRead(.replicaSets, in: workload.namespace) else { return nil }
        let running = sets.first { $0.replicas > 0 }
        let changes = running.map { TemplateDiff.changes(from: $0.template, to: deployment.template) } ?? []
        var details = ["field": "paused", "found": "true"]
        var what = ""
        if let change = changes.first {
            details["expected"] = change.to
            what = " (\(change.field): pods run \(change.from ?? "none"), the template says \(change.to ?? "none"))"
        }
        var citations = [Citation.field(deployment.reference, "spec.paused", "true")]
        if let running, let image = running.template.spec.containers.first?.image {
            citations.append(.field(running.reference, "spec.template.spec.containers[0].image", image))
        }
        if let condition = deployment.condition("Progressing") {
            citations.append(.field(deployment.reference, "status.conditions[Progressing].reason", condition.reason ?? ""))
        }
        return Finding(
            cause: .rolloutPaused, object: workload.reference, sufferer: workload.reference,
            statement: "The roll-out of \(workload.reference) is paused, so its new template is not applied\(what).", details: details,
            citations: citations,
            confidence: 0.86, reasons: ["spec.paused is set, and the pods run another template"], impact: .latent,
            changedObjects: [workload.reference])
    }

    private static func scaledToZero(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].contains(workload.reference.kind), workload.desired == 0
        else { return nil }
        let event = context.view.events(about: workload.reference).last {
            $0.reason == "ScalingReplicaSet" && $0.message.hasSuffix(" to 0")
        }
        var citations = [Citation.field(workload.reference, "spec.replicas", "0")]
        if let event { citations.append(.event(event)) }
        let scaler = workload.metadata.managedFields.filter { $0.owns("spec.replicas") || $0.subresource == "scale" }.max {
            ($0.time ?? .distantPast) < ($1.time ?? .distantPast)
        }
        var details = ["field": "replicas", "found": "0"]
        details["user"] = scaler?.manager
        let by = scaler.map { " (by \($0.manager)\($0.time.map { " at \(RFC3339.format($0))" } ?? ""))" } ?? ""
        return Finding(
            cause: .scaledToZero, object: workload.reference, sufferer: workload.reference,
            statement: "\(workload.reference) is scaled to 0 replicas\(by).", details: details,
            citations: citations, confidence: 0.92, reasons: ["spec.replicas is 0"], impact: .latent, onset: event?.lastTime,
            changedObjects: [workload.reference])
    }

    private static func headlessMissing(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard workload.reference.kind == "StatefulSet", let set = context.view.statefulSets[workload.namespace, workload.reference.name],
            let name = set.serviceName, !name.isEmpty, context.view.wasRead(.services, in: workload.namespace),
            context.view.services[workload.namespace, name] == nil
        else { return nil }
        let service = ObjectReference(kind: "Service", namespace: workload.namespace, name: name)
        // Many StatefulSets never use peer names: it is a fault only where a peer's name fails to resolve.
        let suffers = workload.pods.contains { pod in
            pod.spec.allContainers.contains { container in
                context.logs.current(pod, container.name)?.findings.contains {
                    $0.signature == .nameNotFound && ($0.host ?? "").contains(".\(name)") && !$0.isRecovered
                } ?? false
            }
        }
        guard suffers else { return nil }
        return Finding(
            cause: .headlessServiceMissing, object: workload.reference, sufferer: workload.reference,
            statement: "Governing Service \(name) of \(workload.reference) does not exist, so the names of its pods do not resolve.",
            details: ["reference": name, "field": "serviceName"],
            citations: [
                .field(workload.reference, "spec.serviceName", name),
                .absence(service, "the list of Services in \(workload.namespace) has no \(name)"),
            ],
            confidence: 0.92, reasons: ["peers fail to resolve names below it"], impact: max(workload.impact, .degraded),
            changedObjects: [service])
    }
}
