internal import ClusterModel
internal import IncidentModel

/// The fix of a cause as a command or a part of a manifest, where the evidence says exactly what to write. Nothing here executes it.
struct FixSuggestion {
    let finding: Finding
    let change: ObservedChange?
    let context: CaseContext

    private var object: ObjectReference { finding.object }
    private func detail(_ key: String) -> String? { finding.details[key].flatMap { $0.isEmpty ? nil : $0 } }

    var suggested: SuggestedChange? { byCause ?? rollback }

    // MARK: By cause

    private var byCause: SuggestedChange? {
        switch finding.cause {
        case .serviceSelectorMismatch: selector
        case .servicePortMismatch: targetPort
        case .scaledToZero: kubectl(["scale", target, "{scope}", "--replicas=1"], of: object)
        case .rolloutPaused: kubectl(["rollout", "resume", target, "{scope}"], of: object)
        case .nodeCordoned: kubectl(["uncordon", object.name], of: object)
        case .jobSuspended: kubectl(["patch", target, "{scope}", "--type=merge", "-p", #"{"spec":{"suspend":false}}"#], of: object)
        case .imageNotFound, .invalidImageName, .imageArchitectureMismatch: image
        case .configMapNotFound: missing(kind: "ConfigMap")
        case .secretNotFound: missing(kind: "Secret")
        case .serviceAccountNotFound: account
        case .probeMisconfigured: probe
        case .untoleratedTaint: toleration
        case .nodeSelectorMismatch: nodeSelector
        case .podDNSPolicyInvalid: podSpec([("dnsPolicy", .text("ClusterFirst"))])
        case .schedulerMissing: detail("field") == "schedulerName" ? podSpec([("schedulerName", .text("default-scheduler"))]) : nil
        case .networkPolicyBlocks: admission
        default: nil
        }
    }

    private var selector: SuggestedChange? {
        guard object.kind == "Service", let expected = detail("expected") else { return nil }
        let pairs = expected.split(separator: ",").compactMap { pair -> (String, YAMLText)? in
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], .text(parts[1])) : nil
        }
        return pairs.isEmpty ? nil : manifest(object, [("spec", .map([("selector", .map(pairs))]))])
    }

    private var targetPort: SuggestedChange? {
        guard object.kind == "Service", let expected = detail("expected"), let port = detail("port").flatMap({ Int($0) }) else {
            return nil
        }
        let entry: [(String, YAMLText)] = [("port", .number(port)), ("targetPort", Int(expected).map(YAMLText.number) ?? .text(expected))]
        return manifest(object, [("spec", .map([("ports", .list([.map(entry)]))]))])
    }

    // What ran before is known to exist.
    private var image: SuggestedChange? {
        guard let container = detail("container"), let earlier = change?.from, change?.field.hasSuffix("image") == true else { return nil }
        return kubectl(["set", "image", target, "{scope}", "\(container)=\(earlier)"], of: object)
    }

    private func missing(kind: String) -> SuggestedChange? {
        guard detail("expected") == nil, let name = detail("reference") else { return nil }
        let reference = ObjectReference(kind: kind, namespace: finding.sufferer.namespace, name: name)
        let keys = wantedKeys(kind: kind, name: name)
        let data = (keys.isEmpty ? ["KEY"] : keys).map { ($0, YAMLText.text("VALUE")) }
        return manifest(reference, [(kind == "Secret" ? "stringData" : "data", .map(data))])
    }

    /// The keys of a ConfigMap or Secret that the pods ask for by name.
    private func wantedKeys(kind: String, name: String) -> [String] {
        let spec = context.topology[finding.sufferer].flatMap { $0.template?.spec ?? $0.pods.first?.spec }
        let keys = (spec?.allContainers ?? []).flatMap(\.env).compactMap { variable -> String? in
            switch variable.source {
            case .configMapKey(name, let key, _) where kind == "ConfigMap": key
            case .secretKey(name, let key, _) where kind == "Secret": key
            default: nil
            }
        }
        return Set(keys).sorted()
    }

    private var account: SuggestedChange? {
        guard let name = detail("reference") else { return nil }
        return kubectl(["create", "serviceaccount", name, "{scope}"], of: finding.sufferer)
    }

    private var probe: SuggestedChange? {
        guard let kind = detail("probe"), let container = detail("container"), let field = detail("field"),
            let expected = detail("expected"),
            field == "port" || field == "path"
        else { return nil }
        let spec = context.topology[finding.sufferer].flatMap { $0.template?.spec ?? $0.pods.first?.spec }
        let place = spec?.allContainers.first { $0.name == container }
        let probes = ["liveness": place?.livenessProbe, "readiness": place?.readinessProbe, "startup": place?.startupProbe]
        guard let action = probes[kind]??.action else { return nil }
        let value: (String, YAMLText) = (field, Int(expected).map(YAMLText.number) ?? .text(expected))
        switch action {
        case .http: return podSpec(container: container, [("\(kind)Probe", .map([("httpGet", .map([value]))]))])
        case .tcp where field == "port": return podSpec(container: container, [("\(kind)Probe", .map([("tcpSocket", .map([value]))]))])
        case .grpc where field == "port": return podSpec(container: container, [("\(kind)Probe", .map([("grpc", .map([value]))]))])
        default: return nil
        }
    }

    // `key=value:effect`, as taints are written.
    private var toleration: SuggestedChange? {
        guard let taint = detail("found"), let colon = taint.lastIndex(of: ":") else { return nil }
        let pair = taint[..<colon].split(separator: "=", maxSplits: 1).map(String.init)
        guard let key = pair.first, key.contains(where: { $0 != " " }), !key.contains(" ") else { return nil }
        var entry: [(String, YAMLText)] = [("key", .text(key)), ("operator", .text(pair.count == 2 ? "Equal" : "Exists"))]
        if pair.count == 2 { entry.append(("value", .text(pair[1]))) }
        entry.append(("effect", .text(String(taint[taint.index(after: colon)...]))))
        return podSpec([("tolerations", .list([.map(entry)]))])
    }

    private var nodeSelector: SuggestedChange? {
        guard detail("field") == "nodeSelector",
            let pair = detail("expected")?.split(separator: "=", maxSplits: 1).map(String.init), pair.count == 2
        else { return nil }
        return podSpec([("nodeSelector", .map([(pair[0], .text(pair[1]))]))])
    }

    // Policies add up, so one more admits the traffic and leaves the rules of the present one alone.
    private var admission: SuggestedChange? {
        guard object.kind == "NetworkPolicy", let policy = context.view.networkPolicies[object.namespace ?? "", object.name],
            let client = context.topology[finding.sufferer], client.namespace == policy.namespace, policy.coversIngress,
            policy.podSelector.matchExpressions.isEmpty
        else { return nil }
        let carried = client.template?.labels ?? client.pods.first?.metadata.labels ?? [:]
        let labels = carried.filter { ["app", "app.kubernetes.io/name"].contains($0.key) }
        guard !labels.isEmpty, !policy.podSelector.matches(carried) else { return nil }
        let peer = YAMLText.map([("podSelector", .map([("matchLabels", .strings(labels))]))])
        let name = ObjectReference(
            kind: object.kind, namespace: object.namespace, name: String("allow-\(finding.sufferer.name)".prefix(63)))
        return manifest(
            name,
            [
                (
                    "spec",
                    .map([
                        ("podSelector", .map([("matchLabels", .strings(policy.podSelector.matchLabels))])),
                        ("policyTypes", .list([.text("Ingress")])), ("ingress", .list([.map([("from", .list([peer]))])])),
                    ])
                )
            ])
    }

    // MARK: By change

    // Where a new template brought the fault, the one before did without it.
    private var rollback: SuggestedChange? {
        guard let change, change.from != nil || change.to != nil, change.object == finding.sufferer,
            ["Deployment", "StatefulSet", "DaemonSet"].contains(change.object.kind)
        else { return nil }
        return kubectl(["rollout", "undo", "\(change.object.kind.lowercased())/\(change.object.name)", "{scope}"], of: change.object)
    }

    // MARK: Forms

    private var target: String { "\(object.kind.lowercased())/\(object.name)" }

    /// A command of words, each quoted where it must be; nothing where a word cannot be made safe.
    private func kubectl(_ words: [String], of object: ObjectReference) -> SuggestedChange? {
        var result = ["kubectl"]
        for word in words {
            if word == "{scope}" {
                guard let namespace = object.namespace, !namespace.isEmpty else { continue }
                guard let quoted = ShellWord.quoted(namespace) else { return nil }
                result += ["-n", quoted]
            } else {
                guard let quoted = word.hasPrefix("-") ? word : ShellWord.quoted(word) else { return nil }
                result.append(quoted)
            }
        }
        return SuggestedChange(form: .kubectl, text: result.joined(separator: " "))
    }

    /// A part of the pod template of the workload at fault.
    private func podSpec(container: String? = nil, _ fields: [(String, YAMLText)]) -> SuggestedChange? {
        let workload = finding.sufferer
        let part = container.map { [("containers", YAMLText.list([.map([("name", .text($0))] + fields)]))] } ?? fields
        switch workload.kind {
        case "Deployment", "StatefulSet", "DaemonSet", "Job":
            return manifest(workload, [("spec", .map([("template", .map([("spec", .map(part))]))]))])
        case "CronJob":
            let template = YAMLText.map([("spec", .map([("template", .map([("spec", .map(part))]))]))])
            return manifest(workload, [("spec", .map([("jobTemplate", template)]))])
        default: return nil
        }
    }

    private func manifest(_ object: ObjectReference, _ fields: [(String, YAMLText)]) -> SuggestedChange? {
        guard let type = ResourceType.of(kind: object.kind) else { return nil }
        var metadata: [(String, YAMLText)] = [("name", .text(object.name))]
        if let namespace = object.namespace, !namespace.isEmpty { metadata.append(("namespace", .text(namespace))) }
        let head: [(String, YAMLText)] = [
            ("apiVersion", .text(type.groupVersion)), ("kind", .text(object.kind)), ("metadata", .map(metadata)),
        ]
        return YAMLText.map(head + fields).text.map { SuggestedChange(form: .yaml, text: $0) }
    }
}
