import ClusterModel
import FastJSON
import FoundationEssentials
import IncidentModel

/// Turns evidence into the files of a snapshot.
enum SnapshotEncoder {
    static func files(for evidence: ClusterEvidence) -> [String: Data] {
        var files: [String: Data] = [:]
        var gaps = evidence.gaps
        // Names come from a cluster, which may be hostile: one that cannot be a path inside the snapshot is left out and said so.
        func add(_ path: String, _ gapPath: String, _ content: @autoclosure () -> Data) {
            if SnapshotPath.cleaned(path) == path, SnapshotPath.role(of: path) != nil {
                files[path] = content()
            } else {
                gaps.append(EvidenceGap(path: gapPath, reason: "not recorded: the name cannot be a file name"))
            }
        }
        for (path, items) in evidence.lists.sorted(by: { $0.key < $1.key }) {
            add(path + ".json", path, Data(list(items, at: path).utf8))
        }
        for log in evidence.logs.sorted(by: { $0.path < $1.path }) {
            let isPlain = [log.namespace, log.pod, log.container].allSatisfy { SnapshotPath.isName($0) }
            add(isPlain ? log.path + ".log" : "", log.path, Data(log.text.utf8))
        }
        for (name, content) in evidence.telemetry.sorted(by: { $0.key < $1.key }) {
            add("telemetry/" + name, "telemetry/" + name, content)
        }
        if let graph = evidence.knowledgeGraph { files[SnapshotPath.knowledgeGraph] = Data(graph.utf8) }
        files[SnapshotPath.version] = Data((VersionDocument.json(for: evidence.kubernetesVersion) + "\n").utf8)
        files[SnapshotPath.description] = Data(description(of: evidence, gaps: gaps).utf8)
        return files
    }

    private static func description(of evidence: ClusterEvidence, gaps: [EvidenceGap]) -> String {
        let members: [(key: String, json: String)] = [
            ("format", "\"cluster-snapshot\""),
            ("version", String(SnapshotDecoder.supportedVersion)),
            ("captured_at", JSONText.quote(RFC3339.format(evidence.capturedAt))),
            ("kubernetes_version", JSONText.quote(evidence.kubernetesVersion)),
            ("scope", evidence.namespaces.map { JSONText.array($0.map(JSONText.quote)) } ?? "\"cluster\""),
            (
                "gaps",
                JSONText.array(gaps.map { JSONText.object([("path", JSONText.quote($0.path)), ("reason", JSONText.quote($0.reason))]) })
            ),
        ]
        return "{\n" + members.map { "  \(JSONText.quote($0.key)): \($0.json)" }.joined(separator: ",\n") + "\n}\n"
    }

    private static func list(_ items: [JSONValue], at path: String) -> String {
        let served = ServedResource(path: path, items: items)
        return ListDocument.json(
            kind: served.type.kind + "List", apiVersion: served.type.groupVersion,
            metadata: [("resourceVersion", JSONText.quote(ListDocument.resourceVersion(of: items)))],
            items: SecretRedaction.redacted(items, at: path).map(\.serialized))
    }
}

/// The body of `GET /version`.
enum VersionDocument {
    static func json(for gitVersion: String) -> String {
        let parts = gitVersion.drop { $0 == "v" }.split(separator: ".").map { String($0.prefix { $0.isNumber }) }
        return JSONText.object([
            ("major", JSONText.quote(parts.first ?? "")),
            ("minor", JSONText.quote(parts.count > 1 ? parts[1] : "")),
            ("gitVersion", JSONText.quote(gitVersion)),
            ("gitCommit", "\"\""), ("gitTreeState", "\"\""), ("buildDate", "\"1970-01-01T00:00:00Z\""), ("goVersion", "\"\""),
            ("compiler", "\"\""), ("platform", "\"\""),
        ])
    }
}

/// A List object of the API.
enum ListDocument {
    static func json(kind: String, apiVersion: String, metadata: [(key: String, json: String)], items: [String]) -> String {
        JSONText.object([
            ("kind", JSONText.quote(kind)), ("apiVersion", JSONText.quote(apiVersion)), ("metadata", JSONText.object(metadata)),
            ("items", JSONText.array(items)),
        ])
    }

    /// The newest version among the items: the recorded list's own number is not part of the evidence.
    static func resourceVersion(of items: [JSONValue]) -> String {
        String(items.compactMap { $0["metadata", "resourceVersion"].string.flatMap { Int($0) } }.max() ?? 1)
    }
}
