import ClusterModel
import FastJSON
import IncidentModel

/// The documents by which clients learn what the server has: only what the snapshot recorded, or was refused.
struct Discovery: Sendable {
    /// Served types by list path.
    let types: [String: ResourceType]
    private let documents: [String: String]

    init(_ reader: SnapshotReader) {
        var types: [String: ResourceType] = [:]
        for served in reader.served { types[served.type.path] = served.type }
        // A list that was refused exists: asking for it gives 403, not 404.
        for gap in reader.evidence.gaps {
            if let type = ResourceType.at(path: gap.path), GapReason.isRefusal(gap.reason) { types[type.path] = type }
        }
        self.types = types
        documents = Self.documents(for: types.values.sorted { $0.path < $1.path })
    }

    /// The document at a path of at most three components.
    func document(at components: [String]) -> String? {
        components.count <= 3 ? documents[components.joined(separator: "/")] : nil
    }

    private static func documents(for types: [ResourceType]) -> [String: String] {
        let groups = Dictionary(grouping: types, by: \.group)
        let addresses = "[{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"\"}]"
        var documents = [
            "api": JSONText.object([
                ("kind", "\"APIVersions\""), ("versions", "[\"v1\"]"), ("serverAddressByClientCIDRs", addresses),
            ]),
            "api/v1": resourceList("v1", groups[""] ?? []),
        ]
        var groupTexts: [String] = []
        for (group, members) in groups.sorted(by: { $0.key < $1.key }) where !group.isEmpty {
            let byVersion = Dictionary(grouping: members, by: \.version)
            groupTexts.append(JSONText.object(description(of: group, versions: byVersion.keys.sorted())))
            documents["apis/\(group)"] = JSONText.object(
                [("kind", "\"APIGroup\""), ("apiVersion", "\"v1\"")] + description(of: group, versions: byVersion.keys.sorted()))
            for (version, members) in byVersion {
                documents["apis/\(group)/\(version)"] = resourceList("\(group)/\(version)", members)
            }
        }
        documents["apis"] = JSONText.object([
            ("kind", "\"APIGroupList\""), ("apiVersion", "\"v1\""), ("groups", JSONText.array(groupTexts)),
        ])
        return documents
    }

    private static func description(of group: String, versions: [String]) -> [(key: String, json: String)] {
        let texts = versions.map {
            JSONText.object([("groupVersion", JSONText.quote("\(group)/\($0)")), ("version", JSONText.quote($0))])
        }
        return [("name", JSONText.quote(group)), ("versions", JSONText.array(texts)), ("preferredVersion", texts.first ?? "{}")]
    }

    private static func resourceList(_ groupVersion: String, _ types: [ResourceType]) -> String {
        var resources = types.map { resource($0, verbs: "[\"get\",\"list\",\"watch\"]") }
        if types.contains(.pods) {
            resources.append(
                JSONText.object([
                    ("name", "\"pods/log\""), ("singularName", "\"\""), ("namespaced", "true"), ("kind", "\"Pod\""), ("verbs", "[\"get\"]"),
                ]))
        }
        return JSONText.object([
            ("kind", "\"APIResourceList\""), ("apiVersion", "\"v1\""), ("groupVersion", JSONText.quote(groupVersion)),
            ("resources", JSONText.array(resources)),
        ])
    }

    private static func resource(_ type: ResourceType, verbs: String) -> String {
        var members: [(key: String, json: String)] = [
            ("name", JSONText.quote(type.plural)), ("singularName", JSONText.quote(type.kind.lowercased())),
            ("namespaced", String(type.isNamespaced)), ("kind", JSONText.quote(type.kind)), ("verbs", verbs),
        ]
        if let names = shortNames[type.plural] { members.append(("shortNames", JSONText.array(names.map(JSONText.quote)))) }
        if categorized.contains(type.plural) { members.append(("categories", "[\"all\"]")) }
        return JSONText.object(members)
    }

    // As the API server declares them.
    private static let shortNames = [
        "pods": ["po"], "services": ["svc"], "events": ["ev"], "endpoints": ["ep"], "configmaps": ["cm"], "nodes": ["no"],
        "namespaces": ["ns"], "persistentvolumes": ["pv"], "persistentvolumeclaims": ["pvc"], "resourcequotas": ["quota"],
        "limitranges": ["limits"], "serviceaccounts": ["sa"], "replicationcontrollers": ["rc"], "deployments": ["deploy"],
        "replicasets": ["rs"], "statefulsets": ["sts"], "daemonsets": ["ds"], "cronjobs": ["cj"], "ingresses": ["ing"],
        "networkpolicies": ["netpol"], "horizontalpodautoscalers": ["hpa"], "poddisruptionbudgets": ["pdb"],
        "storageclasses": ["sc"], "priorityclasses": ["pc"],
    ]

    private static let categorized: Set<String> = [
        "pods", "services", "replicationcontrollers", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs",
        "horizontalpodautoscalers",
    ]
}
