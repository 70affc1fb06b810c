/// What a description says, before it is held against what exists.
public struct DescriptionReading: Codable, Sendable, Hashable {
    /// Words that may be names of objects, in order of appearance, lower-cased.
    public var candidates: [String] = []

    /// Reads a description of any language; deterministic.
    public init(_ text: String) {
    }
}
