internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Tells a workload that was switched off from one that somebody misses.
struct MissedWorkload {
    /// A scaling older than this is how the place is run.
    private static let recentSeconds = 86_400.0

    let context: CaseContext

    init(_ context: CaseContext) { self.context = context }

    /// Why the zero of a workload is no rest: a Service in front of it has nobody left, and either others rely on that Service, or the
    /// zero is new, or the applied manifest wants replicas. `nil` where it may rest.
    func reason(_ workload: Workload) -> String? {
        guard !DeliberateRest.isMeant(workload, context.view) else { return nil }
        let alone = context.topology.services(selecting: workload).filter { ServiceState($0, context: context).readyCount == 0 }
        guard !alone.isEmpty else { return nil }
        for service in alone {
            if let ingress = ingress(to: service) { return "\(ingress) routes to its Service \(service.name)" }
            if let caller = caller(of: service, besides: workload.reference) {
                return "\(caller) is configured to call its Service \(service.name)"
            }
        }
        if wasScaledDown(workload) { return "it was scaled down lately, and its Service has nobody left" }
        return Self.appliedReplicas(workload).map { "the manifest last applied wants \(Phrase.count($0, "replica"))" }
    }

    func isMissed(_ reference: ObjectReference) -> Bool { context.topology[reference].flatMap(reason) != nil }

    /// Replicas in the manifest that `kubectl apply` left on the object, where more than none.
    static func appliedReplicas(_ workload: Workload) -> Int? {
        guard let text = workload.metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"],
            let wanted = Phrase.after(text, "\"replicas\":").flatMap({ Phrase.number(in: $0.prefix(12)) }), wanted > 0
        else { return nil }
        return wanted
    }

    private func ingress(to service: Service) -> ObjectReference? {
        context.view.ingresses.inNamespace(service.namespace).first { ingress in
            ingress.paths.compactMap(\.backend).contains { $0.service == service.name }
        }?.reference
    }

    private func caller(of service: Service, besides own: ObjectReference) -> ObjectReference? {
        for workload in context.topology.workloads where workload.reference != own && !workload.livePods.isEmpty {
            for declared in context.topology.declared[workload.reference] ?? []
            where declared.isSetting && declared.host.split(separator: ".").first.map(String.init) == service.name {
                guard case .service(let called) = context.topology.resolve(declared.host, from: workload.namespace) else { continue }
                if called.reference == service.reference { return workload.reference }
            }
        }
        return nil
    }

    private func wasScaledDown(_ workload: Workload) -> Bool {
        let made = workload.metadata.creationTime ?? .distantPast
        let event = context.view.events(about: workload.reference).contains { event in
            event.reason == "ScalingReplicaSet" && event.message.contains("Scaled down") && Self.isToZero(event.message)
                && (context.age(event.lastTime) ?? 0) < ContainerCase.recentSeconds && made < (event.lastTime ?? .distantPast)
        }
        let edit = workload.metadata.managedFields.contains { entry in
            guard let time = entry.time, entry.subresource == "scale" || entry.owns("spec.replicas") else { return false }
            return (context.age(time) ?? 0) < Self.recentSeconds && time.timeIntervalSince(made) > 60
        }
        return event || edit
    }

    /// `Scaled down replica set web-5d to 0` and, since 1.26, `… to 0 from 3`.
    static func isToZero(_ message: String) -> Bool { message.hasSuffix(" to 0") || message.contains(" to 0 from ") }
}
