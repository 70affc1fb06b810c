internal import ClusterModel
internal import IncidentModel

/// Routes of the Gateway API that their gateway refuses, or that lead to no Service (N18). The gateway's own word in the status decides.
enum HTTPRouteRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.httpRoutes.items.compactMap { route in
            let refused = refused(route)
            guard var absent = absentBackend(route, context) else { return refused }
            absent.details["reason"] = refused?.details["reason"]
            absent.citations += refused?.citations ?? []
            return absent
        }
    }

    private static func refused(_ route: HTTPRoute) -> Finding? {
        for parent in route.parents {
            for type in ["ResolvedRefs", "Accepted"] {
                guard let condition = parent.conditions.first(where: { $0.type == type && $0.status == "False" }) else { continue }
                let reason = condition.reason ?? ""
                // What a gateway does not accept at all it does not serve; only references are a matter of backends.
                let isUnattached = type == "Accepted"
                let text = "\(reason): \(condition.message ?? "")"
                var details = ["reason": reason, "field": isUnattached ? "parentRefs" : "backendRefs", "path": route.paths.first ?? ""]
                details["host"] = route.hostnames.first
                details["reference"] = isUnattached ? parent.gateway : route.backends.count == 1 ? route.backends.first?.service : nil
                let words =
                    isUnattached ? "is not served by gateway \(parent.gateway)" : "has a backend that gateway \(parent.gateway) cannot use"
                return make(
                    route, isUnattached ? .ingressMisrouted : .ingressBackendNotFound,
                    "HTTPRoute \(route.name) \(words): \(Citation.cut(text)).",
                    details, [.field(route.reference, "status.parents[].conditions[\(type)]", text, time: condition.lastTransitionTime)])
            }
        }
        return nil
    }

    private static func absentBackend(_ route: HTTPRoute, _ context: CaseContext) -> Finding? {
        for backend in route.backends {
            let namespace = backend.namespace ?? route.namespace
            guard context.view.wasRead(.services, in: namespace) else { continue }
            let reference = ObjectReference(kind: "Service", namespace: namespace, name: backend.service)
            var details = ["reference": backend.service, "path": route.paths.first ?? ""]
            details["host"] = route.hostnames.first
            guard let service = context.view.services[namespace, backend.service] else {
                details["field"] = "host"
                return make(
                    route, .ingressBackendNotFound, "HTTPRoute \(route.name) routes to Service \(backend.service), which does not exist.",
                    details, [.absence(reference, "the list of Services in \(namespace) has no \(backend.service)")])
            }
            guard let port = backend.port, service.ports.allSatisfy({ $0.port != port }), !service.ports.isEmpty else { continue }
            let has = Phrase.list(service.ports.map { String($0.port) })
            details.merge(["field": "port", "found": String(port), "expected": has]) { $1 }
            return make(
                route, .ingressBackendNotFound,
                "HTTPRoute \(route.name) routes to port \(port) of Service \(service.name), which has port \(has) only.", details,
                [.field(service.reference, "spec.ports", has)])
        }
        return nil
    }

    private static func make(
        _ route: HTTPRoute, _ cause: CauseCode, _ statement: String, _ details: [String: String], _ citations: [Citation]
    ) -> Finding {
        var finding = Finding(
            cause: cause, object: route.reference, sufferer: route.reference, statement: statement,
            details: details.filter { !$0.value.isEmpty }, citations: citations, confidence: 0.92,
            reasons: ["the route's own status or backends say so"],
            impact: .degraded, changedFields: ["rules"], changedObjects: [route.reference])
        finding.sufferers = route.backends.map {
            ObjectReference(kind: "Service", namespace: $0.namespace ?? route.namespace, name: $0.service)
        }
        return finding
    }
}
