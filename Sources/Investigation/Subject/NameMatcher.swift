internal import Correlation
internal import IncidentModel

/// Holds words against names that exist: exact, by pod name of a replaced pod, by label or host, and by typo.
struct NameMatcher {
    struct Match: Sendable {
        let object: ObjectReference
        let score: Int
    }

    let inventory: Inventory

    /// Words that are names of things in general; they name an object only where they are labelled so.
    private static let common: Set<String> = [
        "api", "app", "web", "service", "services", "server", "node", "nodes", "pod", "pods", "job", "jobs", "database", "cluster", "error",
        "errors", "release", "default", "test",
        "the", "all", "is", "in", "on", "of", "no", "not", "and", "for", "ready", "down", "up", "warning", "critical", "severity",
        "alertname", "container", "state", "reason",
    ]

    // MARK: Namespaces

    /// Namespaces that the reporter named, in the field or in the text; empty where none was.
    func namespaces(of reading: DescriptionReading, hint: String?) -> [String] {
        if let hint, !hint.isEmpty { return [existing(hint) ?? hint] }
        let labelled = reading.mentions.filter { $0.role == "namespace" }.compactMap { existing($0.word) }
        if !labelled.isEmpty { return unique(labelled) }
        let bare = reading.mentions.filter { $0.role == nil && !Self.common.contains($0.word) }.map(\.word).filter(
            inventory.namespaces.contains)
        if !bare.isEmpty { return unique(bare) }
        // A typo in a namespace is believed only in a word that is no object's name.
        let names = Set(inventory.entries.map(\.object.name))
        let near = reading.mentions.filter {
            $0.role == nil && $0.word.count >= 5 && !names.contains($0.word) && !Self.common.contains($0.word)
        }.compactMap { existing($0.word) }
        return unique(Array(near.prefix(1)))
    }

    private func existing(_ word: String) -> String? {
        if inventory.namespaces.contains(word) { return word }
        guard word.count >= 4 else { return nil }
        return inventory.namespaces.compactMap { name in
            EditDistance.between(name, word, atMost: word.count >= 8 ? 2 : 1).map { (name, $0) }
        }
        .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    private func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    // MARK: Objects

    /// Objects that the words name, best first.
    func objects(of reading: DescriptionReading, in namespaces: [String]) -> [Match] {
        let entries = inventory.entries.filter { entry in
            namespaces.isEmpty || entry.object.namespace.map(namespaces.contains) ?? true
        }
        return matches(reading, entries, allowsTypos: true)
    }

    /// Objects of exactly these names in other namespaces than the reporter's.
    func exactObjects(of reading: DescriptionReading, outside namespaces: [String]) -> [Match] {
        let entries = inventory.entries.filter { entry in entry.object.namespace.map { !namespaces.contains($0) } ?? false }
        // Only words that look like names of one thing: with a dash, or labelled.
        var narrowed = reading
        narrowed.mentions = reading.mentions.filter { $0.role != nil && $0.role != "namespace" || $0.word.contains("-") }
        return matches(narrowed, entries, allowsTypos: false)
    }

    private func matches(_ reading: DescriptionReading, _ entries: [Inventory.Entry], allowsTypos: Bool) -> [Match] {
        let index = Dictionary(grouping: entries.filter { $0.object.kind != "Pod" || $0.workload == nil }, by: \.object.name)
        let pods = Dictionary(grouping: entries.filter { $0.object.kind == "Pod" && $0.workload != nil }, by: \.object.name)
        var aliases: [String: [Inventory.Entry]] = [:]
        for entry in entries where entry.workload == nil {
            for alias in entry.aliases { aliases[alias.lowercased(), default: []].append(entry) }
        }
        var result: [ObjectReference: Int] = [:]
        func note(_ entry: Inventory.Entry, _ score: Int) { result[entry.object] = max(result[entry.object] ?? 0, score) }
        for mention in reading.mentions where mention.role != "namespace" && mention.role != "container" {
            let word = mention.word
            let isLabelled = mention.role != nil
            if Self.common.contains(word) && !isLabelled { continue }
            let bonus = isLabelled ? 1 : 0
            for pod in pods[word] ?? [] { note(pod, 10 + bonus) }
            for entry in index[word] ?? [] { note(entry, 9 + bonus) }
            if result.values.contains(where: { $0 >= 9 }), index[word] != nil || pods[word] != nil { continue }
            let stale = staleOwner(of: word, index)
            for entry in stale { note(entry, 8 + bonus) }
            for entry in aliases[word] ?? [] { note(entry, 7 + bonus) }
            if allowsTypos && stale.isEmpty && aliases[word] == nil { for entry in nearby(word, index) { note(entry, 5 + bonus) } }
        }
        return result.map { Match(object: $0.key, score: $0.value) }
            .sorted { ($0.score, Self.precedence($1.object.kind), $1.object) > ($1.score, Self.precedence($0.object.kind), $0.object) }
    }

    // `name-5d4f8c7b9-x2x4p` of a pod that is gone still names its workload; so does `name-0`, and a Job's `name-28123456-abcde`.
    private func staleOwner(of word: String, _ index: [String: [Inventory.Entry]]) -> [Inventory.Entry] {
        let parts = word.split(separator: "-").map(String.init)
        for dropped in 1...2 where parts.count > dropped {
            let tail = parts.suffix(dropped)
            guard tail.allSatisfy({ $0.count <= 10 && ($0.contains(where: \.isNumber) || $0.count == 5) }) else { continue }
            let stem = parts.dropLast(dropped).joined(separator: "-")
            if let found = index[stem] { return found }
            let near = nearby(stem, index)
            if dropped == 2 && !near.isEmpty { return near }
        }
        return []
    }

    // Two letters off in a long word, one in a short one; dashes forgotten; and no second name that is as near.
    private func nearby(_ word: String, _ index: [String: [Inventory.Entry]]) -> [Inventory.Entry] {
        guard word.count >= 5 else { return [] }
        let limit = word.count >= 9 ? 2 : 1
        let candidates = index.keys.filter { $0.count >= 4 }.compactMap { name -> (String, Int)? in
            if name.filter({ $0 != "-" }) == word.filter({ $0 != "-" }) { return (name, 0) }
            return EditDistance.between(name, word, atMost: limit).map { (name, $0) }
        }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let best = candidates.first else { return [] }
        if candidates.count > 1 && candidates[1].1 == best.1 && best.1 > 0 { return [] }
        return index[best.0] ?? []
    }

    // Of one name for many kinds the workload is what people mean; the Service comes next.
    private static func precedence(_ kind: String) -> Int {
        switch kind {
        case "Pod": 0
        case "Deployment", "StatefulSet", "DaemonSet", "CronJob": 1
        case "Job": 2
        case "Service": 3
        case "Ingress": 4
        default: 5
        }
    }
}
