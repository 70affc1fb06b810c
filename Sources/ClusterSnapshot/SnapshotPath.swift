import ClusterModel

/// The names of files inside a snapshot: which exist, and which are safe to use at all.
enum SnapshotPath {
    static let description = "snapshot.json"
    static let version = "version.json"
    static let knowledgeGraph = "knowledge_graph.yaml"

    /// A relative path without `.`, or `nil` for one that is absolute, climbs with `..` or holds control characters.
    static func cleaned(_ path: String) -> String? {
        guard !path.hasPrefix("/"), !path.isEmpty else { return nil }
        let parts = path.split(separator: "/").filter { $0 != "." }
        guard !parts.isEmpty, parts.allSatisfy({ isName($0) }) else { return nil }
        return parts.joined(separator: "/")
    }

    /// Whether `name` can be one component of a path.
    static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
            && name.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") && $0 >= 0x20 && $0 != 0x7F }
    }

    /// What a file of a snapshot holds; `nil` for a file that is none of its own.
    static func role(of path: String) -> Role? {
        let parts = path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("snapshot.json", 1): return .description
        case ("version.json", 1): return .version
        case ("knowledge_graph.yaml", 1): return .knowledgeGraph
        case ("api", 3), ("apis", 4):
            guard path.hasSuffix(".json") else { return nil }
            return .list(path: String(path.dropLast(".json".count)))
        case ("logs", 4):
            guard let file = parts.last, file.hasSuffix(".log") else { return nil }
            let stem = String(file.dropLast(".log".count))
            let isPrevious = stem.hasSuffix(".previous")
            return .log(
                namespace: parts[1], pod: parts[2], container: isPrevious ? String(stem.dropLast(".previous".count)) : stem,
                isPrevious: isPrevious)
        case ("telemetry", 2): return .telemetry(name: parts[1])
        default: return nil
        }
    }

    enum Role: Equatable {
        case description, version, knowledgeGraph
        case list(path: String)
        case log(namespace: String, pod: String, container: String, isPrevious: Bool)
        case telemetry(name: String)
    }
}
