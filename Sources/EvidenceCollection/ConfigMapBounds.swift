import FastJSON
import IncidentModel

/// Cuts long values of ConfigMaps, and leaves a gap for each ConfigMap that was cut.
struct ConfigMapBounds: Sendable {
    let valueBytes: Int

    func apply(to items: [JSONValue]) -> (items: [JSONValue], gaps: [EvidenceGap]) {
        var gaps: [EvidenceGap] = []
        let bounded = items.map { item in
            let long = item["data"].members.filter { ($0.value.string?.utf8.count ?? 0) > valueBytes }.map(\.key)
            let hasBinary = item["binaryData"].count > 0
            guard !long.isEmpty || hasBinary else { return item }
            if !long.isEmpty { gaps.append(gap(item, keys: long)) }
            return (try? JSONValue(parsing: cut(item))) ?? item
        }
        return (bounded, gaps)
    }

    private func gap(_ item: JSONValue, keys: [String]) -> EvidenceGap {
        let namespace = item["metadata", "namespace"].string ?? ""
        let name = item["metadata", "name"].string ?? ""
        let names = keys.sorted().prefix(5).joined(separator: ", ")
        return EvidenceGap(
            path: "api/v1/namespaces/\(namespace)/configmaps/\(name)", reason: "only the first \(valueBytes) bytes were kept of: \(names)")
    }

    private func cut(_ item: JSONValue) -> String {
        JSONText.object(
            item.members.map { member in
                switch member.key {
                case "data": (member.key, JSONText.object(member.value.members.map { ($0.key, cutValue($0.value)) }))
                // Nothing reads binary values; that the keys exist is all that matters.
                case "binaryData": (member.key, JSONText.object(member.value.members.map { ($0.key, "\"\"") }))
                default: (member.key, member.value.serialized)
                }
            })
    }

    private func cutValue(_ value: JSONValue) -> String {
        guard let text = value.string, text.utf8.count > valueBytes else { return value.serialized }
        // Decoding repairs a character that the cut split.
        return JSONText.quote(String(decoding: text.utf8.prefix(valueBytes), as: UTF8.self))
    }
}
