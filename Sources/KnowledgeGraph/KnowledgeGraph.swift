/// The declared topology of what runs in a cluster: components and what they depend on.
public struct KnowledgeGraph: Sendable, Hashable {
    public struct Component: Sendable, Hashable, Codable {
        public var name: String
        /// Free word such as `service` or `datastore`.
        public var type: String
        public var relationships: [Relationship]

        public init(name: String, type: String, relationships: [Relationship] = []) {
            self.name = name
            self.type = type
            self.relationships = relationships
        }
    }

    public struct Relationship: Sendable, Hashable, Codable {
        /// `depends_on`, or any other word the file uses.
        public var relation: String
        public var target: String

        public init(relation: String, target: String) {
            self.relation = relation
            self.target = target
        }
    }

    /// Sorted by name.
    public let components: [Component]

    public init(components: [Component]) {
        self.components = components.sorted { $0.name < $1.name }
    }

    public static let empty = KnowledgeGraph(components: [])
}
