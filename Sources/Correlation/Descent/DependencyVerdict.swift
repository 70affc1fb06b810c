internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel
internal import KnowledgeGraph

/// What one failing call means, once it is known what the address stands for.
struct DependencyVerdict {
    let context: CaseContext
    let workload: Workload
    let symptom: DependencySymptom

    /// The symptom as a step of a causal chain.
    var link: CausalLink {
        CausalLink(object: workload.reference, statement: "\(workload.reference) \(words).", citations: [symptom.citation])
    }

    private var address: String { symptom.host.isEmpty ? "a dependency" : symptom.host + (symptom.port.map { ":\($0)" } ?? "") }

    private var words: String {
        switch symptom.failure {
        case .refused: "is refused by \(address)"
        case .timeout: "gets no answer from \(address)"
        case .nameNotFound: "cannot resolve \(address)"
        case .nameServerFailure: "gets no answer from the name server\(symptom.host.isEmpty ? "" : " for \(symptom.host)")"
        case .badAnswer: "gets errors from \(address)\(symptom.detail.map { " (\(Citation.cut($0)))" } ?? "")"
        case .waiting: "waits for \(address)"
        case .credentials: "is rejected by \(address)"
        case .schema: "misses something in the database of \(address)"
        case .readOnly: "cannot write to \(address)"
        case .pool: "gets no connection to \(address)"
        case .certificate: "does not trust \(address)"
        case .wrongProtocol: "speaks another protocol than \(address)"
        }
    }

    private var isSuffering: Bool {
        workload.impact > .latent || symptom.isFatal || context.telemetry.suffers(workload.reference)
    }
    private var client: Pod? { (workload.unreadyPods.first ?? workload.livePods.first) ?? workload.pods.first }

    private func make(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String] = [:], _ extra: [Citation] = [],
        reasons: [String], fields: [String] = ["env", "envFrom", "args", "image"], object: ObjectReference? = nil
    ) -> Finding {
        var all = details
        all["container"] = symptom.container
        if !symptom.host.isEmpty { all["host"] = symptom.host }
        all["port"] = all["port"] ?? symptom.port.map { String($0) }
        return Finding(
            cause: cause, object: object ?? workload.reference, sufferer: workload.reference, statement: statement, details: all,
            citations: [symptom.citation] + extra,
            confidence: confidence, reasons: reasons, impact: isSuffering ? max(workload.impact, .degraded) : .degraded,
            onset: symptom.onset, changedFields: fields,
            changedObjects: settings.map(\.holder).filter { $0.kind == "ConfigMap" })
    }

    /// Where the workload's configuration names this host.
    private var settings: [DeclaredHost] { (context.topology.declared[workload.reference] ?? []).filter { $0.host == symptom.host } }

    private var settingCitation: [Citation] {
        settings.prefix(1).map { .field($0.holder, $0.place, $0.host + ($0.port.map { ":\($0)" } ?? "")) }
    }

    // MARK: Names

    /// Whether something of that name is meant to be in the namespace.
    func isKnown(_ name: String, in namespace: String) -> Bool {
        context.topology.workloads(in: namespace).contains { $0.reference.name == name } || context.graph.component(named: name) != nil
    }

    // A typing error away, or the same name with another ending; the nearest of several.
    private func nearest(to name: String, in namespace: String) -> String? {
        let names = context.view.services.inNamespace(namespace).map(\.name)
        let typos = names.compactMap { other in
            EditDistance.between(other, name, atMost: name.count > 5 ? 2 : 1).map { (distance: $0, name: other) }
        }
        if let best = typos.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) { return best.name }
        let same = names.filter { ServiceName.stem($0) == ServiceName.stem(name) }
        return same.count == 1 ? same.first : nil
    }

    func missingService(_ name: String, in namespace: String) -> Finding {
        let reference = ObjectReference(kind: "Service", namespace: namespace, name: name)
        let view = context.view
        let absence = Citation.absence(reference, "the list of Services in \(namespace) has no \(name)")
        let elsewhere = view.services.items.first { $0.name == name && $0.namespace != namespace }
        let isKnownWorkload = isKnown(name, in: namespace)
        let near = nearest(to: name, in: namespace)
        if isKnownWorkload, let quota = fullQuota(for: name, in: namespace, absence) { return quota }
        if let elsewhere, !isKnownWorkload {
            return make(
                .dependencyNameUnresolvable,
                "\(workload.reference) uses host \(symptom.host), but Service \(name) is in namespace \(elsewhere.namespace).", 0.9,
                ["reference": name, "field": "host", "found": symptom.host, "expected": "\(name).\(elsewhere.namespace)"],
                [absence] + settingCitation,
                reasons: ["the name does not resolve, and a Service of that name exists in another namespace"])
        }
        if let near, !isKnownWorkload {
            return make(
                .dependencyNameUnresolvable, "\(workload.reference) uses host \(symptom.host), which does not exist; Service \(near) does.",
                0.88,
                ["reference": name, "field": "host", "found": symptom.host, "expected": near], [absence] + settingCitation,
                reasons: ["the name does not resolve, and a Service of nearly that name exists"])
        }
        return make(
            .serviceNotFound,
            "\(workload.reference) calls Service \(name), which does not exist in namespace \(namespace)\(isKnownWorkload ? ", though its workload does" : "").",
            symptom.failure == .nameNotFound || symptom.failure == .waiting ? 0.93 : 0.8,
            ["reference": name, "field": "host", "found": symptom.host, "expected": near ?? ""],
            [absence] + settingCitation,
            reasons: ["the list of Services has no such name", "the program fails to resolve it"])
    }

    /// A namespace that may have no further Service: the one that is missing was refused, which leaves no trace but the full quota.
    private func fullQuota(for name: String, in namespace: String, _ absence: Citation) -> Finding? {
        for quota in context.view.resourceQuotas.inNamespace(namespace) {
            for key in ["services", "count/services"] {
                guard let hard = quota.hard[key], let used = quota.used[key], let limit = Quantity(hard), let amount = Quantity(used),
                    limit <= amount
                else { continue }
                var finding = make(
                    .quotaExceeded,
                    "ResourceQuota \(quota.name) allows no further Service in \(namespace) (\(used) of \(hard)), and Service \(name), which \(workload.reference) calls, does not exist though its workload does.",
                    0.84,
                    [
                        "quota": quota.name, "resource": "services", "field": key, "found": hard, "reference": name,
                    ],
                    [absence, .field(quota.reference, "status.used[\(key)]", "\(used) of \(hard)")] + settingCitation,
                    reasons: ["the quota for Services is used up", "the list of Services has no such name"], object: quota.reference)
                finding.changedObjects = [quota.reference]
                return finding
            }
        }
        return nil
    }

    func unresolvable() -> Finding {
        make(
            .dependencyNameUnresolvable, "\(workload.reference) uses host \(symptom.host), a name that cannot exist.", 0.92,
            ["field": "host", "found": symptom.host], settingCitation,
            reasons: ["the name has the form of a cluster name with a wrong ending", "the program fails to resolve it"])
    }

    func unknownState() -> Finding {
        make(
            .dependencyUnreachable, "\(workload.reference) \(words), which lies in a namespace that was not read.", 0.4, [:],
            settingCitation,
            reasons: ["its log says so; the other side is not in the evidence"])
    }

    // MARK: Outside the cluster

    func external() -> Finding? {
        let isAddress = Topology.isAddress(symptom.host)
        if let client, symptom.failure == .timeout {
            let target = isAddress ? symptom.host : "0.0.0.0"
            if let block = PolicyEvaluation(view: context.view).blocker(from: client, toAddress: target, port: symptom.port) {
                return blocked(block, to: address, port: symptom.port)
            }
        }
        switch symptom.failure {
        case .nameNotFound:
            return make(
                .dependencyNameUnresolvable, "\(workload.reference) uses host \(symptom.host), which does not resolve.",
                isSuffering ? 0.88 : 0.48, ["field": "host", "found": symptom.host],
                settingCitation, reasons: ["the name server says that the name does not exist"])
        case .badAnswer, .waiting:
            return make(
                .dependencyUnreachable, "\(workload.reference) \(words), a dependency outside the cluster.", isSuffering ? 0.6 : 0.35, [:],
                settingCitation,
                reasons: ["its log says so, and nothing in the cluster has this address"])
        default:
            return make(
                .dependencyUnreachable,
                "\(workload.reference) \(words), which nothing in the cluster stands behind: the dependency is outside.",
                isSuffering ? 0.9 : 0.48,
                ["reason": symptom.failure.rawValue], settingCitation,
                reasons: ["its log says so \(Phrase.count(symptom.count, "time"))", "no Service, pod or node has this address"])
        }
    }

    // MARK: Services

    func wrongPort(of service: Service) -> Finding? {
        guard let port = symptom.port, !service.isHeadless, !service.ports.isEmpty, service.ports.allSatisfy({ $0.port != port }),
            symptom.failure == .refused || symptom.failure == .timeout || symptom.failure == .waiting,
            // An address of a node or load balancer has ports of its own.
            service.ports.allSatisfy({ $0.nodePort != port })
        else { return nil }
        let offered = Phrase.list(service.ports.map { String($0.port) })
        let others = context.topology.declared.filter { $0.key != workload.reference }.flatMap(\.value).filter {
            $0.host == symptom.host && $0.port != nil && $0.port != port
        }
        var reasons = ["the Service exposes port \(offered) only"]
        if !others.isEmpty { reasons.append("another workload uses the right port") }
        return make(
            .clientPortMismatch, "\(workload.reference) calls port \(port) of Service \(service.name), which exposes \(offered) only.",
            0.94,
            ["field": "port", "found": String(port), "expected": offered, "reference": service.name, "port": String(port)],
            [.field(service.reference, "spec.ports", offered)] + settingCitation, reasons: reasons)
    }

    /// A name of one pod leads past the Service to a port that the pod does not have.
    func wrongPort(of pod: Pod) -> Finding? {
        guard let port = symptom.port, let offered = context.view.ports(of: pod, without: port),
            symptom.failure == .refused || symptom.failure == .timeout, pod.isReady
        else { return nil }
        return make(
            .clientPortMismatch, "\(workload.reference) calls port \(port) of \(pod.reference), which has \(offered) only.", 0.8,
            ["field": "port", "found": String(port), "expected": offered, "reference": pod.name, "port": String(port)],
            [.field(pod.reference, "spec.containers[].ports", offered)] + settingCitation,
            reasons: ["the pod is Ready and declares other ports only"])
    }

    func noEndpoints(_ service: Service, _ state: ServiceState) -> Finding {
        make(
            .dependencyUnreachable,
            "\(workload.reference) \(words): Service \(service.name) has \(state.words), and the evidence does not say why.", 0.45,
            ["reference": service.name],
            [state.citation], reasons: ["the Service has no ready endpoint"])
    }

    func policy(to service: Service) -> Finding? {
        guard let client else { return nil }
        let evaluation = PolicyEvaluation(view: context.view)
        let servers = context.view.pods(selectedBy: service).filter { !$0.isFinished && !$0.isTerminating }
        for server in servers.prefix(3) {
            guard
                let port = service.targetNumber(of: symptom.port, on: server) ?? service.targetNumber(of: nil, on: server)
                    ?? context.view.endpointPort(of: symptom.port, behind: service),
                let block = evaluation.blocker(from: client, to: server, port: port)
            else { continue }
            return blocked(block, to: "Service \(service.name)", port: port)
        }
        return nil
    }

    private func blocked(_ block: PolicyEvaluation.Block, to target: String, port: Int?) -> Finding {
        var finding = block.finding(
            to: target, from: workload.reference.description, sufferer: workload.reference, port: port, confidence: 0.92,
            reasons: ["no rule of the policies that apply admits it", "the connection times out instead of being refused"])
        finding.citations.insert(symptom.citation, at: 0)
        finding.details["container"] = symptom.container
        if !symptom.host.isEmpty { finding.details["host"] = symptom.host }
        finding.impact = isSuffering ? max(workload.impact, .degraded) : .degraded
        finding.onset = symptom.onset
        return finding
    }

    // MARK: Ports that refuse, and protocols

    /// A refusal comes from the pod, past the Service: nothing listens on the target port there, though the pod is Ready.
    func deafPort(of service: Service) -> Finding? {
        guard symptom.failure == .refused, !service.isHeadless,
            let port = symptom.port == nil && service.ports.count == 1
                ? service.ports.first : service.ports.first(where: { $0.port == symptom.port }),
            let pod = context.view.pods(selectedBy: service).first(where: { $0.isReady && !$0.isTerminating }),
            let server = context.topology[context.topology.workload(of: pod)]
        else { return nil }
        let evidence = PortEvidence(context.cases(of: pod, in: server).filter { $0.container.role != .ephemeral }, workload: server)
        guard case .number(let target) = port.targetPort, !evidence.known.contains(target) else { return nil }
        let actual = evidence.listening.union(evidence.probed).union(evidence.configured).sorted().first
        var details = ["field": "port", "found": String(target), "port": String(port.port), "reference": service.name]
        details["expected"] = actual.map { String($0) }
        return make(
            .servicePortMismatch,
            "Service \(service.name) sends port \(port.port) to targetPort \(target), where \(server.reference) refuses connections\(actual.map { "; it listens on \($0)" } ?? "").",
            actual == nil ? 0.62 : 0.85, details,
            [.field(service.reference, "spec.ports[\(port.port)].targetPort", String(target))],
            reasons: ["clients are refused, though the Service has ready endpoints"], fields: ["ports"], object: service.reference)
    }

    /// The client speaks TLS to a plain port, or the other way round.
    func wrongScheme(of service: Service) -> Finding {
        let scheme = settings.compactMap(\.scheme).first
        let expected = scheme == "https" ? "http" : scheme == "http" ? "https" : nil
        var details = ["field": "protocol", "reference": service.name]
        details["found"] = scheme
        details["expected"] = expected
        return make(
            .clientPortMismatch,
            "\(workload.reference) calls Service \(service.name) with \(scheme ?? "another protocol than it speaks"): \(Citation.cut(symptom.citation.text.trimmed)).",
            scheme == nil ? 0.62 : 0.82, details, settingCitation, reasons: ["its log says that the protocols do not fit"])
    }

    // MARK: DNS

    func dnsOfPod() -> Finding? {
        guard let client else { return nil }
        let dns = ClusterDNS(context)
        if let block = PolicyEvaluation(view: context.view).dnsBlocker(of: client, servers: dns.pods) {
            return blocked(block, to: "the cluster's DNS (port 53)", port: 53)
        }
        return dnsSetting(dns)
    }

    /// A setting of the pod with which this name of a Service does not resolve.
    func dnsSetting(_ dns: ClusterDNS) -> Finding? {
        guard let client else { return nil }
        let setting =
            DNSRules.setting(of: client.spec, host: symptom.host, namespace: workload.namespace, dns)
            ?? dotsSetting(client.spec)
        guard let setting else { return nil }
        return make(
            .podDNSPolicyInvalid,
            "Pods of \(workload.reference) do not use the cluster's DNS as they must (\(setting.field) \(setting.found)\(client.spec.isHostNetwork ? " with hostNetwork" : "")).",
            0.87,
            ["field": setting.field, "found": setting.found, "expected": setting.expected],
            [.field(client.reference, "spec.\(setting.field)", setting.found)],
            reasons: ["names of Services do not resolve with this setting"],
            fields: ["dnsPolicy", "dnsConfig", "hostNetwork"])
    }

    // A resolver takes names with that many dots as whole ones; some then never try the search list.
    private func dotsSetting(_ spec: PodSpec) -> DNSRules.Setting? {
        guard let dots = spec.dnsDots, symptom.failure == .nameNotFound, !symptom.host.contains(".svc."),
            symptom.host.filter({ $0 == "." }).count >= dots
        else { return nil }
        return DNSRules.Setting(field: "dnsConfig.options.ndots", found: String(dots), expected: "5")
    }

    /// - Parameter clients: workloads whose logs say that the name server fails.
    func clusterDNS(_ server: Workload?, clients: Int) -> Finding {
        guard let server else {
            let isBroad = clients > 2
            return make(
                .clusterDNSUnavailable, "\(workload.reference) \(words).", isBroad ? 0.7 : 0.5, [:],
                reasons: [
                    "its log says so; the DNS workload shows no fault or was not read",
                    "\(Phrase.count(clients, "workload")) of the evidence \(clients == 1 ? "says" : "say") the same",
                ], object: ClusterDNS(context).reference)
        }
        return make(
            .clusterDNSUnavailable, "Cluster DNS (\(server.reference)) has no ready pod, so names do not resolve.", 0.93,
            ["reference": server.reference.name],
            [.field(server.reference, "status.readyReplicas", "\(server.readyPods.count) of \(server.desired ?? 0)")],
            reasons: ["no DNS pod is Ready", "clients get no answer from the name server"],
            object: server.reference)
    }
}
