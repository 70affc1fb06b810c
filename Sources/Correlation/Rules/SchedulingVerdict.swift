internal import ClusterModel
internal import IncidentModel

/// Decides which of several constraints an SRE has to change so that one pod finds a node.
///
/// The scheduler counts each node under the first filter that refuses it, so its message mixes constraints that are by design (the
/// taint of control planes, a zone) with the one that is at fault. Where nodes were read, each is held against the pod anew; the
/// constraint that alone keeps off a node which is meant for the pod is the cause. Where they were not, the order of the scheduler's
/// filters helps: a node counted under a later filter has passed the earlier ones.
struct SchedulingVerdict {
    let pod: Pod
    let workload: Workload
    let context: CaseContext
    let message: SchedulingMessage
    let hasCondition: Bool
    let event: Event?

    /// What the pod asks of nodes; where the recorded pod tells nothing of that, as `kubectl describe` does, its template does.
    var spec: PodSpec {
        guard !pod.spec.hasPlacement, let template = workload.template?.spec, template.hasPlacement else { return pod.spec }
        return template
    }

    var finding: Finding? {
        if let claim = claim() { return claim }
        if message.says(.device) || message.text.contains("resourceclaim") { return device() }
        let fits = context.view.nodes.items.map { NodeFit($0, pod, spec, context) }
        if fits.isEmpty {
            return message.text.contains("no nodes available to schedule pods") ? noNodes() : byMessage()
        }
        var result = byNodes(fits)
        if message.isEmpty { result?.confidence -= 0.08 }
        return result
    }

    /// Whether the scheduler's words allow a constraint: they name it, or there are none.
    private func allows(_ refusals: SchedulingMessage.Refusal...) -> Bool {
        message.isEmpty || refusals.contains(where: message.refusals.contains)
    }

    private func allowsResources() -> Bool { message.isEmpty || !message.resources.isEmpty }

    // MARK: With nodes

    private func byNodes(_ fits: [NodeFit]) -> Finding? {
        let labelled = fits.filter { !$0.obstacles.contains(.label) }
        if labelled.isEmpty {
            // Labels may have changed since the scheduler looked; what it says about labels decides.
            return allows(.label, .nodeName) ? selector() : byMessage()
        }
        if message.says(.nodeName) && spec.nodeName != nil { return selector() }
        let workers = labelled.filter { !$0.obstacles.contains(.controlPlane) }
        if workers.isEmpty { return taint(labelled) }
        let reachable = workers.filter { !$0.obstacles.contains(.volume) }
        if reachable.isEmpty { return volumeNode() }
        return tooLarge(reachable) ?? tooManyReplicas(workers) ?? unwell(reachable) ?? cordoned(reachable) ?? tainted(reachable)
            ?? crowded(reachable) ?? byMessage()
    }

    // More than any node has, even when empty.
    private func tooLarge(_ nodes: [NodeFit]) -> Finding? {
        guard allowsResources(), let common = nodes.dropFirst().reduce(nodes.first?.tooSmall, { $0?.intersection($1.tooSmall) }),
            let resource = common.min()
        else { return nil }
        return resources(resource, among: nodes)
    }

    // Replicas that must not share a domain can be no more than there are domains, sick and cordoned ones included.
    private func tooManyReplicas(_ nodes: [NodeFit]) -> Finding? {
        guard allows(.antiAffinity, .eitherAffinity),
            let term = spec.affinity.podAntiTerms.first(where: { $0.selector?.matches(pod.metadata.labels) ?? false }),
            nodes.contains(where: { $0.obstacles.contains(.antiAffinity) })
        else { return nil }
        let domains = Set(nodes.compactMap { $0.node.metadata.labels[term.topologyKey] })
        guard let desired = workload.desired, desired > domains.count else { return nil }
        return antiAffinity(domains: domains.count)
    }

    private func unwell(_ nodes: [NodeFit]) -> Finding? {
        for fit in nodes where fit.obstacles.contains(.sick) && fit.obstacles.isSubset(of: [.sick, .cordoned]) {
            guard var result = NodeRules.finding(fit.node, context: context) else { continue }
            result.sufferer = workload.reference
            result.impact = max(workload.impact, .degraded)
            result.citations.append(evidence)
            result.citations += fit.taints.map { .field(fit.node.reference, "spec.taints", $0.description) }
            return result
        }
        return nil
    }

    private func cordoned(_ nodes: [NodeFit]) -> Finding? {
        let free = nodes.filter { $0.obstacles == [.cordoned] }
        guard !free.isEmpty, allows(.cordoned, .taint) else { return nil }
        return cordon(free.map(\.node), others: nodes.count - free.count)
    }

    private func tainted(_ nodes: [NodeFit]) -> Finding? {
        let refusing = nodes.filter { $0.obstacles.contains(.taint) }
        guard !refusing.isEmpty, allows(.taint) else { return nil }
        let others = nodes.filter { $0.obstacles.isDisjoint(with: [.taint, .sick, .cordoned]) }
        if others.isEmpty { return taint(refusing) }
        // A node that still runs pods which do not tolerate its taint was tainted after they came: that is new, and no design.
        let fresh = refusing.filter { fit in
            fit.obstacles == [.taint]
                && context.rooms.pods(on: fit.node).contains { other in
                    !fit.taints.allSatisfy { taint in other.spec.tolerations.contains { $0.tolerates(taint) } }
                }
        }
        return fresh.isEmpty ? nil : taint(fresh)
    }

    // Nodes that are meant for the pod, well and open, and yet refuse it.
    private func crowded(_ nodes: [NodeFit]) -> Finding? {
        let open = nodes.filter { $0.obstacles.isDisjoint(with: [.taint, .sick, .cordoned]) }
        if message.isEmpty {
            if open.isEmpty || open.contains(where: { $0.obstacles.isEmpty }) { return nil }
            if open.allSatisfy({ $0.obstacles.contains(.affinity) }) { return affinity() }
            if open.allSatisfy({ $0.obstacles.contains(.spreadLabel) }) { return spread() }
            if open.contains(where: { $0.obstacles == [.resources] }), let short = shortest(open) { return resources(short, among: open) }
            if open.allSatisfy({ $0.obstacles.contains(.ports) }) { return hostPort() }
            return open.allSatisfy({ $0.obstacles.contains(.antiAffinity) }) ? antiAffinity(domains: nil) : nil
        }
        if message.says(.affinity) && open.allSatisfy({ $0.obstacles.contains(.affinity) }) { return affinity() }
        if let short = message.resources.first, !message.says(.spreadLabel) { return resources(short, among: open.isEmpty ? nodes : open) }
        return nil
    }

    private func shortest(_ nodes: [NodeFit]) -> String? {
        let demand = PodDemand(spec).amounts
        return demand.keys.sorted().first { resource in
            nodes.filter { $0.obstacles.contains(.resources) }.allSatisfy { fit in
                demand[resource] ?? 0 > context.rooms.free(resource, on: fit.node) ?? .infinity
            }
        }
    }

    // MARK: By the words alone

    private func byMessage() -> Finding? {
        let refusals = message.refusals
        if refusals.isEmpty { return nil }
        if message.says(.volumeLimit, .volumeInUse) { return volumeHeld() }
        if message.says(.volumeGone, .volumeUnbound) { return volumeNode() }
        if message.says(.affinity) || (message.says(.eitherAffinity) && spec.affinity.podAntiTerms.isEmpty) { return affinity() }
        if message.says(.spreadLabel) { return spread() }
        if let resource = message.resources.first { return resources(resource, among: []) }
        if message.says(.antiAffinity, .eitherAffinity) { return antiAffinity(domains: nil) }
        if message.says(.foreignAntiAffinity) { return foreignAntiAffinity() }
        if message.says(.ports) { return hostPort() }
        if message.says(.spread) { return spread() }
        if message.says(.cordoned) { return cordon(context.view.nodes.items.filter(\.isUnschedulable), others: 0) }
        let isTaintMeant = message.taints.contains { taint in spec.nodeSelector.contains { taint == "\($0.key)=\($0.value)" } }
        if message.says(.label, .nodeName) && !isTaintMeant { return selector() }
        if message.says(.taint) { return taint([]) }
        return message.says(.volumeNode) ? volumeNode() : nil
    }
}

extension PodSpec {
    /// Whether labels or neighbours decide which nodes will do.
    fileprivate var hasPlacement: Bool {
        !nodeSelector.isEmpty || !affinity.nodeTerms.isEmpty || !affinity.podTerms.isEmpty || !affinity.podAntiTerms.isEmpty
    }
}
