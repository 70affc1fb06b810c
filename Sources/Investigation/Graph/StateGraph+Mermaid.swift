extension StateGraph {
    /// The graph as a Mermaid state diagram, as far as it can be reached.
    public var mermaid: String {
        var lines = ["stateDiagram-v2"]
        for step in start { lines.append("[*] --> \(step.rawValue)") }
        let reachable = reachable
        for edge in edges where reachable.contains(edge.from) {
            lines.append("\(edge.from.rawValue) --> \(edge.to.rawValue)\(Self.label(edge))")
        }
        for step in reachable.sorted() where !edges.contains(where: { $0.from == step }) { lines.append("\(step.rawValue) --> [*]") }
        for node in nodes.values.sorted(by: { $0.step < $1.step }) where reachable.contains(node.step) {
            lines.append("\(node.step.rawValue) : \(Self.terms(node))")
        }
        return lines.joined(separator: "\n    ") + "\n"
    }

    private static func label(_ edge: Edge) -> String {
        let condition = edge.condition == .always ? nil : edge.condition.rawValue
        let bound = edge.atMost.map { "at most \($0) times" }
        let words = [condition, bound].compactMap { $0 }
        return words.isEmpty ? "" : " : " + words.joined(separator: ", ")
    }

    private static func terms(_ node: Node) -> String {
        var words = [node.step.rawValue]
        words.append(node.pause.map { "waits for a \($0.rawValue)" } ?? "within \(node.deadlineSeconds.formattedSeconds) s")
        if node.retry.attempts > 1 { words.append("up to \(node.retry.attempts) tries") }
        if !node.joins.isEmpty { words.append("after " + node.joins.sorted().map(\.rawValue).joined(separator: " and ")) }
        if node.isVolatile { words.append("again after a restart") }
        return words.joined(separator: ", ")
    }
}
