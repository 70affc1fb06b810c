internal import ClusterModel
internal import IncidentModel

/// NetworkPolicies that drop traffic which is known to be needed, though no log tells of it (N10-N12).
///
/// What is needed follows from the configuration of clients and from Ingresses: a policy that denies what nobody wants is silent.
struct PolicyRules {
    private let context: CaseContext
    private let evaluation: PolicyEvaluation

    static func findings(_ context: CaseContext) -> [Finding] {
        guard !context.view.networkPolicies.isEmpty else { return [] }
        let rules = PolicyRules(context: context, evaluation: PolicyEvaluation(view: context.view))
        let calls = context.topology.workloads.flatMap { rules.calls(of: $0) + rules.names(of: $0) }
        let found = calls + rules.routes() + rules.lockdowns()
        // One policy that several suffer from is one fault: the surest account of each sufferer stays.
        var seen: Set<String> = []
        return found.filter { seen.insert("\($0.object) \($0.sufferer)").inserted }
    }

    private func make(
        _ block: PolicyEvaluation.Block, to target: String, from source: String, sufferer: ObjectReference, port: Int?,
        _ confidence: Double, citations: [Citation], reasons: [String]
    ) -> Finding {
        var finding = block.finding(to: target, from: source, sufferer: sufferer, port: port, confidence: confidence, reasons: reasons)
        finding.citations += citations
        return finding
    }

    // MARK: Declared calls

    private func calls(of workload: Workload) -> [Finding] {
        guard let client = workload.livePods.first else { return [] }
        var result: [Finding] = []
        for declared in context.topology.declared[workload.reference] ?? [] {
            guard case .service(let service) = context.topology.resolve(declared.host, from: workload.namespace),
                let server = context.view.pods(selectedBy: service).first(where: { !$0.isFinished && !$0.isTerminating }),
                context.topology.workload(of: server) != workload.reference,
                let port = service.targetNumber(of: declared.port, on: server),
                let block = evaluation.blocker(from: client, to: server, port: port)
            else { continue }
            let trust = declared.isSetting ? 0.82 : 0.66
            let setting = Citation.field(declared.holder, declared.place, declared.host)
            let reasons = ["no rule of the policies that apply admits it", "the client is configured to call it (\(declared.place))"]
            for sufferer in [workload.reference, service.reference] {
                result.append(
                    make(
                        block, to: "Service \(service.name)", from: workload.reference.description, sufferer: sufferer, port: port,
                        trust, citations: [setting], reasons: reasons))
            }
        }
        return result
    }

    // A pod that may not ask the name server reaches nobody by name.
    private func names(of workload: Workload) -> [Finding] {
        guard let client = workload.livePods.first,
            let declared = (context.topology.declared[workload.reference] ?? []).first(where: { item in
                guard item.isSetting, !Topology.isAddress(item.host) else { return false }
                if case .service = context.topology.resolve(item.host, from: workload.namespace) { return true }
                return false
            }),
            let block = evaluation.dnsBlocker(of: client, servers: ClusterDNS(context).pods)
        else { return [] }
        return [
            make(
                block, to: "the cluster's DNS (port 53)", from: workload.reference.description, sufferer: workload.reference, port: 53,
                0.78,
                citations: [.field(declared.holder, declared.place, declared.host)],
                reasons: ["no egress rule admits port 53 over UDP to the DNS pods", "its configuration names hosts of the cluster"])
        ]
    }

    // MARK: Calls from outside

    private func routes() -> [Finding] {
        let controllers = IngressControllers.pods(context)
        guard let controller = controllers.first else { return [] }
        return context.view.ingresses.items.flatMap { ingress in
            ingress.paths.compactMap(\.backend).compactMap { backend -> Finding? in
                guard let service = context.view.services[ingress.namespace, backend.service],
                    let server = context.view.pods(selectedBy: service).first(where: \.isReady),
                    let port = service.targetNumber(of: service.number(of: backend.port), on: server),
                    controllers.allSatisfy({ evaluation.blocker(from: $0, to: server, port: port) != nil }),
                    let block = evaluation.blocker(from: controller, to: server, port: port)
                else { return nil }
                return make(
                    block, to: "Service \(service.name)", from: context.topology.workload(of: controller).description,
                    sufferer: service.reference, port: port, 0.74,
                    citations: [.field(ingress.reference, "spec.rules", service.name)],
                    reasons: ["Ingress \(ingress.name) routes there, and no rule admits its controller"])
            }
        }
    }

    // A policy made for this one program lets nobody in, and there is a Service in front of it: it was meant to be called.
    private func lockdowns() -> [Finding] {
        context.view.services.items.compactMap { service in
            guard !context.view.networkPolicies.inNamespace(service.namespace).isEmpty,
                let server = context.view.pods(selectedBy: service).first(where: \.isReady), let block = evaluation.lockdown(of: server)
            else { return nil }
            var finding = make(
                block, to: "Service \(service.name)", from: "anybody", sufferer: service.reference, port: nil,
                block.policy.podSelector.isEmpty ? 0.45 : 0.72, citations: [],
                reasons: ["no policy that covers its pods has an ingress rule"])
            if block.policy.podSelector.isEmpty { finding.impact = .latent }
            return finding
        }
    }
}

extension PolicyEvaluation.Block {
    /// The finding on the policy, in the words of whoever is kept away.
    func finding(
        to target: String, from source: String, sufferer: ObjectReference, port: Int?, confidence: Double, reasons: [String]
    ) -> Finding {
        let selector = policy.podSelector.isEmpty ? "all pods" : policy.podSelector.description
        var details = ["policy": policy.name, "reference": policy.name, "field": direction.rawValue, "found": selector]
        details["port"] = port.map { String($0) }
        let others = covering.map(\.name).filter { $0 != policy.name }.sorted()
        return Finding(
            cause: .networkPolicyBlocks, object: policy.reference, sufferer: sufferer,
            statement:
                "NetworkPolicy \(policy.name) (for \(selector)) lets no traffic of \(source) through to \(target)\(port.map { " on port \($0)" } ?? "") (\(direction.rawValue)).",
            details: details,
            citations: [
                .field(policy.reference, "spec.podSelector", selector), .field(policy.reference, "spec.\(direction.rawValue)", rules),
            ], confidence: confidence, reasons: reasons,
            against: others.isEmpty ? [] : ["policies \(Phrase.list(others)) cover the same pods, and do not admit it either"],
            impact: .degraded, changedFields: [direction.rawValue, "podSelector"], changedObjects: [policy.reference])
    }

    /// The rules in short: who is admitted, and where.
    private var rules: String {
        let list = direction == .ingress ? policy.ingress : policy.egress
        if list.isEmpty { return "no rule: nothing is admitted" }
        return Phrase.list(
            list.map { rule in
                let peers = rule.peers.map { peer in
                    peer.cidr
                        ?? [
                            peer.podSelector.map { "pods \($0.isEmpty ? "any" : $0.description)" },
                            peer.namespaceSelector.map { "namespaces \($0.isEmpty ? "any" : $0.description)" },
                        ].compactMap { $0 }.joined(separator: " of ")
                }
                let ports = rule.ports.map { "\($0.protocol) \($0.port?.description ?? "any")" }
                return (peers.isEmpty ? "everyone" : Phrase.list(peers)) + (ports.isEmpty ? "" : " on " + Phrase.list(ports))
            })
    }
}

extension Service {
    /// The port on a pod behind one of the Service's ports; the first port where none is named, nothing where the Service lacks it.
    func targetNumber(of port: Int?, on pod: Pod) -> Int? {
        guard let item = port == nil ? ports.first : ports.first(where: { $0.port == port }), item.protocol == "TCP" else { return nil }
        switch item.targetPort {
        case .number(let number): return isHeadless ? port ?? number : number
        case .name(let name): return pod.spec.allContainers.flatMap(\.ports).first { $0.name == name }?.containerPort
        }
    }

    func number(of reference: PortReference?) -> Int? {
        switch reference {
        case .number(let number): number
        case .name(let name): ports.first { $0.name == name }?.port
        case nil: nil
        }
    }
}
