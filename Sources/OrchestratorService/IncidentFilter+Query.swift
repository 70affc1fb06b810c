import AgentAPI
import Foundation
import Hummingbird
import IncidentModel
import Investigation
import ServiceKit

extension IncidentFilter {
    private static let mostListed = 200
    private static let members: Set<String> = ["status", "namespace", "cause", "created_from", "created_until", "cursor", "limit"]

    /// Reads the query of `GET /api/v1/incidents`.
    /// - Throws: `Problem` with 400, naming the parameter and what is accepted. Unknown parameters are refused: a filter that is
    ///   misspelled would otherwise list everything.
    init(_ request: Request) throws {
        let query = request.uri.queryParameters
        if let unknown = query.first(where: { !Self.members.contains(String($0.key)) }) {
            throw Problem(
                .badRequest,
                "there is no parameter `\(String(unknown.key).prefix(40))`; there are \(Self.members.sorted().joined(separator: ", "))")
        }
        self.init(limit: try request.integer("limit", default: 20, in: 1...Self.mostListed))
        if let words = query["status"] {
            statuses = Set(try words.split(separator: ",", omittingEmptySubsequences: false).map(Self.status))
        }
        namespace = try query["namespace"].map(Self.namespace)
        cause = try query["cause"].map(Self.cause)
        from = try query["created_from"].map { try Self.time($0, "created_from") }
        until = try query["created_until"].map { try Self.time($0, "created_until") }
        if let cursor = query["cursor"] {
            guard let number = Int(cursor), number > 0 else { throw Problem(.badRequest, "`cursor` must be the `next_cursor` of a list") }
            before = number
        }
    }

    private static func status(_ word: Substring) throws(Problem) -> IncidentStatus {
        guard let status = IncidentStatus(rawValue: String(word)) else {
            throw Problem(.badRequest, "`status` must be of \(IncidentStatus.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return status
    }

    private static func namespace(_ word: Substring) throws(Problem) -> String {
        guard KubernetesName.isLabel(String(word)) else { throw Problem(.badRequest, "`namespace` is no name that a namespace can have") }
        return String(word)
    }

    private static func cause(_ word: Substring) throws(Problem) -> CauseCode {
        guard let cause = CauseCode(rawValue: String(word)) else {
            throw Problem(.badRequest, "`cause` must be a cause code such as \(CauseCode.memoryLimitExceeded.rawValue)")
        }
        return cause
    }

    private static func time(_ text: Substring, _ name: String) throws(Problem) -> Date {
        guard let time = RFC3339.parse(String(text)) else {
            throw Problem(.badRequest, "`\(name)` must be an RFC 3339 time such as 2026-01-31T03:00:00Z")
        }
        return time
    }
}
