internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel
internal import KnowledgeGraph

/// What one failing call means, once it is known what the address stands for.
struct DependencyVerdict {
    let context: CaseContext
    let book: FindingBook
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
        }
    }

    private var isSuffering: Bool { workload.impact > .latent || symptom.isFatal }
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

    func missingService(_ name: String, in namespace: String) -> Finding {
        let reference = ObjectReference(kind: "Service", namespace: namespace, name: name)
        let view = context.view
        let absence = Citation.absence(reference, "the list of Services in \(namespace) has no \(name)")
        let elsewhere = view.services.items.first { $0.name == name && $0.namespace != namespace }
        let isKnownWorkload =
            context.topology.workloads(in: namespace).contains { $0.reference.name == name } || context.graph.component(named: name) != nil
        let near = view.services.inNamespace(namespace).map(\.name).filter {
            EditDistance.between($0, name, atMost: name.count > 5 ? 2 : 1) != nil
        }.first
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
            symptom.failure == .nameNotFound || symptom.failure == .waiting ? 0.93 : 0.8, ["reference": name, "field": "host"],
            [absence] + settingCitation,
            reasons: ["the list of Services has no such name", "the program fails to resolve it"])
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
            if let policy = PolicyEvaluation(view: context.view).blocker(from: client, toAddress: target, port: symptom.port) {
                return blocked(by: policy, to: address)
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
        for server in context.view.pods(selectedBy: service).filter(\.isReady).prefix(3) {
            let port = targetPort(of: service, on: server)
            guard let policy = evaluation.blocker(from: client, to: server, port: port) else { continue }
            return blocked(by: policy, to: "Service \(service.name)")
        }
        return nil
    }

    private func targetPort(of service: Service, on pod: Pod) -> Int {
        let port = service.ports.first { $0.port == symptom.port } ?? service.ports.first
        switch port?.targetPort {
        case .number(let number): return number
        case .name(let name): return pod.spec.allContainers.flatMap(\.ports).first { $0.name == name }?.containerPort ?? 0
        case nil: return symptom.port ?? 0
        }
    }

    private func blocked(by policy: NetworkPolicy, to target: String) -> Finding {
        let selector = policy.podSelector.isEmpty ? "all pods" : policy.podSelector.description
        var finding = make(
            .networkPolicyBlocks,
            "NetworkPolicy \(policy.name) (for \(selector)) lets no traffic of \(workload.reference) through to \(target).", 0.92,
            ["policy": policy.name, "reference": policy.name], [.field(policy.reference, "spec.podSelector", selector)],
            reasons: ["no rule of the policies that apply admits it", "the connection times out instead of being refused"],
            object: policy.reference)
        finding.changedObjects = [policy.reference]
        return finding
    }

    // MARK: DNS

    func dnsOfPod() -> Finding? {
        guard let client else { return nil }
        if let policy = PolicyEvaluation(view: context.view).dnsBlocker(of: client) {
            return blocked(by: policy, to: "the cluster's DNS (port 53)")
        }
        let policyName = client.spec.dnsPolicy
        guard policyName == "None" || policyName == "Default" || (client.spec.isHostNetwork && policyName == "ClusterFirst") else {
            return nil
        }
        return make(
            .podDNSPolicyInvalid, "Pods of \(workload.reference) do not use the cluster's DNS (dnsPolicy \(policyName)).", 0.85,
            ["field": "dnsPolicy", "found": policyName, "expected": "ClusterFirst"],
            [.field(client.reference, "spec.dnsPolicy", policyName)], reasons: ["cluster names cannot be resolved with this policy"],
            fields: ["dnsPolicy"])
    }

    func clusterDNS(_ server: Workload?) -> Finding {
        guard let server else {
            return make(
                .clusterDNSUnavailable, "\(workload.reference) \(words).", 0.5, [:],
                reasons: ["its log says so; the DNS workload shows no fault or was not read"],
                object: ObjectReference(kind: "Deployment", namespace: "kube-system", name: "coredns"))
        }
        return make(
            .clusterDNSUnavailable, "Cluster DNS (\(server.reference)) has no ready pod, so names do not resolve.", 0.93,
            ["reference": server.reference.name],
            [.field(server.reference, "status.readyReplicas", "\(server.readyPods.count) of \(server.desired ?? 0)")],
            reasons: ["no DNS pod is Ready", "clients get no answer from the name server"],
            object: server.reference)
    }
}
