public import Foundation

/// What a person said of the causes that an investigation found.
public struct Review: Codable, Sendable, Hashable {
    public enum Decision: String, Codable, Sendable, CaseIterable {
        case accepted, rejected
    }

    public var decision: Decision
    public var comment: String?
    /// Name of the API key that was used; nil where none is needed.
    public var reviewer: String?
    public var time: Date

    public init(decision: Decision, comment: String? = nil, reviewer: String? = nil, time: Date) {
        self.decision = decision
        self.comment = comment
        self.reviewer = reviewer
        self.time = time
    }
}
