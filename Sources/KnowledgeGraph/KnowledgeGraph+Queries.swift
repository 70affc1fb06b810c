/// What depends on what. Names that are not in the graph have neither dependencies nor dependents.
///
/// Every relation counts as a dependency: `calls: x` and `runs_on: y` mean that trouble of `x` or `y` may reach the component.
extension KnowledgeGraph {
    /// The component of this name; where no name fits exactly, the first that fits without regard to case.
    public func component(named name: String) -> Component? {
        (positions[name] ?? foldedPositions[name.lowercased()]).map { components[$0] }
    }

    /// What a component relates to directly, by name.
    public func dependencies(of name: String) -> [String] {
        component(named: name).flatMap { targets[$0.name] } ?? []
    }

    /// What relates to a component directly, by name.
    public func dependents(of name: String) -> [String] {
        component(named: name).flatMap { sources[$0.name] } ?? []
    }

    /// Everything a component needs, nearest first and by name within one distance; the component itself is never part of it.
    public func transitiveDependencies(of name: String) -> [String] {
        reachable(from: name, along: targets)
    }

    /// Everything that needs a component, nearest first and by name within one distance; the component itself is never part of it.
    public func transitiveDependents(of name: String) -> [String] {
        reachable(from: name, along: sources)
    }

    private func reachable(from name: String, along edges: [String: [String]]) -> [String] {
        guard let start = component(named: name)?.name else { return [] }
        var seen: Set<String> = [start]
        var result: [String] = []
        var ring = [start]
        while !ring.isEmpty {
            let next = Set(ring.flatMap { edges[$0] ?? [] }).subtracting(seen).sorted()
            seen.formUnion(next)
            result += next
            ring = next
        }
        return result
    }
}
