import ClusterModel
import FastJSON

/// A recorded list together with its type, which for types that no investigation reads is derived from the list itself.
struct ServedResource: Sendable {
    let type: ResourceType
    let items: [JSONValue]

    init(path: String, items: [JSONValue]) {
        self.items = items
        type = ResourceType.at(path: path) ?? Self.derivedType(path, items)
    }

    private static func derivedType(_ path: String, _ items: [JSONValue]) -> ResourceType {
        let parts = path.split(separator: "/").map(String.init)
        let plural = parts.last ?? ""
        // Lists of custom resources do carry a kind in every item.
        let kind = items.first?["kind"].string ?? Self.singular(plural)
        return ResourceType(
            group: parts.count > 3 ? parts[1] : "", version: parts.count > 3 ? parts[2] : parts.dropFirst().first ?? "", plural: plural,
            kind: kind, isNamespaced: items.contains { $0["metadata", "namespace"].string != nil })
    }

    private static func singular(_ plural: String) -> String {
        let stem = plural.hasSuffix("ies") ? plural.dropLast(3) + "y" : plural.hasSuffix("s") ? plural.dropLast() : plural[...]
        return stem.prefix(1).uppercased() + stem.dropFirst()
    }
}
