import ClusterModel
import FastJSON
import KubernetesClient

/// What lies outside the asked namespaces and still decides how they fare: backends of webhooks and API services, services that
/// are named with their namespace, cluster DNS, and the leases of nodes.
struct ConnectedNamespaces: Sendable {
    private static let wanted: [ResourceType] = [
        .services, .endpointSlices, .endpoints, .pods, .deployments, .statefulSets, .replicaSets, .events, .networkPolicies,
    ]
    private static let dnsWanted: [ResourceType] = [.services, .endpointSlices, .pods]

    let scope: Set<String>
    let most: Int

    /// The calls that read it.
    func jobs(in lists: [String: [JSONValue]]) -> [ListJob] {
        let named = names(in: lists)
        var jobs = named.flatMap { namespace in Self.wanted.map { ListJob(resource: $0, namespace: namespace) } }
        if !scope.contains("kube-system"), !named.contains("kube-system") {
            let dns = ListSelection(labels: "k8s-app=kube-dns")
            jobs += Self.dnsWanted.map { ListJob(resource: $0, namespace: "kube-system", selection: dns) }
        }
        // Events about nodes lie in the default namespace.
        if !scope.contains("default"), !named.contains("default") {
            jobs.append(ListJob(resource: .events, namespace: "default", selection: ListSelection(fields: "involvedObject.kind=Node")))
        }
        // Hosts are shared by all namespaces: another Ingress may have taken this one's.
        if !(lists[ResourceType.ingresses.path] ?? []).isEmpty { jobs.append(ListJob(resource: .ingresses)) }
        if !scope.contains("kube-node-lease") { jobs.append(ListJob(resource: .leases, namespace: "kube-node-lease")) }
        return jobs
    }

    /// Namespaces that objects in `lists` point at: those of webhooks and API services first, for the whole cluster hangs on them.
    func names(in lists: [String: [JSONValue]]) -> [String] {
        let webhooks = [ResourceType.validatingWebhookConfigurations, .mutatingWebhookConfigurations].flatMap { lists[$0.path] ?? [] }
            .flatMap { $0["webhooks"].array }.compactMap { $0["clientConfig", "service", "namespace"].string }
        let services = (lists[ResourceType.apiServices.path] ?? []).compactMap { $0["spec", "service", "namespace"].string }
        var seen = scope
        let backends = Set(webhooks + services).sorted().filter { seen.insert($0).inserted }
        let existing = lists[ResourceType.namespaces.path].map { Set($0.compactMap { $0["metadata", "name"].string }) }
        let mentioned = mentions(in: lists).filter { (existing?.contains($0) ?? true) && seen.insert($0).inserted }
        return Array((backends + mentioned).prefix(most))
    }

    /// Namespaces of names like `cart.shop.svc` in pod templates and ConfigMaps, sorted.
    private func mentions(in lists: [String: [JSONValue]]) -> [String] {
        var found: Set<String> = []
        for pod in lists[ResourceType.pods.path] ?? [] {
            for container in pod["spec", "containers"].array + pod["spec", "initContainers"].array {
                let texts = container["env"].array.compactMap { $0["value"].string } + container["args"].strings
                for text in texts + container["command"].strings { found.formUnion(ServiceMention.namespaces(in: text)) }
            }
        }
        for map in lists[ResourceType.configMaps.path] ?? [] {
            for (_, value) in map["data"].members { found.formUnion(ServiceMention.namespaces(in: value.string ?? "")) }
        }
        return found.sorted()
    }
}
