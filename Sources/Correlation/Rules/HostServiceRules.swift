internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Services of a host that do not run: kubelet, container runtime, kube-proxy (K1, K3, K13, N23). What systemd says of a unit is as sure
/// as it gets, once it is known that the node uses that unit at all.
enum HostServiceRules {
    static let runtimes: Set<String> = ["containerd", "docker", "crio", "cri-docker", "cri-dockerd"]
    private static let kubelets: Set<String> = ["kubelet", "k3s-agent", "rke2-agent"]
    private static let proxies: Set<String> = ["kube-proxy"]
    private static let networks: Set<String> = ["flanneld", "calico-node", "cilium"]

    /// The deepest fault of a node by its own services; `nil` where they run or are not known.
    static func finding(_ node: String, context: CaseContext) -> Finding? {
        let services = context.hostServices
        let kubelet = services.units(on: node, named: kubelets).first(where: \.isDown)
        if let runtime = brokenRuntime(on: node, context), !isBystander(runtime, to: kubelet) {
            return make(.containerRuntimeDown, runtime, "The container runtime", context)
        }
        if let kubelet { return make(.nodeNotReady, kubelet, "The kubelet", context) }
        if let network = services.units(on: node, named: networks).first(where: \.isDown) {
            return make(.podNetworkSetupFailed, network, "The pod network agent", context)
        }
        return proxy(node, context)
    }

    // A runtime that was stopped after the kubelet went with it: the host was shut down, or both were stopped.
    private static func isBystander(_ runtime: NodeServices.Unit, to kubelet: NodeServices.Unit?) -> Bool {
        guard let kubelet, kubelet.state == .stopped else { return false }
        if kubelet.journal.contains(where: { Phrase.containsAny($0, ["containerd.sock", "crio.sock", "docker.sock", "cri-dockerd.sock"]) })
        {
            return false
        }
        guard let first = kubelet.since, let second = runtime.since else { return true }
        return first <= second
    }

    // A host may carry a runtime that its kubelet does not use.
    private static func brokenRuntime(on node: String, _ context: CaseContext) -> NodeServices.Unit? {
        let units = context.hostServices.units(on: node, named: runtimes)
        let used = context.view.nodes[node]?.containerRuntime.split(separator: ":").first.map { $0 == "cri-o" ? "crio" : String($0) }
        let others = units.filter { $0.state == .running }
        return units.filter(\.isDown).first { unit in
            if let used { return unit.service == used || (used == "docker" && unit.service.hasPrefix("cri-docker")) }
            return others.isEmpty || unit.service == "containerd" && others.allSatisfy { $0.service == "docker" }
        }
    }

    private static func proxy(_ node: String, _ context: CaseContext) -> Finding? {
        guard let unit = context.hostServices.units(on: node, named: proxies).first(where: \.isDown),
            !ServiceRoutingRules.proxyPods(on: node, context).contains(where: \.isReady)
        else { return nil }
        var finding = make(.serviceRoutingBroken, unit, "kube-proxy", context)
        let failing = ConnectivityRules.failures(from: node, context)
        finding.citations += failing.prefix(3).map(\.citation)
        if !failing.isEmpty { finding.reasons.append("probes of Services fail from this node") }
        // Where no node runs it, something else routes Services.
        let isUnused = context.hostServices.units(named: unit.service).allSatisfy { $0.state != .running }
        if isUnused && failing.isEmpty && context.hostServices.nodes.count > 1 {
            finding.confidence = 0.4
            finding.impact = .latent
            finding.against.append("it runs on no node: something else may route Services here")
        }
        return finding
    }

    private static func make(_ cause: CauseCode, _ unit: NodeServices.Unit, _ what: String, _ context: CaseContext) -> Finding {
        let node = ObjectReference(kind: "Node", namespace: nil, name: unit.node)
        let since = unit.since.map { " since \(RFC3339.format($0))" } ?? ""
        let said = unit.tellingLine.map { ": \(Citation.cut($0.trimmed))" } ?? ""
        let verb = unit.state == .failed ? "fails" : "is stopped"
        return Finding(
            cause: cause, object: node, sufferer: node,
            statement: "\(what) of node \(unit.node) (\(unit.service)) \(verb)\(since), state \(unit.words)\(said).",
            details: [
                "node": unit.node, "reference": unit.service, "found": unit.words, "expected": "active (running)",
                "reason": reason(unit),
            ],
            citations: citations(unit, node), confidence: 0.95, reasons: ["the host says that the service does not run"],
            impact: .degraded, onset: unit.since)
    }

    static func citations(_ unit: NodeServices.Unit, _ object: ObjectReference) -> [Citation] {
        var result = [Citation.field(object, "host service \(unit.service)", unit.words, time: unit.since)]
        if let line = unit.tellingLine { result.append(.field(object, "journal of \(unit.service)", Citation.cut(line.trimmed))) }
        return result
    }

    private static func reason(_ unit: NodeServices.Unit) -> String {
        let isExpired = unit.journal.contains { $0.contains("certificate has expired") || $0.contains("certificate is expired") }
        return isExpired ? "certificate expired" : "\(unit.service) \(unit.words)"
    }
}
