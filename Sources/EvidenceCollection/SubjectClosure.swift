import ClusterModel
import FastJSON
import IncidentModel

/// What an SRE would look at around one object: everything that decides how it fares, followed until nothing new turns up.
///
/// An object is kept together with all that conclusions about it rest on (a Service with its endpoints and all its pods, an Ingress
/// with all its backends), so that leaving others out never looks as if they did not exist.
struct SubjectClosure: Sendable {
    /// Kinds of which all items stay: there are few of them, and their absence means something.
    static let keptWhole: Set<String> = Set(
        [
            .namespaces, .resourceQuotas, .limitRanges, .networkPolicies, .storageClasses, .ingressClasses, .priorityClasses,
            .runtimeClasses, .csiDrivers, .apiServices, .validatingWebhookConfigurations, .mutatingWebhookConfigurations,
        ].map(\ResourceType.path))

    let view: ClusterView
    private(set) var kept: Set<ObjectReference> = []
    /// Kinds kept whole because a reference found nothing: the answer may be a name that is nearly right.
    private var wholePaths = SubjectClosure.keptWhole
    private var pending: [ObjectReference] = []

    /// - Returns: `nil` where the subject was not read or is a kind that everything hangs on: then nothing can be left out.
    init?(of subject: ObjectReference, in view: ClusterView) {
        self.view = view
        guard !["Namespace", "ResourceQuota", "LimitRange"].contains(subject.kind), Self.exists(subject, in: view) else { return nil }
        add(subject)
        if ["ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount", "Node"].contains(subject.kind) { addUsers(of: subject) }
    }

    /// Takes an object in, with everything connected to it.
    mutating func add(_ object: ObjectReference) {
        take(object)
        while let next = pending.popLast() { expand(next) }
    }

    /// Takes in the services that log lines name.
    /// - Returns: whether there was a new one.
    mutating func extend(with logs: [ContainerLog]) -> Bool {
        let before = kept.count
        for log in logs { takeServices(namedIn: log.text, from: log.namespace) }
        while let next = pending.popLast() { expand(next) }
        return kept.count > before
    }

    /// The lists with only the kept objects, the events about them, and what was added from other namespaces.
    func narrowed(_ lists: [String: [JSONValue]]) -> [String: [JSONValue]] {
        lists.reduce(into: [:]) { result, list in
            result[list.key] = wholePaths.contains(list.key) ? list.value : list.value.filter { keeps($0, of: list.key) }
        }
    }

    private func keeps(_ item: JSONValue, of path: String) -> Bool {
        guard let resource = ResourceType.at(path: path) else { return true }
        let namespace = item["metadata", "namespace"].string
        if let namespace, let scope = view.scope, !scope.contains(namespace) { return true }
        if resource == .events { return kept.contains(Event(item).regarding) }
        // Endpoints follow the Service of their name.
        let kind = resource == .endpoints ? "Service" : resource.kind
        return kept.contains(
            ObjectReference(kind: kind, namespace: resource.isNamespaced ? namespace : nil, name: item["metadata", "name"].string ?? ""))
    }

    // MARK: Taking in

    mutating func take(_ object: ObjectReference) {
        if kept.insert(object).inserted { pending.append(object) }
    }

    mutating func take(_ objects: [ObjectReference]) {
        for object in objects { take(object) }
    }

    /// Takes a referenced object, or all of its kind where it does not exist: one of them may be meant.
    mutating func takeReferenced(_ resource: ResourceType, _ namespace: String?, _ name: String) {
        let object = ObjectReference(kind: resource.kind, namespace: namespace, name: name)
        take(object)
        guard !Self.exists(object, in: view) else { return }
        switch resource {
        // These are judged by what hangs on them, which must come along.
        case .services: take(view.services.inNamespace(namespace ?? "").map(\.reference))
        case .persistentVolumeClaims: take(view.persistentVolumeClaims.inNamespace(namespace ?? "").map(\.reference))
        case .serviceAccounts: take(view.serviceAccounts.inNamespace(namespace ?? "").map(\.reference))
        default: wholePaths.insert(resource.path)
        }
    }

    /// Takes the services whose names occur in a text: bare in the namespace of the text, or followed by another namespace.
    mutating func takeServices(namedIn text: String, from namespace: String) {
        for host in ServiceMention.hosts(in: text) {
            guard let name = host.first.map(String.init) else { continue }
            let other = host.count > 1 ? String(host[1]) : namespace
            for service in [view.services[namespace, name], view.services[other, name]] {
                if let service { take(service.reference) }
            }
        }
    }
}
