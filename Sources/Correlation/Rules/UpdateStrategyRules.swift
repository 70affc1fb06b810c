internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Update strategies that cannot progress (W6, W7, V8).
enum UpdateStrategyRules {
    /// Reads what was found about the pods of a workload once more: where their own predecessors are what blocks them, the strategy is
    /// the cause.
    static func reread(_ findings: [Finding], of workload: Workload, context: CaseContext) -> [Finding] {
        switch workload.reference.kind {
        case "Deployment":
            guard let deployment = context.view.deployments[workload.namespace, workload.reference.name],
                deployment.strategy == "RollingUpdate"
            else { return findings }
            return findings.map { surgeBlocked($0, deployment, workload, context) ?? $0 }
        case "StatefulSet":
            guard let set = context.view.statefulSets[workload.namespace, workload.reference.name] else { return findings }
            return ordinalBlocked(findings, set, workload) + [unapplied(set, workload)].compactMap { $0 }
        case "DaemonSet":
            guard let set = context.view.daemonSets[workload.namespace, workload.reference.name] else { return findings }
            return findings + [unapplied(set, workload)].compactMap { $0 }
        default: return findings
        }
    }

    // MARK: A surge pod that its predecessor keeps out

    private static func surgeBlocked(
        _ finding: Finding, _ deployment: Deployment, _ workload: Workload, _ context: CaseContext
    ) -> Finding? {
        let hash = "pod-template-hash"
        let blocked = workload.unreadyPods.filter { $0.statuses.values.allSatisfy { !$0.isRunning } }
        let revisions = Set(blocked.compactMap { $0.metadata.labels[hash] })
        guard revisions.count == 1 else { return nil }
        let old = workload.readyPods.filter { ready in ready.metadata.labels[hash].map { !revisions.contains($0) } ?? false }
        // All wished replicas serve in the old revision: only the one pod more that a rolling update makes first has no place.
        guard !old.isEmpty, old.count >= deployment.replicas, let pod = blocked.first,
            let obstacle = obstacle(finding, of: pod, by: old, context)
        else { return nil }
        var details = ["field": "strategy", "found": "RollingUpdate", "expected": "Recreate", "reason": finding.cause.rawValue]
        details["reference"] = obstacle.reference
        var result = finding
        result.cause = .updateStrategyBlocks
        result.object = workload.reference
        result.statement =
            "The rolling update of \(workload.reference) cannot progress: its new pod needs \(obstacle.words), which the old pod \(old[0].name) keeps until the new one is Ready."
        result.details = details
        result.citations.append(
            .field(
                workload.reference, "spec.strategy",
                "RollingUpdate, maxSurge \(deployment.maxSurge?.description ?? "25%"), maxUnavailable \(deployment.maxUnavailable?.description ?? "25%")"
            ))
        if let said = obstacle.citation, !result.citations.contains(said) { result.citations.append(said) }
        result.confidence = 0.88
        result.reasons = ["all \(Phrase.count(old.count, "old replica")) serve, and only the pod of the new revision has no place"]
        result.against = ["\(finding.cause.rawValue) would be the cause if replicas of one revision kept each other out"]
        result.impact = .degraded
        result.changedFields = []
        return result
    }

    private static func obstacle(
        _ finding: Finding, of pod: Pod, by old: [Pod], _ context: CaseContext
    ) -> (words: String, reference: String?, citation: Citation?)? {
        let text = finding.statement + finding.citations.map(\.text).joined(separator: "\n")
        if finding.cause == .podAffinityUnsatisfiable {
            let term = pod.spec.affinity.podAntiTerms.first { term in old.contains { term.selector?.matches($0.metadata.labels) ?? false } }
            return term.map { ("a \($0.topologyKey) without a pod of the same kind", nil, nil) }
        }
        if text.contains("free ports for the requested pod ports") {
            let wanted = pod.spec.allContainers.flatMap(\.ports).compactMap(\.hostPort)
            let held = Set(old.flatMap { $0.spec.allContainers.flatMap(\.ports).compactMap(\.hostPort) })
            return wanted.first { held.contains($0) }.map { ("host port \($0)", nil, nil) }
        }
        if let lock = lockedClaim(of: pod, by: old, context) {
            return ("the files of claim \(lock.claim), which are locked", lock.claim, lock.citation)
        }
        guard finding.cause == .volumeAttachFailed, text.contains("Multi-Attach") || text.contains("ReadWriteOncePod") else { return nil }
        // A volume that a dead node holds is the node's matter: there the old pod could not serve.
        let claims = Set(pod.spec.volumes.compactMap(\.claimName))
        guard let holder = old.first(where: { !claims.isDisjoint(with: $0.spec.volumes.compactMap(\.claimName)) }),
            holder.spec.nodeName.flatMap({ context.view.nodes[$0] })?.isReady ?? true,
            let claim = holder.spec.volumes.compactMap(\.claimName).first(where: claims.contains)
        else { return nil }
        return ("the volume of claim \(claim)", claim, nil)
    }

    /// What datastores say that find another instance at their files: MongoDB, LevelDB, Prometheus, Elasticsearch, InnoDB, H2, BoltDB.
    private static let lockWords = [
        "unable to lock", "lock file", "mongod.lock", "dbpathinuse", "lock db directory", "failed to obtain node lock", "already in use by",
        "another process", "another instance", "resource temporarily unavailable", "cannot lock", "could not lock",
    ]

    /// Last characters of a log in which a program's last words stand.
    private static let lockedTail = 8_192

    // The old pod holds the files open on the same node: the new one cannot start before it is gone.
    private static func lockedClaim(of pod: Pod, by old: [Pod], _ context: CaseContext) -> (claim: String, citation: Citation)? {
        let claims = Set(pod.spec.volumes.compactMap(\.claimName))
        guard let claim = old.flatMap({ $0.spec.volumes.compactMap(\.claimName) }).first(where: claims.contains) else { return nil }
        for log in context.view.logs(of: pod) {
            let said = log.text.suffix(lockedTail).split(separator: "\n").last { line in Phrase.containsAny(line.lowercased(), lockWords) }
            if let said { return (claim, .log(pod, log.container, LogLine(text: String(said), time: nil, level: nil, number: 0))) }
        }
        return nil
    }

    // MARK: A broken ordinal of an old revision

    // With OrderedReady the controller waits for every pod to be Ready before it replaces one, the broken one included: a mended
    // template never reaches it ("Forced rollback" in the documentation of StatefulSets).
    private static func ordinalBlocked(_ findings: [Finding], _ set: StatefulSet, _ workload: Workload) -> [Finding] {
        guard set.podManagementPolicy == "OrderedReady", let update = set.updateRevision else { return findings }
        let stuck = workload.unreadyPods.filter { pod in
            pod.metadata.labels["controller-revision-hash"].map { $0 != update } ?? false
        }.min { $0.name < $1.name }
        guard let stuck else { return findings }
        let mended = stuck.spec.containers.compactMap { old -> TemplateDiff.Change? in
            guard let new = set.template.spec.containers.first(where: { $0.name == old.name }) else { return nil }
            return new.image != old.image
                ? .init(field: "image", container: old.name, from: old.image, to: new.image)
                : TemplateDiff.changes(old.name, old, new).first {
                    $0.field.hasPrefix("env.") || $0.field == "args" || $0.field == "command" || $0.field.hasPrefix("resources.")
                }
        }
        return findings.flatMap { finding -> [Finding] in
            let fitting = mended.first { change in
                finding.changedFields.contains { change.field == $0 || change.field.hasPrefix($0 + ".") }
            }
            guard let fitting, finding.object == workload.reference else { return [finding] }
            var result = finding
            result.cause = .updateStrategyBlocks
            result.details = [
                "field": "podManagementPolicy", "found": "OrderedReady", "reference": stuck.name, "reason": finding.cause.rawValue,
            ]
            result.statement =
                "\(workload.reference) waits for its broken pod \(stuck.name) of an older revision before it applies its template, which is mended (\(fitting.field): \(fitting.from ?? "none") → \(fitting.to ?? "none")); the pod must be deleted."
            result.confidence = 0.88
            result.reasons = ["the template no longer has what breaks the pod", "OrderedReady replaces no pod while one is not Ready"]
            result.citations.append(.field(stuck.reference, "metadata.labels[controller-revision-hash]", "not \(update)"))
            result.changedFields = []
            var demoted = finding
            demoted.confidence *= 0.7
            demoted.against.append("the template no longer says so")
            return [result, demoted]
        }
    }

    // MARK: Templates that nobody applies

    private static func unapplied(_ set: StatefulSet, _ workload: Workload) -> Finding? {
        guard let update = set.updateRevision, let current = set.currentRevision, update != current, set.replicas > 0,
            set.updatedReplicas < set.replicas, workload.unreadyPods.isEmpty
        else { return nil }
        let old = workload.livePods.filter { ($0.metadata.labels["controller-revision-hash"] ?? current) != update }
        guard !old.isEmpty else { return nil }
        if set.updateStrategy == "OnDelete" {
            return latent(workload, field: "updateStrategy", found: "OnDelete", expected: "RollingUpdate", count: old.count)
        }
        guard set.partition >= set.replicas else { return nil }
        return latent(workload, field: "partition", found: String(set.partition), expected: "0", count: old.count)
    }

    private static func unapplied(_ set: DaemonSet, _ workload: Workload) -> Finding? {
        guard set.updateStrategy == "OnDelete", set.updatedNumberScheduled < set.desiredNumberScheduled else { return nil }
        return latent(
            workload, field: "updateStrategy", found: "OnDelete", expected: "RollingUpdate",
            count: set.desiredNumberScheduled - set.updatedNumberScheduled)
    }

    // Both are ways to hold a template back on purpose.
    private static func latent(_ workload: Workload, field: String, found: String, expected: String, count: Int) -> Finding {
        Finding(
            cause: .updateStrategyBlocks, object: workload.reference, sufferer: workload.reference,
            statement:
                "\(workload.reference) keeps \(Phrase.count(count, "pod")) on an older revision of its template, because \(field) is \(found).",
            details: ["field": field, "found": found, "expected": expected],
            citations: [
                .field(
                    workload.reference, field == "partition" ? "spec.updateStrategy.rollingUpdate.partition" : "spec.updateStrategy.type",
                    found),
                .field(workload.reference, "status", "\(Phrase.count(count, "pod")) of an older revision"),
            ], confidence: 0.86, reasons: ["a newer revision exists, and the strategy replaces no pod by itself"], impact: .latent,
            changedObjects: [workload.reference])
    }
}

extension Volume {
    /// The claim that a volume stands for.
    fileprivate var claimName: String? {
        if case .persistentVolumeClaim(let name) = source { name } else { nil }
    }
}
