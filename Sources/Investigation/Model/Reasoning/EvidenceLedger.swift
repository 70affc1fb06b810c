import ClusterModel
import Correlation
import Foundation
import IncidentModel

/// What a model was shown of the evidence, by ids that it can cite. Only what stands here can be cited.
struct EvidenceLedger: Sendable {
    private(set) var entries: [(id: String, piece: EvidenceLookup.Piece)] = []
    private var ids: [Citation: String] = [:]

    /// - Returns: the piece's id, `x1`, `x2`, …; the same piece has the same id.
    mutating func id(of piece: EvidenceLookup.Piece) -> String {
        var citation = piece.citation
        citation.id = ""
        if let known = ids[citation] { return known }
        let id = "x\(entries.count + 1)"
        ids[citation] = id
        entries.append((id, piece))
        return id
    }

    /// The citations of these ids, each once, in this order; unknown ids have none.
    func citations(_ ids: [String]) -> [Citation] {
        var seen: Set<String> = []
        return ids.filter { seen.insert($0).inserted }.compactMap { id in
            entries.first { $0.id == id }.map { entry in
                var citation = entry.piece.citation
                citation.id = ""
                return citation
            }
        }
    }
}

/// Chooses what of many pieces a model gets to see: never all of them, never none without saying so.
struct EvidenceSelection: Sendable {
    /// Words that a piece is the more relevant for having.
    let words: [String]
    /// Most characters of all chosen pieces together.
    let characters: Int

    /// So that many words do not outweigh what a piece says by itself.
    private static let mostHits = 3

    /// - Returns: the most telling pieces that fit, in their own order, and how many were left out.
    func chosen(_ pieces: [EvidenceLookup.Piece]) -> (pieces: [EvidenceLookup.Piece], leftOut: Int) {
        let ranked = pieces.enumerated().map { (offset: $0, element: $1, score: score($1)) }.sorted { left, right in
            (right.score, left.offset) < (left.score, right.offset)
        }
        var left = characters
        var kept: [Int] = []
        for (offset, piece, _) in ranked {
            let length = ShownEvidence.length(of: piece)
            guard length <= left else { continue }
            left -= length
            kept.append(offset)
        }
        return (kept.sorted().map { pieces[$0] }, pieces.count - kept.count)
    }

    private func score(_ piece: EvidenceLookup.Piece) -> Int {
        let text = "\(piece.citation.object.name) \(piece.citation.field ?? "") \(piece.shown)".lowercased()
        return 2 * piece.weight + words.lazy.filter(text.contains).prefix(Self.mostHits).count
    }
}

/// A piece of evidence as it stands in a prompt.
struct ShownEvidence: Encodable, Sendable {
    private static let longestText = 300
    /// Names of members, quotes and what else stands around a text.
    private static let frame = 90

    let id: String
    let source: String
    let object: String
    let field: String?
    let container: String?
    let time: String?
    let text: String

    init(_ id: String, _ piece: EvidenceLookup.Piece) {
        let citation = piece.citation
        self.id = id
        source = citation.source.rawValue
        object = citation.object.description
        field = citation.field
        container = citation.container
        time = citation.time.map { RFC3339.format($0) }
        text = CredentialMask.cut(piece.shown, to: Self.longestText)
    }

    static func length(of piece: EvidenceLookup.Piece) -> Int {
        min(piece.shown.count, longestText) + frame + piece.citation.object.name.count + (piece.citation.field?.count ?? 0)
    }
}
