internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Workloads whose pods were displaced by others of higher priority (E3, E4). The victims are gone; what is left is the event about them,
/// and the replacement that finds no room.
enum PreemptionRules {
    /// Displaced within the hour, and not yet back.
    static func finding(_ workload: Workload, context: CaseContext) -> Finding? {
        guard workload.impact > .latent, !workload.unreadyPods.isEmpty || workload.livePods.count < (workload.desired ?? 0) else {
            return nil
        }
        let events = context.displacedPods.events(of: workload, ["Preempted", "Preempting"]).filter {
            (context.age($0.lastTime) ?? .infinity) < ContainerCase.recentSeconds
        }
        guard let event = events.last, isWaiting(workload) else { return nil }
        return finding(workload, message: event.message, citations: [.event(event)], context)
    }

    // Only a pod that waits for room suffers from the displacement; one that crashes has a fault of its own.
    private static func isWaiting(_ workload: Workload) -> Bool {
        workload.unreadyPods.contains { ($0.spec.nodeName ?? "").isEmpty } || workload.livePods.count < (workload.desired ?? 0)
    }

    static func finding(_ workload: Workload, message: String, citations: [Citation], _ context: CaseContext) -> Finding {
        let winner = winner(message, context)
        var details = ["reason": "Preempted"]
        details["node"] = Phrase.after(message, " on node ")
        details["reference"] = winner?.name
        let by = winner.map { " by \($0)" } ?? " by a workload"
        return Finding(
            cause: .podPreempted, object: workload.reference, sufferer: workload.reference,
            statement: "A pod of \(workload.reference) was displaced\(by) of higher priority.", details: details, citations: citations,
            confidence: 0.95, reasons: ["the scheduler records the preemption"], impact: max(workload.impact, .degraded),
            onset: citations.first?.time, changedObjects: winner.map { [$0] } ?? [])
    }

    // `Preempted by pod <uid> on node <n>`; before 1.25 `Preempted by <ns>/<name> on node <n>`.
    private static func winner(_ message: String, _ context: CaseContext) -> ObjectReference? {
        guard let text = Phrase.between(message, "by pod ", " on node") ?? Phrase.between(message, "Preempted by ", " on node") else {
            return nil
        }
        let parts = text.split(separator: "/")
        if parts.count == 2, let pod = context.view.pods[String(parts[0]), String(parts[1])] { return context.topology.workload(of: pod) }
        return context.view.pods.items.first { !$0.metadata.uid.isEmpty && $0.metadata.uid == text }.map {
            context.topology.workload(of: $0)
        }
    }
}
