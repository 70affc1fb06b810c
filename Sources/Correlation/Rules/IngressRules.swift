internal import ClusterModel
internal import IncidentModel

/// Ingresses that route to nothing (N13-N16).
enum IngressRules {
    static func findings(_ context: CaseContext) -> [Finding] {
        context.view.ingresses.items.compactMap { ingress in
            let found =
                backend(ingress, context) ?? ingressClass(ingress, context) ?? certificate(ingress, context)
                ?? IngressRouteRules.finding(ingress, context)
            return found.map { finding in
                var finding = finding
                finding.sufferers = sufferers(finding, of: ingress, context)
                return finding
            }
        }
    }

    // Without a class or certificate all that stands behind is out of reach; a wrong route concerns the Services it names.
    private static func sufferers(_ finding: Finding, of ingress: Ingress, _ context: CaseContext) -> [ObjectReference] {
        let isWhole = finding.cause == .ingressClassNotFound || finding.cause == .ingressCertificateMissing
        let names =
            isWhole
            ? ingress.paths.compactMap(\.backend?.service) : ["reference", "found", "expected"].compactMap { finding.details[$0] }
        return Set(names).compactMap { context.view.services[ingress.namespace, $0]?.reference }.sorted()
    }

    static func make(
        _ ingress: Ingress, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation], fields: [String], impact: Finding.Impact = .degraded,
        reasons: [String] = ["the Ingress names something that does not exist"]
    ) -> Finding {
        Finding(
            cause: cause, object: ingress.reference, sufferer: ingress.reference, statement: statement, details: details,
            citations: citations, confidence: confidence,
            reasons: reasons, impact: impact, changedFields: fields,
            changedObjects: [ingress.reference])
    }

    private static func backend(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        guard context.view.wasRead(.services, in: ingress.namespace) else { return nil }
        let routes =
            ingress.paths.compactMap { path in path.backend.map { ((path.host ?? "*") + path.path, $0) } }
            + (ingress.defaultBackend.map { [("default backend", $0)] } ?? [])
        for (route, backend) in routes {
            let citation = Citation.field(ingress.reference, "spec.rules[\(route)].backend.service.name", backend.service)
            guard let service = context.view.services[ingress.namespace, backend.service] else {
                let near = context.view.services.inNamespace(ingress.namespace).map(\.name).compactMap { name in
                    EditDistance.between(name, backend.service, atMost: max(3, name.count / 2)).map { (name, $0) }
                }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
                var details = ["reference": backend.service, "field": "host", "path": route]
                details["expected"] = near
                let service = ObjectReference(kind: "Service", namespace: ingress.namespace, name: backend.service)
                return make(
                    ingress, .ingressBackendNotFound,
                    "Ingress \(ingress.name) routes \(route) to Service \(backend.service), which does not exist\(near.map { " (\($0) does)" } ?? "").",
                    0.95, details,
                    [citation, .absence(service, "the list of Services in \(ingress.namespace) has no \(backend.service)")],
                    fields: ["rules"])
            }
            guard let port = backend.port else { continue }
            let fits = service.ports.contains { item in
                switch port {
                case .number(let number): item.port == number
                case .name(let name): item.name == name
                }
            }
            if fits { continue }
            let isNamed = if case .name = port { true } else { false }
            let has = Phrase.list(service.ports.map { isNamed ? $0.name ?? String($0.port) : String($0.port) })
            return make(
                ingress, .ingressBackendNotFound,
                "Ingress \(ingress.name) routes \(route) to port \(port) of Service \(service.name), which has port \(has) only.", 0.94,
                ["reference": service.name, "field": "port", "found": port.description, "expected": has, "path": route],
                [citation, .field(service.reference, "spec.ports", has)], fields: ["rules"])
        }
        return nil
    }

    private static func ingressClass(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        guard context.view.wasRead(.ingressClasses) else { return nil }
        let classes = context.view.ingressClasses
        if let name = ingress.className {
            if classes[name] != nil { return unserved(ingress, name, context) }
            // The older annotation may name a class that only its controller knows.
            guard ingress.metadata.annotations["kubernetes.io/ingress.class"] == nil, ingress.addresses.isEmpty else { return nil }
            let others = classes.items.map(\.name)
            return make(
                ingress, .ingressClassNotFound,
                "IngressClass \(name) of Ingress \(ingress.name) does not exist\(others.isEmpty ? "" : "; the cluster has \(Phrase.list(others))").",
                0.92,
                ["reference": name, "found": name, "expected": others.first ?? "", "field": "ingressClassName"],
                [
                    .field(ingress.reference, "spec.ingressClassName", name),
                    .absence(
                        ObjectReference(kind: "IngressClass", namespace: nil, name: name), "the list of IngressClasses has no \(name)"),
                ],
                fields: ["ingressClassName"])
        }
        guard !classes.isEmpty, !classes.items.contains(where: \.isDefault), ingress.addresses.isEmpty else { return nil }
        return make(
            ingress, .ingressClassNotFound,
            "Ingress \(ingress.name) names no class, and no IngressClass is the default: no controller serves it.", 0.74,
            ["field": "ingressClassName", "reference": ""],
            [.field(ingress.reference, "spec.ingressClassName", "not set")], fields: ["ingressClassName"])
    }

    /// A controller writes its address within seconds.
    private static let settleSeconds = 300.0

    // The class is there and its controller is not: other classes have given their Ingresses addresses, this one none.
    private static func unserved(_ ingress: Ingress, _ name: String, _ context: CaseContext) -> Finding? {
        let all = context.view.ingresses.items
        guard ingress.addresses.isEmpty, (context.age(ingress.metadata.creationTime) ?? 0) > settleSeconds,
            !all.contains(where: { $0.className == name && !$0.addresses.isEmpty }),
            let served = all.first(where: { $0.className != name && !$0.addresses.isEmpty })?.className,
            !isServing(name, context)
        else { return nil }
        // With a namespace alone in view, its controller may run unseen and publish no address.
        return make(
            ingress, .ingressClassNotFound,
            "No controller serves IngressClass \(name) of Ingress \(ingress.name): it has got no address, and those of class \(served) have.",
            context.view.scope == nil ? 0.74 : 0.55,
            ["reference": name, "found": name, "expected": served, "field": "ingressClassName"],
            [
                .field(ingress.reference, "spec.ingressClassName", name),
                .field(ingress.reference, "status.loadBalancer.ingress", "empty"),
            ], fields: ["ingressClassName"], reasons: ["a controller would have written an address into its status"])
    }

    // Some controllers publish no address: one that runs and has the class's name serves it all the same.
    private static func isServing(_ name: String, _ context: CaseContext) -> Bool {
        IngressControllers.pods(context).contains { pod in
            pod.isReady && (pod.name.contains(name) || pod.spec.containers.contains { $0.image.contains(name) })
        }
    }

    private static func certificate(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        guard context.view.wasRead(.secrets, in: ingress.namespace) else { return nil }
        for tls in ingress.tls {
            guard let name = tls.secretName, !name.isEmpty else { continue }
            let secret = context.view.secrets[ingress.namespace, name]
            let absent = ["tls.crt", "tls.key"].first { key in !(secret?.keys.contains(key) ?? true) }
            // A Secret without any keys was recorded without them.
            if let secret, secret.keys.isEmpty || absent == nil { continue }
            let reference = ObjectReference(kind: "Secret", namespace: ingress.namespace, name: name)
            let words = secret == nil ? "does not exist" : "has no \(absent ?? "tls.crt")"
            var details = ["reference": name, "host": Phrase.list(tls.hosts)]
            details["key"] = absent
            return make(
                ingress, .ingressCertificateMissing, "TLS Secret \(name) of Ingress \(ingress.name) \(words).", 0.9, details,
                [.field(ingress.reference, "spec.tls[].secretName", name), .absence(reference, "Secret \(name) \(words)")], fields: ["tls"])
        }
        return nil
    }
}
