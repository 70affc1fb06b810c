public import Foundation
import GRDB
public import IncidentModel
public import Investigation

/// Keeps incidents in one SQLite file: the default store of a single orchestrator.
///
/// An answer to a writer means that the data is on the disk (write-ahead log, `synchronous = FULL`).
public final class SQLiteIncidentStore: IncidentStore {
    private let pool: DatabasePool

    /// Opens the file, or makes it, and brings its schema up to date.
    /// - Throws: `StoreError.unavailable` where the file cannot be opened or written; `.corrupt` where it is no store, is damaged, or
    ///   was written by a newer version. The message names the path and what to do.
    public init(path: String) throws(StoreError) {
        pool = try StoreFile(path: path).open()
    }

    /// Makes every lease void, for the start of the only process that uses the file: what a killed process left `running` is taken
    /// again at once instead of after its lease.
    public func releaseAllLeases() async throws(StoreError) {
        try await write { db in
            try db.execute(sql: "UPDATE incidents SET lease_expires = 0 WHERE status = 'running'")
        }
    }

    public func insert(_ incident: Incident) async throws(StoreError) {
        let payload = try Self.encode(incident)
        do {
            try await pool.write { db in
                try db.execute(
                    sql: "INSERT INTO incidents (id, status, created_at, payload) VALUES (?, ?, ?, ?)",
                    arguments: [Self.key(incident.id), incident.status.rawValue, incident.createdAt.timeIntervalSince1970, payload])
            }
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY {
            throw .duplicate(incident.id)
        } catch {
            throw StoreError(error)
        }
    }

    public func incident(_ id: UUID) async throws(StoreError) -> Incident? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT id, status, payload FROM incidents WHERE id = ?", arguments: [Self.key(id)])
                .map(Self.incident(from:))
        }
    }

    public func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry] {
        try await read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT sequence, time, step, message FROM journal WHERE incident_id = ? AND sequence > ? ORDER BY sequence",
                arguments: [Self.key(id), sequence])
            return rows.map { row in
                JournalEntry(
                    sequence: row[0], time: Date(timeIntervalSince1970: row[1]), step: row[2], message: row[3])
            }
        }
    }

    public func incidents(limit: Int) async throws(StoreError) -> [Incident] {
        try await read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, status, payload FROM incidents ORDER BY created_at DESC, rowid DESC LIMIT ?",
                arguments: [max(0, limit)])
            return try rows.map(Self.incident(from:))
        }
    }

    public func claim(by owner: String, now: Date, leaseSeconds: Double) async throws(StoreError) -> Claim? {
        try await write { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        UPDATE incidents
                        SET status = 'running', lease_owner = ?, lease_token = lease_token + 1, lease_expires = ?, attempts = attempts + 1
                        WHERE rowid = (
                            SELECT rowid FROM incidents
                            WHERE status IN ('pending', 'running') AND (status = 'pending' OR lease_expires <= ?)
                            ORDER BY created_at, rowid LIMIT 1)
                        RETURNING id, status, payload, lease_token, checkpoint, attempts
                        """,
                    arguments: [owner, now.timeIntervalSince1970 + leaseSeconds, now.timeIntervalSince1970])
            else { return nil }
            let incident = try Self.incident(from: row)
            return Claim(
                incident: incident, lease: Lease(incident: incident.id, owner: owner, token: row["lease_token"]),
                checkpoint: row["checkpoint"], attempts: row["attempts"])
        }
    }

    public func renew(_ lease: Lease, now: Date, leaseSeconds: Double) async throws(StoreError) {
        try await write { db in
            try db.execute(
                sql: "UPDATE incidents SET lease_expires = ? WHERE \(Self.isHeld)",
                arguments: [now.timeIntervalSince1970 + leaseSeconds] + Self.arguments(lease))
            guard db.changesCount == 1 else { throw StoreError.leaseLost(lease.incident) }
        }
    }

    public func save(_ incident: Incident, checkpoint: Data?, journal: [JournalDraft], under lease: Lease) async throws(StoreError) {
        let payload = try Self.encode(incident)
        let isReleased = incident.status != .running
        try await write { db in
            // An investigation that was handed back unharmed does not count as a failed attempt.
            try db.execute(
                sql: """
                    UPDATE incidents SET status = ?, payload = ?, checkpoint = ?, attempts = attempts - ?,
                        lease_owner = IIF(?, NULL, lease_owner), lease_expires = IIF(?, NULL, lease_expires)
                    WHERE \(Self.isHeld)
                    """,
                arguments: [
                    incident.status.rawValue, payload, checkpoint, incident.status == .pending ? 1 : 0, isReleased, isReleased,
                ] + Self.arguments(lease))
            guard db.changesCount == 1 else { throw StoreError.leaseLost(lease.incident) }
            try Self.append(journal, to: lease.incident, in: db)
        }
    }

    public func check() async throws(StoreError) {
        try await read { db in _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM incidents WHERE rowid = 0") }
    }

    private static func append(_ journal: [JournalDraft], to incident: UUID, in db: Database) throws {
        guard !journal.isEmpty else { return }
        let last = try Int.fetchOne(db, sql: "SELECT MAX(sequence) FROM journal WHERE incident_id = ?", arguments: [key(incident)]) ?? 0
        let statement = try db.cachedStatement(
            sql: "INSERT INTO journal (incident_id, sequence, time, step, message) VALUES (?, ?, ?, ?, ?)")
        for (offset, draft) in journal.enumerated() {
            try statement.execute(arguments: [
                key(incident), last + 1 + offset, draft.time.timeIntervalSince1970, draft.step, draft.message,
            ])
        }
    }

    private static let isHeld = "id = ? AND lease_owner = ? AND lease_token = ? AND status = 'running'"

    private static func arguments(_ lease: Lease) -> StatementArguments { [key(lease.incident), lease.owner, lease.token] }

    private static func key(_ id: UUID) -> String { id.uuidString.lowercased() }

    private static func encode(_ incident: Incident) throws(StoreError) -> Data {
        do {
            return try IncidentJSON.encode(incident)
        } catch {
            throw .corrupt("incident \(incident.id) cannot be written as JSON: \(error)")
        }
    }

    /// The status column is newer than the payload: claims change it alone.
    private static func incident(from row: Row) throws -> Incident {
        do {
            var incident = try IncidentJSON.decode(Incident.self, from: row["payload"])
            if let status = IncidentStatus(rawValue: row["status"]) { incident.status = status }
            return incident
        } catch {
            throw StoreError.corrupt("incident \(row["id"] as String? ?? "?") cannot be read back: \(error)")
        }
    }

    private func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value {
        do {
            return try await pool.read(work)
        } catch {
            throw StoreError(error)
        }
    }

    private func write<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value {
        do {
            return try await pool.write(work)
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
