import Foundation
import GRDB
import IncidentModel
import IncidentRecords
import Investigation

extension SQLiteIncidentStore {
    static let isHeld = "id = ? AND lease_owner = ? AND lease_token = ? AND status = 'running'"
    /// What an incident takes, its journal included.
    static let bytes = "LENGTH(payload) + COALESCE(LENGTH(checkpoint), 0) + journal_bytes"

    static func arguments(_ lease: Lease) -> StatementArguments {
        [IncidentRecord.key(lease.incident), lease.owner, lease.token]
    }

    /// Marks the incident that was stored first of those that can be claimed as running under a lease, and gives its row.
    static func claimRow(_ db: Database, by owner: String, at time: Double, leaseSeconds: Double) throws -> Row? {
        try Row.fetchOne(
            db,
            sql: """
                UPDATE incidents
                SET status = 'running', lease_owner = ?, lease_token = lease_token + 1, lease_expires = ?, attempts = attempts + 1
                WHERE sequence = (
                    SELECT sequence FROM incidents
                    WHERE status IN ('pending', 'running')
                        AND ((status = 'pending' AND awaits IS NULL) OR (status = 'running' AND lease_expires <= ?))
                    ORDER BY sequence LIMIT 1)
                RETURNING id, status, payload, lease_token, checkpoint, journal_length, attempts
                """,
            arguments: [owner, time + leaseSeconds, time])
    }

    static func existing(_ id: String) throws(StoreError) -> Opening {
        guard let id = UUID(uuidString: id) else { throw .corrupt("\(id.prefix(40)) is no incident id") }
        return .existing(id)
    }

    static func fetch(_ id: UUID, in db: Database, _ cipher: RecordCipher) throws -> (incident: Incident, journalLength: Int)? {
        let row = try Row.fetchOne(
            db, sql: "SELECT id, status, payload, journal_length FROM incidents WHERE id = ?", arguments: [IncidentRecord.key(id)])
        return try row.map { (try IncidentRecord.incident($0[0], status: $0[1], payload: $0[2], cipher), $0[3]) }
    }

    /// Whether this very save was made before and only its answer was lost.
    static func isDone(_ progress: StepProgress, under lease: Lease, in db: Database) throws -> Bool {
        guard !progress.journal.isEmpty else { return false }
        let row = try Row.fetchOne(
            db, sql: "SELECT 1 FROM incidents WHERE id = ? AND lease_token = ? AND journal_length = ? AND status = ?",
            arguments: [
                IncidentRecord.key(lease.incident), lease.token, progress.journalLength + progress.journal.count,
                progress.incident.status.rawValue,
            ])
        return row != nil
    }

    static func append(
        _ journal: [JournalDraft], to id: UUID, after length: Int, in db: Database, _ cipher: RecordCipher
    ) throws {
        guard !journal.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: "INSERT INTO journal (incident_id, sequence, time, step, message) VALUES (?, ?, ?, ?, ?)")
        var bytes = 0
        for (offset, draft) in journal.enumerated() {
            let sequence = length + 1 + offset
            let message = try IncidentRecord.sealMessage(draft.message, of: id, sequence, cipher)
            bytes += message.count
            try statement.execute(arguments: [
                IncidentRecord.key(id), sequence, draft.time.timeIntervalSince1970, draft.step, message,
            ])
        }
        try db.execute(
            sql: "UPDATE incidents SET journal_length = ?, journal_bytes = journal_bytes + ? WHERE id = ?",
            arguments: [length + journal.count, bytes, IncidentRecord.key(id)])
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value {
        do {
            return try await pool.read(work)
        } catch {
            throw StoreError(error)
        }
    }

    /// - Parameter isDurable: whether the data is to be on the disk before it returns, and not only with the system.
    func write<Value: Sendable>(
        isDurable: Bool = true, _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            guard !isDurable else { return try await pool.write(work) }
            return try await pool.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                // Whatever happens, the next writer finds it as it was.
                defer { try? db.execute(sql: "PRAGMA synchronous = FULL") }
                var result: Value?
                try db.inTransaction {
                    result = try work(db)
                    return .commit
                }
                guard let result else { throw StoreError.unavailable("the transaction ended without a result") }
                return result
            }
        } catch {
            throw StoreError(error)
        }
    }
}

extension StoreError {
    /// A database failure in the terms that callers act on.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            self = .corrupt("the database is damaged: \(error.message ?? "\(error.resultCode)")")
        case let error as DatabaseError: self = .unavailable(error.message ?? "\(error.resultCode)")
        default: self = .unavailable("\(error)")
        }
    }
}
