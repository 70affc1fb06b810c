public import Foundation
public import IncidentModel

/// Keeps incidents in memory, for tests and for trying things out: all is gone when the process ends.
public actor MemoryIncidentStore: IncidentStore {
    private struct Record {
        var incident: Incident
        let order: Int
        var checkpoint: Data?
        var journal: [JournalEntry] = []
        var lease: Lease?
        var leaseExpires: Date?
        var token = 0
        var attempts = 0
    }

    private var records: [UUID: Record] = [:]

    public init() {}

    public func insert(_ incident: Incident) throws(StoreError) {
        guard records[incident.id] == nil else { throw .duplicate(incident.id) }
        records[incident.id] = Record(incident: incident, order: records.count)
    }

    public func incident(_ id: UUID) -> Incident? { records[id]?.incident }

    public func journal(of id: UUID, after sequence: Int) -> [JournalEntry] {
        Array((records[id]?.journal ?? []).drop { $0.sequence <= sequence })
    }

    public func incidents(limit: Int) -> [Incident] {
        records.values
            .sorted { ($0.incident.createdAt, $0.order) > ($1.incident.createdAt, $1.order) }
            .prefix(max(0, limit)).map(\.incident)
    }

    public func claim(by owner: String, now: Date, leaseSeconds: Double) -> Claim? {
        let open = records.values.filter { record in
            switch record.incident.status {
            case .pending: true
            case .running: (record.leaseExpires ?? .distantPast) <= now
            case .completed, .failed, .cancelled: false
            }
        }
        guard var record = open.min(by: { ($0.incident.createdAt, $0.order) < ($1.incident.createdAt, $1.order) }) else { return nil }
        record.token += 1
        record.attempts += 1
        let lease = Lease(incident: record.incident.id, owner: owner, token: record.token)
        record.lease = lease
        record.leaseExpires = now.addingTimeInterval(leaseSeconds)
        record.incident.status = .running
        records[record.incident.id] = record
        return Claim(incident: record.incident, lease: lease, checkpoint: record.checkpoint, attempts: record.attempts)
    }

    public func renew(_ lease: Lease, now: Date, leaseSeconds: Double) throws(StoreError) {
        var record = try held(lease)
        record.leaseExpires = now.addingTimeInterval(leaseSeconds)
        records[lease.incident] = record
    }

    public func save(_ incident: Incident, checkpoint: Data?, journal: [JournalDraft], under lease: Lease) throws(StoreError) {
        var record = try held(lease)
        record.incident = incident
        record.checkpoint = checkpoint
        for draft in journal {
            let sequence = record.journal.count + 1
            record.journal.append(JournalEntry(sequence: sequence, time: draft.time, step: draft.step, message: draft.message))
        }
        if incident.status != .running {
            record.lease = nil
            record.leaseExpires = nil
        }
        // An investigation that was handed back unharmed does not count as a failed attempt.
        if incident.status == .pending { record.attempts -= 1 }
        records[lease.incident] = record
    }

    public func check() {}

    private func held(_ lease: Lease) throws(StoreError) -> Record {
        guard let record = records[lease.incident], record.lease == lease else { throw .leaseLost(lease.incident) }
        return record
    }
}
