internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// What TCP probes of Services tell: closed from everywhere speaks of the Service, closed from one node speaks of the node (N3, N10, N23).
enum ConnectivityRules {
    struct Failure: Sendable {
        let target: Connectivity.Target
        let citation: Citation
    }

    /// Services that cannot be reached from a node, though they can from another one, or though they have ready endpoints.
    static func failures(from node: String, _ context: CaseContext) -> [Failure] {
        context.connectivity.targets.compactMap { target in
            guard let probe = target.failures.first(where: { $0.node == node }), target.probes.contains(where: { $0.result == .open })
            else { return nil }
            return Failure(target: target, citation: citation(probe, target))
        }
    }

    private static func opens(from node: String, _ context: CaseContext) -> Int {
        context.connectivity.targets.filter { $0.probes.contains { $0.node == node && $0.result == .open } }.count
    }

    private static func citation(_ probe: Connectivity.Probe, _ target: Connectivity.Target) -> Citation {
        let from = probe.node.map { " from node \($0)" } ?? ""
        let words = probe.result == .timeout ? "no answer" : probe.result == .failed ? "refused or unreachable" : "open"
        let output = probe.output.isEmpty ? "" : ": \(Citation.cut(probe.output.trimmed))"
        return .field(target.reference, "TCP probe of port \(target.port.map { String($0) } ?? "?")\(from)", words + output)
    }

    /// Nodes from which Services fail that other nodes reach.
    static func findings(_ context: CaseContext) -> [Finding] {
        // A bad path loses single probes here and there, which is no matter of routing.
        let delays = PathDelayRules(context).findings
        guard !delays.contains(where: { $0.object.kind == "Node" }) else { return delays }
        let nodes = Set(context.connectivity.targets.flatMap(\.probes).compactMap(\.node)).sorted()
        return delays + nodes.compactMap { broken($0, context) }
    }

    private static func broken(_ name: String, _ context: CaseContext) -> Finding? {
        let failing = failures(from: name, context)
        guard !failing.isEmpty else { return nil }
        // The node's own trouble is the deeper word.
        if HostServiceRules.finding(name, context: context) != nil { return nil }
        if let node = context.view.nodes[name], NodeRules.finding(node, context: context) != nil { return nil }
        let open = opens(from: name, context)
        let node = ObjectReference(kind: "Node", namespace: nil, name: name)
        let services = failing.map(\.target.reference)
        var finding = Finding(
            cause: .serviceRoutingBroken, object: node, sufferer: node,
            statement:
                "Node \(name) does not route the traffic of Services: \(Phrase.list(services.map(\.name))) cannot be reached from it, though other nodes reach \(services.count == 1 ? "it" : "them").",
            details: ["node": name, "reason": "probes fail from this node only"],
            citations: failing.prefix(4).map(\.citation), confidence: open > 0 ? 0.5 : failing.count > 1 ? 0.86 : 0.72,
            reasons: ["\(Phrase.count(failing.count, "Service")) open from other nodes and not from this one"], impact: .degraded)
        if open > 0 { finding.against.append("\(Phrase.count(open, "other Service")) can be reached from the node") }
        finding.sufferers = services + NodePods.workloads(on: name, context).map(\.reference)
        return finding
    }

    /// A fault of a Service in the light of its probes: an open port refutes it, one that is closed from everywhere confirms it.
    static func weighed(_ finding: Finding, _ service: Service, _ context: CaseContext) -> Finding {
        let targets = context.connectivity.targets(of: service.reference).filter { target in
            finding.details["port"] == nil || target.port == nil || finding.details["port"] == target.port.map { String($0) }
        }
        guard [.serviceSelectorMismatch, .servicePortMismatch].contains(finding.cause), let target = targets.first else { return finding }
        var finding = finding
        if targets.contains(where: \.isClosed), let probe = target.failures.first {
            finding.confidence = max(finding.confidence, 0.93)
            finding.impact = .outage
            finding.citations.append(citation(probe, target))
            finding.reasons.append("no probe of the Service gets through")
        } else if targets.allSatisfy(\.isOpen) {
            finding.confidence = min(finding.confidence, 0.2)
            finding.impact = .latent
            finding.against.append("TCP probes of the Service succeed")
        }
        return finding
    }

    /// A Service that nobody can reach, though it has ready endpoints and nothing else is seen to be wrong with it.
    static func unanswered(_ service: Service, _ context: CaseContext) -> Finding? {
        guard let target = context.connectivity.targets(of: service.reference).first(where: \.isClosed),
            let probe = target.failures.first, ServiceState(service, context: context).readyCount > 0
        else { return nil }
        if let denied = denied(service, target, probe, context) { return denied }
        let port = service.ports.first { $0.port == target.port } ?? service.ports.first
        var details = ["field": "port", "port": target.port.map { String($0) } ?? ""]
        if case .number(let number) = port?.targetPort { details["found"] = String(number) }
        if let target = target.port, let port, service.ports.allSatisfy({ $0.port != target }) {
            details["found"] = String(port.port)
            details["expected"] = String(target)
        }
        return Finding(
            cause: .servicePortMismatch, object: service.reference, sufferer: service.reference,
            statement:
                "Service \(service.name) cannot be reached from any node, though it has ready endpoints: its target port is not what the pods answer on.",
            details: details, citations: [citation(probe, target)], confidence: 0.5,
            reasons: ["probes fail from everywhere, and the pods are Ready"],
            against: ["nothing says on which port the pods listen; a policy or firewall would look alike"], impact: .outage,
            changedFields: ["ports"], changedObjects: [service.reference])
    }

    // Policies drop: whoever they hold off waits for an answer in vain.
    private static func denied(
        _ service: Service, _ target: Connectivity.Target, _ probe: Connectivity.Probe, _ context: CaseContext
    ) -> Finding? {
        guard target.failures.contains(where: { $0.result == .timeout }) else { return nil }
        let evaluation = PolicyEvaluation(view: context.view)
        let clients = context.view.pods.inNamespace(service.namespace).filter { $0.isReady && !$0.spec.isHostNetwork }.prefix(5)
        for server in context.view.pods(selectedBy: service).filter(\.isReady).prefix(2) {
            let port = server.spec.allContainers.flatMap(\.ports).first?.containerPort ?? target.port ?? 0
            let policies = clients.filter { $0.reference != server.reference }.map {
                evaluation.blocker(from: $0, to: server, port: port)
            }
            guard let policy = (policies.first ?? nil)?.policy, policies.allSatisfy({ $0 != nil }) else { continue }
            return Finding(
                cause: .networkPolicyBlocks, object: policy.reference, sufferer: service.reference,
                statement: "NetworkPolicy \(policy.name) lets nobody through to Service \(service.name).",
                details: ["policy": policy.name, "reference": policy.name, "port": String(port)],
                citations: [citation(probe, target), .field(policy.reference, "spec.podSelector", policy.podSelector.description)],
                confidence: 0.82, reasons: ["no rule of the policies that apply admits its neighbours", "probes get no answer"],
                impact: .outage, changedObjects: [policy.reference])
        }
        return nil
    }
}
