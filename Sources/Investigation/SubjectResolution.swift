public import IncidentModel

/// What the words of a description were mapped to.
public struct SubjectResolution: Codable, Sendable, Hashable {
    public var entities: ExtractedEntities
    /// Best match first; empty means that nothing in particular was named.
    public var subjects: [ObjectReference]
    /// Namespaces to look at; empty means all.
    public var namespaces: [String]

    /// Maps a reading to objects that exist.
    /// - Parameter hint: the namespace the reporter gave beside the text.
    public init(_ reading: DescriptionReading, hint: String?, in inventory: Inventory) {
        entities = ExtractedEntities(namespace: hint)
        subjects = []
        namespaces = hint.map { [$0] } ?? []
    }
}
