internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Budgets that forbid every eviction while somebody wants to evict (H12). A budget that allows nothing is idle until a node is drained.
enum DisruptionBudgetRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.podDisruptionBudgets.items.compactMap { finding($0, context) } + overlaps(context)
    }

    // The eviction API refuses a pod that two budgets select, however much they allow: it cannot take from both at once.
    private static func overlaps(_ context: CaseContext) -> [Finding] {
        var result: [Finding] = []
        var told: Set<[ObjectReference]> = []
        guard context.view.podDisruptionBudgets.items.count > 1 else { return [] }
        for pod in context.view.pods.items where !pod.isFinished && !pod.isTerminating {
            guard let node = pod.spec.nodeName.flatMap({ context.view.nodes[$0] }), node.isUnschedulable, !isOfDaemonSet(pod, context)
            else { continue }
            let budgets = context.view.podDisruptionBudgets.inNamespace(pod.namespace).filter {
                $0.selector?.matches(pod.metadata.labels) ?? false
            }
            // The one that selects more was most likely not made for this pod.
            guard budgets.count > 1, told.insert(budgets.map(\.reference)).inserted,
                let budget = budgets.max(by: { breadth($0, context) < breadth($1, context) })
            else { continue }
            let names = Phrase.list(budgets.map(\.name).sorted())
            result.append(
                Finding(
                    cause: .disruptionBudgetBlocksDrain, object: budget.reference, sufferer: context.topology.workload(of: pod),
                    statement:
                        "Pod \(pod.name) on node \(node.name), which is being drained, is selected by PodDisruptionBudgets \(names): the API evicts no pod that has more than one.",
                    details: [
                        "policy": budget.name, "field": "selector", "found": budget.selector?.description ?? "", "node": node.name,
                        "reference": pod.name,
                    ],
                    citations: budgets.map { .field($0.reference, "spec.selector", $0.selector?.description ?? "") }
                        + [.field(node.reference, "spec.unschedulable", "true")], confidence: 0.84,
                    reasons: ["the node is cordoned, and the pod stays on it"], impact: .degraded, changedObjects: budgets.map(\.reference))
            )
        }
        return result
    }

    private static func breadth(_ budget: PodDisruptionBudget, _ context: CaseContext) -> Int {
        context.view.pods.inNamespace(budget.namespace).filter { budget.selector?.matches($0.metadata.labels) ?? false }.count
    }

    private static func isOfDaemonSet(_ pod: Pod, _ context: CaseContext) -> Bool {
        context.topology.workload(of: pod).kind == "DaemonSet"
    }

    private static func finding(_ budget: PodDisruptionBudget, _ context: CaseContext) -> Finding? {
        guard budget.disruptionsAllowed == 0, let selector = budget.selector else { return nil }
        let pods = context.view.pods.inNamespace(budget.namespace).filter { selector.matches($0.metadata.labels) && !$0.isFinished }
        // Pods that are not healthy use the budget up: they are the cause then.
        guard let first = pods.first, pods.allSatisfy({ $0.isReady || $0.isTerminating }),
            let drain = drain(of: pods, by: budget, context)
        else { return nil }
        let field = budget.minAvailable == nil ? "maxUnavailable" : "minAvailable"
        let found = (budget.minAvailable ?? budget.maxUnavailable)?.description ?? ""
        var details = ["policy": budget.name, "field": field, "found": found]
        details["node"] = drain.node
        let node = drain.node.map { "node \($0)" } ?? "a node"
        return Finding(
            cause: .disruptionBudgetBlocksDrain, object: budget.reference, sufferer: context.topology.workload(of: first),
            statement:
                "PodDisruptionBudget \(budget.name) allows no eviction (\(field) \(found): \(budget.currentHealthy) healthy, \(budget.desiredHealthy) needed), so \(node) cannot be drained.",
            details: details,
            citations: [
                .field(budget.reference, "status.disruptionsAllowed", "0"), .field(budget.reference, "spec.\(field)", found),
                drain.citation,
            ], confidence: drain.isRefused ? 0.92 : 0.85,
            reasons: [
                drain.isRefused
                    ? "an eviction was refused because of it"
                    : "the node is cordoned, all pods are healthy, and the budget forbids every eviction"
            ], impact: .degraded, changedObjects: [budget.reference])
    }

    private struct Drain {
        let node: String?
        let citation: Citation
        /// Whether somebody tried and was refused.
        let isRefused: Bool
    }

    private static func drain(of pods: [Pod], by budget: PodDisruptionBudget, _ context: CaseContext) -> Drain? {
        if let event = refusal(of: pods, by: budget, context) {
            let node = event.regarding.kind == "Node" ? event.regarding.name : pods.first { $0.name == event.regarding.name }?.spec.nodeName
            return Drain(node: node, citation: .event(event), isRefused: true)
        }
        let cordoned = pods.compactMap { $0.spec.nodeName.flatMap { context.view.nodes[$0] } }.first {
            $0.isUnschedulable || $0.taints.contains { $0.key == "node.kubernetes.io/unschedulable" }
        }
        return cordoned.map {
            Drain(node: $0.name, citation: .field($0.reference, "spec.unschedulable", "true"), isRefused: false)
        }
    }

    // The API says `Cannot evict pod as it would violate the pod's disruption budget.`; autoscalers repeat it, or name the budget.
    private static func refusal(of pods: [Pod], by budget: PodDisruptionBudget, _ context: CaseContext) -> Event? {
        let names = Set(pods.map(\.name))
        let nodes = Set(pods.compactMap(\.spec.nodeName))
        return context.view.events.items.filter { event in
            let text = event.message
            let isRefusal =
                text.contains("disruption budget") && (text.contains("violate") || text.contains("evict"))
                || (text.contains("pdb ") || text.contains("PodDisruptionBudget"))
                    && (text.contains("prevents") || text.contains("blocking"))
            guard isRefusal, (context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds else { return false }
            switch event.regarding.kind {
            case "Pod": return event.regarding.namespace == budget.namespace && names.contains(event.regarding.name)
            case "PodDisruptionBudget": return event.regarding == budget.reference
            default: return nodes.contains(event.regarding.name) || text.contains("\(budget.namespace)/")
            }
        }.max { ($0.lastTime ?? .distantPast, $0.name) < ($1.lastTime ?? .distantPast, $1.name) }
    }
}
