/// The declared topology of what runs in a cluster: components and what they depend on.
public struct KnowledgeGraph: Sendable {
    public struct Component: Sendable, Hashable, Codable {
        public var name: String
        /// Free word such as `service` or `datastore`; `unknown` where nothing declares it.
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

    /// Positions in `components` by exact and by lowercased name.
    let positions: [String: Int]
    let foldedPositions: [String: Int]
    /// Names a component relates to, and names that relate to it, each sorted.
    let targets: [String: [String]]
    let sources: [String: [String]]

    /// Makes a graph of components; of two with one name the relationships are united and the first type stays.
    ///
    /// A target that is no component becomes one of type `unknown`, so that every name of the graph can be asked for.
    public init(components: [Component]) {
        var byName: [String: Component] = [:]
        for component in components {
            if byName[component.name] == nil {
                byName[component.name] = Component(name: component.name, type: component.type)
            }
            byName[component.name]?.relationships += component.relationships
        }
        for relationship in components.flatMap(\.relationships) where byName[relationship.target] == nil {
            byName[relationship.target] = Component(name: relationship.target, type: Self.unknownType)
        }
        let sorted = byName.values.sorted { $0.name < $1.name }
        self.components = sorted
        positions = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.name, $0) })
        foldedPositions = Dictionary(sorted.enumerated().map { ($1.name.lowercased(), $0) }) { first, _ in first }
        targets = Self.neighbours(of: sorted.flatMap { from in from.relationships.map { (from.name, $0.target) } })
        sources = Self.neighbours(of: sorted.flatMap { from in from.relationships.map { ($0.target, from.name) } })
    }

    public static let empty = KnowledgeGraph(components: [])

    /// The type of a component that is only named as a target.
    public static let unknownType = "unknown"

    private static func neighbours(of edges: [(String, String)]) -> [String: [String]] {
        var sets: [String: Set<String>] = [:]
        for (from, to) in edges where from != to {
            sets[from, default: []].insert(to)
        }
        return sets.mapValues { $0.sorted() }
    }
}

extension KnowledgeGraph: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.components == right.components }

    public func hash(into hasher: inout Hasher) { hasher.combine(components) }
}
