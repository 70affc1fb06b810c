import ClusterModel
import Foundation
import IncidentModel
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

/// A store that counts renewals.
final class RenewalCount: IncidentStore {
    private let store: MemoryIncidentStore
    private let count = Mutex(0)

    init(_ store: MemoryIncidentStore) { self.store = store }

    var renewals: Int { count.withLock { $0 } }

    func insert(_ incident: Incident) async throws(StoreError) { try await store.insert(incident) }
    func incident(_ id: UUID) async throws(StoreError) -> Incident? { await store.incident(id) }
    func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry] {
        await store.journal(of: id, after: sequence)
    }
    func incidents(limit: Int) async throws(StoreError) -> [Incident] { await store.incidents(limit: limit) }
    func claim(by owner: String, now: Date, leaseSeconds: Double) async throws(StoreError) -> Claim? {
        await store.claim(by: owner, now: now, leaseSeconds: leaseSeconds)
    }
    func renew(_ lease: Investigation.Lease, now: Date, leaseSeconds: Double) async throws(StoreError) {
        try await store.renew(lease, now: now, leaseSeconds: leaseSeconds)
        count.withLock { $0 += 1 }
    }
    func save(_ incident: Incident, checkpoint: Data?, journal: [JournalDraft], under lease: Investigation.Lease) async throws(StoreError) {
        try await store.save(incident, checkpoint: checkpoint, journal: journal, under: lease)
    }
    func check() async throws(StoreError) { await store.check() }
}
