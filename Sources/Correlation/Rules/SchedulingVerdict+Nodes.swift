internal import ClusterModel
internal import IncidentModel

/// Findings about what nodes are and have: room, labels, taints, cordons.
extension SchedulingVerdict {
    /// What the scheduler said, or that it said nothing.
    var evidence: Citation {
        guard !message.text.isEmpty else { return .field(pod.reference, "status.phase", "Pending, without a node") }
        if hasCondition || event == nil { return .field(pod.reference, "status.conditions[PodScheduled].message", message.text) }
        return event.map(Citation.event) ?? .field(pod.reference, "status.phase", "Pending")
    }

    func finding(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], _ extra: [Citation] = [],
        fields: [String]
    ) -> Finding {
        var citations = [evidence]
        if let event, !citations.contains(.event(event)) { citations.append(.event(event)) }
        return Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations + extra, confidence: confidence,
            reasons: [message.isEmpty ? "the nodes that were read leave no other reason" : "the scheduler says so"],
            impact: max(workload.impact, .degraded), onset: pod.metadata.creationTime, changedFields: fields)
    }

    func noNodes() -> Finding {
        finding(.nodeNotReady, "The cluster has no node that takes pods.", 0.6, ["reason": "no nodes"], fields: [])
    }

    // MARK: Room

    func resources(_ resource: String, among fits: [NodeFit]) -> Finding {
        let demand = PodDemand(spec)
        let asked = resource == "pods" ? nil : demand.text(of: resource)
        let amount = demand.amounts[resource] ?? 0
        let nodes = fits.isEmpty ? context.view.nodes.items : fits.map(\.node)
        let largest = nodes.compactMap { $0.amount(of: resource) }.max()
        let free = nodes.compactMap { context.rooms.free(resource, on: $0) }.max()
        var details = ["resource": resource, "reason": "Unschedulable"]
        details["found"] = asked
        var extra: [Citation] = []
        var statement = "No node has enough free \(resource) for \(workload.reference)"
        if let asked {
            statement = "\(workload.reference) requests \(asked) of \(resource)"
            if let part = demand.largest(of: resource), part.text != asked {
                statement += " (\(part.text) for container \(part.container))"
            }
            details["container"] = demand.largest(of: resource)?.container
            extra.append(.field(pod.reference, "spec.containers[].resources.requests.\(resource)", asked))
        }
        if let largest, asked != nil, amount > largest {
            let text = PodDemand.text(largest, of: resource)
            statement += largest == 0 ? ", which no node offers" : ", more than any node has (largest allocatable: \(text))"
            details["expected"] = "at most \(text)"
            let holder = nodes.first { $0.amount(of: resource) == largest }
            if let holder { extra.append(.field(holder.reference, "status.allocatable.\(resource)", text)) }
        } else if asked != nil {
            statement += ", and no node has that much free"
            if let free, free < amount {
                let text = PodDemand.text(free, of: resource)
                statement += " (at most \(text))"
                details["expected"] = "at most \(text)"
            }
        }
        var result = finding(.insufficientResources, statement + ".", 0.94, details, extra, fields: ["resources", "replicas"])
        if message.says(.cordoned) { result.against.append("cordoned nodes are counted as well") }
        if message.says(.label) { result.against.append("other nodes are ruled out by their labels") }
        return result
    }

    // MARK: Labels

    func selector() -> Finding {
        if let node = spec.nodeName, !node.isEmpty {
            return finding(
                .nodeSelectorMismatch, "\(workload.reference) asks for node \(node), which does not fit.", 0.9,
                ["field": "nodeName", "found": node], fields: ["nodeName"])
        }
        let nodes = context.view.nodes.items
        let wanted = spec.nodeSelector.sorted { $0.key < $1.key }
        if let unmet = wanted.first(where: { pair in !nodes.contains { $0.metadata.labels[pair.key] == pair.value } }) {
            return selector(unmet.key, unmet.value)
        }
        let terms = spec.affinity.nodeTerms
        // Each label of the selector is on some node; the affinity, or no node has them all.
        if terms.isEmpty || (nodes.isEmpty && !wanted.isEmpty) {
            guard wanted.count != 1 else { return selector(wanted[0].key, wanted[0].value) }
            let all = wanted.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
            return finding(
                .nodeSelectorMismatch, "\(workload.reference) wants nodes with \(all), and no node has all of them.", 0.93,
                ["field": "nodeSelector", "label": wanted.first?.key ?? "", "found": all],
                [.field(pod.reference, "spec.nodeSelector", all)], fields: ["nodeSelector", "affinity"])
        }
        return nodeAffinity(terms, nodes)
    }

    private func selector(_ key: String, _ value: String) -> Finding {
        let near = LabelNeighbour.of(key, [value], among: context.view.nodes.items.map(\.metadata.labels))
        var details = ["field": "nodeSelector", "label": key, "found": "\(key)=\(value)"]
        details["expected"] = near?.text
        return finding(
            .nodeSelectorMismatch,
            "\(workload.reference) wants nodes with \(key)=\(value); \(near?.words ?? "no node carries that label").",
            0.95, details, [.field(pod.reference, "spec.nodeSelector", "\(key)=\(value)")], fields: ["nodeSelector", "affinity"])
    }

    private func nodeAffinity(_ terms: [[LabelSelector.Requirement]], _ nodes: [Node]) -> Finding {
        let all = terms.map { LabelSelector(matchExpressions: $0).description }.joined(separator: " or ")
        let requirements = terms.flatMap { $0 }
        let unmet = requirements.first { requirement in !nodes.contains { requirement.matches($0.metadata.labels) } } ?? requirements.first
        var details = ["field": "nodeAffinity", "label": unmet?.key ?? "", "found": all]
        let near = unmet.flatMap { LabelNeighbour.of($0.key, $0.values, among: nodes.map(\.metadata.labels)) }
        details["expected"] = near?.text
        return finding(
            .nodeSelectorMismatch, "The node affinity of \(workload.reference) wants \(all); \(near?.words ?? "no node fits").", 0.94,
            details,
            [.field(pod.reference, "spec.affinity.nodeAffinity", all)], fields: ["affinity", "nodeSelector"])
    }

    // MARK: Taints and cordons

    func taint(_ fits: [NodeFit]) -> Finding {
        let pairs = fits.flatMap { fit in fit.taints.map { (node: fit.node, taint: $0) } }
        let named = pairs.first { !$0.taint.key.hasPrefix("node.kubernetes.io/") } ?? pairs.first
        let told = message.taints.first { !NodeFit.isControlPlane($0) } ?? message.taints.first
        let text = named?.taint.description ?? told ?? ""
        var extra: [Citation] = []
        if let named { extra.append(.field(named.node.reference, "spec.taints", named.taint.description)) }
        var details = ["field": "toleration", "taint": String(text.prefix { !"=:".contains($0) }), "found": text]
        details["node"] = named?.node.name
        details["effect"] = named?.taint.effect
        return finding(
            .untoleratedTaint,
            "\(workload.reference) does not tolerate \(text.isEmpty ? "the taints" : "taint \(text)") of the nodes that are left for it.",
            text.isEmpty ? 0.8 : 0.93, details, extra, fields: ["tolerations", "nodeSelector"])
    }

    func cordon(_ nodes: [Node], others: Int) -> Finding {
        guard let node = nodes.first else {
            return finding(
                .nodeCordoned, "The nodes that \(workload.reference) could use are cordoned.", 0.7, ["reason": "unschedulable"], fields: [])
        }
        let names = Phrase.list(nodes.map { "Node \($0.name)" })
        var result = finding(
            .nodeCordoned, "\(names) \(nodes.count == 1 ? "is" : "are") cordoned, and \(workload.reference) fits no other.",
            others == 0 ? 0.92 : 0.88, ["node": node.name, "reason": "unschedulable"],
            nodes.prefix(3).map { .field($0.reference, "spec.unschedulable", "true") }, fields: [])
        result.object = node.reference
        result.changedObjects = [node.reference]
        if let resource = message.resources.first { result.against.append("the nodes that are open have too little free \(resource)") }
        return result
    }
}

/// The label that exists and is most like one that is asked for.
struct LabelNeighbour {
    let key: String
    let values: [String]

    /// As a label is written; the first value, where there are several.
    var text: String { "\(key)=\(values.first ?? "")" }
    var words: String { "nodes carry \(key)=\(Phrase.list(values))" }

    static func of(_ key: String, _ wanted: [String], among labels: [[String: String]]) -> LabelNeighbour? {
        let present = values(of: key, labels)
        if !present.isEmpty { return LabelNeighbour(key: key, values: nearestFirst(present, to: wanted)) }
        // A key that nothing carries may be misspelt; one with the wanted value is surer than one that only looks alike.
        let keys = Set(labels.flatMap(\.keys)).compactMap { other in
            EditDistance.between(other, key, atMost: max(1, key.count / 5)).map { (key: other, distance: $0) }
        }
        let best = keys.min { left, right in
            let leftHas = values(of: left.key, labels).contains(where: wanted.contains) ? 0 : 1
            let rightHas = values(of: right.key, labels).contains(where: wanted.contains) ? 0 : 1
            return (leftHas, left.distance, left.key) < (rightHas, right.distance, right.key)
        }
        return best.map { LabelNeighbour(key: $0.key, values: nearestFirst(values(of: $0.key, labels), to: wanted)) }
    }

    private static func values(of key: String, _ labels: [[String: String]]) -> [String] {
        Set(labels.compactMap { $0[key] }).sorted()
    }

    private static func nearestFirst(_ values: [String], to wanted: [String]) -> [String] {
        func distance(_ value: String) -> Int {
            wanted.map { EditDistance.between(value, $0, atMost: 8) ?? 9 }.min() ?? 9
        }
        return values.sorted { (distance($0), $0) < (distance($1), $1) }
    }
}
