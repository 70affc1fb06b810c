internal import ClusterModel
internal import IncidentModel
internal import KnowledgeGraph

/// How things hang together: workloads and their pods, Services and what they select, and who calls whom.
struct Topology: Sendable {
    let view: ClusterView
    let graph: KnowledgeGraph
    /// Sorted by reference.
    let workloads: [Workload]
    private let positions: [ObjectReference: Int]
    private let workloadOfPod: [ObjectReference: ObjectReference]
    private let servicesByAddress: [String: Service]
    private let podsByAddress: [String: Pod]
    private let serviceSelectors: LabelIndex
    /// Labels of templates and pods; each stands at its workload's position in `labelledWorkloads`.
    private let workloadLabels: LabelIndex
    private let labelledWorkloads: [Int]
    /// Hosts that a workload's own configuration names, with where they stand.
    let declared: [ObjectReference: [DeclaredHost]]
    /// Workloads, each once and sorted, by the Service that their configuration names.
    private(set) var callers: [ObjectReference: [ObjectReference]] = [:]

    init(_ view: ClusterView, graph: KnowledgeGraph) {
        self.view = view
        self.graph = graph
        var owners: [ObjectReference: ObjectReference] = [:]
        var pods: [ObjectReference: [Pod]] = [:]
        for pod in view.pods.items {
            let workload = view.workload(of: pod)
            owners[pod.reference] = workload
            pods[workload, default: []].append(pod)
        }
        workloadOfPod = owners
        var known: [Workload] = view.workloads.map { entry in
            let template = entry.reference.kind == "Pod" ? nil : view.template(of: entry.reference)
            return Workload(
                reference: entry.reference, metadata: entry.metadata, desired: entry.replicas, template: template,
                pods: pods[entry.reference] ?? [])
        }
        // Owners that were not read, or are of other kinds (Rollout, Application), still stand for their pods.
        let names = Set(known.map(\.reference))
        for (reference, members) in pods where !names.contains(reference) {
            guard let first = members.first else { continue }
            known.append(Workload(reference: reference, metadata: first.metadata, desired: nil, template: nil, pods: members))
        }
        workloads = known.sorted { $0.reference < $1.reference }
        positions = Dictionary(workloads.enumerated().map { ($1.reference, $0) }) { first, _ in first }
        var addresses: [String: Service] = [:]
        for service in view.services.items {
            for address in service.clusterIPs + [service.clusterIP ?? ""] + service.loadBalancerAddresses
            where !address.isEmpty && address != "None" { addresses[address] = service }
        }
        servicesByAddress = addresses
        podsByAddress = Dictionary(
            view.pods.items.filter { !$0.spec.isHostNetwork && !$0.isFinished }.compactMap { pod in pod.podIP.map { ($0, pod) } }
        ) { first, _ in first }
        serviceSelectors = LabelIndex(ofSelectors: view.services.items.map { ($0.namespace, $0.selector) })
        let labels = workloads.enumerated().flatMap { index, workload in
            Set(workload.pods.map(\.metadata.labels) + [workload.template?.labels ?? [:]]).map { (index, workload.namespace, $0) }
        }
        labelledWorkloads = labels.map { $0.0 }
        workloadLabels = LabelIndex(of: labels.lazy.map { ($0.1, $0.2) })
        declared = DeclaredHosts.collect(workloads, view: view)
        callers = Self.callers(declaredIn: self)
    }

    private static func callers(declaredIn topology: Topology) -> [ObjectReference: [ObjectReference]] {
        var result: [ObjectReference: [ObjectReference]] = [:]
        for workload in topology.workloads {
            for declared in topology.declared[workload.reference] ?? [] {
                guard case .service(let service) = topology.resolve(declared.host, from: workload.namespace),
                    result[service.reference]?.last != workload.reference
                else { continue }
                result[service.reference, default: []].append(workload.reference)
            }
        }
        return result
    }

    subscript(reference: ObjectReference) -> Workload? { positions[reference].map { workloads[$0] } }

    func workload(of pod: Pod) -> ObjectReference { workloadOfPod[pod.reference] ?? pod.reference }

    /// The workload that a pod or ReplicaSet belongs to, as far as it was read; any other object itself.
    func workload(above object: ObjectReference) -> ObjectReference {
        let namespace = object.namespace ?? ""
        switch object.kind {
        case "Pod": return view.pods[namespace, object.name].map(workload) ?? object
        case "ReplicaSet":
            guard let owner = view.replicaSets[namespace, object.name]?.metadata.controller else { return object }
            return ObjectReference(kind: owner.kind, namespace: object.namespace, name: owner.name)
        default: return object
        }
    }

    func service(at address: String) -> Service? { servicesByAddress[address] }
    func pod(at address: String) -> Pod? { podsByAddress[address] }

    /// Services whose selector matches the workload's template or pods.
    func services(selecting workload: Workload) -> [Service] {
        let own = workload.template?.labels ?? workload.pods.first?.metadata.labels ?? [:]
        let all = Set(workload.pods.map(\.metadata.labels) + [own])
        let candidates = Set(all.flatMap { serviceSelectors.candidates(selecting: $0, in: workload.namespace) })
        return candidates.sorted().map { view.services.items[$0] }.filter { service in
            let selector = LabelSelector(matchLabels: service.selector)
            return all.contains(where: selector.matches)
        }
    }

    /// Workloads whose template or pods a Service selects.
    func workloads(behind service: Service) -> [Workload] {
        guard !service.selector.isEmpty else { return [] }
        let selector = LabelSelector(matchLabels: service.selector)
        let candidates = workloadLabels.candidates(carrying: service.selector, in: service.namespace).map { labelledWorkloads[$0] }
        return Set(candidates).sorted().map { workloads[$0] }.filter { workload in
            workload.template.map { selector.matches($0.labels) } ?? false
                || workload.pods.contains { selector.matches($0.metadata.labels) }
        }
    }

    func workloads(in namespace: String) -> ArraySlice<Workload> {
        // Sorted by namespace first, see ObjectReference's order.
        let start = workloads.partitioningIndex { ($0.reference.namespace ?? "") >= namespace }
        let end = workloads.partitioningIndex { ($0.reference.namespace ?? "") > namespace }
        return workloads[start..<end]
    }
}

extension Array {
    /// The first index from which on the predicate holds, where it holds for no earlier one.
    func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
