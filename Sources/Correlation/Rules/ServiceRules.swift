internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Services that lead nowhere or to the wrong port (N1, N3, N4, N9). None of this makes an event.
enum ServiceRules {
    static func finding(_ service: Service, context: CaseContext) -> Finding? {
        guard service.type != "ExternalName" else { return nil }
        return selector(service, context) ?? port(service, context) ?? loadBalancer(service, context)
    }

    private static func make(
        _ service: Service, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], impact: Finding.Impact, reasons: [String], fields: [String]
    ) -> Finding {
        Finding(
            cause: cause, object: service.reference, sufferer: service.reference, statement: statement, details: details,
            citations: citations, confidence: confidence,
            reasons: reasons, impact: impact, changedFields: fields, changedObjects: [service.reference])
    }

    private static func selector(_ service: Service, _ context: CaseContext) -> Finding? {
        guard !service.selector.isEmpty, context.view.wasRead(.pods, in: service.namespace),
            context.view.wasRead(.deployments, in: service.namespace),
            context.topology.workloads(behind: service).isEmpty
        else { return nil }
        let wanted = LabelSelector(matchLabels: service.selector).description
        var citations = [Citation.field(service.reference, "spec.selector", wanted)]
        citations.append(.absence(service.reference, "no pod and no pod template in \(service.namespace) carries \(wanted)"))
        guard let (likely, labels) = likelyWorkload(service, context) else {
            return make(
                service, .serviceSelectorMismatch,
                "Service \(service.name) selects \(wanted), and nothing in \(service.namespace) carries that.", 0.55,
                ["field": "selector", "found": wanted], citations, impact: .latent, reasons: ["no workload matches the selector"],
                fields: ["selector"])
        }
        let carried = service.selector.keys.sorted().compactMap { key in labels[key].map { "\(key)=\($0)" } }.joined(separator: ",")
        let shown =
            carried.isEmpty
            ? labels.filter { $0.key != "pod-template-hash" }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
                separator: ",") : carried
        citations.append(.field(likely, "spec.template.metadata.labels", shown))
        // A Service kept for another colour or release may select nothing on purpose; its own name or a recent edit tells.
        let isNamesake = likely.name == service.name
        let isEdited = wasEdited(service, context)
        return make(
            service, .serviceSelectorMismatch,
            "Service \(service.name) selects \(wanted), but the pods of \(likely) carry \(shown): it has no endpoints.",
            isNamesake ? 0.9 : isEdited ? 0.85 : 0.6, ["field": "selector", "found": wanted, "expected": shown, "reference": likely.name],
            citations,
            impact: isNamesake || isEdited ? .outage : .latent,
            reasons: [
                "no pod carries the selector's labels",
                isNamesake ? "\(likely) has the Service's name" : "\(likely) is the one workload that is close",
            ], fields: ["selector"])
    }

    private static func wasEdited(_ service: Service, _ context: CaseContext) -> Bool {
        guard let created = service.metadata.creationTime else { return false }
        return service.metadata.managedFields.contains { entry in
            guard let time = entry.time, entry.owns("spec.selector") else { return false }
            return time.timeIntervalSince(created) > 2 && (context.age(time) ?? .infinity) < ContainerCase.recentSeconds
        }
    }

    // By name first; else the one workload that shares all but one of the selector's labels.
    private static func likelyWorkload(_ service: Service, _ context: CaseContext) -> (ObjectReference, [String: String])? {
        let candidates = context.topology.workloads(in: service.namespace).filter {
            !$0.isBatch && $0.reference.kind != "Pod" || $0.metadata.name == service.name
        }
        func labels(_ workload: Workload) -> [String: String] { workload.template?.labels ?? workload.pods.first?.metadata.labels ?? [:] }
        if let named = candidates.first(where: { $0.reference.name == service.name }) { return (named.reference, labels(named)) }
        let close = candidates.filter { workload in
            let carried = labels(workload)
            let values = Set(carried.values)
            let agreeing = service.selector.filter { carried[$0.key] == $0.value }.count
            return (agreeing > 0 && agreeing == service.selector.count - 1) || values.contains(service.name)
                || service.selector.contains { pair in
                    carried[pair.key].map { EditDistance.between($0, pair.value, atMost: 2) != nil } ?? false
                }
        }
        return close.count == 1 ? close.first.map { ($0.reference, labels($0)) } : nil
    }

    private static func port(_ service: Service, _ context: CaseContext) -> Finding? {
        let pods = context.view.pods(selectedBy: service).filter { $0.isReady && !$0.isTerminating }
        guard !service.isHeadless, let pod = pods.first, let workload = context.topology[context.topology.workload(of: pod)] else {
            return nil
        }
        let cases = context.cases(of: pod, in: workload).filter { $0.container.role == .app || $0.container.isNativeSidecar }
        let declared = cases.flatMap(\.container.ports)
        let listening = Set(cases.flatMap(\.listeningPorts))
        let probed = Set(
            cases.flatMap { item in [item.container.readinessProbe, item.container.livenessProbe].compactMap { item.number(of: $0?.port) } }
        )
        for port in service.ports {
            switch port.targetPort {
            case .name(let name):
                guard !declared.contains(where: { $0.name == name && $0.protocol == port.protocol }) else { continue }
                let names = declared.compactMap(\.name)
                let hint = names.isEmpty ? "" : "; they declare \(Phrase.list(names))"
                return make(
                    service, .servicePortMismatch,
                    "Service \(service.name) sends port \(port.port) to named port \(name), which the pods of \(workload.reference) do not declare\(hint).",
                    0.92,
                    ["field": "port", "found": name, "expected": names.first ?? "", "port": String(port.port)],
                    [
                        .field(service.reference, "spec.ports[\(port.port)].targetPort", name),
                        .field(
                            pod.reference, "spec.containers[].ports",
                            Phrase.list(declared.map { "\($0.name ?? "unnamed") \($0.containerPort)" })),
                    ],
                    impact: .outage, reasons: ["the name is declared by no container"], fields: ["ports"])
            case .number(let target):
                let numbers = Set(declared.map(\.containerPort))
                let known = listening.union(probed)
                if known.contains(target) || listening.isEmpty && probed.isEmpty && numbers.isEmpty { continue }
                if numbers.contains(target) { continue }
                let actual = listening.sorted().first ?? probed.sorted().first ?? numbers.sorted().first
                guard let actual else { continue }
                let isSaid = !listening.isEmpty
                // Programs have silent extra ports, for metrics and the like: one port among several proves little.
                let isOnlyPort = service.ports.count == 1
                return make(
                    service, .servicePortMismatch,
                    "Service \(service.name) sends port \(port.port) to targetPort \(target), but \(workload.reference) listens on \(actual).",
                    isOnlyPort ? (isSaid || !probed.isEmpty ? 0.72 : 0.45) : 0.4,
                    ["field": "port", "found": String(target), "expected": String(actual), "port": String(port.port)],
                    [
                        .field(service.reference, "spec.ports[\(port.port)].targetPort", String(target)),
                        .field(pod.reference, "spec.containers[].ports", Phrase.list(numbers.sorted().map { String($0) })),
                    ],
                    impact: isOnlyPort ? .outage : .latent,
                    reasons: [
                        isSaid
                            ? "the program says that it listens on \(actual)"
                            : probed.isEmpty ? "the containers declare other ports only" : "the probe that succeeds asks port \(actual)"
                    ],
                    fields: ["ports"])
            }
        }
        return nil
    }

    private static func loadBalancer(_ service: Service, _ context: CaseContext) -> Finding? {
        guard service.type == "LoadBalancer", service.loadBalancerAddresses.isEmpty, (context.age(service.metadata.creationTime) ?? 0) > 120
        else { return nil }
        let event = context.view.events(about: service).last { ["SyncLoadBalancerFailed", "UnAvailableLoadBalancer"].contains($0.reason) }
        var citations = [Citation.field(service.reference, "status.loadBalancer.ingress", "empty")]
        if let event { citations.append(.event(event)) }
        return make(
            service, .loadBalancerPending,
            "Service \(service.name) of type LoadBalancer has no address\(event.map { ": \(Citation.cut($0.message))" } ?? "").",
            event == nil ? 0.6 : 0.9,
            ["reason": event?.reason ?? "Pending"], citations, impact: event == nil ? .latent : .degraded,
            reasons: [event == nil ? "no controller has given it one" : "the cloud controller reports an error"], fields: ["type"])
    }
}
