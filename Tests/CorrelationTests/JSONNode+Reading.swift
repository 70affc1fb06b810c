import FastJSON
import Foundation
import TestSupport

/// Recorded objects as nodes that a test can change.
extension JSONNode {
    init(_ value: JSONValue) {
        switch value.kind {
        case .object: self = .object(value.members.map { Member($0.key, JSONNode($0.value)) })
        case .array: self = .array(value.array.map { JSONNode($0) })
        case .string: self = .string(value.string ?? "")
        case .bool: self = .bool(value.bool ?? false)
        case .integer: self = .int(value.int ?? 0)
        case .double: self = .double(value.double ?? 0)
        case .null, .missing: self = .null
        }
    }

    var name: String { at(["metadata", "name"])?.word ?? "" }
    var place: String? { at(["metadata", "namespace"])?.word }
    var word: String? { if case .string(let text) = self { text } else { nil } }
    var number: Int? { if case .int(let value) = self { value } else { nil } }
    var elements: [JSONNode] { if case .array(let values) = self { values } else { [] } }
    var pairs: [Member] { if case .object(let members) = self { members } else { [] } }

    var revision: Int { at(["metadata", "annotations"])?["deployment.kubernetes.io/revision"]?.word.flatMap { Int($0) } ?? 0 }

    var isReadyPod: Bool {
        (at(["status", "conditions"])?.elements ?? []).contains { $0["type"]?.word == "Ready" && $0["status"]?.word == "True" }
    }

    func at(_ path: [String]) -> JSONNode? { path.reduce(Optional(self)) { $0?[$1] } }

    mutating func set(_ path: [String], _ value: JSONNode) {
        guard let first = path.first else {
            self = value
            return
        }
        var child = self[first] ?? [:]
        child.set(Array(path.dropFirst()), value)
        self[first] = child
    }

    /// Changes every element of the array at a path.
    mutating func each(_ path: [String], _ change: (inout JSONNode) -> Void) {
        let changed = (at(path)?.elements ?? []).map { element in
            var element = element
            change(&element)
            return element
        }
        set(path, .array(changed))
    }

    /// With a text replaced in every string.
    func replacing(_ text: String, _ other: String) -> JSONNode {
        mapTexts { $0.replacingOccurrences(of: text, with: other) }
    }

    /// With every string changed, keys as well.
    func mapTexts(_ change: (String) -> String) -> JSONNode {
        switch self {
        case .string(let value): .string(change(value))
        case .array(let values): .array(values.map { $0.mapTexts(change) })
        case .object(let members): .object(members.map { Member(change($0.key), $0.value.mapTexts(change)) })
        default: self
        }
    }

    /// With the members of every object in another order. Elements of arrays stay: their order means something.
    func shuffled(using random: inout SplitMix) -> JSONNode {
        switch self {
        case .array(let values): return .array(values.map { $0.shuffled(using: &random) })
        case .object(let members):
            let shuffled = members.map { Member($0.key, $0.value.shuffled(using: &random)) }
            return .object(shuffled.shuffled(using: &random))
        default: return self
        }
    }
}
