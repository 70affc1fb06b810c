internal import ClusterModel
internal import IncidentModel

/// Mesh proxies that are not ready, or that send traffic astray by their own account (G1-G4).
enum MeshRules {
    /// Names that the injectors of the common meshes give their proxies.
    static let proxies: Set = ["istio-proxy", "linkerd-proxy", "kuma-sidecar", "consul-dataplane", "envoy-sidecar"]
    private static let planes = ["istiod", "istio-pilot", "linkerd-destination", "linkerd-identity", "kuma-control-plane", "consul-server"]

    static func isControlPlane(_ workload: Workload) -> Bool { planes.contains { workload.reference.name.hasPrefix($0) } }

    /// What a proxy cannot reach it needs for its own work: the mesh of the workload is at fault, and not the program beside it.
    static func recast(_ explanation: Explanation, _ symptom: DependencySymptom, of workload: ObjectReference) -> Explanation {
        // Proxies log the failures of the program's calls as well.
        let isOwnCall =
            planes.contains(where: symptom.host.hasPrefix)
            || Phrase.containsAny(symptom.citation.text, ["xds-grpc", "StreamAggregatedResources", "istiod"])
        guard proxies.contains(symptom.container), isOwnCall, explanation.path.count == 1, explanation.finding.object == workload else {
            return explanation
        }
        var explanation = explanation
        explanation.finding.details["reason"] = explanation.finding.cause.rawValue
        explanation.finding.cause = .meshSidecarFailed
        explanation.finding.statement = "The mesh proxy of \(workload) does not work: \(explanation.finding.statement)"
        explanation.path[0].statement = explanation.finding.statement
        return explanation
    }

    // MARK: Proxies that are not ready

    /// A proxy that runs and is not Ready keeps its pod from serving, whatever the program does.
    static func unready(_ container: ContainerCase) -> Finding? {
        guard proxies.contains(container.name), let status = container.status, status.isRunning, !status.isReady,
            (container.context.age(status.runningSince) ?? .infinity) > 60
        else { return nil }
        let others = container.pod.spec.containers.filter { !proxies.contains($0.name) }
        let areOthersReady = others.allSatisfy { container.pod.status(of: $0)?.isReady ?? false }
        let probe = container.events("Unhealthy").last
        let said = container.currentLog?.findings.first
        var citations = [container.cite("ready", "false")]
        if let probe { citations.append(.event(probe)) }
        if let said { citations.append(.log(container.pod, container.name, said.line)) }
        let words = said.map { ": \(Citation.cut($0.line.message.trimmed))" } ?? probe.map { ": \(Citation.cut($0.message))" } ?? ""
        var details = ["reason": said?.signature.rawValue ?? probe?.reason ?? "NotReady"]
        details["host"] = said?.host
        details["port"] = said?.port.map { String($0) }
        var finding = container.finding(
            .meshSidecarFailed, "The mesh proxy (\(container.place)) is not ready\(words).", confidence: areOthersReady ? 0.88 : 0.7,
            details: details, citations: citations,
            reasons: [areOthersReady ? "the program beside it is ready" : "the program beside it is not ready either"])
        // Proxies that get no configuration are as ready as the control plane of their mesh.
        finding.carriers = container.context.topology.workloads.filter { isControlPlane($0) && $0.impact == .outage }.map(\.reference)
        return finding
    }

    // MARK: Proxies that send astray

    /// Response flags of Envoy's access log by which the proxy itself, and no program, answered.
    /// https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
    private static let flags: [(flag: String, words: String)] = [
        ("NC", "knows no cluster for the route: its subset or host does not exist"), ("NR", "has no route for the request"),
        ("UH", "has no healthy upstream"), ("UF,URX", "fails to connect upstream"), ("UF", "fails to connect upstream"),
    ]
    /// Requests that must have failed so before it counts, and bytes of a log's end that are looked at.
    private static let fewest = 3
    private static let mostBytes = 65_536

    static func routing(_ workload: Workload, _ context: CaseContext) -> Finding? {
        for pod in workload.livePods.prefix(2) {
            guard let proxy = pod.spec.allContainers.first(where: { proxies.contains($0.name) }),
                let log = context.view.logs(of: pod).first(where: { $0.container == proxy.name && !$0.isPrevious })
            else { continue }
            let lines = log.text.suffix(mostBytes).split(whereSeparator: \.isNewline)
            for (flag, words) in flags {
                let hits = lines.filter { $0.contains(" \(flag) ") && ($0.contains("\" 503 ") || $0.contains("\" 404 ")) }
                guard hits.count >= fewest, let last = hits.last else { continue }
                // A host whose pods do not serve is its own cause; connections that end at a healthy one speak of TLS modes.
                let isTLS = last.contains("connection_termination") || last.contains("TLS_error") || last.contains("CERTIFICATE_VERIFY")
                guard flag == "NC" || flag == "NR" || isTLS else { continue }
                return finding(
                    workload, pod, proxy.name, flag, isTLS ? "fails to connect upstream by mutual TLS" : words, String(last), hits.count)
            }
        }
        return nil
    }

    private static func finding(
        _ workload: Workload, _ pod: Pod, _ container: String, _ flag: String, _ words: String, _ line: String, _ count: Int
    ) -> Finding {
        var details = ["container": container, "reason": flag]
        // Envoy writes the cluster as `outbound|port|subset|host`.
        let cluster = line.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("outbound|") || $0.hasPrefix("\"outbound|") }
        let parts = cluster?.split(separator: "|", omittingEmptySubsequences: false).map { $0.filter { $0 != "\"" } } ?? []
        if parts.count == 4 {
            details["port"] = parts[1]
            details["host"] = parts[3]
        }
        let citation = Citation(
            source: .log, object: pod.reference, container: container, time: nil, text: Citation.cut(line.trimmed))
        return Finding(
            cause: .meshSidecarFailed, object: workload.reference, sufferer: workload.reference,
            statement: "The mesh proxy of \(workload.reference) \(words) (response flag \(flag)).", details: details,
            citations: [citation], confidence: 0.72, reasons: ["its access log says so \(Phrase.count(count, "time"))"],
            impact: max(workload.impact, .degraded))
    }
}
