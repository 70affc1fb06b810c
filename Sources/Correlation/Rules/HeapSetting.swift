internal import ClusterModel
internal import IncidentModel

/// The heap that a runtime is told to use, where that is more than its container may: the JVM's `-Xmx`, V8's `--max-old-space-size`.
struct HeapSetting {
    /// As it is written, such as `-Xmx3g`.
    let text: String
    /// Bytes.
    let size: Double
    /// The variable that holds it; `nil` for an argument.
    let variable: String?

    init?(_ container: Container) {
        let variables = container.env.compactMap { variable -> (String?, String)? in
            if case .value(let value) = variable.source { (variable.name, value) } else { nil }
        }
        let all = variables + (container.command + container.args).map { (nil, $0) }
        for (name, value) in all {
            for word in value.split(whereSeparator: { $0.isWhitespace || $0 == "\"" }) {
                guard let size = Self.size(word) else { continue }
                (text, self.size, variable) = (String(word), size, name)
                return
            }
        }
        return nil
    }

    private static func size(_ word: Substring) -> Double? {
        if word.hasPrefix("--max-old-space-size=") { return Double(word.dropFirst(21)).map { $0 * 1_048_576 } }
        guard word.hasPrefix("-Xmx"), let number = Double(word.dropFirst(4).prefix { $0.isNumber }) else { return nil }
        let unit: Double =
            switch word.last?.lowercased() {
            case "k": 1_024
            case "m": 1_048_576
            case "g": 1_073_741_824
            case "t": 1_099_511_627_776
            default: 1
            }
        return number * unit
    }

    /// Whether the heap alone fills the limit: a runtime needs a good part of it for other things.
    func fills(_ limit: String) -> Bool { Quantity(limit).map { size >= 0.95 * $0.value } ?? false }
}
