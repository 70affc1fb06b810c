public import Foundation

/// When a new incident is the same as one that is stored already.
public struct OpeningTerms: Sendable, Hashable {
    /// The caller's key for this request (`Idempotency-Key`), with the name of the caller before it; an incident keeps it for good.
    public var idempotencyKey: String?
    /// The request in canonical form; two requests with the same key must be equal.
    public var request: Data
    /// An incident with an equal request that was stored within so many seconds stands for the new one; nil for never. Requests with a
    /// key of their own are not folded.
    public var foldingSeconds: Double?
    /// Whether an incident may be stored that no other stands for.
    public var admitsNew: Bool

    public init(idempotencyKey: String? = nil, request: Data = Data(), foldingSeconds: Double? = nil, admitsNew: Bool = true) {
        self.idempotencyKey = idempotencyKey
        self.request = request
        self.foldingSeconds = foldingSeconds
        self.admitsNew = admitsNew
    }

    /// Whether another request can be told to be the same.
    public var isRepeatable: Bool { idempotencyKey != nil || foldingSeconds != nil }
}

/// What became of a new incident.
public enum Opening: Sendable, Hashable {
    case opened
    /// This incident stands for it.
    case existing(UUID)
    /// The key belongs to another request.
    case keyReused
    /// It would be new, and none is admitted.
    case refused
}
