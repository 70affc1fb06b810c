import Yams

extension KnowledgeGraph {
    /// Largest file read, in bytes: the YAML parser's cost grows faster than its input.
    public static let maximumFileSize = 256 * 1_024
    /// Most components one file may declare.
    public static let maximumComponents = 5_000

    /// Reads a knowledge graph file:
    ///
    ///     components:
    ///       - name: cart
    ///         type: service
    ///         relationships:
    ///           - depends_on: cart-store
    ///           - calls: [tax, stock]
    ///
    /// Any word may name a relation; a missing `type` is `unknown`; members that are not listed here are ignored.
    /// - Throws: ``KnowledgeGraphError`` with the line at fault.
    public init(yaml: String) throws(KnowledgeGraphError) {
        guard yaml.utf8.count <= Self.maximumFileSize else {
            throw KnowledgeGraphError(
                line: nil, problem: "the file has \(yaml.utf8.count) bytes", fix: "keep it at or below \(Self.maximumFileSize) bytes")
        }
        var reader = KnowledgeGraphReader()
        self.init(components: try reader.components(of: yaml))
    }
}
