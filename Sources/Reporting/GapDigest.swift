import IncidentModel

/// What could not be read, in few lines: lists of one place that are missing for one reason are one line.
struct GapDigest {
    let lines: [String]

    /// Names that one line gives; more are counted.
    private static let mostNames = 6
    private static let telling = ["pods", "events", "deployments", "services", "nodes"]

    private struct Place: Hashable {
        enum Kind: Hashable { case lists, logs, other(String) }
        let namespace: String
        let kind: Kind
        let reason: String
    }

    init(_ gaps: [EvidenceGap]) {
        var order: [Place] = []
        var names: [Place: [String]] = [:]
        for gap in gaps {
            let (place, name) = Self.read(gap)
            if names[place] == nil { order.append(place) }
            names[place, default: []].append(name)
        }
        let ranked = order.enumerated().map { (rank: Self.rank($1, names[$1] ?? []), index: $0, place: $1) }
        lines = ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map { Self.line($0.place, names[$0.place] ?? []) }
    }

    /// What an SRE misses most comes first: pods, events and the like, then logs, then the rest.
    private static func rank(_ place: Place, _ names: [String]) -> Int {
        if place.kind == .logs { return telling.count }
        return names.compactMap { telling.firstIndex(of: $0) }.min() ?? telling.count + 1
    }

    /// `api/v1/namespaces/shop/pods` is the list of pods in `shop`, `apis/apps/v1/deployments` that of all Deployments.
    private static func read(_ gap: EvidenceGap) -> (Place, String) {
        let parts = gap.path.split(separator: "/").map(String.init)
        if parts.first == "logs" {
            let name = parts.dropFirst(2).joined(separator: "/")
            return (Place(namespace: parts.count > 1 ? parts[1] : "", kind: .logs, reason: gap.reason), name)
        }
        let rest = parts.first == "api" ? parts.dropFirst(2) : parts.first == "apis" ? parts.dropFirst(3) : []
        if rest.count == 3, rest.first == "namespaces", let name = rest.last {
            return (Place(namespace: rest[rest.startIndex + 1], kind: .lists, reason: gap.reason), name)
        }
        if rest.count == 1, let name = rest.first, !name.contains("[") {
            return (Place(namespace: "", kind: .lists, reason: gap.reason), name)
        }
        return (Place(namespace: "", kind: .other(gap.path), reason: gap.reason), gap.path)
    }

    private static func line(_ place: Place, _ names: [String]) -> String {
        let known = names.filter(telling.contains) + names.filter { !telling.contains($0) }
        let shown = known.prefix(mostNames).joined(separator: ", ")
        let list = shown + (known.count > mostNames ? " and \(known.count - mostNames) more" : "")
        let head: String
        switch place.kind {
        case .other(let path): head = path
        case .logs: head = (names == [""] ? "all logs" : "logs of \(list)") + (place.namespace.isEmpty ? "" : " in \(place.namespace)")
        case .lists: head = list + (place.namespace.isEmpty ? "" : " in \(place.namespace)")
        }
        return "\(head): \(place.reason)"
    }
}
