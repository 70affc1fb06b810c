internal import ClusterModel
internal import FastJSON
internal import FoundationEssentials
internal import IncidentModel

/// A document that a program could not parse when it started, among the files that a ConfigMap gives it: then the ConfigMap is at fault,
/// and not the program.
///
/// Sources of the words: V8's `JSON.parse`, Python's `json`, Go's `encoding/json`, Jackson, `System.Text.Json`, serde, PHP.
struct MalformedDocument {
    let configMap: ConfigMap
    /// The file that does not parse, where that can be seen.
    let key: String?

    private static let words = [
        "in json at", "is not valid json", "json input", "jsondecodeerror", "expecting value: line", "expecting property name",
        "expecting ',' delimiter", "jsonparseexception", "tomldecodeerror", "jsonexception", "jsonreaderexception", "json.parse",
        "unexpected end of json", "syntax error in json", "is an invalid start of a",
        "trailing comma", "json: cannot unmarshal", "invalid json",
    ]
    /// What came over the network is no configuration.
    private static let others = ["response", "request", "http://", "https://", "body", "message queue", "payload"]

    /// - Returns: `nil` where the words speak of no document, or where no ConfigMap's file can be meant.
    init?(_ said: LogFinding, _ container: ContainerCase) {
        let text = [said.detail ?? "", said.line.message].joined(separator: " ").lowercased()
        guard container.isDown, Phrase.containsAny(text, Self.words), !Phrase.containsAny(text, Self.others) else { return nil }
        let maps = Self.mounted(container)
        if let broken = maps.lazy.compactMap({ map in Self.brokenJSON(map).map { (map: map, key: $0) } }).first {
            configMap = broken.map
            key = broken.key
            isProven = true
        } else if maps.count == 1, let map = maps.first, !map.keys.allSatisfy({ $0.hasSuffix(".json") }) {
            configMap = map
            key = map.keys.count == 1 ? map.keys.first : nil
            isProven = false
        } else {
            return nil
        }
    }

    /// Whether the file itself does not parse.
    private let isProven: Bool

    func apply(to finding: inout Finding, _ container: ContainerCase) {
        finding.cause = .configurationInvalid
        let file = key.map { "file \($0)" } ?? "a file"
        finding.statement =
            "\(container.place.capitalizedFirst) cannot parse \(file) of ConfigMap \(configMap.name): \(finding.details["exception"] ?? "it is malformed")."
        finding.details["reference"] = configMap.name
        finding.details["key"] = key
        finding.details["signal"] = nil
        finding.changedFields = ["volumes", "envFrom"]
        finding.changedObjects.append(configMap.reference)
        if isProven {
            finding.confidence += 0.08
            finding.reasons.append("the file in the ConfigMap is no valid JSON")
        } else {
            finding.confidence -= 0.12
            finding.against.append("the log does not say which document it is")
        }
        finding.citations.append(
            .field(
                configMap.reference, key.map { "data[\($0)]" } ?? "data",
                isProven ? "does not parse as JSON" : "mounted in the container"))
    }

    /// ConfigMaps whose keys are files of the container; the certificates that every pod gets are not among them.
    private static func mounted(_ container: ContainerCase) -> [ConfigMap] {
        let volumes = Set(container.container.mounts.map(\.volume))
        let names = container.pod.spec.volumes.filter { volumes.contains($0.name) }.compactMap { volume -> String? in
            if case .configMap(let reference) = volume.source { reference.name } else { nil }
        }
        return Set(names).sorted().compactMap { container.context.view.configMaps[container.pod.namespace, $0] }
    }

    private static func brokenJSON(_ map: ConfigMap) -> String? {
        map.data.keys.sorted().first { $0.hasSuffix(".json") && isBroken(map.data[$0]) }
    }

    private static func isBroken(_ text: String?) -> Bool {
        guard let text else { return false }
        return (try? JSONValue(parsing: text)) == nil
    }
}
