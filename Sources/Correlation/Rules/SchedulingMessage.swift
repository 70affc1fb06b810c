/// What the scheduler says about a pod, taken apart: `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {k: v}.`
///
/// Texts differ between releases (taint, node affinity and volume affinity were reworded); all of 1.18 to 1.36 are read.
struct SchedulingMessage {
    /// Why the scheduler turned a node down. Each node is counted under the first filter that refuses it.
    enum Refusal: Hashable {
        case cordoned, taint, nodeName, label, ports
        case resource(String)
        case volumeLimit, volumeInUse, volumeNode, volumeUnbound, volumeGone
        case spread, spreadLabel
        case antiAffinity, foreignAntiAffinity, affinity, eitherAffinity
        case device
    }

    let text: String
    let refusals: Set<Refusal>
    /// Taints as older texts name them, `key=value` or `key`.
    let taints: [String]

    init(_ text: String) {
        self.text = text
        let list = Phrase.after(text, "nodes are available: ") ?? text
        let parts = Self.parts(list.firstRange(of: "preemption:").map { String(list[..<$0.lowerBound]) } ?? list)
        refusals = Set(parts.compactMap(Self.refusal))
        taints = parts.filter { $0.contains("taint") }.compactMap { Phrase.between($0, "{", "}") }.map { taint in
            let sides = taint.split(separator: ":", maxSplits: 1).map(\.trimmedSpaces)
            return sides.count == 2 && !sides[1].isEmpty ? "\(sides[0])=\(sides[1])" : sides.first ?? ""
        }
    }

    var isEmpty: Bool { refusals.isEmpty }

    var resources: [String] {
        refusals.compactMap { if case .resource(let name) = $0 { name } else { nil } }.sorted()
    }

    func says(_ wanted: Refusal...) -> Bool { wanted.contains(where: refusals.contains) }

    /// Whether every taint that it names belongs to control-plane nodes, which are never meant for workloads.
    var namesOnlyControlPlaneTaints: Bool { !taints.isEmpty && taints.allSatisfy(NodeFit.isControlPlane) }

    /// Parts between `, ` and `. `, braces kept whole; a dot within a name is no border.
    private static func parts(_ text: String) -> [String] {
        var result: [String] = []
        var depth = 0
        var part = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            switch character {
            case "{", "(": depth += 1
            case "}", ")": depth -= 1
            default: break
            }
            let isLast = index + 1 == characters.count
            let isBorder = (character == "," || character == ".") && depth == 0 && (isLast || characters[index + 1] == " ")
            if isBorder { result.append(part) } else { part.append(character) }
            if isBorder { part = "" }
        }
        return (result + [part]).map(\.trimmedSpaces).filter { !$0.isEmpty }
    }

    private static func refusal(_ part: String) -> Refusal? {
        if let resource = Phrase.after(part, "Insufficient ") { return .resource(String(resource.prefix { !$0.isWhitespace })) }
        return table.first { row in row.words.contains { part.contains($0) } }?.refusal
    }

    // The first row that fits wins: words of a volume's affinity hold those of a pod's.
    private static let table: [(words: [String], refusal: Refusal)] = [
        (["Too many pods"], .resource("pods")),
        (["enough free storage"], .resource("storage")),
        (["volume node affinity conflict", "PersistentVolume's node affinity", "no available volume zone"], .volumeNode),
        (["find available persistent volumes"], .volumeUnbound),
        (["bound to non-existent"], .volumeGone),
        (["exceed max volume count"], .volumeLimit),
        (["ReadWriteOncePod", "no available disk"], .volumeInUse),
        (["node affinity", "match node selector", "node affinity/selector"], .label),
        (["requested node name", "requested hostname"], .nodeName),
        (["taint"], .taint),
        (["were unschedulable"], .cordoned),
        (["free ports"], .ports),
        (["existing pods anti-affinity"], .foreignAntiAffinity),
        (["match pod anti-affinity"], .antiAffinity),
        (["match pod affinity/anti-affinity"], .eitherAffinity),
        (["match pod affinity"], .affinity),
        (["topology spread constraints (missing required label)"], .spreadLabel),
        (["topology spread"], .spread),
        (["cannot allocate all claims", "resourceclaim", "resource claim"], .device),
    ]
}

extension StringProtocol {
    /// Without white space at the ends.
    var trimmedSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
