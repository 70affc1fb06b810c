public import Foundation
public import IncidentModel

/// Keeps incidents, their journals and the checkpoints of their investigations.
///
/// Every write that changes an incident names the lease under which it is made, so that a runner which lost its lease can no longer
/// write. Leases, the queue and their clock live in the store: it is what all replicas share, and their own clocks are not trusted.
public protocol IncidentStore: Sendable {
    /// What happens in the store, as a hint for whoever waits; hints may be lost, so waiters also look by themselves now and then.
    var changes: ChangeFeed { get }

    /// Stores a new, pending incident with an empty journal, unless `terms` name one that is there already.
    /// - Throws: `.duplicate` where the id exists.
    func open(_ incident: Incident, under terms: OpeningTerms) async throws(StoreError) -> Opening

    /// Stores an incident with the journal that it had in another store. One that was running there is pending here, from its first step.
    /// - Returns: false where the id exists; nothing is changed then.
    func restore(_ incident: Incident, journal: [JournalEntry]) async throws(StoreError) -> Bool

    func incident(_ id: UUID) async throws(StoreError) -> Incident?

    /// The journal of an incident, entries after `sequence` in order.
    func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry]

    /// Newest first, in the order in which they were stored, unless the filter says otherwise.
    func incidents(_ filter: IncidentFilter) async throws(StoreError) -> IncidentPage

    /// Takes the incident that was stored first of those that are pending and wait for nobody, or run under an expired lease; marks it
    /// running, and gives the checkpoint that its last runner left. `nil` where there is nothing to do.
    ///
    /// An incident that cannot be read holds up no other: it is passed over, and tried again when the lease would be over.
    func claim(by owner: String, leaseSeconds: Double) async throws(StoreError) -> Claim?

    /// Extends a lease. - Throws: `.leaseLost` where it is no longer held.
    func renew(_ lease: Lease, leaseSeconds: Double) async throws(StoreError)

    /// Saves what a step changed in one transaction. A final status releases the lease; `pending` hands the incident back, which counts
    /// as no attempt. Saving the same again changes nothing, so that a save whose answer was lost can be repeated.
    /// - Throws: `.leaseLost` where the lease is no longer held.
    func save(_ progress: StepProgress, under lease: Lease) async throws(StoreError)

    /// Ends an incident that is not final, whoever holds it: its lease is void at once.
    /// - Returns: the incident as it is then; one that was final already is unchanged. `nil` for an unknown id.
    func cancel(_ id: UUID, journal entry: JournalDraft) async throws(StoreError) -> Incident?

    /// Answers an incident that waits for a review, which goes on then.
    /// - Returns: whether the review was taken, with the incident as it is then; `nil` for an unknown id.
    func review(_ id: UUID, _ review: Review, journal entry: JournalDraft) async throws(StoreError) -> ReviewOutcome?

    /// Incidents that are pending and wait for nobody; cheap.
    func queueLength() async throws(StoreError) -> Int

    /// How much is queued and kept; reads everything.
    func statistics() async throws(StoreError) -> StoreStatistics

    /// Deletes incidents that are final and beyond what is to be kept, oldest first.
    /// - Returns: how many.
    func prune(_ retention: Retention) async throws(StoreError) -> Int

    /// Whether the store answers; used by readiness.
    func check() async throws(StoreError)
}

extension Incident {
    /// As it is stored anew: nobody works on it.
    public var released: Incident {
        var incident = self
        if incident.status == .running { incident.status = .pending }
        // What it waited for belongs to a checkpoint, which is not carried over.
        if !incident.status.isFinal { incident.awaits = nil }
        return incident
    }
}

extension IncidentStore {
    /// Stores a new incident that no other can stand for.
    public func insert(_ incident: Incident) async throws(StoreError) { _ = try await open(incident, under: OpeningTerms()) }
}

/// The right to work on one incident. `token` grows with each claim, so stale holders are told apart (a fencing token).
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
    /// State of the investigation after its last finished step, `nil` for a fresh one and where it cannot be read.
    public let checkpoint: Data?
    /// Entries that the journal has.
    public let journalLength: Int
    /// How often the incident was claimed, this time included.
    public let attempts: Int

    public init(incident: Incident, lease: Lease, checkpoint: Data?, journalLength: Int, attempts: Int) {
        self.incident = incident
        self.lease = lease
        self.checkpoint = checkpoint
        self.journalLength = journalLength
        self.attempts = attempts
    }
}

/// What a step changed: the incident, the checkpoint after it, and what the journal gets.
public struct StepProgress: Sendable {
    public let incident: Incident
    /// `nil` for an incident that is final.
    public let checkpoint: Data?
    public let journal: [JournalDraft]
    /// Entries that the journal had before: a save is done once, and a repeated one is known by it.
    public let journalLength: Int

    public init(_ incident: Incident, checkpoint: Data? = nil, journal: [JournalDraft] = [], after journalLength: Int) {
        self.incident = incident
        self.checkpoint = checkpoint
        self.journal = journal
        self.journalLength = journalLength
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

/// What became of a review.
public enum ReviewOutcome: Sendable, Hashable {
    case taken(Incident)
    /// The incident waits for no review.
    case notAwaited(Incident)
}

public enum StoreError: Error, Sendable, Hashable {
    case leaseLost(UUID)
    case duplicate(UUID)
    /// The store cannot be reached or written now; trying again may help.
    case unavailable(String)
    /// Stored data that cannot be read back.
    case corrupt(String)
}
