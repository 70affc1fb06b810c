/// Finds what carries labels, or what selects by them, without comparing everything with everything.
///
/// It narrows down; who asks still compares whole selectors.
public struct LabelIndex: Sendable {
    private struct Pair: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private let positions: [Pair: [Int]]

    /// Files each entry under all its labels, for `candidates(carrying:in:)`.
    public init(of labels: some Sequence<(namespace: String, labels: [String: String])>) {
        var positions: [Pair: [Int]] = [:]
        for (index, entry) in labels.enumerated() {
            for (key, value) in entry.labels {
                positions[Pair(namespace: entry.namespace, key: key, value: value), default: []].append(index)
            }
        }
        self.positions = positions
    }

    /// Files each selector under the label that fewest others ask for, for `candidates(selecting:in:)`.
    public init(ofSelectors selectors: [(namespace: String, labels: [String: String])]) {
        let all = LabelIndex(of: selectors).positions
        var positions: [Pair: [Int]] = [:]
        for (index, selector) in selectors.enumerated() {
            let pairs = selector.labels.sorted { $0.key < $1.key }.map { Pair(namespace: selector.namespace, key: $0.key, value: $0.value) }
            guard let rarest = pairs.min(by: { (all[$0]?.count ?? 0) < (all[$1]?.count ?? 0) }) else { continue }
            positions[rarest, default: []].append(index)
        }
        self.positions = positions
    }

    /// Positions, ascending, of entries that may carry all of these labels; none for no labels.
    public func candidates(carrying labels: [String: String], in namespace: String) -> [Int] {
        var fewest: [Int]?
        for (key, value) in labels {
            guard let found = positions[Pair(namespace: namespace, key: key, value: value)] else { return [] }
            // Lists of equal length may differ, and dictionaries have no order: the first position decides.
            if let best = fewest, (best.count, best.first ?? 0) <= (found.count, found.first ?? 0) { continue }
            fewest = found
        }
        return fewest ?? []
    }

    /// Positions, ascending, of selectors that may select an entry with these labels.
    public func candidates(selecting labels: [String: String], in namespace: String) -> [Int] {
        labels.flatMap { positions[Pair(namespace: namespace, key: $0.key, value: $0.value)] ?? [] }.sorted()
    }
}
