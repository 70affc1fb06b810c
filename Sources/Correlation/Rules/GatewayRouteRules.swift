internal import ClusterModel
internal import IncidentModel

/// Routes in the configuration file of a gateway (Spring Cloud Gateway, nginx, Envoy, Traefik) that lead to a Service which exists and is
/// not the one meant (N17). Only names can tell: where nearly all routes lead to the Service that has the path's name, one that does not
/// is most likely wrong.
enum GatewayRouteRules {
    private struct Route {
        let path: String
        let host: String
        let holder: ObjectReference
        let key: String
    }

    /// Routes by name that make a habit, and their share of all.
    private static let fewestByName = 3
    private static let leastShare = 0.6
    private static let longestFile = 65_536
    private static let mostRoutes = 300

    static func findings(_ context: CaseContext) -> [Finding] {
        var read: [ObjectReference: [[Route]]] = [:]
        return context.topology.workloads.flatMap { workload in
            configMaps(of: workload, context).flatMap { map -> [Finding] in
                let files = read[map.reference] ?? map.data.sorted { $0.key < $1.key }.map { routes(in: $0.value, key: $0.key, map) }
                read[map.reference] = files
                return files.compactMap { finding($0, workload, context) }
            }
        }
    }

    private static func configMaps(of workload: Workload, _ context: CaseContext) -> [ConfigMap] {
        guard let spec = workload.template?.spec ?? workload.pods.first?.spec else { return [] }
        let names = Set(spec.volumes.flatMap(\.source.configMapNames))
        return names.sorted().compactMap { context.view.configMaps[workload.namespace, $0] }
    }

    private static func finding(_ routes: [Route], _ workload: Workload, _ context: CaseContext) -> Finding? {
        guard routes.count >= fewestByName, routes.count <= mostRoutes else { return nil }
        let byName = routes.filter { fits($0.path, service: label($0.host)) }
        let services = context.view.services.inNamespace(workload.namespace).map(\.name)
        guard byName.count >= fewestByName, Double(byName.count) >= leastShare * Double(routes.count) else { return nil }
        for route in routes where !fits(route.path, service: label(route.host)) && services.contains(label(route.host)) {
            let meant = services.filter { fits(route.path, service: $0) && $0 != label(route.host) }
            guard meant.count == 1, let expected = meant.first, !byName.contains(where: { label($0.host) == expected }) else { continue }
            return Finding(
                cause: .ingressMisrouted, object: workload.reference, sufferer: workload.reference,
                statement:
                    "\(workload.reference) routes \(route.path) to Service \(label(route.host)), though Service \(expected) has the name of that route (ConfigMap \(route.holder.name), \(route.key)).",
                details: [
                    "path": route.path, "field": "backend", "found": label(route.host), "expected": expected,
                    "reference": route.holder.name,
                    "key": route.key,
                ],
                citations: [.field(route.holder, "data[\(route.key)]", "\(route.path) → \(route.host)")], confidence: 0.72,
                reasons: [
                    "\(byName.count) of its \(routes.count) routes lead to the Service that has their name",
                    "no other route leads to \(expected)",
                ],
                impact: .degraded, changedObjects: [route.holder],
                sufferers: [ObjectReference(kind: "Service", namespace: workload.namespace, name: expected)])
        }
        return nil
    }

    // MARK: Names

    private static func label(_ host: String) -> String { host.split(separator: ".").first.map(String.init) ?? host }

    /// Words that say nothing of what a path or Service is about.
    private static let general: Set<String> = ["api", "service", "services", "svc", "v1", "v2", "v3", "app", "server", "backend", "web"]

    /// Whether a segment of the path is the Service's name, with or without the word `service` behind it and a word of all Services before it:
    /// `/orderservice` is `order-service`, `orders` and `ts-order-service`, and not `order-db`.
    private static func fits(_ path: String, service: String) -> Bool {
        let words = service.lowercased().split(separator: "-").map(String.init).filter { !general.contains($0) }
        let names = [words.joined(), words.count == 2 ? words[1] : ""].filter { !$0.isEmpty }
        return path.lowercased().split(separator: "/").prefix(4).contains { segment in
            var word = segment.filter { $0.isLetter || $0.isNumber }
            for ending in ["service", "svc", "api"] where word.hasSuffix(ending) && word.count > ending.count {
                word = String(word.dropLast(ending.count))
            }
            guard word.count > 2, !general.contains(word) else { return false }
            return names.contains { $0 == word || $0 + "s" == word || $0 == word + "s" }
        }
    }

    // MARK: Reading

    // Paths and upstreams stand near one another; which comes first is a matter of the gateway, and the same all over a file.
    private static func routes(in text: String, key: String, _ map: ConfigMap) -> [Route] {
        guard text.utf8.count <= longestFile, text.contains("/") else { return [] }
        var result: [Route] = []
        var paths: [String] = []
        var host: String?
        var isHostFirst: Bool?
        for line in text.split(whereSeparator: \.isNewline) where !line.drop(while: { $0 == " " }).hasPrefix("#") {
            let found = requestPaths(in: line)
            let upstream = DeclaredHosts.tokens(String(line)).first { $0.scheme != nil || line.contains("cluster:") }?.host
            if isHostFirst == nil { isHostFirst = upstream != nil ? true : found.isEmpty ? nil : false }
            if let upstream {
                if isHostFirst == false {
                    result += paths.map { Route(path: $0, host: upstream, holder: map.reference, key: key) }
                    paths = []
                }
                host = upstream
            }
            guard !found.isEmpty else { continue }
            if isHostFirst == true, let host {
                result += found.map { Route(path: $0, host: host, holder: map.reference, key: key) }
            } else {
                paths = found
            }
        }
        return result
    }

    /// What looks like the path of a request: a slash behind a blank, quote, `=` or bracket, and letters.
    private static func requestPaths(in line: Substring) -> [String] {
        line.split { " \t\"'`,;=(){}[]".contains($0) }.filter { word in
            word.hasPrefix("/") && word.count > 2 && !word.hasPrefix("//") && word.dropFirst().first?.isLetter == true
                && !word.hasPrefix("/etc/") && !word.hasPrefix("/var/") && !word.hasPrefix("/usr/") && !word.hasPrefix("/dev/")
        }.map(String.init)
    }
}
