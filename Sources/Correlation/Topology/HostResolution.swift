internal import ClusterModel
internal import IncidentModel

/// What a host name or address in a log line or setting stands for.
enum HostTarget: Sendable {
    case service(Service)
    /// A Service name in a namespace that was read, which has no such Service.
    case missingService(namespace: String, name: String)
    /// A Service name in a namespace that was not read.
    case unreadNamespace(String)
    /// A name that has the form of a cluster name but cannot be one.
    case malformed
    case pod(Pod)
    case node(Node)
    case loopback
    case external
}

extension Topology {
    /// Resolves a host as the cluster's DNS would for a pod in `namespace`.
    func resolve(_ host: String, from namespace: String) -> HostTarget {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if name == "localhost" || name.hasPrefix("127.") || name == "::1" || name == "0.0.0.0" { return .loopback }
        if Self.isAddress(name) { return resolve(address: name) }
        let labels = name.lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard labels.allSatisfy({ !$0.isEmpty }) else { return .malformed }
        if let position = labels.firstIndex(of: "svc"), position >= 2 {
            let suffix = labels[(position + 1)...].joined(separator: ".")
            guard suffix.isEmpty || suffix == "cluster.local" || !Self.isNearly(suffix, "cluster.local") else { return .malformed }
            return resolve(service: labels[position - 2], in: labels[position - 1], pod: position >= 3 ? labels[0] : nil)
        }
        switch labels.count {
        case 1: return resolve(service: labels[0], in: namespace, pod: nil)
        case 2:
            if view.namespaces["", labels[1]] != nil || view.services[labels[1], labels[0]] != nil {
                return resolve(service: labels[0], in: labels[1], pod: nil)
            }
            // `pod.service` of a headless Service in the same namespace.
            if view.services[namespace, labels[1]] != nil { return resolve(service: labels[1], in: namespace, pod: labels[0]) }
            return .external
        case 3 where view.services[labels[2], labels[1]] != nil:
            return resolve(service: labels[1], in: labels[2], pod: labels[0])
        default: return .external
        }
    }

    /// Whether a text is an IP address.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 4 && parts.allSatisfy({ UInt8($0) != nil }) { return true }
        return text.contains(":") && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    // A suffix a typo away from the default cluster domain; other domains may be this cluster's own.
    private static func isNearly(_ left: String, _ right: String) -> Bool {
        left != right && EditDistance.between(left, right, atMost: 3) != nil
    }

    private func resolve(address: String) -> HostTarget {
        if let service = service(at: address) { return .service(service) }
        if let pod = pod(at: address) { return .pod(pod) }
        if let node = view.nodes.items.first(where: { $0.addresses.contains(address) }) { return .node(node) }
        return .external
    }

    private func resolve(service name: String, in namespace: String, pod: String?) -> HostTarget {
        if let pod, let found = view.pods[namespace, pod], view.services[namespace, name] != nil { return .pod(found) }
        if let service = view.services[namespace, name] { return .service(service) }
        guard view.wasRead(.services, in: namespace) else { return .unreadNamespace(namespace) }
        return .missingService(namespace: namespace, name: name)
    }
}

/// Levenshtein distance with a bound, for typos in names; a swap of neighbours counts once.
public enum EditDistance {
    /// - Returns: the distance, or `nil` where it is above `limit`.
    public static func between(_ left: String, _ right: String, atMost limit: Int) -> Int? {
        let first = Array(left.utf8)
        let second = Array(right.utf8)
        guard abs(first.count - second.count) <= limit else { return nil }
        var beforeLast = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        for i in 0..<first.count {
            var row = [i + 1] + [Int](repeating: 0, count: second.count)
            for j in 0..<second.count {
                let cost = first[i] == second[j] ? 0 : 1
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + cost)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
                }
            }
            guard (row.min() ?? 0) <= limit else { return nil }
            beforeLast = last
            last = row
        }
        return last[second.count] <= limit ? last[second.count] : nil
    }
}
