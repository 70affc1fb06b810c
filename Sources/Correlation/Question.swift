public import IncidentModel

/// What the engine is asked.
public struct Question: Sendable, Hashable {
    /// The reporter's words; used to weigh, never to invent.
    public var description: String
    /// What the words were mapped to, best first; empty means everything in scope.
    public var subjects: [ObjectReference]
    /// Namespaces in scope; empty means all.
    public var namespaces: [String]

    public init(description: String = "", subjects: [ObjectReference] = [], namespaces: [String] = []) {
        self.description = description
        self.subjects = subjects
        self.namespaces = namespaces
    }
}
