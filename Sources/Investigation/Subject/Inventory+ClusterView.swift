public import ClusterModel
internal import IncidentModel

extension Inventory {
    /// Labels whose values people use as names; the recommended ones and their older forms.
    public static let namingLabels = ["app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "k8s-app", "component", "service"]

    /// The inventory of everything in a view.
    public init(_ view: ClusterView) {
        var entries: [Entry] = view.workloads.map { Entry(object: $0.reference, aliases: Self.aliases($0.metadata)) }
        let bare = Set(entries.map(\.object))
        entries += view.pods.items.filter { !bare.contains($0.reference) }.map {
            Entry(object: $0.reference, workload: view.workload(of: $0), aliases: Self.aliases($0.metadata))
        }
        entries += view.jobs.items.filter { !bare.contains($0.reference) }.map { Entry(object: $0.reference) }
        entries += view.services.items.map { Entry(object: $0.reference, aliases: Self.aliases($0.metadata)) }
        entries += view.ingresses.items.map { Entry(object: $0.reference, aliases: Set($0.paths.compactMap(\.host)).sorted()) }
        entries += view.persistentVolumeClaims.items.map { Entry(object: $0.reference) }
        entries += view.nodes.items.map { Entry(object: $0.reference) }
        let named = Set(view.namespaces.items.map(\.name)).union(entries.compactMap(\.object.namespace))
        self.init(namespaces: named.sorted(), entries: entries, gaps: view.gaps)
    }

    private static func aliases(_ metadata: ObjectMetadata) -> [String] {
        Set(namingLabels.compactMap { metadata.labels[$0] }).subtracting([metadata.name]).sorted()
    }
}
