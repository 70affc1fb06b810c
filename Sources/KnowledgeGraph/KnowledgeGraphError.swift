/// Why a knowledge graph file cannot be used.
public struct KnowledgeGraphError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1; `nil` where the file as a whole is at fault.
    public let line: Int?
    /// What is wrong, as a clause.
    public let problem: String
    /// What to do about it, as a clause.
    public let fix: String

    public init(line: Int?, problem: String, fix: String) {
        self.line = line
        self.problem = problem
        self.fix = fix
    }

    /// One line that names place, problem and fix.
    public var description: String {
        "knowledge graph" + (line.map { ", line \($0)" } ?? "") + ": \(problem); \(fix)"
    }
}
