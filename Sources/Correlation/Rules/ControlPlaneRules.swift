internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Components of the control plane that do not work (Z6, Z7): by their host's service, their static pod, their lease, or by what is
/// left undone.
enum ControlPlaneRules {
    private static let components = ["kube-apiserver", "etcd", "kube-scheduler", "kube-controller-manager"]
    private static let place = "kube-system"
    /// A leader renews its lease every 2 s and loses it after 15 s; a lease this old has no holder.
    private static let staleLeaseSeconds = 120.0

    static func findings(_ context: CaseContext) -> [Finding] {
        components.compactMap { finding($0, context) }
    }

    /// How it is known that a component is down.
    struct Witness: Sendable {
        var words: String
        var reason: String
        var confidence: Double
        var citations: [Citation]
        var details: [String: String] = [:]
        var onset: Date?
        var object: ObjectReference?
    }

    static func finding(_ component: String, _ context: CaseContext) -> Finding? {
        let direct = [
            hostService(component, context), brokenPods(component, context), missingPod(component, context), staleLease(component, context),
            component == "etcd" ? slowDisk(context) : nil,
        ]
        .compactMap { $0 }
        let undone = undone(component, context)
        guard let best = direct.max(by: { $0.confidence < $1.confidence }) ?? undone?.witness else { return nil }
        let object = best.object ?? reference(component, context)
        var finding = Finding(
            cause: .controlPlaneDegraded, object: object, sufferer: object,
            statement: "\(component) does not work: \(best.words)\(direct.isEmpty ? "" : undone.map { "; \($0.witness.words)" } ?? "").",
            details: ["reason": best.reason, "reference": component].merging(best.details) { $1 },
            citations: best.citations + (direct.isEmpty ? [] : undone?.witness.citations ?? []),
            confidence: min(0.97, best.confidence + (direct.count > 1 || (!direct.isEmpty && undone != nil) ? 0.03 : 0)),
            reasons: (direct.isEmpty ? [] : direct.map(\.words)) + (undone.map { [$0.witness.words] } ?? []),
            impact: .degraded, onset: best.onset)
        finding.sufferers = undone?.workloads ?? []
        finding.isClusterWide = best.confidence >= 0.7
        return finding
    }

    /// The static pod of the component where one is recorded, else the node whose service it is, else the pod by its usual name.
    static func reference(_ component: String, _ context: CaseContext) -> ObjectReference {
        if let pod = pods(of: component, context).first { return context.topology.workload(of: pod) }
        return ObjectReference(kind: "Pod", namespace: place, name: component)
    }

    private static func pods(of component: String, _ context: CaseContext) -> [Pod] {
        context.view.pods.inNamespace(place).filter {
            $0.metadata.labels["component"] == component || $0.name.hasPrefix(component + "-")
        }
    }

    // MARK: Witnesses

    private static func hostService(_ component: String, _ context: CaseContext) -> Witness? {
        let units = context.hostServices.units(named: component)
        guard !pods(of: component, context).contains(where: \.isReady) else { return nil }
        let down = units.filter { $0.isDown && isControlPlane($0.node, context) }
        guard let unit = down.first(where: { $0.state == .failed }) ?? down.first else { return nil }
        let isServed = units.contains { $0.state == .running }
        let node = ObjectReference(kind: "Node", namespace: nil, name: unit.node)
        return Witness(
            words: "its service on node \(unit.node) is \(unit.words)", reason: "\(component) \(unit.words)",
            // One of several replicas takes over from another.
            confidence: isServed ? 0.45 : 0.95, citations: HostServiceRules.citations(unit, node),
            details: ["node": unit.node, "found": unit.words, "expected": "active (running)"], onset: unit.since,
            object: pods(of: component, context).first?.reference ?? node)
    }

    // Workers have no such service; where roles are unknown, whoever lists it counts.
    private static func isControlPlane(_ node: String, _ context: CaseContext) -> Bool {
        let roles = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"]
        func isMaster(_ node: Node) -> Bool { roles.contains { node.metadata.labels[$0] != nil } }
        guard context.view.nodes.items.contains(where: isMaster), let node = context.view.nodes[node] else { return true }
        return isMaster(node)
    }

    private static func brokenPods(_ component: String, _ context: CaseContext) -> Witness? {
        let all = pods(of: component, context).filter { !$0.isTerminating }
        guard let pod = all.first(where: { !$0.isReady }), (context.age(pod.startTime ?? pod.metadata.creationTime) ?? .infinity) > 60,
            pod.restartCount > 0 || pod.statuses.values.contains(where: { $0.waiting != nil || $0.terminated != nil })
                || pod.phase != "Running"
        else { return nil }
        let isServed = all.contains(where: \.isReady)
        let status = pod.statuses.values.sorted { $0.name < $1.name }.first
        let state = status?.waiting?.reason ?? status?.terminated?.reason ?? pod.phase
        var details = ["found": state]
        details["node"] = pod.spec.nodeName
        details["container"] = status?.name
        details["exit_code"] = (status?.terminated ?? status?.lastTermination).map { String($0.exitCode) }
        var citations = [Citation.field(pod.reference, "status.containerStatuses[].state", state)]
        let log = status.flatMap { context.logs.previous(pod, $0.name) ?? context.logs.current(pod, $0.name) }
        if let status, let line = log?.lastLines.last { citations.append(.log(pod, status.name, line)) }
        return Witness(
            words: "pod \(pod.name) is in \(state), restarted \(pod.restartCount) times", reason: state, confidence: isServed ? 0.5 : 0.95,
            citations: citations, details: details, object: pod.reference)
    }

    /// What etcd 3 writes when its disk or its machine is too slow for it.
    private static let slowWords = [
        "slow fdatasync", "took too long", "failed to send out heartbeat on time", "leader is overloaded", "waiting for ReadIndex response",
    ]
    /// A single slow request happens to every etcd.
    private static let fewestSlowLines = 3

    private static func slowDisk(_ context: CaseContext) -> Witness? {
        for pod in pods(of: "etcd", context) {
            for log in context.view.logs(of: pod) where !log.isPrevious {
                let lines = log.text.split(separator: "\n").filter { line in slowWords.contains { line.contains($0) } }
                guard lines.count >= fewestSlowLines, let last = lines.last, LostLeaders(context).verdict != nil else { continue }
                let line = LogReading(String(last), now: context.now).lastLines.last
                return Witness(
                    words:
                        "etcd answers too slowly (\(Phrase.count(lines.count, "line")) of its log say so), and leaders lose their leases",
                    reason: "slow etcd", confidence: 0.86, citations: line.map { [.log(pod, log.container, $0)] } ?? [],
                    object: pod.reference)
            }
        }
        return nil
    }

    // kubeadm's clusters run all components as static pods: one that is missing among its fellows is down.
    private static func missingPod(_ component: String, _ context: CaseContext) -> Witness? {
        guard component != "etcd", context.view.wasRead(.pods, in: place), pods(of: component, context).isEmpty else { return nil }
        let fellows = components.filter { $0 != component && !pods(of: $0, context).isEmpty }
        guard fellows.count >= 2, context.hostServices.units(named: component).allSatisfy({ $0.state != .running }) else { return nil }
        let object = ObjectReference(kind: "Pod", namespace: place, name: component)
        return Witness(
            words: "it has no pod in \(place), where \(Phrase.list(fellows)) run", reason: "pod missing", confidence: 0.84,
            citations: [.absence(object, "the list of pods in \(place) has no \(component)")])
    }

    private static func staleLease(_ component: String, _ context: CaseContext) -> Witness? {
        let leases = context.view.leases.items
        guard let lease = context.view.leases[place, component], let renewed = lease.renewTime,
            let newest = leases.compactMap(\.renewTime).max(), newest.timeIntervalSince(renewed) > staleLeaseSeconds
        else { return nil }
        return Witness(
            words: "its lease was renewed last at \(RFC3339.format(renewed))", reason: "stale lease", confidence: 0.86,
            citations: [.field(lease.reference, "spec.renewTime", RFC3339.format(renewed), time: renewed)], onset: renewed)
    }

    // MARK: What is left undone

    private static func undone(_ component: String, _ context: CaseContext) -> (witness: Witness, workloads: [ObjectReference])? {
        switch component {
        case "kube-scheduler": UnscheduledPods(context).verdict
        case "kube-controller-manager": UnreconciledWorkloads(context).verdict
        case "kube-apiserver": LostLeaders(context).verdict
        default: nil
        }
    }
}
