public import ClusterModel
public import Investigation
import Synchronization

/// A working agent over evidence at hand that can be told to misbehave.
public final class ScriptedAgent: EvidenceAgent {
    /// How a call goes.
    public enum Behaviour: Sendable {
        case answer
        case fail(AgentError)
        /// Never answers; ends only when the caller gives up.
        case hang
    }

    private struct State {
        var inventory: [Behaviour]
        var evidence: [Behaviour]
        var inventoryCalls = 0
        var scopes: [EvidenceScope] = []
    }

    private let whole: ClusterEvidence
    private let state: Mutex<State>

    /// - Parameters:
    ///   - evidence: what a well-behaved call gives, whatever the scope.
    ///   - inventoryScript: how the first calls of `inventory` go; later ones answer.
    ///   - evidenceScript: how the first calls of `evidence` go; later ones answer.
    public init(_ evidence: ClusterEvidence, inventory inventoryScript: [Behaviour] = [], evidence evidenceScript: [Behaviour] = []) {
        whole = evidence
        state = Mutex(State(inventory: inventoryScript, evidence: evidenceScript))
    }

    /// Calls of `inventory` so far.
    public var inventoryCalls: Int { state.withLock { $0.inventoryCalls } }
    /// Scopes that evidence was asked for so far.
    public var scopes: [EvidenceScope] { state.withLock { $0.scopes } }

    public func inventory() async throws(AgentError) -> Inventory {
        let behaviour = state.withLock { state in
            state.inventoryCalls += 1
            return state.inventory.isEmpty ? .answer : state.inventory.removeFirst()
        }
        try await behave(behaviour)
        return Inventory(ClusterView(whole))
    }

    public func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence {
        let behaviour = state.withLock { state in
            state.scopes.append(scope)
            return state.evidence.isEmpty ? .answer : state.evidence.removeFirst()
        }
        try await behave(behaviour)
        return whole
    }

    private func behave(_ behaviour: Behaviour) async throws(AgentError) {
        switch behaviour {
        case .answer: return
        case .fail(let error): throw error
        case .hang:
            try? await Task.sleep(for: .seconds(3_600))
            throw .unreachable("the call was cancelled")
        }
    }
}
