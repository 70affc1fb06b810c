internal import ClusterModel
internal import IncidentModel

/// Admission webhooks that do not answer and so block every change (Q7, Z5).
enum WebhookRules {
    static func unavailable(_ name: String, _ message: String, _ workload: Workload, _ citations: [Citation], _ context: CaseContext)
        -> Finding
    {
        let (configuration, hook) = find(name, context)
        // The URL in the message names the Service even where the configuration was not read: https://service.namespace.svc:443/path
        let host = Phrase.between(message, "https://", "/") ?? Phrase.between(message, "https://", "\"") ?? ""
        let parts = host.split(separator: ":").first.map { $0.split(separator: ".").map(String.init) } ?? []
        let service = hook?.service ?? (parts.count >= 2 ? ObjectReference(kind: "Service", namespace: parts[1], name: parts[0]) : nil)
        let object = configuration ?? service ?? workload.reference
        let why = reason(message)
        var citations = citations
        var details = ["webhook": name, "reason": why]
        if let service {
            details["reference"] = service.name
            details["host"] = "\(service.name).\(service.namespace ?? "")"
            if let state = serviceState(service, context) { citations.append(state) }
            details.merge(misdirection(message, host: host, service, context)) { $1 }
        }
        if message.contains("x509") { details["field"] = "caBundle" }
        if let configuration, let hook {
            citations.append(.field(configuration, "webhooks[\(hook.name)].failurePolicy", hook.failurePolicy))
        }
        let target = service.map { " (\($0))" } ?? ""
        return Finding(
            cause: .admissionWebhookUnavailable, object: object, sufferer: workload.reference,
            statement:
                "Admission webhook \(name)\(target) does not answer (\(why)) and blocks the creation of pods of \(workload.reference).",
            details: details, citations: citations, confidence: 0.95,
            reasons: ["the API server could not call the webhook, and its failure policy is Fail"],
            impact: max(workload.impact, .degraded), changedObjects: [object] + (service.map { [$0] } ?? []))
    }

    private static func find(_ name: String, _ context: CaseContext) -> (ObjectReference?, WebhookConfiguration.Webhook?) {
        let tables = [
            ("ValidatingWebhookConfiguration", context.view.validatingWebhooks),
            ("MutatingWebhookConfiguration", context.view.mutatingWebhooks),
        ]
        for (kind, table) in tables {
            for configuration in table.items {
                guard let hook = configuration.webhooks.first(where: { $0.name == name }) else { continue }
                return (ObjectReference(kind: kind, namespace: nil, name: configuration.name), hook)
            }
        }
        return (nil, nil)
    }

    private static func serviceState(_ reference: ObjectReference, _ context: CaseContext) -> Citation? {
        let namespace = reference.namespace ?? ""
        guard let service = context.view.services[namespace, reference.name] else {
            return context.view.wasRead(.services, in: namespace)
                ? .absence(reference, "the list of Services in \(namespace) has no \(reference.name)") : nil
        }
        let ready = context.view.slices(of: service).flatMap(\.endpoints).filter(\.isReady).count
        return .field(service.reference, "endpoints", "\(ready) ready")
    }

    // A port that the Service does not have fails before anything is called.
    private static func misdirection(
        _ message: String, host: String, _ reference: ObjectReference, _ context: CaseContext
    ) -> [String: String] {
        let port = host.split(separator: ":").dropFirst().first.map(String.init) ?? "443"
        guard let service = context.view.services[reference.namespace ?? "", reference.name] else {
            return message.contains("no service port") ? ["field": "port", "port": port, "found": port] : [:]
        }
        let ports = service.ports.map { String($0.port) }
        guard message.contains("no service port") || (!ports.isEmpty && !ports.contains(port)) else { return [:] }
        var details = ["field": "port", "port": port, "found": port]
        details["expected"] = ports.first
        return details
    }

    private static func reason(_ message: String) -> String {
        // The address that was called may hold any of these words itself: `?timeout=10s`.
        let error = Phrase.after(message, "Post \"").flatMap { Phrase.after($0, "\"") } ?? message
        if error.contains("no service port") { return "its Service does not have the port" }
        if error.contains("no endpoints available") { return "no endpoints available for its Service" }
        if error.contains("x509") { return "its certificate is not trusted" }
        if error.contains("not found") || error.contains("no such host") { return "its Service does not exist" }
        if error.contains("connection refused") { return "connection refused" }
        if error.contains("deadline exceeded") || error.contains("timeout") { return "timeout" }
        return "call failed"
    }
}
