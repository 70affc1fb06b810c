internal import ClusterModel
internal import IncidentModel

/// Name resolution: the cluster's own servers (N19, N20), and pods that do not ask them (N22).
enum DNSRules {
    // MARK: The servers

    /// What is wrong with the cluster's DNS as a whole, besides what its workload and Service show themselves.
    static func findings(_ context: CaseContext) -> [Finding] {
        ClusterDNS(context).misconfiguration.map { [$0] } ?? []
    }

    /// Findings of a DNS workload without a ready pod are why the cluster has no DNS; a reason that lies elsewhere stays what it is.
    static func recast(_ findings: [Finding], of workload: Workload) -> [Finding] {
        guard ClusterDNS.isServer(workload), workload.readyPods.isEmpty else { return findings }
        let words = "Cluster DNS (\(workload.reference)) has no ready pod, so names do not resolve"
        let state = Citation.field(
            workload.reference, "status.readyReplicas", "\(workload.readyPods.count) of \(workload.desired ?? workload.livePods.count)")
        guard let reason = findings.first(where: { $0.object == workload.reference }) else {
            guard findings.isEmpty else { return findings }
            return [
                Finding(
                    cause: .clusterDNSUnavailable, object: workload.reference, sufferer: workload.reference, statement: words + ".",
                    details: ["reference": workload.reference.name], citations: [state], confidence: 0.86,
                    reasons: ["no DNS pod is Ready"], impact: .outage, isClusterWide: true)
            ]
        }
        var result = reason
        result.cause = .clusterDNSUnavailable
        result.statement = "\(words): \(reason.statement)"
        result.details["reason"] = reason.cause.rawValue
        result.details["reference"] = workload.reference.name
        result.citations.append(state)
        result.confidence = max(0.9, reason.confidence)
        result.impact = .outage
        result.isClusterWide = true
        result.isSymptom = false
        return [result] + findings.filter { $0.object != workload.reference }
    }

    /// A Service of the cluster's DNS that leads astray takes all names with it.
    static func recast(_ finding: Finding, of service: Service, _ context: CaseContext) -> Finding {
        guard ClusterDNS.isService(service), finding.impact > .latent,
            finding.cause == .serviceSelectorMismatch || finding.cause == .servicePortMismatch
        else { return finding }
        var result = finding
        result.cause = .clusterDNSUnavailable
        result.object = ClusterDNS(context).reference
        result.statement = "Cluster DNS is out of reach: \(finding.statement)"
        result.details["reason"] = finding.cause.rawValue
        result.details["reference"] = service.name
        result.impact = .outage
        result.isClusterWide = true
        return result
    }

    // MARK: Pods that do not ask them

    /// A pod setting with which names of Services do not resolve.
    struct Setting {
        let field: String
        let found: String
        let expected: String
    }

    static func setting(of spec: PodSpec, host: String, namespace: String, _ dns: ClusterDNS) -> Setting? {
        if spec.isHostNetwork && spec.dnsPolicy == "ClusterFirst" {
            return Setting(field: "dnsPolicy", found: "ClusterFirst", expected: "ClusterFirstWithHostNet")
        }
        guard spec.dnsPolicy == "Default" || spec.dnsPolicy == "None" else { return nil }
        guard spec.dnsNameservers.contains(where: dns.answers) else {
            // Without the Service's address nobody knows whose address this is, unless it is a public one.
            let isUnknown = dns.service == nil && spec.dnsNameservers.contains { $0.hasPrefix("10.") || $0.hasPrefix("172.") }
            return isUnknown
                ? nil
                : Setting(
                    field: "dnsPolicy", found: spec.dnsPolicy,
                    expected: spec.isHostNetwork ? "ClusterFirstWithHostNet" : "ClusterFirst")
        }
        let search = "\(namespace).svc.cluster.local"
        guard spec.dnsPolicy == "None", !host.contains("."), !spec.dnsSearches.contains(where: { $0.hasPrefix("\(namespace).svc") }) else {
            return nil
        }
        return Setting(field: "dnsConfig.searches", found: spec.dnsSearches.joined(separator: " "), expected: search)
    }

    /// A workload whose configuration names Services, and whose pods do not ask the servers that know them.
    static func finding(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard let pod = workload.livePods.first, pod.spec.isHostNetwork || pod.spec.dnsPolicy != "ClusterFirst",
            !ClusterDNS.isServer(workload)
        else { return nil }
        let dns = ClusterDNS(context)
        for declared in context.topology.declared[workload.reference] ?? [] where declared.isSetting && !Topology.isAddress(declared.host) {
            guard case .service = context.topology.resolve(declared.host, from: workload.namespace),
                let setting = setting(of: pod.spec, host: declared.host, namespace: workload.namespace, dns)
            else { continue }
            return Finding(
                cause: .podDNSPolicyInvalid, object: workload.reference, sufferer: workload.reference,
                statement:
                    "Pods of \(workload.reference) do not use the cluster's DNS (\(setting.field) \(setting.found)\(pod.spec.isHostNetwork ? " with hostNetwork" : "")), and \(declared.place) names Service host \(declared.host).",
                details: [
                    "field": setting.field, "found": setting.found, "expected": setting.expected, "host": declared.host,
                ],
                citations: [
                    .field(pod.reference, "spec.\(setting.field)", setting.found), .field(declared.holder, declared.place, declared.host),
                ], confidence: 0.76, reasons: ["names of Services cannot be resolved with this setting"],
                impact: max(workload.impact, .degraded), changedFields: ["dnsPolicy", "dnsConfig", "hostNetwork"])
        }
        return nil
    }
}
