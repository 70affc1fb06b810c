import ClusterModel
import FastJSON
import FoundationEssentials
import IncidentModel

/// Turns the files of a snapshot into evidence. What cannot be read becomes a gap and costs nothing else.
struct SnapshotDecoder {
    /// Newest format this program reads.
    static let supportedVersion = 1

    /// Where the snapshot came from, for messages.
    let source: String

    func evidence(from files: [String: Data], broken: [String: String]) throws(SnapshotError) -> ClusterEvidence {
        var evidence = try description(files[SnapshotPath.description])
        if let version = files[SnapshotPath.version].flatMap({ try? JSONValue(parsing: $0) })?["gitVersion"].string {
            if evidence.kubernetesVersion.isEmpty { evidence.kubernetesVersion = version }
        }
        for (path, reason) in broken.sorted(by: { $0.key < $1.key }) {
            evidence.gaps.append(EvidenceGap(path: Self.gapPath(of: path), reason: "unreadable file: \(reason)"))
        }
        for (path, content) in files.sorted(by: { $0.key < $1.key }) { add(content, at: path, to: &evidence) }
        return evidence
    }

    private func add(_ content: Data, at path: String, to evidence: inout ClusterEvidence) {
        switch SnapshotPath.role(of: path) {
        case .list(let list):
            let (items, problem) = Self.items(of: content)
            if let items {
                evidence.lists[list] = SecretRedaction.redacted(items, at: list)
            } else {
                evidence.gaps.append(EvidenceGap(path: list, reason: "broken file: \(problem)"))
            }
        case .log(let namespace, let pod, let container, let isPrevious):
            evidence.logs.append(
                ContainerLog(
                    namespace: namespace, pod: pod, container: container, isPrevious: isPrevious,
                    text: String(decoding: content, as: UTF8.self)))
        case .telemetry(let name): evidence.telemetry[name] = Data(content)
        case .knowledgeGraph: evidence.knowledgeGraph = String(decoding: content, as: UTF8.self)
        case .description, .version, nil: break
        }
    }

    private func description(_ content: Data?) throws(SnapshotError) -> ClusterEvidence {
        guard let content else { throw .notASnapshot(path: source, reason: "it has no \(SnapshotPath.description)") }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: content)
        } catch {
            throw .notASnapshot(path: source, reason: "\(SnapshotPath.description) is \(error)")
        }
        guard json["format"].string == "cluster-snapshot" else {
            throw .notASnapshot(path: source, reason: "\(SnapshotPath.description) does not say \"format\": \"cluster-snapshot\"")
        }
        guard let version = json["version"].int else {
            throw .notASnapshot(path: source, reason: "\(SnapshotPath.description) has no version")
        }
        guard version <= Self.supportedVersion else {
            throw .unsupportedVersion(path: source, found: version, supported: Self.supportedVersion)
        }
        guard let capturedAt = json["captured_at"].string.flatMap(RFC3339.parse) else {
            throw .notASnapshot(path: source, reason: "captured_at in \(SnapshotPath.description) is no RFC 3339 time")
        }
        let gaps = json["gaps"].array.compactMap { gap in
            gap["path"].string.map { EvidenceGap(path: $0, reason: gap["reason"].string ?? "not recorded") }
        }
        return ClusterEvidence(
            capturedAt: capturedAt, kubernetesVersion: json["kubernetes_version"].string ?? "",
            namespaces: json["scope"].kind == .array ? json["scope"].strings : nil, gaps: gaps)
    }

    /// The items, or what is wrong with the file.
    private static func items(of content: Data) -> (items: [JSONValue]?, problem: String) {
        let list: JSONValue
        do {
            list = try JSONValue(parsing: content)
        } catch {
            return (nil, error.description)
        }
        if list["items"].kind == .array { return (list["items"].array, "") }
        // A list without items is what Go writes for an empty slice: `"items": null`.
        return list.kind == .object && list["items"].kind == .null ? ([], "") : (nil, "it is no list with items")
    }

    /// A list's file is named for its path, and so is its gap.
    private static func gapPath(of path: String) -> String {
        switch SnapshotPath.role(of: path) {
        case .list(let list): list
        case .log: String(path.dropLast(".log".count))
        default: path
        }
    }
}
