public import ClusterModel
import FastJSON
public import FoundationEssentials
import IncidentModel

/// Evidence as JSON text, made piece by piece so that a large cluster need not lie in memory twice.
///
/// ```json
/// {"captured_at":"…","kubernetes_version":"…","namespaces":["shop"],"gaps":[{"path":"…","reason":"…"}],
///  "lists":{"api/v1/pods":[{…}]},"logs":[{"namespace":"…","pod":"…","container":"…","previous":false,"text":"…"}],
///  "telemetry":{"alerts.json":"…"},"knowledge_graph":"…"}
/// ```
/// `namespaces` is `null` where all were read; `telemetry` and `knowledge_graph` are left out where there are none. A telemetry file
/// that is not UTF-8 is written as `{"base64":"…"}`.
public struct EvidenceWireForm: Sendable, Sequence {
    private enum Piece: Sendable {
        case text(String)
        case item(JSONValue, isFirst: Bool)
        case log(ContainerLog, isFirst: Bool)
    }

    private let pieces: [Piece]

    /// Prepares the wire form; the text itself is made while iterating.
    public init(_ evidence: ClusterEvidence) {
        var pieces: [Piece] = [.text(Self.head(evidence) + ",\"lists\":{")]
        for (index, list) in evidence.lists.sorted(by: { $0.key < $1.key }).enumerated() {
            pieces.append(.text((index == 0 ? "" : ",") + JSONText.quote(list.key) + ":["))
            pieces += list.value.enumerated().map { .item($1, isFirst: $0 == 0) }
            pieces.append(.text("]"))
        }
        pieces.append(.text("},\"logs\":["))
        pieces += evidence.logs.enumerated().map { .log($1, isFirst: $0 == 0) }
        pieces.append(.text("]" + Self.tail(evidence) + "}"))
        self.pieces = pieces
    }

    /// Pieces of the text in order; one alone is no valid JSON.
    public func makeIterator() -> some IteratorProtocol<String> {
        pieces.lazy.map(Self.render).makeIterator()
    }

    /// The whole text.
    public var data: Data {
        var data = Data()
        for piece in self { data.append(contentsOf: piece.utf8) }
        return data
    }

    private static func render(_ piece: Piece) -> String {
        switch piece {
        case .text(let text): text
        case .item(let item, let isFirst): isFirst ? item.serialized : "," + item.serialized
        case .log(let log, let isFirst): (isFirst ? "" : ",") + render(log)
        }
    }

    private static func render(_ log: ContainerLog) -> String {
        JSONText.object([
            ("namespace", JSONText.quote(log.namespace)), ("pod", JSONText.quote(log.pod)), ("container", JSONText.quote(log.container)),
            ("previous", log.isPrevious ? "true" : "false"), ("text", JSONText.quote(log.text)),
        ])
    }

    private static func head(_ evidence: ClusterEvidence) -> String {
        let gaps = evidence.gaps.map { gap in
            JSONText.object([("path", JSONText.quote(gap.path)), ("reason", JSONText.quote(gap.reason))])
        }
        let members: [(key: String, json: String)] = [
            ("captured_at", JSONText.quote(RFC3339.format(evidence.capturedAt, fraction: true))),
            ("kubernetes_version", JSONText.quote(evidence.kubernetesVersion)),
            ("namespaces", evidence.namespaces.map { JSONText.array($0.map(JSONText.quote)) } ?? "null"),
            ("gaps", JSONText.array(gaps)),
        ]
        return String(JSONText.object(members).dropLast())
    }

    private static func tail(_ evidence: ClusterEvidence) -> String {
        var text = ""
        if !evidence.telemetry.isEmpty {
            let files = evidence.telemetry.sorted { $0.key < $1.key }.map { (key: $0.key, json: file($0.value)) }
            text += ",\"telemetry\":" + JSONText.object(files)
        }
        if let graph = evidence.knowledgeGraph { text += ",\"knowledge_graph\":" + JSONText.quote(graph) }
        return text
    }

    private static func file(_ data: Data) -> String {
        guard let text = String(validating: data, as: UTF8.self) else {
            return JSONText.object([("base64", JSONText.quote(data.base64EncodedString()))])
        }
        return JSONText.quote(text)
    }
}
