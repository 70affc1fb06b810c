internal import ClusterModel
internal import IncidentModel

/// Which workload a name in telemetry means: that of a workload, of a Service in front of it, of a pod, or an `app` label.
struct ComponentIndex: Sendable {
    private var byName: [String: ObjectReference] = [:]
    private var ambiguous: Set<String> = []

    private static let labels = ["app", "app.kubernetes.io/name", "k8s-app", "app.kubernetes.io/instance", "name", "service"]

    /// - Parameter namespaces: where names are looked for first; empty means everywhere.
    init(_ topology: Topology, namespaces: [String]) {
        let isNear = { (reference: ObjectReference) in namespaces.contains(reference.namespace ?? "") }
        if !namespaces.isEmpty { add(topology.workloads.filter { isNear($0.reference) }, topology) }
        add(topology.workloads, topology)
    }

    private mutating func add(_ workloads: [Workload], _ topology: Topology) {
        layer(workloads.map { ($0.reference.name, $0.reference) })
        layer(services(of: workloads, topology))
        layer(workloads.flatMap { workload in workload.pods.map { ($0.name, workload.reference) } })
        layer(
            workloads.flatMap { workload -> [(String, ObjectReference)] in
                let labels = workload.template?.labels ?? workload.pods.first?.metadata.labels ?? [:]
                return Self.labels.compactMap { labels[$0] }.map { ($0, workload.reference) }
            })
    }

    /// The workload of this name; `nil` for an unknown name, and for one that several have.
    subscript(name: String) -> ObjectReference? { byName[name.lowercased()] }

    // Names of a weaker kind never displace stronger ones, and one that two workloads have means neither.
    private mutating func layer(_ pairs: [(String, ObjectReference)]) {
        var found: [String: Set<ObjectReference>] = [:]
        for (name, reference) in pairs where !name.isEmpty { found[name.lowercased(), default: []].insert(reference) }
        for (name, references) in found where byName[name] == nil && !ambiguous.contains(name) {
            // What runs as a batch shares its name with nothing that serves.
            let serving = references.filter { !["Job", "CronJob"].contains($0.kind) }
            let choice = serving.isEmpty ? references : serving
            if choice.count == 1, let only = choice.first { byName[name] = only } else { ambiguous.insert(name) }
        }
    }

    private func services(of workloads: [Workload], _ topology: Topology) -> [(String, ObjectReference)] {
        workloads.flatMap { workload in topology.services(selecting: workload).map { ($0.name, workload.reference) } }
    }
}
