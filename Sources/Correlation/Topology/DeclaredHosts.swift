internal import ClusterModel
internal import IncidentModel

/// A host that a workload's own configuration names.
struct DeclaredHost: Sendable, Hashable {
    let host: String
    let port: Int?
    let scheme: String?
    /// Where it stands, e.g. `env CART_URL` or `ConfigMap shop/cart-env key URL`.
    let place: String
    /// Name of the variable or key, empty for arguments.
    let key: String
    /// Whether it is a variable or an argument; a file may hold samples and comments as well.
    let isSetting: Bool
    /// The object that holds it.
    let holder: ObjectReference

    fileprivate var order: (String, String, Int) { (place, host, port ?? 0) }
}

/// Finds the hosts in environment, arguments and ConfigMaps of workloads.
enum DeclaredHosts {
    /// Larger ConfigMap values are data, not settings.
    private static let longestValue = 16_384

    static func collect(_ workloads: [Workload], view: ClusterView) -> [ObjectReference: [DeclaredHost]] {
        var result: [ObjectReference: [DeclaredHost]] = [:]
        for workload in workloads {
            guard let spec = workload.template?.spec ?? workload.pods.first?.spec else { continue }
            let all = settings(of: spec, workload: workload, view: view).filter { $0.value.utf8.count <= longestValue }
            let ports = Dictionary(all.compactMap { item in port(item).map { (item.key, $0) } }, uniquingKeysWith: min)
            var hosts: [DeclaredHost] = []
            for setting in all {
                for (host, port, scheme) in tokens(withoutCredentials(withoutComments(setting.value))) {
                    hosts.append(
                        DeclaredHost(
                            host: host, port: port ?? partner(of: setting, in: ports), scheme: scheme, place: setting.place,
                            key: setting.key,
                            isSetting: setting.isSetting, holder: setting.holder))
                }
            }
            // By place, for the order of variables says nothing.
            if !hosts.isEmpty { result[workload.reference] = hosts.sorted { $0.order < $1.order } }
        }
        return result
    }

    // A word behind `Bearer` looks like a host now and then, and must be named nowhere.
    private static func withoutCredentials(_ text: String) -> String {
        text.contains("earer ") || text.contains("asic ") ? CredentialMask.inText(text) : text
    }

    private struct Setting {
        let key: String
        let value: String
        let place: String
        let holder: ObjectReference
        var isSetting = true
    }

    private static func settings(of spec: PodSpec, workload: Workload, view: ClusterView) -> [Setting] {
        let namespace = workload.namespace
        var result: [Setting] = []
        func add(_ map: ConfigMap, isSetting: Bool) {
            result += map.data.sorted { $0.key < $1.key }.map {
                Setting(
                    key: $0.key, value: $0.value, place: "ConfigMap \(map.name) key \($0.key)", holder: map.reference,
                    isSetting: isSetting)
            }
        }
        for container in spec.allContainers {
            for variable in container.env {
                switch variable.source {
                case .value(let value):
                    result.append(
                        Setting(key: variable.name, value: value, place: "env \(variable.name)", holder: workload.reference))
                case .configMapKey(let name, let key, _):
                    guard let map = view.configMaps[namespace, name], let value = map.data[key] else { continue }
                    let place = "env \(variable.name) from ConfigMap \(name) key \(key)"
                    result.append(Setting(key: variable.name, value: value, place: place, holder: map.reference))
                case .secretKey, .field, .resource: continue
                }
            }
            for source in container.envFrom where source.kind == .configMap {
                if let map = view.configMaps[namespace, source.name] { add(map, isSetting: true) }
            }
            result += (container.command + container.args).map {
                Setting(key: "", value: $0, place: "arguments of container \(container.name)", holder: workload.reference)
            }
        }
        for name in spec.volumes.flatMap(\.source.configMapNames) {
            if let map = view.configMaps[namespace, name] { add(map, isSetting: false) }
        }
        return result
    }

    // MARK: Host and port in two variables

    /// Endings of variables that hold a host whose port is in a variable of the same stem.
    private static let hostEndings = ["_HOSTNAME", "_HOST", "_ADDRESS", "_ADDR", "_SERVER", "_SERVICE", "_ENDPOINT"]

    private static func port(_ setting: Setting) -> Int? {
        guard setting.isSetting, setting.key.uppercased().hasSuffix("PORT"), let number = Int(setting.value), (1...65_535).contains(number)
        else { return nil }
        return number
    }

    private static func partner(of setting: Setting, in ports: [String: Int]) -> Int? {
        guard setting.isSetting, isHost(setting.value), let ending = hostEndings.first(where: setting.key.uppercased().hasSuffix) else {
            return nil
        }
        let stem = setting.key.dropLast(ending.count)
        return ports[stem + "_PORT"] ?? ports[setting.key + "_PORT"]
    }

    private static func withoutComments(_ text: String) -> String {
        guard text.utf8.contains(0x0A) else { return text }
        let lines = text.split(whereSeparator: \.isNewline)
        return lines.filter { line in
            let start = line.drop { $0 == " " || $0 == "\t" }
            return !start.hasPrefix("#") && !start.hasPrefix("//") && !start.hasPrefix(";")
        }.joined(separator: "\n")
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
