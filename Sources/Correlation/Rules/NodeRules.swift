internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Nodes that do not work (group K).
enum NodeRules {
    /// A node this young is still on its way: the kubelet reports before runtime and network are set up.
    private static let youngSeconds = 300.0
    /// `--node-monitor-grace-period` is 40 s, and a lease is renewed every 10 s; three times the grace period is no slip.
    private static let staleLeaseSeconds = 120.0

    /// Every node in trouble, those included that only their host's services tell of, with the workloads that suffer from it.
    static func findings(_ context: CaseContext) -> [Finding] {
        let known = context.view.nodes.items.compactMap { finding($0, context: context) }
        let unlisted = context.hostServices.nodes.filter { context.view.nodes[$0] == nil }.compactMap {
            HostServiceRules.finding($0, context: context)
        }
        let found = known + unlisted
        return found.map { suffering($0, among: found, context) }
    }

    private static func suffering(_ finding: Finding, among all: [Finding], _ context: CaseContext) -> Finding {
        var finding = finding
        let node = finding.object.name
        switch finding.cause {
        case .nodeMemoryPressure, .nodeDiskPressure, .nodePIDPressure: finding.sufferers = NodePods.troubled(on: node, context)
        default: finding.sufferers = NodePods.sufferers(of: node, context)
        }
        let isUsed = context.view.pods.items.contains { $0.spec.nodeName == node && !$0.isFinished } || !finding.sufferers.isEmpty
        if !isUsed && context.view.wasRead(.pods) { finding.impact = .latent }
        let alike = all.filter { $0.cause == finding.cause && $0.object != finding.object }.map(\.object.name)
        if !alike.isEmpty {
            finding.reasons.append("\(Phrase.list(alike.map { "node \($0)" })) \(alike.count == 1 ? "has" : "have") the same trouble")
            if let zone = commonZone(of: [node] + alike, context) { finding.reasons.append("all of them are in zone \(zone)") }
            if finding.cause == .nodeNotReady && alike.count + 1 == context.view.nodes.count {
                finding.against.append("all nodes at once: the control plane, or the network to it, may be what fails")
            }
        }
        return finding
    }

    private static func commonZone(of nodes: [String], _ context: CaseContext) -> String? {
        let keys = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"]
        func zone(_ node: Node) -> String? { keys.lazy.compactMap { node.metadata.labels[$0] }.first }
        let hit = Set(nodes.compactMap { context.view.nodes[$0] }.map(zone))
        let all = Set(context.view.nodes.items.map(zone))
        guard hit.count == 1, all.count > 1, let only = hit.first else { return nil }
        return only
    }

    /// What is wrong with one node, by its host's services, its conditions, or the taints that stand for them.
    static func finding(_ node: Node, context: CaseContext) -> Finding? {
        let host = HostServiceRules.finding(node.name, context: context)
        if var host, host.cause != .serviceRoutingBroken {
            if let ready = node.condition("Ready"), !ready.isTrue {
                host.citations.append(citation(node, ready))
                host.reasons.append("the node's own condition says so too")
            }
            return host
        }
        guard let ready = node.condition("Ready") else { return tainted(node) ?? host }
        if !ready.isTrue { return notReady(node, ready, context) }
        for (type, cause, words, resource) in [
            ("MemoryPressure", CauseCode.nodeMemoryPressure, "is short of memory", "memory"),
            ("DiskPressure", .nodeDiskPressure, "is short of disk", "ephemeral-storage"),
            ("PIDPressure", .nodePIDPressure, "is short of process ids", "pids"),
        ] {
            guard let condition = node.condition(type), condition.isTrue else { continue }
            var finding = make(node, cause, "Node \(node.name) \(words) and evicts pods.", 0.92, condition)
            finding.details["resource"] = resource
            return finding
        }
        if let network = node.condition("NetworkUnavailable"), network.isTrue {
            var finding = make(node, .podNetworkSetupFailed, "The network of node \(node.name) is not set up.", 0.88, network)
            if isYoung(node, context) { finding.impact = .latent }
            return finding
        }
        return host ?? silentLease(node, context)
    }

    private static func isYoung(_ node: Node, _ context: CaseContext) -> Bool {
        (context.age(node.metadata.creationTime) ?? .infinity) < youngSeconds
    }

    private static func notReady(_ node: Node, _ condition: Condition, _ context: CaseContext) -> Finding {
        var finding = notReady(node, condition)
        if finding.cause == .podNetworkSetupFailed { finding.carriers = NetworkAgents.failing(on: node.name, context).map(\.reference) }
        if let agent = finding.carriers.first { finding.details["reference"] = agent.name }
        if isYoung(node, context) {
            finding.confidence = 0.45
            finding.impact = .latent
            finding.against.append("the node is only just being set up")
        }
        return finding
    }

    private static func notReady(_ node: Node, _ condition: Condition) -> Finding {
        let message = condition.message ?? ""
        if Phrase.containsAny(message, ["container runtime is down", "PLEG is not healthy", "runtime status check", "runtime is down"]) {
            return make(
                node, .containerRuntimeDown, "The container runtime of node \(node.name) does not work: \(Citation.cut(message)).", 0.94,
                condition)
        }
        // `network plugin is not ready` is the text of releases before 1.24 with docker.
        if Phrase.containsAny(
            message, ["NetworkPluginNotReady", "network not ready", "cni plugin not initialized", "network plugin is not ready"])
        {
            return make(
                node, .podNetworkSetupFailed, "The pod network of node \(node.name) is not ready: \(Citation.cut(message)).", 0.93,
                condition)
        }
        let since = condition.lastTransitionTime.map { " since \(RFC3339.format($0))" } ?? ""
        let words = condition.status == "Unknown" ? "is down or unreachable" : "is not Ready"
        return make(
            node, .nodeNotReady, "Node \(node.name) \(words)\(since): \(Citation.cut(message.isEmpty ? condition.reason ?? "" : message)).",
            0.95, condition)
    }

    // The node controller sets these taints from the condition; they are left where conditions were not recorded.
    private static func tainted(_ node: Node) -> Finding? {
        let keys = ["node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready", "node.kubernetes.io/out-of-service"]
        guard let taint = node.taints.first(where: { keys.contains($0.key) }) else { return nil }
        return Finding(
            cause: .nodeNotReady, object: node.reference, sufferer: node.reference,
            statement: "Node \(node.name) is down or unreachable: it carries taint \(taint).",
            details: ["node": node.name, "reason": taint.key, "taint": taint.key, "found": taint.description],
            citations: [.field(node.reference, "spec.taints", taint.description)], confidence: 0.88,
            reasons: ["the node controller sets this taint when a node does not report"], impact: .degraded)
    }

    // Between the last sign of life and the condition lies the grace period. A lease far older than its fellows says the same.
    private static func silentLease(_ node: Node, _ context: CaseContext) -> Finding? {
        let leases = context.view.leases.inNamespace("kube-node-lease")
        guard let lease = leases.first(where: { $0.name == node.name }), let renewed = lease.renewTime,
            let newest = leases.compactMap(\.renewTime).max(), leases.count > 1,
            newest.timeIntervalSince(renewed) > staleLeaseSeconds
        else { return nil }
        return Finding(
            cause: .nodeNotReady, object: node.reference, sufferer: node.reference,
            statement: "Node \(node.name) has not renewed its lease since \(RFC3339.format(renewed)).",
            details: ["node": node.name, "reason": "stale lease"],
            citations: [.field(lease.reference, "spec.renewTime", RFC3339.format(renewed), time: renewed)], confidence: 0.72,
            reasons: ["other nodes renew theirs"], impact: .degraded, onset: renewed)
    }

    private static func citation(_ node: Node, _ condition: Condition) -> Citation {
        .field(
            node.reference, "status.conditions[\(condition.type)]",
            "\(condition.status): \(condition.message ?? condition.reason ?? "")", time: condition.lastTransitionTime)
    }

    private static func make(_ node: Node, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ condition: Condition) -> Finding
    {
        var details = ["node": node.name]
        details["reason"] = condition.reason
        return Finding(
            cause: cause, object: node.reference, sufferer: node.reference, statement: statement, details: details,
            citations: [citation(node, condition)], confidence: confidence, reasons: ["the node's own condition says so"],
            impact: .degraded, onset: condition.lastTransitionTime)
    }
}
