internal import ClusterModel
internal import IncidentModel
internal import KnowledgeGraph

/// Who needs something: the workloads that its configuration or the knowledge graph says call it, those that call them, and the
/// Services and Ingresses through which they are reached.
struct Dependents {
    /// More than this is "the whole place", and nobody reads the names.
    private static let most = 200

    private let context: CaseContext
    /// Workloads by the Service that their configuration names.
    private let callers: [ObjectReference: [ObjectReference]]
    private let ingresses: [ObjectReference: [ObjectReference]]

    init(_ context: CaseContext) {
        self.context = context
        var callers: [ObjectReference: [ObjectReference]] = [:]
        for workload in context.topology.workloads {
            for declared in context.topology.declared[workload.reference] ?? [] {
                guard case .service(let service) = context.topology.resolve(declared.host, from: workload.namespace) else { continue }
                callers[service.reference, default: []].append(workload.reference)
            }
        }
        self.callers = callers
        var ingresses: [ObjectReference: [ObjectReference]] = [:]
        for ingress in context.view.ingresses.items {
            for backend in ingress.paths.compactMap(\.backend) {
                let service = ObjectReference(kind: "Service", namespace: ingress.namespace, name: backend.service)
                ingresses[service, default: []].append(ingress.reference)
            }
        }
        self.ingresses = ingresses
    }

    /// Everything that depends on these, over any number of hops, without these themselves; sorted.
    func all(of starts: [ObjectReference]) -> [ObjectReference] {
        let known = Set(starts)
        var reached: Set<ObjectReference> = []
        var next = starts.sorted()
        while let current = next.popLast(), reached.count < Self.most {
            for dependent in direct(of: current) where !known.contains(dependent) && reached.insert(dependent).inserted {
                next.append(dependent)
            }
        }
        return reached.sorted()
    }

    private func direct(of reference: ObjectReference) -> [ObjectReference] {
        if reference.kind == "Service" { return (callers[reference] ?? []) + (ingresses[reference] ?? []) }
        guard let workload = context.topology[reference] else { return [] }
        let declared = Set(context.graph.dependents(of: reference.name))
        let byGraph = declared.isEmpty ? [] : context.topology.workloads(in: workload.namespace).map(\.reference)
        return context.topology.services(selecting: workload).map(\.reference) + byGraph.filter { declared.contains($0.name) }
    }
}
