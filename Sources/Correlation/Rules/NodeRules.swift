internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Nodes that do not work (group K).
enum NodeRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.nodes.items.compactMap { finding($0, context: context) }
    }

    static func finding(_ node: Node, context: CaseContext) -> Finding? {
        guard let ready = node.condition("Ready") else { return nil }
        if !ready.isTrue { return notReady(node, ready, context) }
        for (type, cause, words) in [
            ("MemoryPressure", CauseCode.nodeMemoryPressure, "is short of memory"), ("DiskPressure", .nodeDiskPressure, "is short of disk"),
            ("PIDPressure", .nodePIDPressure, "is short of process ids"),
        ] {
            guard let condition = node.condition(type), condition.isTrue else { continue }
            return make(node, cause, "Node \(node.name) \(words) and evicts pods.", 0.92, condition, context)
        }
        guard let network = node.condition("NetworkUnavailable"), network.isTrue else { return nil }
        return make(node, .podNetworkSetupFailed, "The network of node \(node.name) is not set up.", 0.88, network, context)
    }

    private static func notReady(_ node: Node, _ condition: Condition, _ context: CaseContext) -> Finding {
        let message = condition.message ?? ""
        if Phrase.containsAny(message, ["container runtime is down", "PLEG is not healthy", "runtime status check"]) {
            return make(
                node, .containerRuntimeDown, "The container runtime of node \(node.name) does not work: \(Citation.cut(message)).", 0.94,
                condition, context)
        }
        if Phrase.containsAny(message, ["NetworkPluginNotReady", "network not ready", "cni plugin not initialized"]) {
            return make(
                node, .podNetworkSetupFailed, "The pod network of node \(node.name) is not ready: \(Citation.cut(message)).", 0.93,
                condition, context)
        }
        let since = condition.lastTransitionTime.map { " since \(RFC3339.format($0))" } ?? ""
        let words = condition.status == "Unknown" ? "is down or unreachable" : "is not Ready"
        return make(
            node, .nodeNotReady, "Node \(node.name) \(words)\(since): \(Citation.cut(message.isEmpty ? condition.reason ?? "" : message)).",
            0.95, condition, context)
    }

    private static func make(
        _ node: Node, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ condition: Condition, _ context: CaseContext
    ) -> Finding {
        let pods = context.view.pods.items.filter { $0.spec.nodeName == node.name }
        var details = ["node": node.name]
        details["reason"] = condition.reason
        return Finding(
            cause: cause, object: node.reference, sufferer: node.reference, statement: statement, details: details,
            citations: [
                .field(
                    node.reference, "status.conditions[\(condition.type)]",
                    "\(condition.status): \(condition.message ?? condition.reason ?? "")", time: condition.lastTransitionTime)
            ],
            confidence: confidence, reasons: ["the node's own condition says so"], impact: pods.isEmpty ? .latent : .degraded,
            onset: condition.lastTransitionTime)
    }
}
