internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// NetworkPolicies evaluated as the API defines them: a pod that any policy covers accepts only what some policy allows.
struct PolicyEvaluation: Sendable {
    let view: ClusterView

    /// The policy that keeps `client` from `port` of `server`: the newest of those that cover the pod and admit nobody like it.
    func blocker(from client: Pod, to server: Pod, port: Int) -> NetworkPolicy? {
        let ingress = covering(server, \.coversIngress)
        if !ingress.isEmpty
            && !ingress.contains(where: { policy in policy.ingress.contains { admits($0, client, in: policy, port: port, on: server) } })
        {
            return newest(ingress)
        }
        return egressBlocker(from: client, to: server, port: port)
    }

    private func egressBlocker(from client: Pod, to server: Pod, port: Int) -> NetworkPolicy? {
        let egress = covering(client, \.coversEgress)
        guard !egress.isEmpty,
            !egress.contains(where: { policy in policy.egress.contains { admits($0, server, in: policy, port: port, on: server) } })
        else { return nil }
        return newest(egress)
    }

    /// The egress policy that keeps a pod from an address outside the cluster.
    func blocker(from client: Pod, toAddress address: String, port: Int?) -> NetworkPolicy? {
        let egress = covering(client, \.coversEgress)
        guard !egress.isEmpty else { return nil }
        let isAllowed = egress.contains { policy in
            policy.egress.contains { rule in
                let isPeer =
                    rule.peers.isEmpty || rule.peers.contains { peer in peer.cidr.map { CIDR($0)?.contains(address) ?? true } ?? false }
                return isPeer && (port == nil || fits(rule.ports, port ?? 0, on: nil))
            }
        }
        return isAllowed ? nil : newest(egress)
    }

    /// The egress policy that allows no DNS at all.
    func dnsBlocker(of client: Pod) -> NetworkPolicy? {
        let egress = covering(client, \.coversEgress)
        guard !egress.isEmpty,
            !egress.contains(where: { policy in policy.egress.contains { fits($0.ports, 53, on: nil, anyProtocol: true) } })
        else { return nil }
        return newest(egress)
    }

    private func covering(_ pod: Pod, _ direction: KeyPath<NetworkPolicy, Bool>) -> [NetworkPolicy] {
        view.networkPolicies.inNamespace(pod.namespace).filter { $0[keyPath: direction] && $0.podSelector.matches(pod.metadata.labels) }
    }

    private func newest(_ policies: [NetworkPolicy]) -> NetworkPolicy? {
        policies.max { ($0.metadata.creationTime ?? .distantPast, $0.name) < ($1.metadata.creationTime ?? .distantPast, $1.name) }
    }

    private func admits(_ rule: NetworkPolicy.Rule, _ peer: Pod, in policy: NetworkPolicy, port: Int, on server: Pod) -> Bool {
        (rule.peers.isEmpty || rule.peers.contains { matches($0, peer, policyNamespace: policy.namespace) })
            && fits(rule.ports, port, on: server)
    }

    private func matches(_ peer: NetworkPolicy.Peer, _ pod: Pod, policyNamespace: String) -> Bool {
        if let cidr = peer.cidr {
            return pod.podIP.map { ip in (CIDR(cidr)?.contains(ip) ?? false) && !peer.except.contains { CIDR($0)?.contains(ip) ?? false } }
                ?? false
        }
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

    private func fits(_ ports: [NetworkPolicy.Port], _ port: Int, on server: Pod?, anyProtocol: Bool = false) -> Bool {
        ports.isEmpty
            || ports.contains { item in
                guard anyProtocol || item.protocol == "TCP" else { return false }
                switch item.port {
                case nil: return true
                case .number(let number): return item.endPort.map { (number...max(number, $0)).contains(port) } ?? (number == port)
                case .name(let name):
                    return server?.spec.allContainers.contains { $0.ports.contains { $0.name == name && $0.containerPort == port } }
                        ?? false
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
