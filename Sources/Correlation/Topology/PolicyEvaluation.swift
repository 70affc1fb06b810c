internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// NetworkPolicies evaluated as the API defines them: a pod that any policy covers accepts only what some policy allows.
struct PolicyEvaluation: Sendable {
    let view: ClusterView

    enum Direction: String, Sendable { case ingress, egress }

    /// Traffic that no policy admits, and the policy to look at first.
    struct Block: Sendable {
        let policy: NetworkPolicy
        let direction: Direction
        /// All policies of that direction that cover the pod, the blamed one included.
        let covering: [NetworkPolicy]
    }

    /// What keeps `client` from `port` of `server`.
    func blocker(from client: Pod, to server: Pod, port: Int, transport: String = "TCP") -> Block? {
        block(.ingress, of: server, peer: client, port: port, transport: transport, on: server)
            ?? block(.egress, of: client, peer: server, port: port, transport: transport, on: server)
    }

    /// The egress policy that keeps a pod from an address outside the cluster.
    func blocker(from client: Pod, toAddress address: String, port: Int?) -> Block? {
        let egress = covering(client, .egress)
        guard !egress.isEmpty else { return nil }
        let isAllowed = egress.contains { policy in
            policy.egress.contains { rule in
                let isPeer = rule.peers.isEmpty || rule.peers.contains { $0.cidr != nil && contains($0, address) }
                return isPeer && (port == nil || fits(rule.ports, port ?? 0, "TCP", on: nil))
            }
        }
        return isAllowed ? nil : newest(egress).map { Block(policy: $0, direction: .egress, covering: egress) }
    }

    /// The egress policy that keeps a pod from the cluster's DNS. Where the DNS pods are not known, any rule with port 53 counts.
    func dnsBlocker(of client: Pod, servers: [Pod]) -> Block? {
        let egress = covering(client, .egress)
        guard !egress.isEmpty else { return nil }
        let isAllowed = egress.contains { policy in
            policy.egress.contains { rule in
                guard fits(rule.ports, 53, "UDP", on: servers.first) else { return false }
                // DNS may also run on each node, under an address that only a range can name.
                if rule.peers.isEmpty || servers.isEmpty || rule.peers.contains(where: { $0.cidr != nil }) { return true }
                return servers.contains { server in rule.peers.contains { matches($0, server, policyNamespace: policy.namespace) } }
            }
        }
        return isAllowed ? nil : newest(egress).map { Block(policy: $0, direction: .egress, covering: egress) }
    }

    /// Whether policies let nobody at all in.
    func lockdown(of server: Pod) -> Block? {
        let ingress = covering(server, .ingress)
        guard !ingress.isEmpty, ingress.allSatisfy(\.ingress.isEmpty), let policy = newest(ingress) else { return nil }
        return Block(policy: policy, direction: .ingress, covering: ingress)
    }

    private func block(
        _ direction: Direction, of pod: Pod, peer: Pod, port: Int, transport: String, on server: Pod
    ) -> Block? {
        let policies = covering(pod, direction)
        guard !policies.isEmpty else { return nil }
        var nearest: NetworkPolicy?
        for policy in policies {
            for rule in direction == .ingress ? policy.ingress : policy.egress {
                let isPeer = rule.peers.isEmpty || rule.peers.contains { matches($0, peer, policyNamespace: policy.namespace) }
                let isPort = fits(rule.ports, port, transport, on: server)
                if isPeer && isPort { return nil }
                // A rule that lacks one of the two was meant for this traffic, or for the same port of the same pods.
                if isPeer || (isPort && !rule.ports.isEmpty) { nearest = nearest ?? policy }
            }
        }
        return blamed(policies, nearest: nearest).map { Block(policy: $0, direction: direction, covering: policies) }
    }

    private func covering(_ pod: Pod, _ direction: Direction) -> [NetworkPolicy] {
        // Pods on the node's own network are out of reach of policies.
        guard !pod.spec.isHostNetwork else { return [] }
        return view.networkPolicies.inNamespace(pod.namespace).filter {
            (direction == .ingress ? $0.coversIngress : $0.coversEgress) && $0.podSelector.matches(pod.metadata.labels)
        }
    }

    /// Changes nearer together than this, in seconds, are one roll-out, and their order says nothing.
    private static let sameRollout = 120.0

    // The one changed last; of those made together, the one that nearly admits the traffic.
    private func blamed(_ policies: [NetworkPolicy], nearest: NetworkPolicy?) -> NetworkPolicy? {
        guard let last = newest(policies) else { return nil }
        guard let nearest, nearest.name != last.name else { return last }
        let isOlder = changed(last).timeIntervalSince(changed(nearest)) > Self.sameRollout
        return isOlder ? last : nearest
    }

    private func newest(_ policies: [NetworkPolicy]) -> NetworkPolicy? {
        policies.max { (changed($0), $0.name) < (changed($1), $1.name) }
    }

    private func changed(_ policy: NetworkPolicy) -> Date {
        let edits = policy.metadata.managedFields.filter { $0.subresource.isEmpty }.compactMap(\.time)
        return (edits + [policy.metadata.creationTime].compactMap { $0 }).max() ?? .distantPast
    }

    // MARK: Peers and ports

    private func contains(_ peer: NetworkPolicy.Peer, _ address: String) -> Bool {
        // A range that cannot be read, such as one of IPv6, gets the benefit of the doubt.
        guard let range = peer.cidr.map({ CIDR($0) }) else { return false }
        return (range?.contains(address) ?? true) && !peer.except.contains { CIDR($0)?.contains(address) ?? false }
    }

    private func matches(_ peer: NetworkPolicy.Peer, _ pod: Pod, policyNamespace: String) -> Bool {
        if peer.cidr != nil { return pod.podIP.map { contains(peer, $0) } ?? false }
        let isNamespace: Bool
        if let selector = peer.namespaceSelector {
            // The API server puts the namespace's name on it as a label; so does this, where Namespaces were not read.
            let labels = view.namespaces[pod.namespace]?.metadata.labels ?? [:]
            isNamespace = selector.matches(labels.merging(["kubernetes.io/metadata.name": pod.namespace]) { old, _ in old })
        } else {
            isNamespace = pod.namespace == policyNamespace
        }
        return isNamespace && (peer.podSelector?.matches(pod.metadata.labels) ?? true)
    }

    private func fits(_ ports: [NetworkPolicy.Port], _ port: Int, _ transport: String, on server: Pod?) -> Bool {
        ports.isEmpty
            || ports.contains { item in
                guard item.protocol == transport else { return false }
                switch item.port {
                case nil: return true
                case .number(let number): return item.endPort.map { (number...max(number, $0)).contains(port) } ?? (number == port)
                case .name(let name):
                    return server?.spec.allContainers.contains {
                        $0.ports.contains { $0.name == name && $0.containerPort == port && $0.protocol == transport }
                    } ?? false
                }
            }
    }
}

/// An IPv4 range such as `10.0.0.0/8`.
struct CIDR {
    private let base: UInt32
    private let mask: UInt32

    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let length = Int(parts[1]), (0...32).contains(length), let address = Self.number(String(parts[0])) else {
            return nil
        }
        mask = length == 0 ? 0 : UInt32.max << UInt32(32 - length)
        base = address & mask
    }

    func contains(_ address: String) -> Bool { Self.number(address).map { $0 & mask == base } ?? false }

    private static func number(_ address: String) -> UInt32? {
        let parts = address.split(separator: ".").compactMap { UInt8($0) }
        return parts.count == 4 ? parts.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }
}
