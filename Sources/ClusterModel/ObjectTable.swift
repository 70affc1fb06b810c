/// All objects of one kind, sorted by namespace and name so that nothing depends on the order in which they were read.
public struct ObjectTable<Object: KubernetesObject>: Sendable {
    public let items: [Object]
    private let positions: [String: Int]
    private let ranges: [String: Range<Int>]

    public init(_ unsorted: [Object] = []) {
        items = unsorted.sorted { ($0.namespace, $0.name, $0.metadata.uid) < ($1.namespace, $1.name, $1.metadata.uid) }
        positions = Dictionary(items.enumerated().map { (Self.key($1.namespace, $1.name), $0) }) { first, _ in first }
        var ranges: [String: Range<Int>] = [:]
        for (index, item) in items.enumerated() {
            ranges[item.namespace] = (ranges[item.namespace]?.lowerBound ?? index)..<index + 1
        }
        self.ranges = ranges
    }

    public subscript(namespace: String, name: String) -> Object? {
        positions[Self.key(namespace, name)].map { items[$0] }
    }

    /// For cluster-scoped kinds.
    public subscript(name: String) -> Object? { self["", name] }

    public func inNamespace(_ namespace: String) -> ArraySlice<Object> {
        ranges[namespace].map { items[$0] } ?? []
    }

    public var isEmpty: Bool { items.isEmpty }
    public var count: Int { items.count }

    private static func key(_ namespace: String, _ name: String) -> String { namespace + "/" + name }
}
