public import Foundation
import GRDB
public import IncidentModel
public import IncidentRecords
public import Investigation

/// Keeps incidents in one SQLite file: the default store of a single orchestrator.
///
/// An answer to a writer means that the data is on the disk (write-ahead log, `synchronous = FULL`). What runners save is left to the
/// system to write, so that nobody who reports an incident waits for their disk writes: when the power fails, an investigation is done
/// again from what is there, in the order in which it was saved.
public final class SQLiteIncidentStore: IncidentStore {
    public let changes = ChangeFeed()
    let pool: DatabasePool
    let cipher: RecordCipher
    let now: @Sendable () -> Date

    /// Opens the file, or makes it.
    /// - Parameters:
    ///   - schema: what is done where an older version wrote the file.
    ///   - cipher: seals what is written; none leaves it as it is.
    ///   - now: the clock of leases and ages. One process uses the file, so its clock is the store's.
    /// - Throws: `StoreError.unavailable` where the file cannot be opened or written; `.corrupt` where it is no store, is damaged, or
    ///   was written by a newer version, or by an older one that is to be left. The message names the path and what to do.
    public init(
        path: String, schema: StoreSchemaPolicy = .bringUpToDate, cipher: RecordCipher = RecordCipher(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(StoreError) {
        pool = try StoreFile(path: path).open(schema)
        self.cipher = cipher
        self.now = now
    }

    /// Makes every lease void, for the start of the only process that uses the file: what a killed process left `running` is taken
    /// again at once instead of after its lease.
    public func releaseAllLeases() async throws(StoreError) {
        try await write { db in
            try db.execute(sql: "UPDATE incidents SET lease_expires = 0 WHERE status = 'running'")
        }
    }

    public func open(_ incident: Incident, under terms: OpeningTerms) async throws(StoreError) -> Opening {
        let record = try IncidentRecord(incident, cipher)
        let fingerprints = terms.isRepeatable ? cipher.fingerprints(of: terms.request) : []
        let oldest = terms.foldingSeconds.map { now().timeIntervalSince1970 - $0 }
        let opening = try await write { db -> Opening in
            if let key = terms.idempotencyKey,
                let row = try Row.fetchOne(
                    db, sql: "SELECT id, request_fingerprint FROM incidents WHERE idempotency_key = ?", arguments: [key])
            {
                return fingerprints.contains(row[1]) ? try Self.existing(row[0]) : .keyReused
            }
            if let oldest, terms.idempotencyKey == nil {
                for fingerprint in fingerprints {
                    let id = try String.fetchOne(
                        db,
                        sql: """
                            SELECT id FROM incidents WHERE request_fingerprint = ? AND created_at > ?
                            AND status NOT IN ('failed', 'cancelled') ORDER BY sequence DESC LIMIT 1
                            """, arguments: [fingerprint, oldest])
                    if let id { return try Self.existing(id) }
                }
            }
            guard terms.admitsNew else { return .refused }
            do {
                try db.execute(
                    sql: """
                        INSERT INTO incidents (id, status, created_at, namespace, payload, idempotency_key, request_fingerprint)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        record.id, record.status.rawValue, record.created, record.namespace, record.payload, terms.idempotencyKey,
                        fingerprints.first,
                    ])
            } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
                throw StoreError.duplicate(incident.id)
            }
            return .opened
        }
        if opening == .opened { changes.publish(.work) }
        return opening
    }

    public func restore(_ incident: Incident, journal: [JournalEntry]) async throws(StoreError) -> Bool {
        let record = try IncidentRecord(incident.released, cipher)
        let drafts = journal.map { JournalDraft(time: $0.time, step: $0.step, message: $0.message) }
        let isNew = try await write { [cipher] db in
            try db.execute(
                sql: """
                    INSERT INTO incidents (id, status, created_at, namespace, cause, awaits, payload) VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (id) DO NOTHING
                    """,
                arguments: [
                    record.id, record.status.rawValue, record.created, record.namespace, record.cause, record.awaits, record.payload,
                ])
            guard db.changesCount == 1 else { return false }
            try Self.append(drafts, to: incident.id, after: 0, in: db, cipher)
            return true
        }
        if isNew { changes.publish(.work) }
        return isNew
    }

    public func incident(_ id: UUID) async throws(StoreError) -> Incident? {
        try await read { [cipher] db in try Self.fetch(id, in: db, cipher)?.incident }
    }

    public func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry] {
        try await read { [cipher] db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT sequence, time, step, message FROM journal WHERE incident_id = ? AND sequence > ? ORDER BY sequence",
                arguments: [IncidentRecord.key(id), sequence])
            return try rows.map { row in
                JournalEntry(
                    sequence: row[0], time: Date(timeIntervalSince1970: row[1]), step: row[2],
                    message: try IncidentRecord.openMessage(row[3], of: id, row[0], cipher))
            }
        }
    }

    public func incidents(_ filter: IncidentFilter) async throws(StoreError) -> IncidentPage {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ values: [any DatabaseValueConvertible]) {
            conditions.append(condition)
            arguments += StatementArguments(values)
        }
        if !filter.statuses.isEmpty {
            let statuses = filter.statuses.map(\.rawValue).sorted()
            require("status IN (\(statuses.map { _ in "?" }.joined(separator: ", ")))", statuses)
        }
        if let namespace = filter.namespace { require("namespace = ?", [namespace]) }
        if let cause = filter.cause { require("cause = ?", [cause.rawValue]) }
        if let from = filter.from { require("created_at >= ?", [from.timeIntervalSince1970]) }
        if let until = filter.until { require("created_at < ?", [until.timeIntervalSince1970]) }
        if let before = filter.before { require("sequence < ?", [before]) }
        if let after = filter.after { require("sequence > ?", [after]) }
        let order = filter.after == nil ? "DESC" : "ASC"
        let limit = max(0, filter.limit)
        arguments += [limit + 1]
        let clause = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try await read { [cipher, arguments] db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, status, created_at, payload, sequence FROM incidents \(clause) ORDER BY sequence \(order) LIMIT ?",
                arguments: arguments)
            let page = rows.prefix(limit)
            return try IncidentRecord.page(
                page.map { ($0[0], $0[1], $0[2], $0[3]) }, next: rows.count > limit ? page.last?[4] : nil, cipher)
        }
    }

    public func claim(by owner: String, leaseSeconds: Double) async throws(StoreError) -> Claim? {
        let time = now().timeIntervalSince1970
        return try await write { [cipher] db in
            while let row = try Self.claimRow(db, by: owner, at: time, leaseSeconds: leaseSeconds) {
                // One that cannot be read, for want of its key perhaps, is left under the lease, and tried again when that is over.
                guard let incident = try? IncidentRecord.incident(row[0], status: row[1], payload: row[2], cipher) else { continue }
                return Claim(
                    incident: incident, lease: Lease(incident: incident.id, owner: owner, token: row[3]),
                    checkpoint: try? IncidentRecord.openCheckpoint(row[4], of: incident.id, cipher), journalLength: row[5],
                    attempts: row[6])
            }
            return nil
        }
    }

    public func renew(_ lease: Lease, leaseSeconds: Double) async throws(StoreError) {
        let expires = now().timeIntervalSince1970 + leaseSeconds
        try await write { db in
            try db.execute(
                sql: "UPDATE incidents SET lease_expires = ? WHERE \(Self.isHeld)", arguments: [expires] + Self.arguments(lease))
            guard db.changesCount == 1 else { throw StoreError.leaseLost(lease.incident) }
        }
    }

    public func save(_ progress: StepProgress, under lease: Lease) async throws(StoreError) {
        let record = try IncidentRecord(progress.incident, cipher)
        let checkpoint = try IncidentRecord.sealCheckpoint(progress.checkpoint, of: lease.incident, cipher)
        try await write(isDurable: false) { [cipher] db in
            try db.execute(
                sql: """
                    UPDATE incidents SET status = ?, namespace = ?, cause = ?, awaits = ?, payload = ?, checkpoint = ?,
                        attempts = attempts - ?, lease_owner = IIF(?, lease_owner, NULL), lease_expires = IIF(?, lease_expires, NULL)
                    WHERE \(Self.isHeld) AND journal_length = ?
                    """,
                arguments: [
                    record.status.rawValue, record.namespace, record.cause, record.awaits, record.payload, checkpoint,
                    // An investigation that was handed back unharmed does not count as a failed attempt.
                    record.status == .pending ? 1 : 0, record.status == .running, record.status == .running,
                ] + Self.arguments(lease) + [progress.journalLength])
            guard db.changesCount == 1 else {
                guard try Self.isDone(progress, under: lease, in: db) else { throw StoreError.leaseLost(lease.incident) }
                return
            }
            try Self.append(progress.journal, to: lease.incident, after: progress.journalLength, in: db, cipher)
        }
        changes.publish(.incident(lease.incident))
        if record.status == .pending && record.awaits == nil { changes.publish(.work) }
    }

    public func cancel(_ id: UUID, journal entry: JournalDraft) async throws(StoreError) -> Incident? {
        let cancelled = try await write { [cipher] db -> (incident: Incident, isNew: Bool)? in
            guard let (found, length) = try Self.fetch(id, in: db, cipher) else { return nil }
            guard !found.status.isFinal else { return (found, false) }
            var incident = found
            incident.cancel(at: entry.time, reason: entry.message)
            let record = try IncidentRecord(incident, cipher)
            try db.execute(
                sql: """
                    UPDATE incidents SET status = ?, awaits = NULL, payload = ?, checkpoint = NULL, lease_token = lease_token + 1,
                        lease_owner = NULL, lease_expires = NULL
                    WHERE id = ?
                    """, arguments: [record.status.rawValue, record.payload, record.id])
            try Self.append([entry], to: id, after: length, in: db, cipher)
            return (incident, true)
        }
        if cancelled?.isNew == true {
            changes.publish(.cancelled(id))
            changes.publish(.incident(id))
        }
        return cancelled?.incident
    }

    public func review(_ id: UUID, _ review: Review, journal entry: JournalDraft) async throws(StoreError) -> ReviewOutcome? {
        let outcome = try await write { [cipher] db -> ReviewOutcome? in
            guard let (found, length) = try Self.fetch(id, in: db, cipher) else { return nil }
            guard found.awaits == StateGraph.Pause.review.rawValue, found.status == .pending else { return .notAwaited(found) }
            var incident = found
            incident.accept(review)
            let record = try IncidentRecord(incident, cipher)
            try db.execute(sql: "UPDATE incidents SET awaits = NULL, payload = ? WHERE id = ?", arguments: [record.payload, record.id])
            try Self.append([entry], to: id, after: length, in: db, cipher)
            return .taken(incident)
        }
        if case .taken = outcome {
            changes.publish(.incident(id))
            changes.publish(.work)
        }
        return outcome
    }

    public func queueLength() async throws(StoreError) -> Int {
        try await read { db in
            // The condition on two states is what the index of open incidents is found by.
            let statement = """
                SELECT COUNT(*) FROM incidents
                WHERE status IN ('pending', 'running') AND status = 'pending' AND awaits IS NULL
                """
            return try Int.fetchOne(db, sql: statement) ?? 0
        }
    }

    public func statistics() async throws(StoreError) -> StoreStatistics {
        let time = now().timeIntervalSince1970
        return try await read { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT COUNT(*) FILTER (WHERE status = 'pending' AND awaits IS NULL),
                            COUNT(*) FILTER (WHERE status = 'running'),
                            COUNT(*) FILTER (WHERE status = 'pending' AND awaits IS NOT NULL),
                            COUNT(*) FILTER (WHERE status NOT IN ('pending', 'running')),
                            MIN(created_at) FILTER (WHERE status = 'pending' AND awaits IS NULL),
                            COALESCE(SUM(\(Self.bytes)), 0)
                        FROM incidents
                        """)
            else { return StoreStatistics() }
            let oldest: Double? = row[4]
            return StoreStatistics(
                queued: row[0], running: row[1], awaiting: row[2], finished: row[3],
                oldestQueuedSeconds: oldest.map { max(0, time - $0) } ?? 0, bytes: row[5])
        }
    }

    public func prune(_ retention: Retention) async throws(StoreError) -> Int {
        let oldest = retention.seconds.map { now().timeIntervalSince1970 - $0 }
        return try await write { db in
            // Newest first, everything counts; what is final goes from where a bound is passed.
            try db.execute(
                sql: """
                    DELETE FROM incidents WHERE status NOT IN ('pending', 'running') AND (created_at < ? OR sequence IN (
                        SELECT sequence FROM (
                            SELECT sequence, ROW_NUMBER() OVER newest AS number, SUM(\(Self.bytes)) OVER newest AS bytes
                            FROM incidents WINDOW newest AS (ORDER BY sequence DESC))
                        WHERE number > ? OR bytes > ?))
                    """, arguments: [oldest, retention.count ?? .max, retention.bytes ?? .max])
            return db.changesCount
        }
    }

    public func check() async throws(StoreError) {
        try await read { db in _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM incidents WHERE sequence = 0") }
    }
}
