internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Workloads that are paused, scaled to zero or without their governing Service (W2, W4, W8). The first two can be on purpose: they
/// count only where somebody misses the workload, which the descent and the question decide.
enum RolloutRules {
    static func findings(_ workload: Workload, context: CaseContext) -> [Finding] {
        [paused(workload, context), scaledToZero(workload, context), headlessMissing(workload, context)].compactMap { $0 }
    }

    // MARK: Paused

    private static func paused(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard workload.reference.kind == "Deployment",
            let deployment = context.view.deployments[workload.namespace, workload.reference.name],
            deployment.isPaused, let running = running(deployment, workload, context)
        else { return nil }
        let changes = running.changes
        guard let change = changes.first else { return nil }
        var details = ["field": "paused", "found": "true"]
        details["expected"] = change.to
        let what = "\(change.field): pods run \(change.from ?? "none"), the template says \(change.to ?? "none")"
        var citations = [
            Citation.field(deployment.reference, "spec.paused", "true"),
            .field(running.holder, "spec.template (\(change.field))", change.from ?? "none"),
        ]
        if let condition = deployment.condition("Progressing") {
            citations.append(.field(deployment.reference, "status.conditions[Progressing].reason", condition.reason ?? ""))
        }
        return Finding(
            cause: .rolloutPaused, object: workload.reference, sufferer: workload.reference,
            statement: "The roll-out of \(workload.reference) is paused, so its new template is not applied (\(what)).", details: details,
            citations: citations, confidence: 0.86, reasons: ["spec.paused is set, and the pods run another template"], impact: .latent,
            changedObjects: [workload.reference])
    }

    private typealias Running = (changes: [TemplateDiff.Change], holder: ObjectReference)

    /// What the running pods have and the template has not: by their ReplicaSet, or by the images of the pods where none was read.
    private static func running(_ deployment: Deployment, _ workload: Workload, _ context: CaseContext) -> Running? {
        let sets = context.view.replicaSets(of: deployment)
        if context.view.wasRead(.replicaSets, in: workload.namespace), !sets.isEmpty {
            let serving = sets.filter { $0.replicas > 0 }
            let diffs = serving.map { TemplateDiff.changes(from: $0.template, to: deployment.template) }
            guard !diffs.contains(where: \.isEmpty), let first = serving.first, let changes = diffs.first else { return nil }
            return (changes, first.reference)
        }
        // Admission adds to pods what the template has not; images it leaves alone.
        let wanted = Dictionary(deployment.template.spec.containers.map { ($0.name, $0.image) }) { first, _ in first }
        guard let pod = workload.livePods.first else { return nil }
        let changes = pod.spec.containers.compactMap { container -> TemplateDiff.Change? in
            guard let image = wanted[container.name], image != container.image else { return nil }
            return TemplateDiff.Change(field: "image", container: container.name, from: container.image, to: image)
        }
        return (changes, pod.reference)
    }

    // MARK: At zero

    private static func scaledToZero(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"].contains(workload.reference.kind), workload.desired == 0
        else { return nil }
        let event = context.view.events(about: workload.reference).last {
            $0.reason == "ScalingReplicaSet" && MissedWorkload.isToZero($0.message)
        }
        var citations = [Citation.field(workload.reference, "spec.replicas", "0")]
        if let event { citations.append(.event(event)) }
        let scaler = workload.metadata.lastWriter(of: "spec.replicas", orThrough: "scale")
        var details = ["field": "replicas", "found": "0"]
        details["user"] = scaler?.manager
        details["expected"] = MissedWorkload.appliedReplicas(workload).map { String($0) }
        let by = scaler.map { " (by \($0.manager)\($0.time.map { " at \(RFC3339.format($0))" } ?? ""))" } ?? ""
        let missed = MissedWorkload(context).reason(workload)
        let isMeant = DeliberateRest.isMeant(workload, context.view)
        return Finding(
            cause: .scaledToZero, object: workload.reference, sufferer: workload.reference,
            statement: "\(workload.reference) is scaled to 0 replicas\(by).", details: details,
            citations: citations, confidence: isMeant ? 0.45 : missed == nil ? 0.92 : 0.88,
            reasons: ["spec.replicas is 0"] + [missed].compactMap { $0 },
            against: isMeant ? ["its labels or annotations, or its autoscaler, mark it as off on purpose"] : [],
            impact: missed == nil ? .latent : .outage, onset: event?.lastTime ?? scaler?.time, changedObjects: [workload.reference])
    }

    // MARK: Governing Service

    private static func headlessMissing(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard workload.reference.kind == "StatefulSet", let set = context.view.statefulSets[workload.namespace, workload.reference.name],
            isHeadlessMissing(set, context), let name = set.serviceName
        else { return nil }
        // Many StatefulSets never use peer names: it is a fault only where a peer's name fails to resolve.
        for pod in workload.pods {
            for container in pod.spec.allContainers {
                for log in [context.logs.current(pod, container.name), context.logs.previous(pod, container.name)].compactMap({ $0 }) {
                    let said = log.findings.first {
                        ($0.signature == .nameNotFound || $0.signature == .serviceNotFound) && isBelow($0.host ?? "", name, of: set)
                            && !$0.isRecovered
                    }
                    guard let said else { continue }
                    var finding = headless(set, confidence: 0.92, reasons: ["peers fail to resolve names below it"])
                    finding.citations.append(.log(pod, container.name, said.line))
                    finding.details["host"] = said.host
                    finding.impact = max(workload.impact, .degraded)
                    return finding
                }
            }
        }
        return nil
    }

    /// The missing governing Service behind a name such as `db-0.db-peers`, asked for by anybody.
    static func headlessMissing(behind host: String, in namespace: String, context: CaseContext) -> Finding? {
        context.view.statefulSets.inNamespace(namespace).lazy.compactMap { set -> Finding? in
            guard let name = set.serviceName, isBelow(host, name, of: set), isHeadlessMissing(set, context) else { return nil }
            return headless(set, confidence: 0.9, reasons: ["a client fails to resolve a name below it"])
        }.first
    }

    private static func isHeadlessMissing(_ set: StatefulSet, _ context: CaseContext) -> Bool {
        guard let name = set.serviceName, !name.isEmpty else { return false }
        return context.view.wasRead(.services, in: set.namespace) && context.view.services[set.namespace, name] == nil
    }

    // `db-0.db-peers.shop.svc.cluster.local`, or any shorter form of it; the bare name of the Service stands for all peers.
    private static func isBelow(_ host: String, _ service: String, of set: StatefulSet) -> Bool {
        let labels = host.split(separator: ".").map(String.init)
        if labels.first == service { return true }
        guard labels.count >= 2, labels[1] == service, labels[0].hasPrefix(set.name + "-") else { return false }
        return Int(labels[0].dropFirst(set.name.count + 1)) != nil
    }

    private static func headless(_ set: StatefulSet, confidence: Double, reasons: [String]) -> Finding {
        let name = set.serviceName ?? ""
        let service = ObjectReference(kind: "Service", namespace: set.namespace, name: name)
        return Finding(
            cause: .headlessServiceMissing, object: set.reference, sufferer: set.reference,
            statement: "Governing Service \(name) of \(set.reference) does not exist, so the names of its pods do not resolve.",
            details: ["reference": name, "field": "serviceName"],
            citations: [
                .field(set.reference, "spec.serviceName", name),
                .absence(service, "the list of Services in \(set.namespace) has no \(name)"),
            ], confidence: confidence, reasons: reasons, impact: .degraded, changedObjects: [service])
    }
}
