public import Foundation
public import IncidentModel

/// Keeps incidents, their journals and the checkpoints of their investigations.
///
/// Every write that changes an incident names the lease under which it is made, so that a runner which lost its lease can no longer
/// write. Leases and the queue live in the store: it is what all replicas share.
public protocol IncidentStore: Sendable {
    /// Stores a new, pending incident with an empty journal.
    func insert(_ incident: Incident) async throws(StoreError)

    func incident(_ id: UUID) async throws(StoreError) -> Incident?

    /// The journal of an incident, entries after `sequence` in order.
    func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry]

    /// Newest first.
    func incidents(limit: Int) async throws(StoreError) -> [Incident]

    /// Takes the oldest incident that is pending, or running under an expired lease, marks it running, and gives the checkpoint that
    /// its last runner left. `nil` where there is nothing to do.
    func claim(by owner: String, now: Date, leaseSeconds: Double) async throws(StoreError) -> Claim?

    /// Extends a lease. - Throws: `.leaseLost` where another runner holds the incident.
    func renew(_ lease: Lease, now: Date, leaseSeconds: Double) async throws(StoreError)

    /// Saves incident, checkpoint and new journal entries in one transaction. A final status releases the lease;
    /// `pending` hands the incident back, which counts as no attempt.
    /// - Throws: `.leaseLost` where the lease is no longer held.
    func save(_ incident: Incident, checkpoint: Data?, journal: [JournalDraft], under lease: Lease) async throws(StoreError)

    /// Whether the store answers; used by readiness.
    func check() async throws(StoreError)
}

/// The right to work on one incident. `token` grows with each claim, so stale holders are told apart.
public struct Lease: Sendable, Hashable {
    public let incident: UUID
    public let owner: String
    public let token: Int

    public init(incident: UUID, owner: String, token: Int) {
        self.incident = incident
        self.owner = owner
        self.token = token
    }
}

public struct Claim: Sendable {
    public let incident: Incident
    public let lease: Lease
    /// State of the investigation after its last finished step, `nil` for a fresh one.
    public let checkpoint: Data?
    /// How often the incident was claimed, this time included.
    public let attempts: Int

    public init(incident: Incident, lease: Lease, checkpoint: Data?, attempts: Int) {
        self.incident = incident
        self.lease = lease
        self.checkpoint = checkpoint
        self.attempts = attempts
    }
}

/// A journal entry before the store numbers it.
public struct JournalDraft: Sendable, Hashable {
    public let time: Date
    public let step: String
    public let message: String

    public init(time: Date, step: String, message: String) {
        self.time = time
        self.step = step
        self.message = message
    }
}

public enum StoreError: Error, Sendable {
    case leaseLost(UUID)
    case duplicate(UUID)
    /// The store cannot be reached or written now; trying again may help.
    case unavailable(String)
    /// Stored data that cannot be read back.
    case corrupt(String)
}
