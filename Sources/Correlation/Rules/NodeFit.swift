internal import ClusterModel
internal import IncidentModel

/// One node held against one pod: everything that keeps the pod off it, not only the filter that the scheduler met first.
struct NodeFit {
    enum Obstacle: Hashable {
        /// Not Ready, or tainted by the node controller for a pressure.
        case sick
        case cordoned, controlPlane, taint, label, volume, resources, ports, antiAffinity, affinity, spreadLabel
    }

    let node: Node
    let obstacles: Set<Obstacle>
    /// Taints that the pod does not tolerate.
    let taints: [Taint]
    /// Resources of which the node has less than the pod asks for, even when empty.
    let tooSmall: Set<String>

    init(_ node: Node, _ pod: Pod, _ spec: PodSpec, _ context: CaseContext) {
        self.node = node
        taints = node.taints.filter { taint in
            taint.effect != "PreferNoSchedule" && !spec.tolerations.contains { $0.tolerates(taint) }
        }
        var obstacles = Set(taints.map { Self.obstacle($0.key) })
        if node.condition("Ready").map({ !$0.isTrue }) ?? false { obstacles.insert(.sick) }
        if node.isUnschedulable && !Self.toleratesCordon(spec) { obstacles.insert(.cordoned) }
        if !Self.hasLabels(node, spec) { obstacles.insert(.label) }
        if !Self.reachesVolumes(node, pod, context) { obstacles.insert(.volume) }
        let demand = PodDemand(spec).amounts
        tooSmall = Set(demand.filter { $0.value > node.amount(of: $0.key) ?? .infinity }.keys)
        if demand.contains(where: { $0.value > context.rooms.free($0.key, on: node) ?? .infinity }) { obstacles.insert(.resources) }
        let neighbours = Neighbours(node, pod, context)
        if neighbours.holdHostPort { obstacles.insert(.ports) }
        if neighbours.areAvoided { obstacles.insert(.antiAffinity) }
        if neighbours.areMissing { obstacles.insert(.affinity) }
        let keys = spec.topologySpreadConstraints.filter { $0.whenUnsatisfiable == "DoNotSchedule" }.map(\.topologyKey)
        if keys.contains(where: { node.metadata.labels[$0] == nil }) { obstacles.insert(.spreadLabel) }
        self.obstacles = obstacles
    }

    static func isControlPlane(_ taint: String) -> Bool {
        ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master", "node-role.kubernetes.io/etcd"]
            .contains { taint == $0 || taint.hasPrefix($0 + "=") }
    }

    private static func obstacle(_ key: String) -> Obstacle {
        if isControlPlane(key) { return .controlPlane }
        if key == "node.kubernetes.io/unschedulable" { return .cordoned }
        return key.hasPrefix("node.kubernetes.io/") ? .sick : .taint
    }

    private static func toleratesCordon(_ spec: PodSpec) -> Bool {
        let cordon = Taint(key: "node.kubernetes.io/unschedulable", effect: "NoSchedule")
        return spec.tolerations.contains { $0.tolerates(cordon) }
    }

    static func hasLabels(_ node: Node, _ spec: PodSpec) -> Bool {
        let labels = node.metadata.labels.merging(["metadata.name": node.name]) { own, _ in own }
        guard spec.nodeSelector.allSatisfy({ labels[$0.key] == $0.value }) else { return false }
        let terms = spec.affinity.nodeTerms
        return terms.isEmpty || terms.contains { term in !term.isEmpty && term.allSatisfy { $0.matches(labels) } }
    }

    private static func reachesVolumes(_ node: Node, _ pod: Pod, _ context: CaseContext) -> Bool {
        context.volumes(of: pod).allSatisfy { $0.volume.isReachable(from: node) }
    }
}

extension PersistentVolume {
    /// Whether its node affinity lets the node use it.
    func isReachable(from node: Node) -> Bool {
        nodeTerms.isEmpty || nodeTerms.contains { term in term.allSatisfy { $0.matches(node.metadata.labels) } }
    }
}

extension CaseContext {
    /// Claims that a pod mounts and that are bound to a volume that was read.
    func volumes(of pod: Pod) -> [(claim: PersistentVolumeClaim, volume: PersistentVolume)] {
        claimNames(of: pod).compactMap { name in
            guard let claim = view.persistentVolumeClaims[pod.namespace, name],
                let volume = claim.volumeName.flatMap({ view.persistentVolumes[$0] })
            else { return nil }
            return (claim, volume)
        }
    }

    /// Names of the claims that a pod mounts; a generic ephemeral volume's claim is named for pod and volume.
    func claimNames(of pod: Pod) -> [String] {
        pod.spec.volumes.compactMap { volume in
            switch volume.source {
            case .persistentVolumeClaim(let name): name
            case .ephemeral: "\(pod.name)-\(volume.name)"
            default: nil
            }
        }
    }
}

/// The pods in a node's topology domain, as a pod's affinity and host ports see them.
private struct Neighbours {
    let node: Node
    let pod: Pod
    let context: CaseContext

    init(_ node: Node, _ pod: Pod, _ context: CaseContext) {
        self.node = node
        self.pod = pod
        self.context = context
    }

    var holdHostPort: Bool {
        let wanted = Set(pod.spec.allContainers.flatMap(\.ports).compactMap(\.hostPort))
        guard !wanted.isEmpty else { return false }
        return context.rooms.pods(on: node).contains { other in
            other.spec.allContainers.flatMap(\.ports).compactMap(\.hostPort).contains(where: wanted.contains)
        }
    }

    var areAvoided: Bool { pod.spec.affinity.podAntiTerms.contains { hasMatch($0) } }

    // The first pod of a group that wants to be near itself may go anywhere.
    var areMissing: Bool {
        pod.spec.affinity.podTerms.contains { term in
            guard !hasMatch(term) else { return false }
            let isOwn = term.selector?.matches(pod.metadata.labels) ?? false
            return !isOwn || context.view.nodes.items.contains { Neighbours($0, pod, context).hasMatch(term) }
        }
    }

    private func hasMatch(_ term: Affinity.PodTerm) -> Bool {
        guard let domain = node.metadata.labels[term.topologyKey], let selector = term.selector else { return false }
        let namespaces = term.namespaces.isEmpty ? [pod.namespace] : term.namespaces
        return context.view.nodes.items.contains { other in
            other.metadata.labels[term.topologyKey] == domain
                && context.rooms.pods(on: other).contains { namespaces.contains($0.namespace) && selector.matches($0.metadata.labels) }
        }
    }
}
