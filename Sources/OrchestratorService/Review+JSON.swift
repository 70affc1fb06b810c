import FastJSON
import Foundation
import HTTPTypes
import IncidentModel
import ServiceKit

extension Review {
    private static let longestComment = 4_096

    /// The body of `PATCH /api/v1/incidents/{id}/review`.
    /// - Throws: `Problem` with 400, naming the member and what is accepted.
    init(_ json: JSONValue, reviewer: String?, now: Date) throws(Problem) {
        guard json.kind == .object else {
            throw Problem(.badRequest, "the body must be a JSON object such as {\"decision\": \"accepted\"}")
        }
        guard let decision = json["decision"].string.flatMap(Decision.init(rawValue:)) else {
            throw Problem(.badRequest, "`decision` must be \(Decision.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        let comment = json["comment"]
        guard comment.isNothing || comment.string != nil else { throw Problem(.badRequest, "`comment` must be a string") }
        guard (comment.string?.utf8.count ?? 0) <= Self.longestComment else {
            throw Problem(.badRequest, "`comment` may have at most \(Self.longestComment) bytes")
        }
        self.init(decision: decision, comment: comment.string, reviewer: reviewer, time: now)
    }
}
