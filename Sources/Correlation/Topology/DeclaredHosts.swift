internal import ClusterModel
internal import IncidentModel

/// A host that a workload's own configuration names.
struct DeclaredHost: Sendable, Hashable {
    let host: String
    let port: Int?
    let scheme: String?
    /// Where it stands, e.g. `env CART_URL` or `ConfigMap shop/cart-env key URL`.
    let place: String
    /// The object that holds it.
    let holder: ObjectReference
}

/// Finds the hosts in environment, arguments and ConfigMaps of workloads.
enum DeclaredHosts {
    /// Larger ConfigMap values are data, not settings.
    private static let longestValue = 16_384

    static func collect(_ workloads: [Workload], view: ClusterView) -> [ObjectReference: [DeclaredHost]] {
        var result: [ObjectReference: [DeclaredHost]] = [:]
        for workload in workloads {
            guard let spec = workload.template?.spec ?? workload.pods.first?.spec else { continue }
            var hosts: [DeclaredHost] = []
            for setting in settings(of: spec, workload: workload, view: view) where setting.value.utf8.count <= longestValue {
                for (host, port, scheme) in tokens(setting.value) {
                    hosts.append(DeclaredHost(host: host, port: port, scheme: scheme, place: setting.place, holder: setting.holder))
                }
            }
            if !hosts.isEmpty { result[workload.reference] = hosts }
        }
        return result
    }

    private typealias Setting = (value: String, place: String, holder: ObjectReference)

    private static func settings(of spec: PodSpec, workload: Workload, view: ClusterView) -> [Setting] {
        let namespace = workload.namespace
        var result: [Setting] = []
        for container in spec.allContainers {
            for variable in container.env {
                switch variable.source {
                case .value(let value): result.append((value, "env \(variable.name)", workload.reference))
                case .configMapKey(let name, let key, _):
                    guard let map = view.configMaps[namespace, name], let value = map.data[key] else { continue }
                    result.append((value, "env \(variable.name) from ConfigMap \(name) key \(key)", map.reference))
                case .secretKey, .field, .resource: continue
                }
            }
            for source in container.envFrom where source.kind == .configMap {
                guard let map = view.configMaps[namespace, source.name] else { continue }
                result += map.data.sorted { $0.key < $1.key }.map { ($0.value, "ConfigMap \(map.name) key \($0.key)", map.reference) }
            }
            result += (container.command + container.args).map { ($0, "arguments of container \(container.name)", workload.reference) }
        }
        for volume in spec.volumes {
            for name in volume.source.configMapNames {
                guard let map = view.configMaps[namespace, name] else { continue }
                result += map.data.sorted { $0.key < $1.key }.map { ($0.value, "ConfigMap \(map.name) key \($0.key)", map.reference) }
            }
        }
        return result
    }

    /// Words of a text that can be hosts: a URL's authority, `host:port`, or a bare DNS name.
    static func tokens(_ text: String) -> [(host: String, port: Int?, scheme: String?)] {
        var result: [(String, Int?, String?)] = []
        for word in text.split(whereSeparator: { $0.isWhitespace || "\"'`,;=()[]{}<>|".contains($0) }) {
            var rest = Substring(word)
            var scheme: String?
            if let mark = rest.firstRange(of: "://") {
                scheme = rest[..<mark.lowerBound].split(separator: ":").last.map { $0.lowercased() }
                rest = rest[mark.upperBound...]
            }
            rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
            let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard let host = parts.first.map(String.init), isHost(host), parts.count <= 2 else { continue }
            let port = parts.count == 2 ? Int(parts[1]) : nil
            if parts.count == 2 && port == nil { continue }
            result.append((host, port, scheme))
        }
        return result
    }

    private static func isHost(_ text: String) -> Bool {
        guard (2...253).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last else { return false }
        let isWordEnd = { (byte: UInt8) in (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        return isWordEnd(first) && isWordEnd(last)
            && text.utf8.allSatisfy { isWordEnd($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}

extension Volume.Source {
    /// ConfigMaps it is made from.
    var configMapNames: [String] {
        switch self {
        case .configMap(let reference): [reference.name]
        case .projected(let sources): sources.flatMap(\.configMapNames)
        default: []
        }
    }

    /// Secrets it is made from.
    var secretNames: [String] {
        switch self {
        case .secret(let reference): [reference.name]
        case .projected(let sources): sources.flatMap(\.secretNames)
        default: []
        }
    }
}
