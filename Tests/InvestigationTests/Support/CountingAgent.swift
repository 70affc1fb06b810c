import ClusterModel
import Investigation
import Synchronization

/// An agent that takes a moment and counts how many ask at once.
final class CountingAgent: EvidenceAgent {
    private let whole: ClusterEvidence
    private let counts = Mutex((now: 0, most: 0))

    init(_ evidence: ClusterEvidence) { whole = evidence }

    var mostAtOnce: Int { counts.withLock { $0.most } }

    func inventory() async throws(AgentError) -> Inventory { Inventory(ClusterView(whole)) }

    func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence {
        counts.withLock { counts in
            counts.now += 1
            counts.most = max(counts.most, counts.now)
        }
        try? await Task.sleep(for: .milliseconds(15))
        counts.withLock { $0.now -= 1 }
        return whole
    }
}
