internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Services whose selector finds nobody, somebody else, or others as well (N1, N6, N8).
enum ServiceSelectorRules {
    static func finding(_ service: Service, behind: [Workload], _ context: CaseContext) -> Finding? {
        guard context.view.wasRead(.pods, in: service.namespace) else { return nil }
        if service.selector.isEmpty { return withoutSelector(service, context) }
        if behind.isEmpty { return nobody(service, context) }
        return somebodyElse(service, behind, context) ?? othersAsWell(service, behind, context)
    }

    private static func wanted(_ service: Service) -> String { LabelSelector(matchLabels: service.selector).description }

    private static func labels(_ workload: Workload) -> [String: String] {
        (workload.template?.labels ?? [:]).merging(workload.livePods.first?.metadata.labels ?? [:]) { template, _ in template }
    }

    // MARK: Nobody

    private static func nobody(_ service: Service, _ context: CaseContext) -> Finding? {
        // A workload at 0 replicas has no pods, only a template, so without templates nothing is certain.
        let areTemplatesRead = [ResourceType.deployments, .statefulSets].allSatisfy { context.view.wasRead($0, in: service.namespace) }
        let trust = areTemplatesRead ? 1 : 0.85
        let selector = wanted(service)
        var citations = [Citation.field(service.reference, "spec.selector", selector)]
        citations.append(.absence(service.reference, "no pod and no pod template in \(service.namespace) carries \(selector)"))
        guard let likely = LikelyWorkload(of: service, context) else {
            // No pod, and templates unseen: a workload that makes no pods looks just the same.
            guard areTemplatesRead else { return nil }
            return ServiceRules.make(
                service, .serviceSelectorMismatch,
                "Service \(service.name) selects \(selector), and nothing in \(service.namespace) carries that.", 0.55,
                ["field": "selector", "found": selector, "label": service.selector.keys.sorted().joined(separator: ",")], citations,
                impact: ServiceRules.isNeeded(service, context) ? .degraded : .latent,
                reasons: ["no workload matches the selector"], fields: ["selector"])
        }
        let difference = LabelDifference(selector: service.selector, labels: labels(likely.workload))
        citations.append(.field(likely.workload.reference, "spec.template.metadata.labels", difference.carried))
        let isEdited = wasEdited(service, context)
        let isMissed = ServiceRules.isNeeded(service, context) || likely.isOrphan
        let isSure = likely.isNamesake || isEdited || isMissed
        let strength = likely.isNamesake ? 0.9 : isEdited ? 0.85 : isMissed ? 0.78 : 0.6
        var reasons = [
            "no pod carries the selector's labels",
            likely.isNamesake
                ? "\(likely.workload.reference) has the Service's name" : "\(likely.workload.reference) is the one workload that is close",
        ]
        if likely.isOrphan { reasons.append("no other Service leads to it") }
        var details = difference.details
        details["reference"] = likely.workload.reference.name
        return ServiceRules.make(
            service, .serviceSelectorMismatch,
            "Service \(service.name) selects \(selector), but the pods of \(likely.workload.reference) carry \(difference.carried): it has no endpoints.",
            strength * trust, details, citations,
            // A Service kept for another colour or release may select nothing on purpose; its name, its callers or an edit tell.
            impact: isSure ? .outage : .latent, reasons: reasons, fields: ["selector"])
    }

    private static func wasEdited(_ service: Service, _ context: CaseContext) -> Bool {
        guard let created = service.metadata.creationTime else { return false }
        return service.metadata.managedFields.contains { entry in
            guard let time = entry.time, entry.owns("spec.selector") else { return false }
            return time.timeIntervalSince(created) > 2 && (context.age(time) ?? .infinity) < ContainerCase.recentSeconds
        }
    }

    // Endpoints made by hand or by an operator need no selector; a Service without either leads nowhere.
    private static func withoutSelector(_ service: Service, _ context: CaseContext) -> Finding? {
        guard service.metadata.owners.isEmpty, context.view.wasRead(.endpointSlices, in: service.namespace),
            context.view.slices(of: service).flatMap(\.endpoints).isEmpty, (context.age(service.metadata.creationTime) ?? 0) > 60,
            let likely = LikelyWorkload(of: service, context), likely.isNamesake, likely.isOrphan, !likely.workload.readyPods.isEmpty
        else { return nil }
        let carried = LabelDifference.text(labels(likely.workload))
        return ServiceRules.make(
            service, .serviceSelectorMismatch,
            "Service \(service.name) has no selector and no endpoints, so nothing leads to \(likely.workload.reference) (\(carried)).",
            0.78,
            ["field": "selector", "found": "none", "expected": carried, "reference": likely.workload.reference.name],
            [
                .field(service.reference, "spec.selector", "not set"), .absence(service.reference, "no endpoints"),
                .field(likely.workload.reference, "spec.template.metadata.labels", carried),
            ], impact: .outage, reasons: ["a workload of the Service's name runs, and no Service leads to it"], fields: ["selector"])
    }

    // MARK: Others

    // The pods meant run, and the Service finds those of another program, which has a Service of its own.
    private static func somebodyElse(_ service: Service, _ behind: [Workload], _ context: CaseContext) -> Finding? {
        guard !behind.contains(where: { ServiceName.areRelated($0.reference.name, service.name) }),
            let likely = LikelyWorkload(of: service, context), likely.isNamesake, likely.isOrphan, !likely.workload.readyPods.isEmpty,
            let other = behind.first(where: { !$0.isBatch })
        else { return nil }
        let own = context.topology.services(selecting: other).first {
            $0.name != service.name && ServiceName.areRelated($0.name, other.reference.name)
        }
        let difference = LabelDifference(selector: service.selector, labels: labels(likely.workload))
        var details = difference.details
        details["reference"] = likely.workload.reference.name
        return ServiceRules.make(
            service, .serviceSelectorMismatch,
            "Service \(service.name) selects \(wanted(service)), the pods of \(other.reference), and not those of \(likely.workload.reference), which carry \(difference.carried).",
            own == nil ? 0.7 : 0.85, details,
            [
                .field(service.reference, "spec.selector", wanted(service)),
                .field(likely.workload.reference, "spec.template.metadata.labels", difference.carried),
            ], impact: .outage,
            reasons: ["\(likely.workload.reference) has the Service's name, and no Service leads to it"]
                + (own.map { ["\(other.reference) has Service \($0.name) of its own"] } ?? []), fields: ["selector"])
    }

    /// Whether the pods of a workload declare ports, and none of those the Service sends to.
    private static func isDeaf(_ workload: Workload, to service: Service) -> Bool {
        let ports = (workload.readyPods.first?.spec.containers ?? []).flatMap(\.ports)
        guard !ports.isEmpty, !service.ports.isEmpty else { return false }
        // A probe that makes the pod Ready is answered on a port that may well not be declared.
        let probed = (workload.readyPods.first?.spec.containers ?? []).compactMap { container -> Int? in
            if case .number(let number) = container.readinessProbe?.port { number } else { nil }
        }
        return service.ports.allSatisfy { port in
            switch port.targetPort {
            case .number(let number): !ports.contains { $0.containerPort == number } && !probed.contains(number)
            case .name(let name): !ports.contains { $0.name == name }
            }
        }
    }

    // Canaries, colours and replicas share a Service on purpose: their names are related.
    private static func othersAsWell(_ service: Service, _ behind: [Workload], _ context: CaseContext) -> Finding? {
        let serving = behind.filter { !$0.isBatch && !$0.readyPods.isEmpty }
        guard serving.count > 1,
            let meant = serving.first(where: { ServiceName.stem($0.reference.name) == ServiceName.stem(service.name) }),
            let intruder = serving.first(where: { $0.reference != meant.reference && Self.isDeaf($0, to: service) })
                ?? serving.first(where: { !ServiceName.areRelated($0.reference.name, meant.reference.name) })
        else { return nil }
        let isDeaf = Self.isDeaf(intruder, to: service) && !Self.isDeaf(meant, to: service)
        let hasOwn = context.topology.services(selecting: intruder).contains {
            $0.name != service.name && ServiceName.areRelated($0.name, intruder.reference.name)
        }
        guard isDeaf || hasOwn else { return nil }
        let others = labels(intruder)
        let telling = labels(meant).filter { $0.key != "pod-template-hash" && others[$0.key] != $0.value }
        let names = Phrase.list(serving.filter { $0.reference != meant.reference }.map(\.reference.description))
        return ServiceRules.make(
            service, .serviceSelectorMismatch,
            "Service \(service.name) selects \(wanted(service)), which the pods of \(names) carry as well as those of \(meant.reference).",
            isDeaf ? 0.85 : 0.7,
            [
                "field": "selector", "found": wanted(service), "expected": LabelDifference.text(telling),
                "reference": intruder.reference.name, "label": service.selector.keys.sorted().joined(separator: ","),
            ],
            [
                .field(service.reference, "spec.selector", wanted(service)),
                .field(intruder.reference, "spec.template.metadata.labels", LabelDifference.text(others)),
            ], impact: .degraded,
            reasons: [
                isDeaf
                    ? "\(intruder.reference) does not even listen on the Service's target port"
                    : "\(intruder.reference) has a Service of its own"
            ], fields: ["selector"])
    }
}
