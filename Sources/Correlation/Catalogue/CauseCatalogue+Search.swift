public import IncidentModel

extension CauseCatalogue {
    /// The code that a person means: by its name without regard to case, hyphens or underscores.
    public static func code(named word: String) -> CauseCode? {
        let wanted = folded(word)
        return CauseCode.allCases.first { folded($0.rawValue) == wanted }
    }

    /// Codes that somebody may have meant, nearest first; always some.
    public static func nearest(to word: String, limit: Int = 3) -> [CauseCode] {
        let wanted = folded(word)
        let ranked = CauseCode.allCases.map { code in (distance: distance(folded(code.rawValue), wanted), code: code) }
        return ranked.sorted { ($0.distance, $0.code.rawValue) < ($1.distance, $1.code.rawValue) }.prefix(limit).map(\.code)
    }

    private static func folded(_ word: String) -> String { word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " } }

    // A code that has the word in it is nearer than any that is merely spelt like it.
    private static func distance(_ code: String, _ word: String) -> Int {
        if !word.isEmpty, code.contains(word) { return code.hasPrefix(word) ? 0 : 1 }
        let longest = max(code.utf8.count, word.utf8.count)
        return 2 + (EditDistance.between(code, String(word.prefix(64)), atMost: longest) ?? longest)
    }

    /// The chapters with their codes, for an overview.
    public static var chapters: [(group: CauseGroup, entries: [CauseEntry])] {
        CauseGroup.allCases.map { group in (group, entries.filter { $0.group == group }) }
    }
}
