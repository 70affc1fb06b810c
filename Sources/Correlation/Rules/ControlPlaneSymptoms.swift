internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Pods that wait for a node and that no scheduler has looked at.
struct UnscheduledPods {
    let context: CaseContext
    private let waiting: [Pod]

    init(_ context: CaseContext) {
        self.context = context
        waiting = context.view.pods.items.filter { Self.isOverlooked($0, context) }
    }

    /// A scheduler that runs writes a condition and an event within seconds, whatever it decides.
    static func isOverlooked(_ pod: Pod, _ context: CaseContext) -> Bool {
        pod.phase == "Pending" && (pod.spec.nodeName ?? "").isEmpty && !pod.isTerminating && pod.condition("PodScheduled") == nil
            && pod.spec.schedulerName == "default-scheduler" && pod.spec.schedulingGates.isEmpty
            && (context.age(pod.metadata.creationTime) ?? 0) > 60
            && !context.view.events(about: pod).contains { ["FailedScheduling", "Scheduled"].contains($0.reason) }
    }

    var verdict: (witness: ControlPlaneRules.Witness, workloads: [ObjectReference])? {
        guard let first = waiting.min(by: { ($0.metadata.creationTime ?? .distantPast) < ($1.metadata.creationTime ?? .distantPast) }),
            let since = first.metadata.creationTime, !isWorking(since: since)
        else { return nil }
        let workloads = Set(waiting.map { context.topology.workload(of: $0) }).sorted()
        let isSure = context.view.wasRead(.events, in: first.namespace)
        let witness = ControlPlaneRules.Witness(
            words:
                "no scheduler has looked at \(Phrase.count(waiting.count, "Pending pod")) of \(Phrase.list(workloads.map(\.description)))",
            reason: "no PodScheduled condition", confidence: isSure ? waiting.count > 1 ? 0.84 : 0.78 : 0.55,
            citations: [.field(first.reference, "status.phase", "Pending, without a PodScheduled condition or a scheduling event")],
            onset: since)
        return (witness, workloads)
    }

    // Somebody was given a node after the oldest of these began to wait.
    private func isWorking(since: Date) -> Bool {
        context.view.pods.items.contains { pod in
            guard pod.spec.schedulerName == "default-scheduler", let owner = pod.metadata.owners.first, owner.kind != "DaemonSet",
                owner.kind != "Node", let scheduled = pod.condition("PodScheduled")
            else { return false }
            guard scheduled.isTrue else { return (scheduled.lastTransitionTime ?? .distantPast) > since }
            return (scheduled.lastTransitionTime ?? pod.metadata.creationTime ?? .distantPast) > since.addingTimeInterval(30)
        }
    }
}

/// Workloads whose controller does not do what their spec says.
struct UnreconciledWorkloads {
    let context: CaseContext

    init(_ context: CaseContext) { self.context = context }

    var verdict: (witness: ControlPlaneRules.Witness, workloads: [ObjectReference])? {
        let stuck = context.view.deployments.items.compactMap { deployment in neglect(of: deployment).map { (deployment, $0) } }
        guard let (first, words) = stuck.first else { return nil }
        let witness = ControlPlaneRules.Witness(
            words: "\(Phrase.list(stuck.map { $0.0.reference.description })) \(stuck.count == 1 ? "is" : "are") not acted upon",
            reason: "spec not observed", confidence: stuck.count > 1 ? 0.82 : 0.74,
            citations: [.field(first.reference, "status.observedGeneration", words)])
        return (witness, stuck.map(\.0.reference))
    }

    private func neglect(of deployment: Deployment) -> String? {
        let changed = deployment.metadata.managedFields.filter { $0.subresource.isEmpty }.compactMap(\.time).max()
        guard (context.age(changed ?? deployment.metadata.creationTime) ?? 0) > 60 else { return nil }
        let seen = deployment.observedGeneration
        if seen > 0, seen < deployment.metadata.generation {
            return "\(seen), though the object is at generation \(deployment.metadata.generation)"
        }
        let isUntouched =
            seen == 0 && deployment.conditions.isEmpty && deployment.statusReplicas == 0 && deployment.replicas > 0
            && deployment.metadata.generation > 0
        guard isUntouched, context.view.wasRead(.replicaSets, in: deployment.namespace),
            context.view.replicaSets(of: deployment).isEmpty, context.topology[deployment.reference]?.pods.isEmpty ?? true
        else { return nil }
        return "none, and there is no ReplicaSet"
    }
}

/// Controllers that lost their leader lease: one may be its own fault, several at once are the API server's.
struct LostLeaders {
    let context: CaseContext

    init(_ context: CaseContext) { self.context = context }

    var verdict: (witness: ControlPlaneRules.Witness, workloads: [ObjectReference])? {
        var found: [(ObjectReference, Citation)] = []
        for workload in context.topology.workloads {
            for pod in context.troubledPods(of: workload).prefix(2) {
                guard let citation = citation(pod) else { continue }
                found.append((workload.reference, citation))
                break
            }
        }
        guard found.count > 1 else { return nil }
        let witness = ControlPlaneRules.Witness(
            words: "\(Phrase.list(found.map(\.0.description))) lost their leader lease", reason: "leader election lost",
            confidence: found.count > 2 ? 0.8 : 0.72, citations: found.prefix(3).map(\.1))
        return (witness, found.map(\.0))
    }

    private func citation(_ pod: Pod) -> Citation? {
        for container in pod.spec.containers {
            for log in [context.logs.previous(pod, container.name), context.logs.current(pod, container.name)] {
                if let said = log?.findings.first(where: { $0.signature == .leaderElectionLost }) {
                    return .log(pod, container.name, said.line)
                }
            }
        }
        return nil
    }
}
