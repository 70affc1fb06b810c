internal import ClusterModel
internal import IncidentModel

/// Findings about other pods and volumes: affinity, spread, host ports, claims, devices.
extension SchedulingVerdict {
    func antiAffinity(domains: Int?) -> Finding {
        let own = spec.affinity.podAntiTerms
        let term = own.first { $0.selector?.matches(pod.metadata.labels) ?? false } ?? own.first
        let key = term?.topologyKey ?? ""
        let wish = term?.selector?.description ?? ""
        let count = workload.desired ?? workload.livePods.count
        let room = domains.map { ", and only \(Phrase.count($0, "such domain")) can be used" } ?? ""
        var details = ["field": "podAntiAffinity", "label": key, "found": "anti-affinity \(wish)"]
        details["expected"] = domains.map { "at most \(Phrase.count($0, "replica"))" }
        return finding(
            .podAffinityUnsatisfiable,
            "The pod anti-affinity of \(workload.reference) (\(wish)) leaves no node: each of its \(count) replicas needs a \(key) of its own\(room).",
            0.94, details, fields: ["affinity", "replicas"])
    }

    func foreignAntiAffinity() -> Finding {
        let holder = context.view.pods.items.first { other in
            !other.isFinished && !(other.spec.nodeName ?? "").isEmpty
                && other.spec.affinity.podAntiTerms.contains { term in
                    (term.namespaces.isEmpty ? [other.namespace] : term.namespaces).contains(pod.namespace)
                        && term.selector?.matches(pod.metadata.labels) ?? false
                }
        }
        let owner = holder.map { context.topology.workload(of: $0) }
        var details = ["field": "podAntiAffinity"]
        details["reference"] = owner?.name
        details["label"] = holder?.spec.affinity.podAntiTerms.first?.topologyKey
        details["found"] = holder.map { "anti-affinity \($0.spec.affinity.podAntiTerms.first?.selector?.description ?? "")" }
        return finding(
            .podAffinityUnsatisfiable,
            "The anti-affinity of \(owner?.description ?? "pods that already run") keeps \(workload.reference) off every node.", 0.9,
            details,
            fields: ["affinity", "replicas"])
    }

    func affinity() -> Finding {
        let term = spec.affinity.podTerms.first
        let wish = term?.selector?.description ?? ""
        var details = ["field": "podAffinity", "label": term?.topologyKey ?? "", "found": "affinity \(wish)"]
        let namespaces = term.map { $0.namespaces.isEmpty ? [pod.namespace] : $0.namespaces } ?? []
        let labels = namespaces.flatMap { context.view.pods.inNamespace($0) }.filter { !$0.isFinished && $0.name != pod.name }
            .map(\.metadata.labels)
        if let (key, value) = term?.selector?.matchLabels.sorted(by: { $0.key < $1.key }).first(where: { pair in
            !labels.contains { $0[pair.key] == pair.value }
        }) {
            details["expected"] = LabelNeighbour.of(key, [value], among: labels)?.text
        }
        return finding(
            .podAffinityUnsatisfiable, "The pod affinity of \(workload.reference) finds no running pod with \(wish) to be near to.", 0.94,
            details, fields: ["affinity", "replicas"])
    }

    func spread() -> Finding {
        let strict = spec.topologySpreadConstraints.filter { $0.whenUnsatisfiable == "DoNotSchedule" }
        let nodes = context.view.nodes.items
        let constraint =
            strict.first { constraint in !nodes.contains { $0.metadata.labels[constraint.topologyKey] != nil } } ?? strict.first
        let key = constraint?.topologyKey ?? ""
        let domains = Set(nodes.compactMap { $0.metadata.labels[key] }).sorted()
        let words =
            nodes.isEmpty ? "" : domains.isEmpty ? ": no node carries that label" : ": nodes are in \(Phrase.list(domains))"
        var details = ["field": "topologySpreadConstraints", "label": key]
        details["found"] = constraint.map { "maxSkew \($0.maxSkew), \($0.whenUnsatisfiable)" }
        details["expected"] =
            domains.isEmpty ? LabelNeighbour.of(key, [], among: nodes.map(\.metadata.labels)).map { $0.key } : nil
        return finding(
            .topologySpreadUnsatisfiable, "The topology spread constraint on \(key) of \(workload.reference) leaves no node\(words).", 0.93,
            details, fields: ["topologySpreadConstraints"])
    }

    func hostPort() -> Finding {
        let wanted = spec.allContainers.flatMap(\.ports).compactMap(\.hostPort)
        let holder = context.view.nodes.items.flatMap { context.rooms.pods(on: $0) }.first { other in
            other.spec.allContainers.flatMap(\.ports).compactMap(\.hostPort).contains(where: wanted.contains)
        }
        let taken = holder.flatMap { other in
            wanted.first { other.spec.allContainers.flatMap(\.ports).compactMap(\.hostPort).contains($0) }
        }
        let port = (taken ?? wanted.first).map { String($0) } ?? ""
        let owner = holder.map { context.topology.workload(of: $0) }
        var details = ["port": port, "field": "port"]
        details["found"] = owner?.name
        return finding(
            .portConflict,
            "Host port \(port) that \(workload.reference) asks for is taken on every node that fits\(owner.map { " (by \($0))" } ?? "").",
            0.92, details, fields: ["ports"])
    }

    func device() -> Finding {
        finding(
            .deviceUnavailable, "The resource claims of \(workload.reference) cannot be served: \(Citation.cut(message.text)).", 0.85,
            ["reason": "Unschedulable"], fields: ["resourceClaims", "resources"])
    }

    // MARK: Claims

    func claim() -> Finding? {
        let text = message.text
        let named = Phrase.between(text, "persistentvolumeclaim \"", "\" not found") ?? missingClaim()
        if let named { return claimMissing(named) }
        if let claim = Phrase.between(text, "persistentvolumeclaim \"", "\" bound to non-existent") {
            var result = finding(
                .persistentVolumeMismatch, "PersistentVolumeClaim \(claim) of \(workload.reference) is bound to a volume that is gone.",
                0.92, ["reference": claim, "field": "volumeName"], fields: ["volumes"])
            result.object = ObjectReference(kind: "PersistentVolumeClaim", namespace: pod.namespace, name: claim)
            return result
        }
        // A pod that waits for volumes is refused for nothing else; a pod refused for something else waits for no volume yet.
        let isAboutVolumes =
            message.isEmpty || message.says(.volumeUnbound) || text.contains("unbound") || text.contains("VolumeBinding")
        guard isAboutVolumes else { return nil }
        for name in context.claimNames(of: pod) {
            guard let claim = context.view.persistentVolumeClaims[pod.namespace, name],
                var result = StorageRules.finding(claim, context: context)
            else { continue }
            result.sufferer = workload.reference
            result.citations.insert(evidence, at: 0)
            result.impact = max(workload.impact, .degraded)
            return result
        }
        return nil
    }

    // Only where the scheduler says nothing: a missing claim is the first thing it looks for.
    private func missingClaim() -> String? {
        guard message.text.isEmpty, context.view.wasRead(.persistentVolumeClaims, in: pod.namespace) else { return nil }
        return pod.spec.volumes.lazy.compactMap { volume -> String? in
            guard case .persistentVolumeClaim(let name) = volume.source else { return nil }
            return context.view.persistentVolumeClaims[pod.namespace, name] == nil ? name : nil
        }.first
    }

    private func claimMissing(_ name: String) -> Finding {
        let reference = ObjectReference(kind: "PersistentVolumeClaim", namespace: pod.namespace, name: name)
        let near = context.view.persistentVolumeClaims.inNamespace(pod.namespace).map(\.name).compactMap { other in
            EditDistance.between(other, name, atMost: max(3, name.count / 3)).map { (other, $0) }
        }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
        var details = ["reference": name, "field": "claimName", "found": name]
        details["expected"] = near == name ? nil : near
        let hint = details["expected"].map { " (\($0) does)" } ?? ""
        var result = finding(
            .persistentVolumeClaimNotFound, "\(workload.reference) mounts PersistentVolumeClaim \(name), which does not exist\(hint).",
            0.96,
            details, fields: ["volumes"])
        if context.view.wasRead(.persistentVolumeClaims, in: pod.namespace), near != name {
            result.citations.append(.absence(reference, "the list of PersistentVolumeClaims in \(pod.namespace) has no \(name)"))
        }
        result.changedObjects = [reference]
        return result
    }

    func volumeHeld() -> Finding {
        let isLimit = message.says(.volumeLimit)
        let words =
            isLimit
            ? "every node that fits already has as many volumes attached as its driver allows" : "its volume is in use by another pod"
        var details = ["reason": isLimit ? "exceed max volume count" : "ReadWriteOncePod"]
        details["reference"] = context.claimNames(of: pod).first
        return finding(
            .volumeAttachFailed, "No node can take the volumes of \(workload.reference): \(words).", 0.88, details, fields: ["volumes"])
    }

    func volumeNode() -> Finding? {
        let names = context.claimNames(of: pod)
        let bound = context.volumes(of: pod).first { pair in
            !context.view.nodes.items.contains { pair.volume.isReachable(from: $0) && NodeFit.hasLabels($0, spec) }
        }
        guard let name = bound?.claim.name ?? names.first else { return nil }
        let affinity = bound.map { LabelSelector(matchExpressions: $0.volume.nodeTerms.flatMap { $0 }).description } ?? ""
        var details = ["reference": bound?.volume.name ?? name, "field": "nodeAffinity"]
        details["found"] = affinity
        let place =
            affinity.isEmpty
            ? "on nodes that do not take \(workload.reference)" : "on nodes with \(affinity), and none of them takes \(workload.reference)"
        var result = finding(
            .persistentVolumeMismatch,
            "Volume \(bound?.volume.name ?? "") of PersistentVolumeClaim \(name) can only be used \(place).".replacing("  ", with: " "),
            0.88, details, bound.map { [.field($0.volume.reference, "spec.nodeAffinity", affinity)] } ?? [],
            fields: ["volumes", "nodeSelector"])
        result.object = ObjectReference(kind: "PersistentVolumeClaim", namespace: pod.namespace, name: name)
        return result
    }
}
