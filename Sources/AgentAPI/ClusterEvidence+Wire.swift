public import ClusterModel
public import FastJSON
public import FoundationEssentials
import IncidentModel

/// Why bytes are not evidence in its wire form.
public struct EvidenceWireError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, naming the member.
    public let message: String

    public var description: String { "no cluster evidence: \(message)" }
}

extension ClusterEvidence {
    /// Reads evidence from its wire form. Items stay handles into the one parsed document, nothing is written out again.
    ///
    /// Strict about the frame, so that no stray JSON passes for an empty cluster; tolerant about items, which `ClusterView` judges.
    /// - Throws: `EvidenceWireError` naming what is missing or of the wrong type.
    public init(wire bytes: UnsafeRawBufferPointer) throws(EvidenceWireError) {
        let root: JSONValue
        do { root = try JSONValue(parsing: bytes) } catch { throw EvidenceWireError(message: error.description) }
        try self.init(wire: root)
    }

    /// Reads evidence from its wire form. See `init(wire:)` for bytes.
    public init(wire data: Data) throws(EvidenceWireError) {
        self = try data.withUnsafeBytes { bytes in Result { () throws(EvidenceWireError) in try ClusterEvidence(wire: bytes) } }.get()
    }

    /// Reads evidence from its parsed wire form. See `init(wire:)` for bytes.
    public init(wire root: JSONValue) throws(EvidenceWireError) {
        guard root.kind == .object else { throw EvidenceWireError(message: "the document is not an object") }
        let frame = EvidenceFrame(root: root)
        self.init(
            capturedAt: try frame.capturedAt(), kubernetesVersion: try frame.text("kubernetes_version"),
            namespaces: try frame.namespaces(), gaps: try frame.gaps(), lists: try frame.lists(), logs: try frame.logs(),
            telemetry: try frame.telemetry(), knowledgeGraph: root["knowledge_graph"].string)
    }
}

/// Reads the members around the items, each with its own complaint.
private struct EvidenceFrame {
    let root: JSONValue

    func text(_ key: String) throws(EvidenceWireError) -> String {
        guard let text = root[key].string else { throw EvidenceWireError(message: "'\(key)' must be a string") }
        return text
    }

    func capturedAt() throws(EvidenceWireError) -> Date {
        guard let time = RFC3339.parse(try text("captured_at")) else {
            throw EvidenceWireError(message: "'captured_at' must be an RFC 3339 time")
        }
        return time
    }

    func namespaces() throws(EvidenceWireError) -> [String]? {
        let value = root["namespaces"]
        if value.isNothing { return nil }
        let names = value.strings
        guard value.kind == .array, names.count == value.count else {
            throw EvidenceWireError(message: "'namespaces' must be null or an array of strings")
        }
        return names
    }

    func gaps() throws(EvidenceWireError) -> [EvidenceGap] {
        try array("gaps").map { gap throws(EvidenceWireError) in
            guard let path = gap["path"].string, let reason = gap["reason"].string else {
                throw EvidenceWireError(message: "'gaps' must hold objects with 'path' and 'reason'")
            }
            return EvidenceGap(path: path, reason: reason)
        }
    }

    func lists() throws(EvidenceWireError) -> [String: [JSONValue]] {
        guard root["lists"].kind == .object else { throw EvidenceWireError(message: "'lists' must be an object") }
        var lists: [String: [JSONValue]] = [:]
        for (path, items) in root["lists"].members {
            guard items.kind == .array else { throw EvidenceWireError(message: "'lists' must hold arrays only") }
            lists[path] = items.array
        }
        return lists
    }

    func logs() throws(EvidenceWireError) -> [ContainerLog] {
        try array("logs").map { log throws(EvidenceWireError) in
            guard let namespace = log["namespace"].string, let pod = log["pod"].string, let container = log["container"].string,
                let text = log["text"].string
            else { throw EvidenceWireError(message: "'logs' must hold objects with 'namespace', 'pod', 'container' and 'text'") }
            return ContainerLog(
                namespace: namespace, pod: pod, container: container, isPrevious: log["previous"].bool ?? false, text: text)
        }
    }

    func telemetry() throws(EvidenceWireError) -> [String: Data] {
        let value = root["telemetry"]
        guard value.isNothing || value.kind == .object else { throw EvidenceWireError(message: "'telemetry' must be an object") }
        var files: [String: Data] = [:]
        for (name, content) in value.members {
            if let text = content.string {
                files[name] = Data(text.utf8)
            } else if let data = content["base64"].string.flatMap({ Data(base64Encoded: $0) }) {
                files[name] = data
            } else {
                throw EvidenceWireError(message: "'telemetry' must hold strings, or objects with 'base64'")
            }
        }
        return files
    }

    private func array(_ key: String) throws(EvidenceWireError) -> [JSONValue] {
        guard root[key].kind == .array else { throw EvidenceWireError(message: "'\(key)' must be an array") }
        return root[key].array
    }
}
