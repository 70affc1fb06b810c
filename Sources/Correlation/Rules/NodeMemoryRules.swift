internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Containers that the kernel killed because the whole node was out of memory (C5).
enum NodeMemoryRules {
    /// The kubelet writes `SystemOOM` as it reads the kernel's log: within seconds of the kill.
    private static let sameMomentSeconds = 60.0

    /// A kill that the node's own record claims. A container within its limit, or without one, was a victim and no culprit.
    static func finding(_ container: ContainerCase, _ end: ContainerStatus.Termination) -> Finding? {
        guard end.reason == "OOMKilled" || end.exitCode == 137, let node = container.pod.spec.nodeName else { return nil }
        let reference = ObjectReference(kind: "Node", namespace: nil, name: node)
        let limit = container.container.limits["memory"]
        let event = container.context.view.events(about: reference).last { event in
            guard ["SystemOOM", "OOMKilling"].contains(event.reason), let time = event.lastTime else { return false }
            guard let finished = end.finishedAt else { return (container.context.age(time) ?? .infinity) < ContainerCase.recentSeconds }
            return isNear(finished, event, isLimited: limit != nil)
        }
        guard let event else { return nil }
        // A node problem detector writes the same event for a container's own limit.
        let isOwnLimit = event.message.contains("Memory cgroup out of memory") || event.message.contains("memory cgroup")
        if isOwnLimit && limit != nil { return nil }
        var finding = container.finding(
            .nodeOutOfMemory,
            "Node \(node) ran out of memory and its kernel killed \(container.place), which \(limit.map { "has a limit of \($0)" } ?? "has no memory limit").",
            confidence: limit == nil ? 0.88 : 0.72, details: ["node": node, "reason": event.reason],
            citations: [container.cite("state", "\(end.reason), exit code \(end.exitCode)"), .event(event)],
            reasons: ["the node reports a system-wide OOM kill"], onset: end.finishedAt)
        finding.object = reference
        if limit != nil { finding.against.append("the container has a limit of its own, which it may have reached at that moment") }
        return finding
    }

    private static func isNear(_ finished: Date, _ event: Event, isLimited: Bool) -> Bool {
        let times = [event.firstTime, event.lastTime].compactMap { $0 }
        let window = isLimited ? sameMomentSeconds : ContainerCase.recentSeconds
        return times.contains { abs($0.timeIntervalSince(finished)) < window }
            || (times.min() ?? finished) <= finished && finished <= (times.max() ?? finished)
    }
}
