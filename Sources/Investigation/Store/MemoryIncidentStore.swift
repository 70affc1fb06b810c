public import Foundation
public import IncidentModel

/// Keeps incidents in memory, for tests and for trying things out: all is gone when the process ends.
public actor MemoryIncidentStore: IncidentStore {
    private struct Record {
        var incident: Incident
        let sequence: Int
        let terms: OpeningTerms
        var checkpoint: Data?
        var journal: [JournalEntry] = []
        var lease: Lease?
        var leaseExpires = Date.distantPast
        var token = 0
        var attempts = 0

        func isClaimable(at now: Date) -> Bool {
            switch incident.status {
            case .pending: incident.awaits == nil
            case .running: leaseExpires <= now
            case .completed, .failed, .cancelled: false
            }
        }

        mutating func append(_ drafts: [JournalDraft]) {
            for draft in drafts {
                journal.append(JournalEntry(sequence: journal.count + 1, time: draft.time, step: draft.step, message: draft.message))
            }
        }

        mutating func release() {
            lease = nil
            leaseExpires = .distantPast
        }
    }

    public nonisolated let changes = ChangeFeed()
    private var records: [UUID: Record] = [:]
    private var lastSequence = 0
    private let now: @Sendable () -> Date

    /// - Parameter now: the clock of leases and ages.
    public init(now: @escaping @Sendable () -> Date = { Date() }) {
        self.now = now
    }

    public func open(_ incident: Incident, under terms: OpeningTerms) throws(StoreError) -> Opening {
        if let key = terms.idempotencyKey, let first = records.values.first(where: { $0.terms.idempotencyKey == key }) {
            return first.terms.request == terms.request ? .existing(first.incident.id) : .keyReused
        }
        if let seconds = terms.foldingSeconds, terms.idempotencyKey == nil {
            let oldest = now().addingTimeInterval(-seconds)
            let same = records.values.filter {
                $0.terms.request == terms.request && $0.incident.createdAt > oldest && ![.failed, .cancelled].contains($0.incident.status)
            }
            if let last = same.max(by: { $0.sequence < $1.sequence }) { return .existing(last.incident.id) }
        }
        guard records[incident.id] == nil else { throw .duplicate(incident.id) }
        guard terms.admitsNew else { return .refused }
        lastSequence += 1
        records[incident.id] = Record(incident: incident, sequence: lastSequence, terms: terms)
        changes.publish(.work)
        return .opened
    }

    public func restore(_ incident: Incident, journal: [JournalEntry]) -> Bool {
        guard records[incident.id] == nil else { return false }
        lastSequence += 1
        var record = Record(incident: incident.released, sequence: lastSequence, terms: OpeningTerms())
        record.append(journal.map { JournalDraft(time: $0.time, step: $0.step, message: $0.message) })
        records[incident.id] = record
        changes.publish(.work)
        return true
    }

    public func incident(_ id: UUID) -> Incident? { records[id]?.incident }

    public func journal(of id: UUID, after sequence: Int) -> [JournalEntry] {
        Array((records[id]?.journal ?? []).drop { $0.sequence <= sequence })
    }

    public func incidents(_ filter: IncidentFilter) -> IncidentPage {
        let found = records.values
            .filter { $0.sequence < filter.before ?? .max && $0.sequence > filter.after ?? 0 && filter.accepts($0.incident) }
            .sorted { filter.after == nil ? $0.sequence > $1.sequence : $0.sequence < $1.sequence }
        let page = found.prefix(max(0, filter.limit))
        return IncidentPage(incidents: page.map(\.incident), next: found.count > page.count ? page.last?.sequence : nil)
    }

    public func claim(by owner: String, leaseSeconds: Double) -> Claim? {
        let now = now()
        let first = records.values.filter { $0.isClaimable(at: now) }.min { $0.sequence < $1.sequence }
        guard var record = first else { return nil }
        record.token += 1
        record.attempts += 1
        let lease = Lease(incident: record.incident.id, owner: owner, token: record.token)
        record.lease = lease
        record.leaseExpires = now.addingTimeInterval(leaseSeconds)
        record.incident.status = .running
        records[record.incident.id] = record
        return Claim(
            incident: record.incident, lease: lease, checkpoint: record.checkpoint, journalLength: record.journal.count,
            attempts: record.attempts)
    }

    public func renew(_ lease: Lease, leaseSeconds: Double) throws(StoreError) {
        var record = try held(lease)
        record.leaseExpires = now().addingTimeInterval(leaseSeconds)
        records[lease.incident] = record
    }

    public func save(_ progress: StepProgress, under lease: Lease) throws(StoreError) {
        if let record = records[lease.incident], record.token == lease.token, record.incident == progress.incident,
            !progress.journal.isEmpty, record.journal.count == progress.journalLength + progress.journal.count
        {
            return
        }
        var record = try held(lease)
        guard record.journal.count == progress.journalLength else { throw .leaseLost(lease.incident) }
        record.incident = progress.incident
        record.checkpoint = progress.checkpoint
        record.append(progress.journal)
        if progress.incident.status != .running { record.release() }
        // An investigation that was handed back unharmed does not count as a failed attempt.
        if progress.incident.status == .pending { record.attempts -= 1 }
        records[lease.incident] = record
        changes.publish(.incident(lease.incident))
        if progress.incident.status == .pending { changes.publish(.work) }
    }

    public func cancel(_ id: UUID, journal entry: JournalDraft) -> Incident? {
        guard var record = records[id] else { return nil }
        guard !record.incident.status.isFinal else { return record.incident }
        record.incident.cancel(at: entry.time, reason: entry.message)
        record.checkpoint = nil
        record.token += 1
        record.release()
        record.append([entry])
        records[id] = record
        changes.publish(.cancelled(id))
        changes.publish(.incident(id))
        return record.incident
    }

    public func review(_ id: UUID, _ review: Review, journal entry: JournalDraft) -> ReviewOutcome? {
        guard var record = records[id] else { return nil }
        guard record.incident.awaits == StateGraph.Pause.review.rawValue else { return .notAwaited(record.incident) }
        record.incident.accept(review)
        record.append([entry])
        records[id] = record
        changes.publish(.incident(id))
        changes.publish(.work)
        return .taken(record.incident)
    }

    public func queueLength() -> Int { records.values.count { $0.incident.status == .pending && $0.incident.awaits == nil } }

    public func statistics() -> StoreStatistics {
        var result = StoreStatistics()
        let now = now()
        for record in records.values {
            switch record.incident.status {
            case .pending where record.incident.awaits != nil: result.awaiting += 1
            case .pending:
                result.queued += 1
                result.oldestQueuedSeconds = max(result.oldestQueuedSeconds, now.timeIntervalSince(record.incident.createdAt))
            case .running: result.running += 1
            case .completed, .failed, .cancelled: result.finished += 1
            }
            result.bytes += Self.bytes(record)
        }
        return result
    }

    public func prune(_ retention: Retention) -> Int {
        let oldest = retention.seconds.map { now().addingTimeInterval(-$0) } ?? .distantPast
        var (number, bytes, deleted) = (0, 0, 0)
        // Newest first, everything counts; what is final goes from where a bound is passed.
        for record in records.values.sorted(by: { $0.sequence > $1.sequence }) {
            number += 1
            bytes += retention.bytes == nil ? 0 : Self.bytes(record)
            let isBeyond = record.incident.createdAt < oldest || number > retention.count ?? .max || bytes > retention.bytes ?? .max
            guard isBeyond, record.incident.status.isFinal else { continue }
            records[record.incident.id] = nil
            deleted += 1
        }
        return deleted
    }

    public func check() {}

    private func held(_ lease: Lease) throws(StoreError) -> Record {
        guard let record = records[lease.incident], record.lease == lease else { throw .leaseLost(lease.incident) }
        return record
    }

    private static func bytes(_ record: Record) -> Int {
        let incident = (try? IncidentJSON.encode(record.incident).count) ?? 0
        return incident + (record.checkpoint?.count ?? 0) + record.journal.reduce(0) { $0 + $1.message.utf8.count }
    }
}

extension IncidentFilter {
    func accepts(_ incident: Incident) -> Bool {
        (statuses.isEmpty || statuses.contains(incident.status))
            && (namespace == nil || incident.place == namespace)
            && (cause == nil || incident.report?.rootCauses.first?.cause == cause)
            && incident.createdAt >= from ?? .distantPast && incident.createdAt < until ?? .distantFuture
    }
}

extension Incident {
    /// The namespace that was given, or else the one that the description was found to be about.
    public var place: String? { namespace ?? extractedEntities?.namespace }

    /// Ends it at somebody's word.
    public mutating func cancel(at time: Date, reason: String) {
        status = .cancelled
        completedAt = time
        error = reason
        awaits = nil
    }

    /// Takes a review, after which nothing is awaited.
    public mutating func accept(_ review: Review) {
        self.review = review
        awaits = nil
    }
}
