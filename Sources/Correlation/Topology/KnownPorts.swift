internal import ClusterModel

extension ClusterView {
    /// The headless Service that gives a pod its name (`spec.subdomain`).
    func governingService(of pod: Pod) -> Service? {
        services.inNamespace(pod.namespace).first { $0.isHeadless && $0.name == pod.spec.subdomain }
    }

    /// A pod's ports in words where it does not have `port` at its own name, by which a call leads past every Service; nil where it has
    /// it, and where nobody has said any. Its containers' word goes before that of its governing Service, whose ports are a promise.
    func ports(of pod: Pod, without port: Int) -> String? {
        let declared = Set(pod.spec.allContainers.flatMap(\.ports).map(\.containerPort))
        let promised = Set((governingService(of: pod)?.ports ?? []).map(\.port))
        guard !declared.contains(port), !promised.contains(port) else { return nil }
        let said = declared.isEmpty ? promised : declared
        return said.isEmpty ? nil : Phrase.list(said.sorted().map { String($0) })
    }
}
