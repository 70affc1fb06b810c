internal import ClusterModel
internal import FastJSON
internal import FoundationEssentials
internal import IncidentModel

/// An alert that fires, and what it is about.
struct FiringAlert: Sendable {
    let name: String
    /// What suffers by its labels; `nil` where they name nothing that is known.
    let subject: ObjectReference?
    let namespace: String?
    let citation: Citation

    static let path = "telemetry/alerts.json"
    /// Alerts that always fire, or only silence others (kube-prometheus).
    private static let idle: Set<String> = ["Watchdog", "InfoInhibitor", "DeadMansSwitch"]
    private static let mostAlerts = 5_000
    private static let mostBytes = 32 << 20

    /// Alerts of Alertmanager's API or webhook, or of Prometheus' API. Resolved, pending and suppressed ones are left out.
    static func read(_ data: Data, topology: Topology, components: ComponentIndex, now: Date) -> (
        alerts: [FiringAlert], gaps: [EvidenceGap]
    ) {
        guard data.count <= mostBytes else { return ([], [EvidenceGap(path: path, reason: "\(data.count) bytes are more than is read")]) }
        let root: JSONValue
        do throws(JSONError) { root = try JSONValue(parsing: data) } catch {
            return ([], [EvidenceGap(path: path, reason: "it is no JSON")])
        }
        let lists = [root, root["alerts"], root["data"], root["data", "alerts"]]
        guard let list = lists.first(where: { $0.kind == .array }) else {
            return ([], [EvidenceGap(path: path, reason: "it holds no list of alerts")])
        }
        let found = list.array.prefix(mostAlerts).compactMap { alert($0, topology, components, now) }
        return (found.sorted { ($0.name, $0.citation.text) < ($1.name, $1.citation.text) }, [])
    }

    private static func alert(_ json: JSONValue, _ topology: Topology, _ components: ComponentIndex, _ now: Date) -> FiringAlert? {
        let labels = json["labels"].stringMap
        guard let name = labels["alertname"], !name.isEmpty, !idle.contains(name), labels["severity"] != "none", isFiring(json, now) else {
            return nil
        }
        let subject = subject(labels, topology, components)
        let notes = json["annotations"].stringMap
        let words = notes["description"] ?? notes["message"] ?? notes["summary"] ?? ""
        let place = labels["namespace"] ?? labels["exported_namespace"]
        let shown = labels.filter { $0.key != "alertname" }.sorted { $0.key < $1.key }.prefix(8).map { "\($0.key)=\($0.value)" }
        return FiringAlert(
            name: Citation.cut(name), subject: subject, namespace: place,
            citation: Citation(
                source: .alert,
                object: subject ?? ObjectReference(kind: "Namespace", namespace: nil, name: place ?? ""),
                field: "\(path) \(Citation.cut(name))", time: json["startsAt"].string.flatMap(RFC3339.parse),
                text: Citation.cut(words.isEmpty ? shown.joined(separator: ", ") : words)))
    }

    private static func isFiring(_ json: JSONValue, _ now: Date) -> Bool {
        let state = (json["status", "state"].string ?? json["status"].string ?? json["state"].string ?? "firing").lowercased()
        guard ["active", "firing", "unprocessed"].contains(state) else { return false }
        // Alertmanager writes the year 1 for an end that is not known.
        guard let end = json["endsAt"].string.flatMap(RFC3339.parse), end.timeIntervalSince1970 > 0 else { return true }
        return end > now
    }

    /// Kinds by the labels that kube-state-metrics and meshes write; the one that says most comes first.
    private static let workloadLabels: [(label: String, kind: String)] = [
        ("deployment", "Deployment"), ("statefulset", "StatefulSet"), ("daemonset", "DaemonSet"), ("cronjob", "CronJob"),
        ("job_name", "Job"), ("destination_workload", "Deployment"), ("workload", "Deployment"),
    ]
    private static let nameLabels = [
        "service", "destination_service_name", "destination_service", "service_name", "app", "component", "container",
    ]
    /// Labels of the exporter that measured, not of what was measured.
    private static let exporters: Set<String> = [
        "kube-state-metrics", "node-exporter", "prometheus-node-exporter", "kubelet", "prometheus-operated", "cadvisor",
    ]

    private static func subject(_ labels: [String: String], _ topology: Topology, _ components: ComponentIndex) -> ObjectReference? {
        let namespace = labels["exported_namespace"] ?? labels["namespace"] ?? ""
        for (label, kind) in workloadLabels {
            guard let name = labels[label] else { continue }
            let reference = ObjectReference(kind: kind, namespace: namespace, name: name)
            if topology[reference] != nil { return reference }
            if let known = components[name], namespace.isEmpty || known.namespace == namespace { return known }
        }
        for label in ["exported_pod", "pod", "pod_name"] {
            if let name = labels[label], let pod = topology.view.pods[namespace, name] { return topology.workload(of: pod) }
        }
        for label in nameLabels {
            guard let full = labels[label] else { continue }
            let name = full.split(separator: ".").first.map(String.init) ?? full
            if !exporters.contains(name), let known = components[name], namespace.isEmpty || known.namespace == namespace { return known }
        }
        for label in ["node", "instance"] {
            guard let name = labels[label]?.split(separator: ":").first.map(String.init) else { continue }
            if let node = topology.view.nodes[name] { return node.reference }
        }
        return nil
    }
}
