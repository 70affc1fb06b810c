internal import ClusterModel
internal import IncidentModel
internal import KnowledgeGraph

/// Who calls whom, by configuration and by the declared topology.
struct CallGraph: Sendable {
    private var callees: [ObjectReference: Set<ObjectReference>] = [:]
    private var callers: [ObjectReference: Set<ObjectReference>] = [:]

    init(_ topology: Topology, components: ComponentIndex) {
        for workload in topology.workloads {
            for declared in topology.declared[workload.reference] ?? [] {
                guard case .service(let service) = topology.resolve(declared.host, from: workload.namespace) else { continue }
                for backend in topology.workloads(behind: service) { connect(workload.reference, backend.reference) }
            }
        }
        for component in topology.graph.components {
            guard let from = components[component.name] else { continue }
            for name in topology.graph.dependencies(of: component.name) {
                if let target = components[name] { connect(from, target) }
            }
        }
    }

    private mutating func connect(_ from: ObjectReference, _ target: ObjectReference) {
        guard from != target else { return }
        callees[from, default: []].insert(target)
        callers[target, default: []].insert(from)
    }

    func callees(of reference: ObjectReference) -> Set<ObjectReference> { callees[reference] ?? [] }
    func callers(of reference: ObjectReference) -> Set<ObjectReference> { callers[reference] ?? [] }

    /// Whether anything is known of whom it calls or who calls it.
    func knows(_ reference: ObjectReference) -> Bool { callees[reference] != nil || callers[reference] != nil }

    /// Everything it calls, directly or through others; never itself.
    func reach(of reference: ObjectReference) -> Set<ObjectReference> {
        var reached: Set<ObjectReference> = []
        var open = [reference]
        while let next = open.popLast() {
            for callee in callees(of: next) where reached.insert(callee).inserted { open.append(callee) }
        }
        reached.remove(reference)
        return reached
    }

    /// Everything it calls that does not call it back, so that members of a circle do not lie beneath one another.
    func depths(of reference: ObjectReference) -> Set<ObjectReference> {
        reach(of: reference).filter { !reach(of: $0).contains(reference) }
    }

    /// The shortest way from one to another, both included; `nil` where there is none.
    func way(from start: ObjectReference, to goal: ObjectReference) -> [ObjectReference]? {
        if start == goal { return [start] }
        var came: [ObjectReference: ObjectReference] = [:]
        var ring = [start]
        while !ring.isEmpty {
            var next: [ObjectReference] = []
            for current in ring {
                for callee in callees(of: current).sorted() where callee != start && came[callee] == nil {
                    came[callee] = current
                    next.append(callee)
                }
            }
            if came[goal] != nil { break }
            ring = next
        }
        guard came[goal] != nil else { return nil }
        var way = [goal]
        while let last = way.last, let before = came[last] {
            way.append(before)
            if before == start { break }
        }
        return way.reversed()
    }
}
