public import ClusterModel
internal import FastJSON
internal import FoundationEssentials
public import IncidentModel
public import KnowledgeGraph

/// Looks things up in evidence that was read: objects, events, logs, endpoints, changes, neighbours. Each answer is a list of places in the
/// evidence, in an order that depends on nothing else.
public struct EvidenceLookup: Sendable {
    /// A place in the evidence, and how it reads.
    public struct Piece: Sendable, Hashable {
        public let citation: Citation
        /// The citation's text, made shorter: log lines without their ids, those that say the same counted.
        public let shown: String
        /// How much it tells by itself: 0 for what is as it should be, up to 3 for what fails.
        public let weight: Int

        init(_ citation: Citation, shown: String? = nil, weight: Int = 0) {
            self.citation = citation
            self.shown = shown ?? citation.text
            self.weight = weight
        }
    }

    let evidence: ClusterEvidence
    let context: CaseContext

    /// - Parameter question: what the investigation is about.
    public init(_ evidence: ClusterEvidence, graph: KnowledgeGraph, question: Question) {
        self.evidence = evidence
        context = CaseContext(view: ClusterView(evidence), graph: graph, question: question)
    }

    var view: ClusterView { context.view }

    /// Namespaces that were read; nil for all.
    public var namespaces: [String]? { evidence.namespaces }

    /// Names of what was read, which some want hidden.
    public var names: [String] {
        let objects = evidence.lists.filter { $0.key != ResourceType.events.path }.values.joined()
        return Set(objects.flatMap { [$0["metadata", "name"].string, $0["metadata", "namespace"].string].compactMap { $0 } }).sorted()
    }

    /// Whether an object of this name is in the evidence.
    public func contains(_ object: ObjectReference) -> Bool { json(of: object) != nil || context.topology[object] != nil }

    /// Whether any log of the pods of an object was read.
    public func hasLogs(of object: ObjectReference) -> Bool { pods(of: object).contains { !view.logs(of: $0).isEmpty } }

    // MARK: Lists and events

    /// Objects of a kind, each with its state in a few words.
    /// - Parameter namespace: nil for all that were read.
    public func list(_ resource: ResourceType, in namespace: String?) -> [Piece] {
        let items = (evidence.lists[resource.path] ?? []).compactMap { item -> ObjectReference? in
            let space = item["metadata", "namespace"].string
            guard let name = item["metadata", "name"].string, namespace == nil || !resource.isNamespaced || space == namespace else {
                return nil
            }
            return ObjectReference(kind: resource.kind, namespace: resource.isNamespaced ? space : nil, name: name)
        }
        return items.sorted().map { object in
            let (words, weight) = state(of: object)
            return Piece(Citation(source: .object, object: object, text: words), weight: weight)
        }
    }

    /// Events about an object and, for a workload, about its pods; newest first.
    public func events(about object: ObjectReference) -> [Piece] {
        let pods = pods(of: object)
        let sets = view.deployments[object.namespace ?? "", object.name].map { view.replicaSets(of: $0) } ?? []
        let objects = [object] + pods.map(\.reference) + (object.kind == "Deployment" ? sets.map(\.reference) : [])
        return pieces(of: Set(objects).flatMap { view.events(about: $0) })
    }

    /// The warnings in a namespace, newest first; nil for all namespaces.
    public func warnings(in namespace: String?) -> [Piece] {
        let events = namespace.map { Array(view.events.inNamespace($0)) } ?? view.events.items
        return pieces(of: events.filter(\.isWarning))
    }

    private func pieces(of events: [Event]) -> [Piece] {
        let newest = events.sorted { ($1.lastTime ?? .distantPast, $0.name) < ($0.lastTime ?? .distantPast, $1.name) }
        return newest.map { event in
            let times = event.count > 1 ? " (\(event.count) times)" : ""
            let citation = Citation.event(event)
            return Piece(citation, shown: citation.template + times, weight: event.isWarning ? 2 : 0)
        }
    }

    // MARK: Endpoints, changes, neighbours

    /// Whether anybody stands behind a Service, and who.
    public func endpoints(of service: ObjectReference) -> [Piece] {
        guard let object = view.services[service.namespace ?? "", service.name] else { return [] }
        let state = ServiceState(object, context: context)
        let pods = view.pods(selectedBy: object).map { pod in
            Piece(.field(pod.reference, "status.conditions[Ready]", pod.isReady ? "Ready" : "not Ready"), weight: pod.isReady ? 0 : 2)
        }
        let ports = view.slices(of: object).flatMap(\.ports).compactMap { $0.port.map { String($0) } }
        let selector = object.selector.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",")
        return [
            Piece(state.citation, weight: state.readyCount == 0 ? 3 : 0),
            Piece(.field(service, "spec.selector", selector.isEmpty ? "none" : selector)),
            Piece(.field(service, "endpoints", "ports \(Set(ports).sorted().joined(separator: ", "))")),
        ] + pods
    }

    /// What differs between the two newest revisions of a workload's template.
    public func changes(of workload: ObjectReference) -> [Piece] {
        guard let history = RevisionHistory(workload, context: context) else { return [] }
        return history.changes.map { change in
            let place = change.container.map { "spec.containers[\($0)].\(change.field)" } ?? change.field
            func shown(_ value: String?) -> String { value.map { CredentialMask.masked($0, of: change.field) } ?? "nothing" }
            let text = "from \(shown(change.from)) to \(shown(change.to))"
            return Piece(.field(workload, place, text, time: history.time), weight: 2)
        }
    }

    /// What an object hangs together with: Services and the workloads behind them, who calls whom, pods, and the declared topology.
    public func neighbours(of object: ObjectReference) -> [Piece] {
        var found: [(ObjectReference, String)] = []
        if let service = view.services[object.namespace ?? "", object.name], object.kind == "Service" {
            found += context.topology.workloads(behind: service).map { ($0.reference, "behind the Service") }
            found += (context.topology.callers[object] ?? []).map { ($0, "its configuration names the Service") }
        }
        let workload = context.topology[context.topology.workload(above: object)]
        if let workload {
            found += context.topology.services(selecting: workload).map { ($0.reference, "selects it") }
            found += workload.pods.map { ($0.reference, "is a pod of it") }
            found += Set(workload.pods.compactMap(\.spec.nodeName)).map {
                (ObjectReference(kind: "Node", namespace: nil, name: $0), "runs pods of it")
            }
            for declared in context.topology.declared[workload.reference] ?? [] {
                guard case .service(let service) = context.topology.resolve(declared.host, from: workload.namespace) else { continue }
                found.append((service.reference, "it is configured to call this"))
            }
        }
        let declared = context.graph.components.first { $0.name == (workload?.reference.name ?? object.name) }
        let relations = (declared?.relationships ?? []).map { relation in
            Piece(Citation(source: .graph, object: object, field: relation.relation, text: "\(relation.relation) \(relation.target)"))
        }
        var seen: Set<ObjectReference> = []
        let near = found.filter { seen.insert($0.0).inserted }.sorted { $0.0 < $1.0 }
        return near.map { neighbour, words in
            let (state, weight) = state(of: neighbour)
            return Piece(Citation(source: .object, object: neighbour, text: "\(words); \(state)"), weight: weight)
        } + relations
    }

    // MARK: States

    func pods(of object: ObjectReference) -> [Pod] {
        let namespace = object.namespace ?? ""
        if object.kind == "Pod" { return view.pods[namespace, object.name].map { [$0] } ?? [] }
        if object.kind == "Service" { return view.services[namespace, object.name].map { view.pods(selectedBy: $0) } ?? [] }
        return context.topology[object]?.pods ?? view.pods(of: object)
    }

    private func state(of object: ObjectReference) -> (words: String, weight: Int) {
        let namespace = object.namespace ?? ""
        switch object.kind {
        case "Pod":
            guard let pod = view.pods[namespace, object.name] else { break }
            let reasons = pod.statuses.values.sorted { $0.name < $1.name }.compactMap { $0.waiting?.reason ?? $0.terminated?.reason }
            let words = [pod.phase, pod.isReady ? "Ready" : "not Ready", Phrase.count(pod.restartCount, "restart")] + reasons
            return (words.joined(separator: ", "), pod.isReady || pod.phase == "Succeeded" ? 0 : 3)
        case "Service":
            guard let service = view.services[namespace, object.name] else { break }
            let state = ServiceState(service, context: context)
            return (state.words, state.readyCount == 0 ? 2 : 0)
        case "Node":
            guard let node = view.nodes[object.name] else { break }
            return (node.isReady ? "Ready" : "not Ready", node.isReady ? 0 : 3)
        default:
            guard let workload = context.topology[object] else { break }
            let wished = workload.desired.map { " of \($0)" } ?? ""
            return ("\(workload.readyPods.count)\(wished) pods Ready", workload.impact > .latent ? 3 : 0)
        }
        return ("exists", 0)
    }
}

extension Citation {
    /// Its text as a model gets to see it: of logs and events without ids and long numbers.
    public var template: String { source == .log || source == .event ? LogTemplate.of(text) : text }
}
