internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Calls that the configuration of a client says it makes and that cannot succeed, though no log tells of it: a port or scheme that
/// the Service does not offer (N5), a Service that does not exist (C18, N8, N21).
struct DeclaredCallRules {
    private let workload: Workload
    private let context: CaseContext

    /// Receivers of telemetry are optional for the programs that are configured to use them.
    private static let optional = [
        "otel", "opentelemetry", "collector", "jaeger", "zipkin", "tempo", "statsd", "datadog", "sentry", "prometheus", "pushgateway",
        "graphite", "fluent", "loki", "pyroscope", "newrelic", "apm", "telemetry", "tracing", "alloy",
    ]
    /// A program whose log is longer than this and names no trouble with the host most likely has none.
    private static let tellingLines = 30

    static func findings(_ workload: Workload, symptoms: [DependencySymptom], _ context: CaseContext) -> [Finding] {
        guard !workload.livePods.isEmpty else { return [] }
        let rules = DeclaredCallRules(workload: workload, context: context)
        // What the log tells of a host and port is followed from there.
        let told = Dictionary(grouping: symptoms, by: \.host).mapValues { Set($0.map(\.port)) }
        var result: [Finding] = []
        for declared in context.topology.declared[workload.reference] ?? []
        where told[declared.host].map({ !$0.contains(nil) && !$0.contains(declared.port) && declared.port != nil }) ?? true {
            guard let finding = rules.finding(declared) else { continue }
            if !result.contains(where: { $0.cause == finding.cause && $0.details["reference"] == finding.details["reference"] }) {
                result.append(finding)
            }
        }
        return result
    }

    private func finding(_ declared: DeclaredHost) -> Finding? {
        if let headless = peer(declared) { return headless }
        switch context.topology.resolve(declared.host, from: workload.namespace) {
        case .service(let service):
            if service.type == "ExternalName" { return alias(service, declared) }
            return port(declared, of: service) ?? scheme(declared, of: service)
        case .missingService(let namespace, let name): return missing(name, in: namespace, declared)
        case .pod(let pod): return port(declared, of: pod)
        default: return nil
        }
    }

    private func make(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], _ declared: DeclaredHost,
        _ citations: [Citation], reasons: [String]
    ) -> Finding {
        var details = details
        details["host"] = declared.host
        details["key"] = declared.key
        details["port"] = details["port"] ?? declared.port.map { String($0) }
        let isTold = isLogTelling
        let strength = (declared.isSetting ? confidence : min(confidence, 0.5)) - (isTold ? 0.12 : 0)
        return Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: [.field(declared.holder, declared.place, declared.host + (declared.port.map { ":\($0)" } ?? ""))] + citations,
            confidence: strength, reasons: reasons, against: isTold ? ["the log of the client does not complain about it"] : [],
            impact: strength >= 0.55 ? max(workload.impact, .degraded) : .latent, changedFields: ["env", "envFrom", "args"],
            changedObjects: declared.holder.kind == "ConfigMap" ? [declared.holder] : [])
    }

    private var isLogTelling: Bool {
        guard let pod = workload.livePods.first else { return false }
        return pod.spec.containers.contains { (context.logs.current(pod, $0.name)?.lineCount ?? 0) > Self.tellingLines }
    }

    // MARK: Ports and schemes

    private func port(_ declared: DeclaredHost, of service: Service) -> Finding? {
        let implied = declared.scheme == "http" ? 80 : declared.scheme == "https" ? 443 : nil
        guard !service.isHeadless, !service.ports.isEmpty, let port = declared.port ?? implied,
            // `redis:7` and the like are tags of images.
            port >= 22 || declared.scheme != nil, service.ports.allSatisfy({ $0.port != port && $0.nodePort != port })
        else { return nil }
        let offered = Phrase.list(service.ports.map { String($0.port) })
        let others = (context.topology.callers[service.reference] ?? []).filter { other in
            other != workload.reference
                && (context.topology.declared[other] ?? []).contains { item in
                    item.host == declared.host && service.ports.contains { $0.port == item.port }
                }
        }
        var reasons = ["the Service exposes port \(offered) only", "the client is configured so (\(declared.place))"]
        if !others.isEmpty { reasons.append("\(Phrase.list(others.map(\.description))) uses the right port") }
        return make(
            .clientPortMismatch,
            "\(workload.reference) is configured to call port \(port) of Service \(service.name) (\(declared.place)), which exposes \(offered) only.",
            declared.port == nil ? 0.5 : others.isEmpty ? 0.8 : 0.86,
            ["field": "port", "found": String(port), "expected": offered, "reference": service.name, "port": String(port)], declared,
            [.field(service.reference, "spec.ports", offered)], reasons: reasons)
    }

    // Names of single pods lead past the Service: the port has to be one that the pod has, or that its governing Service names.
    private func port(_ declared: DeclaredHost, of pod: Pod) -> Finding? {
        guard let port = declared.port, let offered = context.view.ports(of: pod, without: port) else { return nil }
        let service = context.view.governingService(of: pod)
        return make(
            .clientPortMismatch,
            "\(workload.reference) is configured to call port \(port) of \(pod.reference) (\(declared.place)), which has \(offered) only.",
            0.78,
            ["field": "port", "found": String(port), "expected": offered, "reference": service?.name ?? pod.name, "port": String(port)],
            declared, [.field(pod.reference, "spec.containers[].ports", offered)],
            reasons: ["the pod declares other ports only", "the client is configured so (\(declared.place))"])
    }

    private func scheme(_ declared: DeclaredHost, of service: Service) -> Finding? {
        guard let scheme = declared.scheme, scheme == "https" || scheme == "http" else { return nil }
        let port = declared.port ?? (scheme == "https" ? 443 : 80)
        guard let offered = service.ports.first(where: { $0.port == port }), let spoken = Self.spoken(offered), spoken != scheme else {
            return nil
        }
        return make(
            .clientPortMismatch,
            "\(workload.reference) is configured to call Service \(service.name) on port \(port) with \(scheme) (\(declared.place)), and that port speaks \(spoken).",
            0.66, ["field": "protocol", "found": scheme, "expected": spoken, "reference": service.name, "port": String(port)], declared,
            [.field(service.reference, "spec.ports[\(port)].name", offered.name ?? "unnamed")],
            reasons: ["the name and number of the Service's port stand for \(spoken)"])
    }

    /// What a port speaks where both its name and its number say so.
    private static func spoken(_ port: Service.Port) -> String? {
        switch (port.name, port.port) {
        case ("http", 80), ("http", 8080), ("web", 80), (nil, 80): "http"
        case ("https", 443), ("https", 8443): "https"
        default: nil
        }
    }

    // MARK: Names

    private func missing(_ name: String, in namespace: String, _ declared: DeclaredHost) -> Finding? {
        let isQualified = declared.host.contains(".")
        guard isQualified || declared.scheme != nil || declared.port != nil || isHostVariable(declared) else { return nil }
        let symptom = DependencySymptom(
            client: workload.reference, container: "", failure: .nameNotFound, host: declared.host, port: declared.port,
            citation: .field(declared.holder, declared.place, declared.host), isFatal: false, count: 0)
        let verdict = DependencyVerdict(context: context, workload: workload, symptom: symptom)
        let found = verdict.missingService(name, in: namespace)
        let isOptional = Self.optional.contains { name.contains($0) || declared.key.lowercased().contains($0) }
        // A short name may be anything; one that a workload or nearly a Service has is meant to be there.
        let isMeant = found.details["expected"] != nil || verdict.isKnown(name, in: namespace)
        let strength = isOptional ? 0.4 : isMeant ? 0.8 : isQualified ? 0.72 : 0.45
        var details = found.details
        details["container"] = nil
        return make(
            found.cause, found.statement, strength, details, declared, found.citations.filter { $0.source == .absence },
            reasons: ["the list of Services in \(namespace) has no such name", "the client is configured so (\(declared.place))"])
    }

    private func isHostVariable(_ declared: DeclaredHost) -> Bool {
        let key = declared.key.uppercased()
        return ["HOST", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "ENDPOINT", "URL"].contains { key.hasSuffix($0) }
    }

    // Peers of a StatefulSet are found by names below its governing Service.
    private func peer(_ declared: DeclaredHost) -> Finding? {
        guard declared.host.contains("."),
            var finding = RolloutRules.headlessMissing(behind: declared.host, in: workload.namespace, context: context)
        else { return nil }
        finding.citations.insert(.field(declared.holder, declared.place, declared.host), at: 0)
        finding.reasons = ["\(workload.reference) is configured to use names below it (\(declared.place))"]
        finding.confidence = declared.isSetting ? 0.8 : 0.66
        finding.details["host"] = declared.host
        finding.sufferer = workload.reference
        return finding
    }

    // An alias is as good as the name behind it.
    private func alias(_ service: Service, _ declared: DeclaredHost) -> Finding? {
        guard let target = service.externalName,
            case .missingService(let namespace, let name) = context.topology.resolve(target, from: workload.namespace),
            target.contains(".")
        else { return nil }
        return make(
            .serviceNotFound,
            "\(workload.reference) calls Service \(service.name), an alias of \(target), and Service \(name) does not exist in namespace \(namespace).",
            0.8, ["field": "externalName", "found": target, "reference": name], declared,
            [
                .field(service.reference, "spec.externalName", target),
                .absence(
                    ObjectReference(kind: "Service", namespace: namespace, name: name),
                    "the list of Services in \(namespace) has no \(name)"),
            ], reasons: ["the alias leads to a Service that does not exist"])
    }
}
