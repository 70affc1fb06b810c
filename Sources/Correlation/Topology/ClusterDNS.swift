internal import ClusterModel
internal import IncidentModel

/// The cluster's name servers: the Service that pods ask, and the workloads behind it.
struct ClusterDNS {
    /// Where Kubernetes keeps its name servers.
    static let namespace = "kube-system"

    let workloads: [Workload]
    let service: Service?
    let wasRead: Bool
    private let context: CaseContext

    init(_ context: CaseContext) {
        self.context = context
        wasRead = context.view.wasRead(.pods, in: Self.namespace)
        workloads = context.topology.workloads(in: Self.namespace).filter(Self.isServer)
        service = context.view.services.inNamespace(Self.namespace).first(where: Self.isService)
    }

    /// Whether a workload serves the cluster's names: by the label that Services of DNS select, else by name.
    static func isServer(_ workload: Workload) -> Bool {
        guard workload.namespace == namespace, !workload.reference.name.contains("autoscaler"), !workload.isBatch else { return false }
        let labels = workload.template?.labels ?? workload.pods.first?.metadata.labels ?? [:]
        return labels["k8s-app"] == "kube-dns" || workload.reference.name.hasSuffix("coredns") || workload.reference.name == "kube-dns"
    }

    static func isService(_ service: Service) -> Bool {
        service.namespace == namespace && service.ports.contains { $0.port == 53 }
            && (service.name == "kube-dns" || service.name.hasSuffix("coredns") || service.metadata.labels["k8s-app"] == "kube-dns")
    }

    var pods: [Pod] { workloads.flatMap(\.livePods) }

    /// What to name where no workload was read.
    var reference: ObjectReference {
        workloads.first?.reference ?? ObjectReference(kind: "Deployment", namespace: Self.namespace, name: "coredns")
    }

    /// Whether an address is one that answers for the cluster's names: the Service, or a cache on each node (link-local by custom).
    func answers(at address: String) -> Bool {
        address.hasPrefix("169.254.") || service.map { ($0.clusterIPs + [$0.clusterIP ?? ""]).contains(address) } ?? false
    }

    // MARK: Corefile

    /// A fault in the configuration that keeps Services from resolving.
    var misconfiguration: Finding? {
        guard let server = workloads.first else { return nil }
        let names = (server.template?.spec ?? server.pods.first?.spec)?.volumes.flatMap(\.source.configMapNames) ?? []
        for map in (names + ["coredns"]).compactMap({ context.view.configMaps[Self.namespace, $0] }) {
            guard let text = map.data["Corefile"], let fault = Corefile(text).fault else { continue }
            var details = ["reference": map.name, "key": "Corefile", "field": fault.field, "found": fault.found]
            details["expected"] = fault.expected
            return Finding(
                cause: .clusterDNSUnavailable, object: server.reference, sufferer: server.reference,
                statement: "The Corefile of the cluster's DNS (ConfigMap \(map.name)) \(fault.words), so Services do not resolve.",
                details: details, citations: [.field(map.reference, "data.Corefile", fault.found)], confidence: 0.87,
                reasons: ["the DNS pods answer by this configuration"], impact: .outage, changedFields: ["data"],
                changedObjects: [map.reference], isClusterWide: true)
        }
        return nil
    }
}

/// CoreDNS' configuration, as far as it decides whether names of Services resolve.
struct Corefile {
    struct Fault {
        let field: String
        let found: String
        let expected: String?
        let words: String
    }

    private static let domain = "cluster.local"
    /// Lines without comments, as words, with the depth of braces at their start.
    private let lines: [(words: [String], depth: Int)]

    init(_ text: String) {
        var depth = 0
        var lines: [([String], Int)] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard !words.isEmpty else { continue }
            lines.append((words, depth))
            depth += words.filter { $0 == "{" || $0.hasSuffix("{") }.count - words.filter { $0 == "}" }.count
        }
        self.lines = lines
    }

    var fault: Fault? {
        if let block = refusing { return block }
        let plugins = lines.filter { $0.depth == 1 && $0.words[0] == "kubernetes" }
        // A file that imports others, or has no server at all, is not the whole configuration.
        guard !lines.isEmpty, !lines.contains(where: { $0.words[0] == "import" && $0.depth == 0 }) else { return nil }
        guard let plugin = plugins.first else {
            return Fault(
                field: "kubernetes", found: "no kubernetes plugin", expected: "kubernetes \(Self.domain)", words: "has no kubernetes plugin"
            )
        }
        let zones = plugins.flatMap { $0.words.dropFirst() }.filter { $0 != "{" }
        // Another domain may be this cluster's own; one a typing error away hardly is.
        guard !zones.contains(Self.domain), let typo = zones.first(where: { EditDistance.between($0, Self.domain, atMost: 3) != nil })
        else { return nil }
        return Fault(
            field: "kubernetes", found: plugin.words.filter { $0 != "{" }.joined(separator: " "), expected: Self.domain,
            words: "serves zone \(typo) instead of \(Self.domain)")
    }

    // A template that answers for the cluster's own names before the kubernetes plugin can.
    private var refusing: Fault? {
        for (index, line) in lines.enumerated() where line.words[0] == "template" && line.depth >= 1 {
            let body = lines[(index + 1)...].prefix { $0.depth > line.depth }
            let isForAll = line.words.dropFirst(2).first.map { $0 == "ANY" || $0 == "A" } ?? true
            let text = (line.words + body.flatMap(\.words)).joined(separator: " ")
            guard isForAll, text.replacing("\\", with: "").contains(Self.domain),
                let code = body.first(where: { $0.words[0] == "rcode" })?.words.dropFirst().first, code != "NOERROR"
            else { continue }
            return Fault(
                field: "template", found: "\(line.words.filter { $0 != "{" }.joined(separator: " ")) rcode \(code)", expected: nil,
                words: "answers \(code) for \(Self.domain) by a template")
        }
        return nil
    }
}
