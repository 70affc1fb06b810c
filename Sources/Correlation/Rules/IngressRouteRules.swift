internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Routes that lead to a Service which exists and is not the one meant (N17). Only names, rewrites and overlaps can tell.
enum IngressRouteRules {
    static func finding(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        swapped(ingress, context) ?? sibling(ingress, context) ?? rewrite(ingress) ?? overlap(ingress, context)
    }

    // MARK: Names

    // A path or host that has the name of one Service leads to another, which has a name of its own.
    private static func swapped(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        let services = context.view.services.inNamespace(ingress.namespace)
        let routed = Set(ingress.paths.compactMap(\.backend?.service))
        for path in ingress.paths {
            guard let backend = path.backend else { continue }
            let names = words(of: path)
            guard
                let meant = services.first(where: { service in
                    service.name != backend.service && !ServiceName.areRelated(service.name, backend.service)
                        && names.contains(ServiceName.stem(service.name))
                }), !names.contains(ServiceName.stem(backend.service))
            else { continue }
            // A swap shows twice: the Service that gets this route has a route of its own, which leads elsewhere.
            let isSwapped = ingress.paths.contains { other in
                other.backend.map { $0.service != backend.service } ?? false && words(of: other).contains(ServiceName.stem(backend.service))
            }
            let isUnrouted = !routed.contains(meant.name)
            guard isSwapped || isUnrouted else { continue }
            let route = (path.host ?? "*") + path.path
            return IngressRules.make(
                ingress, .ingressMisrouted,
                "Ingress \(ingress.name) routes \(route) to Service \(backend.service), though Service \(meant.name) has the name of that route.",
                isSwapped ? 0.84 : 0.66,
                [
                    "host": path.host ?? "", "path": path.path, "field": "backend", "found": backend.service, "expected": meant.name,
                    "reference": backend.service,
                ],
                [.field(ingress.reference, "spec.rules[\(route)].backend.service.name", backend.service)], fields: ["rules"],
                impact: isSwapped || isEdited(ingress, context) ? .degraded : .latent,
                reasons: [
                    isSwapped
                        ? "the route that has the name of \(backend.service) leads elsewhere as well" : "no route leads to \(meant.name)"
                ])
        }
        return nil
    }

    // `/api` leads to `catalog-web`, `catalog-api` is there, and nothing leads to it.
    private static func sibling(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        let routed = Set(context.view.ingresses.inNamespace(ingress.namespace).flatMap(\.paths).compactMap(\.backend?.service))
        for path in ingress.paths {
            guard let backend = path.backend, let segment = path.path.split(separator: "/").last.map(String.init),
                let dash = backend.service.lastIndex(of: "-")
            else { continue }
            let name = backend.service[..<dash] + "-" + segment
            guard name != backend.service, !routed.contains(name), let meant = context.view.services[ingress.namespace, name],
                ingress.paths.contains(where: { $0.path != path.path && $0.backend?.service == backend.service })
            else { continue }
            let route = (path.host ?? "*") + path.path
            return IngressRules.make(
                ingress, .ingressMisrouted,
                "Ingress \(ingress.name) routes \(route) to Service \(backend.service), as another path, and no route leads to Service \(meant.name).",
                isEdited(ingress, context) ? 0.76 : 0.5,
                [
                    "host": path.host ?? "", "path": path.path, "field": "backend", "found": backend.service, "expected": meant.name,
                    "reference": backend.service,
                ],
                [.field(ingress.reference, "spec.rules[\(route)].backend.service.name", backend.service)], fields: ["rules"],
                impact: isEdited(ingress, context) ? .degraded : .latent,
                reasons: ["\(meant.name) has the name of that path, and no route leads to it"])
        }
        return nil
    }

    /// Words of a route that may be names of Services: the first segments of the path, else the first label of the host.
    private static func words(of path: Ingress.Path) -> Set<String> {
        let segments = path.path.split(separator: "/").prefix(2).map { segment in
            String(segment.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }).replacing("_", with: "-").lowercased()
        }.filter { $0.count > 2 && $0 != "api" }
        if !segments.isEmpty { return Set(segments.map { ServiceName.stem($0) }) }
        let label = path.host?.split(separator: ".").first.map(String.init) ?? ""
        return label.count > 2 ? [ServiceName.stem(label)] : []
    }

    private static func isEdited(_ ingress: Ingress, _ context: CaseContext) -> Bool {
        guard let created = ingress.metadata.creationTime else { return false }
        return ingress.metadata.managedFields.contains { entry in
            guard let time = entry.time, entry.owns("spec.rules") else { return false }
            return time.timeIntervalSince(created) > 2 && (context.age(time) ?? .infinity) < ContainerCase.recentSeconds
        }
    }

    // MARK: Rewrites

    // `rewrite-target: /$2` wants as many capture groups in the path; without them every request is rewritten to the same place.
    // https://kubernetes.github.io/ingress-nginx/examples/rewrite/
    private static func rewrite(_ ingress: Ingress) -> Finding? {
        let key = "nginx.ingress.kubernetes.io/rewrite-target"
        guard let target = ingress.metadata.annotations[key], let mark = target.lastIndex(of: "$"),
            let group = Phrase.number(in: target[mark...]),
            let path = ingress.paths.first(where: { path in path.path.filter { $0 == "(" }.count < group })
        else { return nil }
        return IngressRules.make(
            ingress, .ingressMisrouted,
            "Ingress \(ingress.name) rewrites \(path.path) to \(target), and the path has no capture group \(group): the rest of the path is lost.",
            0.78,
            [
                "host": path.host ?? "", "path": path.path, "field": "rewrite-target", "found": target,
                "reference": path.backend?.service ?? "",
            ],
            [.field(ingress.reference, "metadata.annotations[\(key)]", target)], fields: ["rules"],
            reasons: ["the controller fills a group that is not there with nothing"])
    }

    // MARK: Overlaps

    // Two Ingresses of one class for the same host and path: the controller serves one of them.
    private static func overlap(_ ingress: Ingress, _ context: CaseContext) -> Finding? {
        guard isNewest(ingress, context) else { return nil }
        for path in ingress.paths where path.host != nil {
            for other in context.view.ingresses.items where other.reference != ingress.reference && other.className == ingress.className {
                // A canary shares host and path on purpose.
                if [ingress, other].contains(where: { $0.metadata.annotations.keys.contains { $0.hasSuffix("/canary") } }) { continue }
                guard
                    let twin = other.paths.first(where: {
                        $0.host == path.host && $0.path == path.path && $0.pathType == path.pathType
                            && ($0.backend?.service != path.backend?.service || other.namespace != ingress.namespace)
                    }), let mine = path.backend?.service, let theirs = twin.backend?.service
                else { continue }
                let route = (path.host ?? "*") + path.path
                return IngressRules.make(
                    ingress, .ingressMisrouted,
                    "Ingress \(ingress.name) routes \(route) to Service \(mine), and \(other.reference) routes the same to Service \(theirs).",
                    0.72,
                    [
                        "host": path.host ?? "", "path": path.path, "field": "path", "found": mine, "expected": theirs,
                        "reference": other.name,
                    ],
                    [
                        .field(ingress.reference, "spec.rules[\(route)]", mine), .field(other.reference, "spec.rules[\(route)]", theirs),
                    ], fields: ["rules"], reasons: ["only one of two routes for one host and path can win"])
            }
        }
        return nil
    }

    // Of two that overlap, the later one is the change.
    private static func isNewest(_ ingress: Ingress, _ context: CaseContext) -> Bool {
        let others = context.view.ingresses.items.filter { $0.reference != ingress.reference }
        guard others.count < 500, let created = ingress.metadata.creationTime else { return false }
        return others.contains { ($0.metadata.creationTime ?? .distantFuture) < created }
    }
}
