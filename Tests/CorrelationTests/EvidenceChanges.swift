import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport

/// Ways to change evidence that must not change, or must only weaken, what the engine says.
extension ClusterEvidence {
    /// Lists and logs in another order, and the fields of every object.
    func shuffled(seed: UInt64) -> ClusterEvidence {
        var random = SplitMix(state: seed)
        var copy = self
        copy.lists = lists.mapValues { items in
            items.map { JSONNode($0).shuffled(using: &random).value }.shuffled(using: &random)
        }
        copy.logs = logs.shuffled(using: &random)
        return copy
    }

    /// Every text rewritten, objects and logs alike.
    func rewritten(_ change: (String) -> String) -> ClusterEvidence {
        var copy = self
        copy.namespaces = namespaces?.map(change)
        copy.lists = lists.mapValues { items in items.map { JSONNode($0).mapTexts(change).value } }
        copy.logs = logs.map {
            ContainerLog(
                namespace: change($0.namespace), pod: change($0.pod), container: change($0.container), isPrevious: $0.isPrevious,
                text: change($0.text))
        }
        copy.knowledgeGraph = knowledgeGraph.map(change)
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

    /// Every object with annotations and labels that tell of other faults.
    func claiming(annotations: [String: String], labels: [String: String]) -> ClusterEvidence {
        var copy = self
        for type in [ResourceType.pods, .deployments, .services, .configMaps, .nodes, .namespaces, .statefulSets] {
            copy.lists[type.path] = lists[type.path]?.map { item in
                var node = JSONNode(item)
                for (key, text) in annotations.sorted(by: { $0.key < $1.key }) {
                    node.set(["metadata", "annotations", key], .string(text))
                }
                for (key, text) in labels.sorted(by: { $0.key < $1.key }) { node.set(["metadata", "labels", key], .string(text)) }
                return node.value
            }
        }
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
    /// Longest first.
    private let byFirst: [UInt8: [(old: [UInt8], new: [UInt8])]]

    /// Other names for every workload, namespace and image, and for the domains of hosts and registries outside the cluster. What belongs
    /// to Kubernetes itself keeps its name.
    init(everythingIn view: ClusterView) {
        var names: [String: String] = [:]
        let own: Set = ["kube-system", "default", "kube-public", "kube-node-lease"]
        for workload in view.workloads where !own.contains(workload.reference.namespace ?? "") {
            names[workload.reference.name] = "zq\(names.count)x\(workload.reference.name)"
        }
        for namespace in view.namespaces.items where !own.contains(namespace.name) && names[namespace.name] == nil {
            names[namespace.name] = "nq\(names.count)x\(namespace.name)"
        }
        for pod in view.pods.items where !own.contains(pod.namespace) {
            for container in pod.spec.allContainers {
                let repository = container.image.prefix { $0 != "@" }.split(separator: "/").last.map { $0.prefix { $0 != ":" } } ?? ""
                // Names of well-known programs stand in messages too, where they mean the program.
                guard container.image.contains("example"), names[String(repository)] == nil else { continue }
                names[String(repository)] = "iq\(names.count)x\(repository)"
            }
        }
        for (domain, other) in [("example", "specimen"), ("lab.internal", "works.internal")] { names[domain] = other }
        self.init(names: names)
    }

    init(names: [String: String]) {
        let ordered = names.sorted { ($0.key.count, $1.key) > ($1.key.count, $0.key) }
        byFirst = Dictionary(grouping: ordered.map { (old: Array($0.key.utf8), new: Array($0.value.utf8)) }) { $0.old.first ?? 0 }
    }

    func apply(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let isStart = index == 0 || !Self.isWord(bytes[index - 1])
            let hit = isStart ? byFirst[bytes[index]]?.first { Self.stands($0.old, in: bytes, at: index) } : nil
            result += hit?.new ?? [bytes[index]]
            index += hit?.old.count ?? 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func stands(_ word: [UInt8], in bytes: [UInt8], at index: Int) -> Bool {
        let end = index + word.count
        guard end <= bytes.count, bytes[index..<end].elementsEqual(word) else { return false }
        return end == bytes.count || !isWord(bytes[end])
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
}
