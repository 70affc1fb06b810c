/// What a caller may do; each scope includes those before it.
public enum AccessScope: String, Sendable, CaseIterable, Comparable {
    /// Look at incidents.
    case read
    /// Report and cancel them.
    case write
    /// Decide about them: accept or reject a cause.
    case admin

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Who calls.
public struct Caller: Sendable, Hashable {
    /// Name of the key.
    public let name: String
    public let scope: AccessScope

    public init(name: String, scope: AccessScope) {
        self.name = name
        self.scope = scope
    }
}
