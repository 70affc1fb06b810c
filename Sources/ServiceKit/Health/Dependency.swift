/// Something that a service needs in order to do its work, for `/readyz`.
public struct Dependency: Sendable {
    public enum State: Sendable, Hashable {
        case ready
        /// It works, but not for everything; says for what not.
        case limited(String)
        case notReady(String)
    }

    public let name: String
    let state: @Sendable () async -> State

    /// - Parameter state: must answer within seconds by itself; probes wait for it.
    public init(_ name: String, state: @escaping @Sendable () async -> State) {
        self.name = name
        self.state = state
    }
}
