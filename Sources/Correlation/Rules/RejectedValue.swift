internal import ClusterModel
internal import IncidentModel

/// A value that a program could not read, found among the settings of its container: then the setting is at fault, and not the program.
///
/// Sources of the words: CPython's `int()` and `float()`, Java's `Integer.parseInt` and enums, Go's `strconv` and `time`, .NET's `Parse`, Node's
/// `URL`, Ruby's `Integer()`, Rust's `FromStr`.
struct RejectedValue {
    let variable: String
    let value: String
    /// The ConfigMap that gives the variable its value.
    let configMap: (name: String, key: String)?

    private static let words = [
        "invalid literal for", "could not convert string to", "for input string", "invalid syntax", "not in a correct format",
        "invalid url", "cannot parse", "could not parse", "unable to parse", "is not a valid", "no enum constant", "invalid value",
        "converting", "invalid duration", "unknown unit", "invalid integer", "invalid digit",
    ]

    /// - Returns: `nil` where the words speak of no conversion, or where no setting, or more than one, has the value they quote.
    init?(_ said: LogFinding, _ container: ContainerCase) {
        let text = [said.detail ?? "", said.line.message].joined(separator: " ")
        guard Phrase.containsAny(text.lowercased(), Self.words) else { return nil }
        let quoted = Self.quoted(in: text)
        let matches = Self.settings(container).filter { quoted.contains($0.value) }
        guard let first = matches.first, matches.allSatisfy({ $0.variable == first.variable }) else { return nil }
        self = first
    }

    private init(variable: String, value: String, configMap: (name: String, key: String)? = nil) {
        self.variable = variable
        self.value = value
        self.configMap = configMap
    }

    func apply(to finding: inout Finding, _ container: ContainerCase) {
        let shown = Citation.cut(CredentialMask.masked(value, of: variable))
        finding.cause = .configurationInvalid
        finding.statement = "\(container.place.capitalizedFirst) cannot read the value \"\(shown)\" of its variable \(variable)."
        finding.confidence += 0.05
        finding.details["exception"] = nil
        finding.details["signal"] = nil
        finding.details.merge(["field": "env", "key": variable, "found": shown]) { $1 }
        finding.changedFields = ["env", "envFrom"]
        finding.reasons.append("the value that its log rejects is that of variable \(variable)")
        if let configMap {
            let reference = ObjectReference(kind: "ConfigMap", namespace: container.pod.namespace, name: configMap.name)
            finding.details["reference"] = configMap.name
            finding.changedObjects.append(reference)
            finding.citations.append(.field(reference, "data.\(configMap.key)", shown))
        } else {
            finding.citations.append(
                .field(container.pod.reference, "spec.containers[\(container.name)].env[\(variable)].value", shown))
        }
    }

    private static func settings(_ container: ContainerCase) -> [RejectedValue] {
        let namespace = container.pod.namespace
        let maps = container.context.view.configMaps
        var found = container.container.env.compactMap { variable -> RejectedValue? in
            switch variable.source {
            case .value(let value): return RejectedValue(variable: variable.name, value: value)
            case .configMapKey(let name, let key, _):
                return maps[namespace, name]?.data[key].map {
                    RejectedValue(variable: variable.name, value: $0.trimmed, configMap: (name, key))
                }
            case .secretKey, .field, .resource: return nil
            }
        }
        for source in container.container.envFrom where source.kind == .configMap {
            for (key, value) in (maps[namespace, source.name]?.data ?? [:]).sorted(by: { $0.key < $1.key }) {
                found.append(RejectedValue(variable: source.prefix + key, value: value.trimmed, configMap: (source.name, key)))
            }
        }
        return found
    }

    /// What stands between two quotes of a kind.
    private static func quoted(in text: String) -> Set<String> {
        var result: Set<String> = []
        for quote: Character in ["'", "\"", "`"] {
            let parts = text.split(separator: quote, omittingEmptySubsequences: false)
            // Every part but the first and the last stands between two quotes; which of them open and close, nobody knows.
            result.formUnion(parts.dropFirst().dropLast().map(String.init).filter { !$0.isEmpty })
        }
        return result
    }
}
