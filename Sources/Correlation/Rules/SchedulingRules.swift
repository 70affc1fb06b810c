internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that no node takes (group S). The scheduler counts nodes by reason; the reason that is left once nodes that could never be
/// meant are set aside is the cause.
enum SchedulingRules {
    static func finding(_ pod: Pod, in workload: Workload, context: CaseContext) -> Finding? {
        guard pod.phase == "Pending", pod.spec.nodeName == nil || pod.spec.nodeName == "", !pod.isTerminating else {
            return rejected(pod, workload, context) ?? unknownNode(pod, workload, context)
        }
        guard let condition = pod.condition("PodScheduled"), condition.isFalse else { return noScheduler(pod, workload, context) }
        if condition.reason == "SchedulingGated" { return gated(pod, workload, condition) }
        let event = context.view.events(about: pod).last { $0.reason == "FailedScheduling" }
        let message = condition.message ?? event?.message ?? ""
        let refused = SchedulingCase(pod: pod, workload: workload, context: context, message: message, condition: condition, event: event)
        return refused.verdict
    }

    private static func base(
        _ workload: Workload, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation]
    ) -> Finding {
        Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations,
            confidence: confidence, impact: max(workload.impact, .degraded))
    }

    private static func gated(_ pod: Pod, _ workload: Workload, _ condition: Condition) -> Finding {
        let gates = Phrase.list(pod.spec.schedulingGates)
        return base(
            workload, .schedulerMissing, "Pods of \(workload.reference) wait for scheduling gate \(gates), which nobody lifts.", 0.85,
            ["field": "schedulingGates", "found": gates],
            [.field(pod.reference, "status.conditions[PodScheduled].message", condition.message ?? gates)])
    }

    // Without a condition no scheduler has looked at the pod at all.
    private static func noScheduler(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard pod.condition("PodScheduled") == nil, (context.age(pod.metadata.creationTime) ?? 0) > 60 else { return nil }
        let name = pod.spec.schedulerName
        guard name != "default-scheduler" else {
            return base(
                workload, .controlPlaneDegraded,
                "No scheduler looks at pods of \(workload.reference): kube-scheduler does not seem to run.", 0.6,
                ["reason": "no PodScheduled condition"],
                [.field(pod.reference, "status.phase", "Pending, without a PodScheduled condition")])
        }
        var finding = base(
            workload, .schedulerMissing,
            "Pods of \(workload.reference) ask for scheduler \(name), and no scheduler of that name takes them.", 0.9,
            ["field": "schedulerName", "found": name, "reference": name, "expected": "default-scheduler"],
            [.field(pod.reference, "spec.schedulerName", name)])
        finding.changedFields = ["schedulerName"]
        return finding
    }

    // The kubelet may refuse a pod that was bound to its node.
    private static func rejected(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard pod.phase == "Failed", let reason = pod.reason, reason != "Evicted" else { return nil }
        let citation = Citation.field(pod.reference, "status.message", pod.message ?? reason)
        let node = pod.spec.nodeName ?? ""
        switch reason {
        case _ where reason.hasPrefix("OutOf"):
            let resource = String(reason.dropFirst("OutOf".count))
            return base(
                workload, .insufficientResources, "Node \(node) refused a pod of \(workload.reference): out of \(resource).", 0.8,
                ["resource": resource, "node": node, "reason": reason], [citation])
        case "NodeAffinity", "NodeName":
            return base(
                workload, .nodeSelectorMismatch, "Node \(node) refused a pod of \(workload.reference): its labels do not fit.", 0.8,
                ["node": node, "reason": reason], [citation])
        case "AppArmor", "SysctlForbidden":
            return base(
                workload, .securityContextConflict, "Node \(node) refused a pod of \(workload.reference): \(pod.message ?? reason).", 0.9,
                ["node": node, "reason": reason], [citation])
        case "UnexpectedAdmissionError":
            return base(
                workload, .deviceUnavailable,
                "Node \(node) could not give a pod of \(workload.reference) its devices: \(pod.message ?? reason).", 0.8,
                ["node": node, "reason": reason], [citation])
        case "NodeShutdown", "Terminated", "NodeLost":
            var finding = base(
                workload, .nodeNotReady, "Node \(node) shut down and ended a pod of \(workload.reference).", 0.7,
                ["node": node, "reason": reason],
                [citation])
            finding.object = ObjectReference(kind: "Node", namespace: nil, name: node)
            return finding
        default: return nil
        }
    }

    private static func unknownNode(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard pod.phase == "Pending", let node = pod.spec.nodeName, !node.isEmpty, context.view.wasRead(.nodes),
            context.view.nodes[node] == nil
        else { return nil }
        var finding = base(
            workload, .nodeSelectorMismatch, "Pods of \(workload.reference) are pinned to node \(node), which does not exist.", 0.93,
            ["field": "nodeName", "found": node, "node": node], [.field(pod.reference, "spec.nodeName", node)])
        finding.changedFields = ["nodeName"]
        return finding
    }
}

/// One unschedulable pod and the scheduler's message about it.
private struct SchedulingCase {
    let pod: Pod
    let workload: Workload
    let context: CaseContext
    let message: String
    let condition: Condition
    let event: Event?

    private var spec: PodSpec { pod.spec }

    private func finding(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], _ extra: [Citation] = [],
        fields: [String]
    ) -> Finding {
        var citations = [Citation.field(pod.reference, "status.conditions[PodScheduled].message", message)]
        if let event { citations.append(.event(event)) }
        return Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: citations + extra, confidence: confidence, reasons: ["the scheduler says so"],
            impact: max(workload.impact, .degraded),
            onset: pod.metadata.creationTime, changedFields: fields)
    }

    var verdict: Finding? {
        // Waits right after creation are no fault yet, unless the scheduler has already refused the pod by name.
        let histogram = Self.histogram(message)
        return claim(histogram) ?? claimless(histogram)
    }

    private func claimless(_ reasons: [(count: Int, reason: String)]) -> Finding? {
        // A node may be counted under several reasons; taints of control-plane nodes are never the point where others refuse too.
        let texts = reasons.map(\.reason)
        func has(_ words: String...) -> Bool { texts.contains { text in words.contains { text.contains($0) } } }
        let taintOnly = texts.filter { !$0.contains("taint") }.isEmpty
        if has("didn't match Pod's node affinity", "didn't match node selector", "didn't match the requested node name") {
            return selector()
        }
        if has("anti-affinity") { return affinity(isAnti: true) }
        if has("didn't match pod affinity rules") { return affinity(isAnti: false) }
        if has("topology spread") {
            let key = spec.topologySpreadConstraints.first?.topologyKey ?? ""
            return finding(
                .topologySpreadUnsatisfiable, "The topology spread constraint on \(key) of \(workload.reference) leaves no node.", 0.93,
                ["field": "topologySpreadConstraints", "label": key], fields: ["topologySpreadConstraints"])
        }
        if has("free ports") {
            let port = spec.allContainers.flatMap(\.ports).compactMap(\.hostPort).first.map { String($0) } ?? ""
            return finding(
                .portConflict, "Host port \(port) that \(workload.reference) asks for is taken on every node that fits.", 0.92,
                ["port": port, "field": "port"], fields: ["ports"])
        }
        if let resource = texts.compactMap({ Phrase.after($0, "Insufficient ") }).first { return resources(resource) }
        if has("Too many pods") { return resources("pods") }
        if has("taint") && taintOnly || has("untolerated taint") { return taint() }
        if has("unschedulable") { return cordoned() }
        if has(
            "volume node affinity conflict", "PersistentVolume's node affinity", "no available volume zone",
            "didn't find available persistent volumes")
        {
            return volumeNode()
        }
        if message.contains("no nodes available to schedule pods") {
            return finding(.nodeNotReady, "The cluster has no node that takes pods.", 0.6, ["reason": "no nodes"], fields: [])
        }
        return nil
    }

    /// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {k: v}. preemption: …` as counted reasons.
    static func histogram(_ message: String) -> [(count: Int, reason: String)] {
        guard let list = Phrase.after(message, "nodes are available: ") else { return [] }
        let ours = list.firstRange(of: "preemption:").map { list[..<$0.lowerBound] } ?? list[...]
        var result: [(Int, String)] = []
        var depth = 0
        var part = ""
        func flush() {
            let text = part.drop { $0 == " " }
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            if let count = Int(digits) {
                result.append((count, String(text.dropFirst(digits.count).drop { $0 == " " })))
            } else if !text.isEmpty {
                result.append((0, String(text)))
            }
            part = ""
        }
        for character in ours {
            switch character {
            case "{", "(": depth += 1
            case "}", ")": depth -= 1
            default: break
            }
            if depth == 0 && (character == "," || character == ".") { flush() } else { part.append(character) }
        }
        flush()
        return result.filter { !$0.1.isEmpty }
    }

    private func claim(_ reasons: [(count: Int, reason: String)]) -> Finding? {
        if let name = Phrase.between(message, "persistentvolumeclaim \"", "\" not found") {
            let reference = ObjectReference(kind: "PersistentVolumeClaim", namespace: pod.namespace, name: name)
            var result = finding(
                .persistentVolumeClaimNotFound, "\(workload.reference) mounts PersistentVolumeClaim \(name), which does not exist.", 0.96,
                ["reference": name, "field": "claimName"], fields: ["volumes"])
            if context.view.wasRead(.persistentVolumeClaims, in: pod.namespace) {
                result.citations.append(.absence(reference, "the list of PersistentVolumeClaims in \(pod.namespace) has no \(name)"))
            }
            result.changedObjects = [reference]
            return result
        }
        if let claim = Phrase.between(message, "persistentvolumeclaim \"", "\" bound to non-existent") {
            var result = finding(
                .persistentVolumeMismatch, "PersistentVolumeClaim \(claim) of \(workload.reference) is bound to a volume that is gone.",
                0.92,
                ["reference": claim], fields: ["volumes"])
            result.object = ObjectReference(kind: "PersistentVolumeClaim", namespace: pod.namespace, name: claim)
            return result
        }
        guard message.contains("unbound immediate PersistentVolumeClaims") || message.contains("unbound PersistentVolumeClaims") else {
            return nil
        }
        for volume in spec.volumes {
            guard case .persistentVolumeClaim(let name) = volume.source,
                let claim = context.view.persistentVolumeClaims[pod.namespace, name],
                var result = StorageRules.finding(claim, context: context)
            else { continue }
            result.sufferer = workload.reference
            result.citations.insert(.field(pod.reference, "status.conditions[PodScheduled].message", message), at: 0)
            result.impact = max(workload.impact, .degraded)
            return result
        }
        return nil
    }

    private func selector() -> Finding? {
        if let node = spec.nodeName, !node.isEmpty {
            return finding(
                .nodeSelectorMismatch, "\(workload.reference) asks for node \(node), which does not fit.", 0.9,
                ["field": "nodeName", "found": node],
                fields: ["nodeName"])
        }
        let nodes = context.view.nodes.items
        let wanted = spec.nodeSelector.sorted { $0.key < $1.key }
        let unmet = wanted.first { pair in !nodes.contains { $0.metadata.labels[pair.key] == pair.value } } ?? wanted.first
        if let unmet {
            let found = Set(nodes.compactMap { $0.metadata.labels[unmet.key] }).sorted()
            let hint = found.isEmpty ? "no node carries that label" : "nodes carry \(unmet.key)=\(Phrase.list(found))"
            var details = ["field": "nodeSelector", "label": unmet.key, "found": "\(unmet.key)=\(unmet.value)"]
            details["expected"] = found.first.map { "\(unmet.key)=\($0)" }
            return finding(
                .nodeSelectorMismatch, "\(workload.reference) wants nodes with \(unmet.key)=\(unmet.value); \(hint).", 0.95, details,
                [.field(pod.reference, "spec.nodeSelector", "\(unmet.key)=\(unmet.value)")], fields: ["nodeSelector", "affinity"])
        }
        let terms = spec.affinity.nodeTerms.flatMap { $0 }.map { LabelSelector(matchExpressions: [$0]).description }
        return finding(
            .nodeSelectorMismatch, "\(workload.reference) wants nodes with \(Phrase.list(terms)), and no node fits.", 0.94,
            ["field": "nodeAffinity", "label": spec.affinity.nodeTerms.first?.first?.key ?? "", "found": Phrase.list(terms)],
            fields: ["affinity", "nodeSelector"])
    }

    private func affinity(isAnti: Bool) -> Finding? {
        let terms = isAnti ? spec.affinity.podAntiTerms : spec.affinity.podTerms
        let key = terms.first?.topologyKey ?? ""
        let wish = terms.first?.selector?.description ?? ""
        let word = isAnti ? "anti-affinity" : "affinity"
        let statement =
            isAnti
            ? "The pod anti-affinity of \(workload.reference) leaves no node: each of its \(workload.desired ?? 0) replicas needs a \(key) of its own."
            : "The pod affinity of \(workload.reference) finds no running pod with \(wish) to be near to."
        return finding(
            .podAffinityUnsatisfiable, statement, 0.94,
            ["field": isAnti ? "podAntiAffinity" : "podAffinity", "label": key, "found": "\(word) \(wish)"],
            fields: ["affinity", "replicas"])
    }

    private func resources(_ rawResource: String) -> Finding? {
        let resource = String(rawResource.prefix { !$0.isWhitespace && $0 != "," && $0 != "." || $0 == "." })
            .trimmingSuffix(".")
        let asked = spec.containers.compactMap { $0.requests[resource].flatMap { Quantity($0) } }
        let request = asked.max()
        let free = context.view.nodes.items.compactMap { $0.allocatable[resource].flatMap { Quantity($0) } }.max()
        var details = ["resource": resource, "reason": "Unschedulable"]
        details["found"] = request?.text
        var extra: [Citation] = []
        var statement = "No node has enough free \(resource) for \(workload.reference)"
        if let request {
            statement = "\(workload.reference) requests \(request.text) of \(resource)"
            extra.append(.field(pod.reference, "spec.containers[].resources.requests.\(resource)", request.text))
        }
        if let request, let free, request.value > free.value {
            statement += ", more than any node has (largest allocatable: \(free.text))"
            details["expected"] = "at most \(free.text)"
        } else if request != nil {
            statement += ", and no node has that much free"
        }
        return finding(.insufficientResources, statement + ".", 0.94, details, extra, fields: ["resources", "replicas"])
    }

    private func taint() -> Finding? {
        let refusing = context.view.nodes.items.filter { node in
            node.taints.contains { taint in taint.effect != "PreferNoSchedule" && !spec.tolerations.contains { $0.tolerates(taint) } }
        }
        let taints = refusing.flatMap { node in
            node.taints.filter { taint in !spec.tolerations.contains { $0.tolerates(taint) } }.map { (node, $0) }
        }
        // Taints that the node controller sets stand for the node's own trouble.
        if let (node, taint) = taints.first(where: {
            ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].contains($0.1.key)
        }),
            var result = NodeRules.finding(node, context: context)
        {
            result.sufferer = workload.reference
            result.citations.append(.field(node.reference, "spec.taints", taint.description))
            return result
        }
        if taints.count == 1, taints[0].1.key == "node.kubernetes.io/unschedulable" { return cordoned() }
        let named = taints.first { !$0.1.key.hasPrefix("node-role.kubernetes.io/") } ?? taints.first
        let text = named?.1.description ?? Phrase.between(message, "taint {", "}").map { $0.replacing(": ", with: "=") } ?? "a taint"
        var extra: [Citation] = []
        if let named { extra.append(.field(named.0.reference, "spec.taints", named.1.description)) }
        return finding(
            .untoleratedTaint, "\(workload.reference) does not tolerate taint \(text), which the remaining nodes carry.", 0.93,
            ["field": "toleration", "taint": text, "node": named?.0.name ?? ""], extra, fields: ["tolerations", "nodeSelector"])
    }

    private func cordoned() -> Finding? {
        let nodes = context.view.nodes.items.filter(\.isUnschedulable)
        guard let node = nodes.first else {
            return finding(
                .nodeCordoned, "The nodes that \(workload.reference) could use are cordoned.", 0.7, ["reason": "unschedulable"], fields: [])
        }
        var result = finding(
            .nodeCordoned,
            "\(Phrase.list(nodes.map { "Node \($0.name)" })) \(nodes.count == 1 ? "is" : "are") cordoned, and \(workload.reference) fits no other.",
            0.9, ["node": node.name], [.field(node.reference, "spec.unschedulable", "true")], fields: [])
        result.object = node.reference
        result.changedObjects = [node.reference]
        return result
    }

    private func volumeNode() -> Finding? {
        for volume in spec.volumes {
            guard case .persistentVolumeClaim(let name) = volume.source else { continue }
            let reference = ObjectReference(kind: "PersistentVolumeClaim", namespace: pod.namespace, name: name)
            var result = finding(
                .persistentVolumeMismatch,
                "The volume of PersistentVolumeClaim \(name) can only be used on nodes that do not take \(workload.reference).",
                0.88, ["reference": name, "field": "nodeAffinity"], fields: ["volumes", "nodeSelector"])
            result.object = reference
            return result
        }
        return nil
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
