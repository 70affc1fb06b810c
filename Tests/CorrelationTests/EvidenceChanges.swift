import ClusterModel
import FastJSON
import Foundation

/// Ways to change evidence that must not change, or must only weaken, what the engine says.
extension ClusterEvidence {
    /// Lists and logs in another order.
    func shuffled(seed: UInt64) -> ClusterEvidence {
        var random = SplitMix(state: seed)
        var copy = self
        copy.lists = lists.mapValues { $0.shuffled(using: &random) }
        copy.logs = logs.shuffled(using: &random)
        return copy
    }

    /// Every text rewritten, objects and logs alike.
    func rewritten(_ change: (String) -> String) throws -> ClusterEvidence {
        var copy = self
        copy.namespaces = namespaces?.map(change)
        copy.lists = try lists.mapValues { items in try items.map { try JSONValue(parsing: change($0.serialized)) } }
        copy.logs = logs.map {
            ContainerLog(
                namespace: change($0.namespace), pod: change($0.pod), container: change($0.container), isPrevious: $0.isPrevious,
                text: change($0.text))
        }
        copy.knowledgeGraph = knowledgeGraph.map(change)
        return copy
    }

    func without(_ list: ResourceType) -> ClusterEvidence {
        var copy = self
        copy.lists[list.path] = nil
        return copy
    }

    func withoutLogs() -> ClusterEvidence {
        var copy = self
        copy.logs = []
        return copy
    }

    /// All lists of another cluster beside the own ones.
    func joined(with other: ClusterEvidence) -> ClusterEvidence {
        var copy = self
        copy.namespaces = namespaces.map { $0 + (other.namespaces ?? []) }
        copy.lists.merge(other.lists) { own, more in
            let names = Set(own.map { "\($0["metadata", "namespace"].string ?? "")/\($0["metadata", "name"].string ?? "")" })
            return own
                + more.filter { !names.contains("\($0["metadata", "namespace"].string ?? "")/\($0["metadata", "name"].string ?? "")") }
        }
        copy.logs += other.logs
        return copy
    }

    /// More lines at the end of one container's log.
    func saying(_ lines: [String], in pod: Pod, container: String) -> ClusterEvidence {
        var copy = self
        let index = copy.logs.firstIndex {
            $0.namespace == pod.namespace && $0.pod == pod.name && $0.container == container && !$0.isPrevious
        }
        let text = lines.joined(separator: "\n") + "\n"
        if let index {
            copy.logs[index].text += text
        } else {
            copy.logs.append(ContainerLog(namespace: pod.namespace, pod: pod.name, container: container, isPrevious: false, text: text))
        }
        return copy
    }
}

/// A small seeded generator, so that a failing order can be had again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Replaces whole words: runs of letters and digits, with `-` as a border, so that a workload's pods are renamed with it.
struct Renaming {
    let names: [String: String]

    func apply(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        let ordered = names.sorted { ($0.key.count, $1.key) > ($1.key.count, $0.key) }
        while let first = rest.first {
            if isWord(first), !(result.last.map(isWord) ?? false),
                let hit = ordered.first(where: { rest.hasPrefix($0.key) && !(rest.dropFirst($0.key.count).first.map(isWord) ?? false) })
            {
                result += hit.value
                rest = rest.dropFirst(hit.key.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    private func isWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
