internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Services that lead nowhere or to the wrong place (N1, N3, N4, N6, N7, N9). None of this but a load balancer makes an event.
enum ServiceRules {
    static func finding(_ service: Service, context: CaseContext) -> Finding? {
        guard service.type != "ExternalName" else { return nil }
        let behind = context.topology.workloads(behind: service)
        let found =
            ServiceSelectorRules.finding(service, behind: behind, context) ?? ServicePortRules.finding(service, context)
            ?? TrafficPolicyRules.finding(service, behind: behind, context) ?? loadBalancer(service, context)
        return found.map { DNSRules.recast($0, of: service, context) }
    }

    static func make(
        _ service: Service, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], impact: Finding.Impact, reasons: [String], fields: [String]
    ) -> Finding {
        Finding(
            cause: cause, object: service.reference, sufferer: service.reference, statement: statement, details: details,
            citations: citations, confidence: confidence,
            reasons: reasons, impact: impact, changedFields: fields, changedObjects: [service.reference])
    }

    /// Whether somebody is known to use the Service: a workload whose configuration names it, or an Ingress that routes to it.
    static func isNeeded(_ service: Service, _ context: CaseContext) -> Bool {
        !(context.topology.callers[service.reference] ?? []).isEmpty
            || context.view.ingresses.inNamespace(service.namespace).contains { ingress in
                (ingress.paths.map(\.backend) + [ingress.defaultBackend]).contains { $0?.service == service.name }
            }
    }

    private static func loadBalancer(_ service: Service, _ context: CaseContext) -> Finding? {
        guard service.type == "LoadBalancer", service.loadBalancerAddresses.isEmpty, (context.age(service.metadata.creationTime) ?? 0) > 120
        else { return nil }
        let event = context.view.events(about: service).last { ["SyncLoadBalancerFailed", "UnAvailableLoadBalancer"].contains($0.reason) }
        var citations = [Citation.field(service.reference, "status.loadBalancer.ingress", "empty")]
        if let event { citations.append(.event(event)) }
        // Clusters without a load balancer controller are common: where another Service got an address, there is one.
        let isServed = context.view.services.items.contains { $0.type == "LoadBalancer" && !$0.loadBalancerAddresses.isEmpty }
        let words = event.map { ": \(Citation.cut($0.message))" } ?? ""
        return make(
            service, .loadBalancerPending, "Service \(service.name) of type LoadBalancer has no address\(words).",
            event == nil ? (isServed ? 0.7 : 0.6) : 0.9, ["reason": event?.reason ?? "Pending"], citations,
            impact: event == nil && !isServed ? .latent : .degraded,
            reasons: [
                event == nil
                    ? isServed ? "other Services of this type have an address" : "no controller has given it one"
                    : "the cloud controller reports an error"
            ], fields: ["type"])
    }
}
