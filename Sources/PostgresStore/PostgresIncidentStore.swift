public import Foundation
public import IncidentModel
public import IncidentRecords
public import Investigation

/// Keeps incidents in PostgreSQL (15 or newer), which any number of orchestrators share: it holds the queue, the leases and the one clock
/// that counts, and tells every replica what the others did.
public final class PostgresIncidentStore: IncidentStore {
    /// How a store is opened.
    public struct Options: Sendable {
        /// Connections for statements; one more listens.
        public var connections: Int
        /// Longest time of a statement.
        public var statementSeconds: Double
        /// What is done where an older version wrote the schema.
        public var schema: StoreSchemaPolicy

        public init(connections: Int = 4, statementSeconds: Double = 10, schema: StoreSchemaPolicy = .bringUpToDate) {
            self.connections = connections
            self.statementSeconds = statementSeconds
            self.schema = schema
        }
    }

    public let changes = ChangeFeed()
    let pool: PostgresPool
    let cipher: RecordCipher
    private let listener: PostgresListener

    /// Connects.
    /// - Parameters:
    ///   - address: a `postgresql://` URL or a libpq connection string.
    ///   - cipher: seals what is written; none leaves it as it is.
    /// - Throws: `StoreError.unavailable` where the server cannot be reached or used; `.corrupt` where a newer version wrote the schema.
    public init(_ address: String, options: Options = Options(), cipher: RecordCipher = RecordCipher()) async throws(StoreError) {
        guard PostgresConnection.isValid(address) else {
            throw .unavailable("the address is no valid one; percent-encode `@ : / % ?` in its user and password")
        }
        pool = PostgresPool(address, size: options.connections, statementSeconds: options.statementSeconds)
        self.cipher = cipher
        listener = PostgresListener(address, changes: changes)
        do throws(StoreError) {
            try await pool.run { try PostgresSchema.migrate($0, options.schema) }
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    /// Ends the threads; calls after it fail.
    public func close() {
        listener.close()
        pool.close()
    }

    public func open(_ incident: Incident, under terms: OpeningTerms) async throws(StoreError) -> Opening {
        let record = try IncidentRecord(incident, cipher)
        let fingerprints = terms.isRepeatable ? cipher.fingerprints(of: terms.request) : []
        return try await pool.run { connection in
            try connection.transaction {
                if let found = try Self.existing(terms, fingerprints, connection) { return found }
                guard terms.admitsNew else { return .refused }
                do {
                    try connection.execute(
                        """
                        INSERT INTO incidents (id, status, created_at, namespace, payload, idempotency_key, request_fingerprint)
                        VALUES ($1, $2, $3, $4, $5, $6, $7)
                        """,
                        [
                            .text(record.id), .text(record.status.rawValue), .double(record.created), .optional(record.namespace),
                            .bytes(record.payload), .optional(terms.idempotencyKey), .optional(fingerprints.first),
                        ])
                } catch let error as PostgresError where error.state == "23505" {
                    throw StoreError.duplicate(incident.id)
                }
                try Self.notify(.work, connection)
                return .opened
            }
        }
    }

    public func restore(_ incident: Incident, journal: [JournalEntry]) async throws(StoreError) -> Bool {
        let record = try IncidentRecord(incident.released, cipher)
        let drafts = journal.map { JournalDraft(time: $0.time, step: $0.step, message: $0.message) }
        return try await pool.run { [cipher] connection in
            try connection.transaction {
                let rows = try connection.execute(
                    """
                    INSERT INTO incidents (id, status, created_at, stored_at, namespace, cause, awaits, payload)
                    VALUES ($1, $2, $3, to_timestamp($3), $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING RETURNING sequence
                    """,
                    [
                        .text(record.id), .text(record.status.rawValue), .double(record.created), .optional(record.namespace),
                        .optional(record.cause), .optional(record.awaits), .bytes(record.payload),
                    ])
                guard rows.count == 1 else { return false }
                try Self.append(drafts, to: incident.id, after: 0, connection, cipher)
                try Self.notify(.work, connection)
                return true
            }
        }
    }

    public func incident(_ id: UUID) async throws(StoreError) -> Incident? {
        try await pool.run(isRepeatable: true) { [cipher] in try Self.fetch(id, $0, cipher)?.incident }
    }

    public func journal(of id: UUID, after sequence: Int) async throws(StoreError) -> [JournalEntry] {
        try await pool.run(isRepeatable: true) { [cipher] connection in
            let rows = try connection.execute(
                "SELECT sequence, time, step, message FROM journal WHERE incident_id = $1 AND sequence > $2 ORDER BY sequence",
                [.text(IncidentRecord.key(id)), .int(sequence)])
            return try rows.map { row in
                JournalEntry(
                    sequence: row.int(0), time: Date(timeIntervalSince1970: row.double(1) ?? 0), step: row.text(2) ?? "",
                    message: try IncidentRecord.openMessage(row.bytes(3) ?? Data(), of: id, row.int(0), cipher))
            }
        }
    }

    public func incidents(_ filter: IncidentFilter) async throws(StoreError) -> IncidentPage {
        var conditions: [String] = []
        var values: [PostgresValue] = []
        func require(_ condition: String, _ value: PostgresValue) {
            values.append(value)
            conditions.append("\(condition) $\(values.count)")
        }
        if !filter.statuses.isEmpty {
            let first = values.count
            values += filter.statuses.map(\.rawValue).sorted().map { .text($0) }
            conditions.append("status IN (\((first + 1...values.count).map { "$\($0)" }.joined(separator: ", ")))")
        }
        if let namespace = filter.namespace { require("namespace =", .text(namespace)) }
        if let cause = filter.cause { require("cause =", .text(cause.rawValue)) }
        if let from = filter.from { require("created_at >=", .double(from.timeIntervalSince1970)) }
        if let until = filter.until { require("created_at <", .double(until.timeIntervalSince1970)) }
        if let before = filter.before { require("sequence <", .int(before)) }
        if let after = filter.after { require("sequence >", .int(after)) }
        let order = filter.after == nil ? "DESC" : "ASC"
        let limit = max(0, filter.limit)
        values.append(.int(limit + 1))
        let clause = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let statement =
            "SELECT id, status, created_at, payload, sequence FROM incidents \(clause) ORDER BY sequence \(order) LIMIT $\(values.count)"
        return try await pool.run(isRepeatable: true) { [cipher, values] connection in
            let rows = try connection.execute(statement, values)
            let page = rows.prefix(limit)
            return try IncidentRecord.page(
                page.map { ($0.text(0) ?? "", $0.text(1) ?? "", $0.double(2) ?? 0, $0.bytes(3) ?? Data()) },
                next: rows.count > limit ? page.last?.int(4) : nil, cipher)
        }
    }

    public func claim(by owner: String, leaseSeconds: Double) async throws(StoreError) -> Claim? {
        try await pool.run { [cipher] connection in
            while let row = try Self.claimRow(connection, by: owner, leaseSeconds: leaseSeconds) {
                // One that cannot be read, for want of its key perhaps, is left under the lease, and tried again when that is over.
                guard let incident = try? Self.incident(row, cipher) else { continue }
                return Claim(
                    incident: incident, lease: Lease(incident: incident.id, owner: owner, token: row.int(3)),
                    checkpoint: try? IncidentRecord.openCheckpoint(row.bytes(4), of: incident.id, cipher), journalLength: row.int(5),
                    attempts: row.int(6))
            }
            return nil
        }
    }

    public func renew(_ lease: Lease, leaseSeconds: Double) async throws(StoreError) {
        try await pool.run(isRepeatable: true) { connection in
            let rows = try connection.execute(
                """
                UPDATE incidents SET lease_expires = clock_timestamp() + make_interval(secs => $4)
                WHERE \(Self.isHeld) RETURNING sequence
                """, Self.values(lease) + [.double(leaseSeconds)])
            guard rows.count == 1 else { throw StoreError.leaseLost(lease.incident) }
        }
    }

    public func save(_ progress: StepProgress, under lease: Lease) async throws(StoreError) {
        let record = try IncidentRecord(progress.incident, cipher)
        let checkpoint = try IncidentRecord.sealCheckpoint(progress.checkpoint, of: lease.incident, cipher)
        try await pool.run(isRepeatable: true) { [cipher] connection in
            try connection.transaction {
                let values: [PostgresValue] = [
                    .int(progress.journalLength), .text(record.status.rawValue), .optional(record.namespace), .optional(record.cause),
                    .optional(record.awaits), .bytes(record.payload), .optional(checkpoint),
                ]
                let rows = try connection.execute(
                    """
                    UPDATE incidents SET status = $5, namespace = $6, cause = $7, awaits = $8, payload = $9, checkpoint = $10,
                        attempts = attempts - CASE WHEN $5 = 'pending' THEN 1 ELSE 0 END,
                        lease_owner = CASE WHEN $5 = 'running' THEN lease_owner END,
                        lease_expires = CASE WHEN $5 = 'running' THEN lease_expires END
                    WHERE \(Self.isHeld) AND journal_length = $4 RETURNING sequence
                    """,
                    Self.values(lease) + values)
                guard rows.count == 1 else {
                    guard try Self.isDone(progress, under: lease, connection) else { throw StoreError.leaseLost(lease.incident) }
                    return
                }
                try Self.append(progress.journal, to: lease.incident, after: progress.journalLength, connection, cipher)
                try Self.notify(.incident(lease.incident), connection)
                if record.status == .pending && record.awaits == nil { try Self.notify(.work, connection) }
            }
        }
    }

    public func cancel(_ id: UUID, journal entry: JournalDraft) async throws(StoreError) -> Incident? {
        try await pool.run { [cipher] connection in
            try connection.transaction {
                guard let (found, length) = try Self.fetch(id, connection, cipher, lock: true) else { return nil }
                guard !found.status.isFinal else { return found }
                var incident = found
                incident.cancel(at: entry.time, reason: entry.message)
                let record = try IncidentRecord(incident, cipher)
                try connection.execute(
                    """
                    UPDATE incidents SET status = $2, awaits = NULL, payload = $3, checkpoint = NULL, lease_token = lease_token + 1,
                        lease_owner = NULL, lease_expires = NULL
                    WHERE id = $1
                    """, [.text(record.id), .text(record.status.rawValue), .bytes(record.payload)])
                try Self.append([entry], to: id, after: length, connection, cipher)
                try Self.notify(.cancelled(id), connection)
                try Self.notify(.incident(id), connection)
                return incident
            }
        }
    }

    public func review(_ id: UUID, _ review: Review, journal entry: JournalDraft) async throws(StoreError) -> ReviewOutcome? {
        try await pool.run { [cipher] connection in
            try connection.transaction {
                guard let (found, length) = try Self.fetch(id, connection, cipher, lock: true) else { return nil }
                guard found.awaits == StateGraph.Pause.review.rawValue, found.status == .pending else { return .notAwaited(found) }
                var incident = found
                incident.accept(review)
                let record = try IncidentRecord(incident, cipher)
                try connection.execute(
                    "UPDATE incidents SET awaits = NULL, payload = $2 WHERE id = $1", [.text(record.id), .bytes(record.payload)])
                try Self.append([entry], to: id, after: length, connection, cipher)
                try Self.notify(.incident(id), connection)
                try Self.notify(.work, connection)
                return .taken(incident)
            }
        }
    }

    public func queueLength() async throws(StoreError) -> Int {
        try await pool.run(isRepeatable: true) { connection in
            // The condition on two states is what the index of open incidents is found by.
            try connection.execute(
                "SELECT COUNT(*) FROM incidents WHERE status IN ('pending', 'running') AND status = 'pending' AND awaits IS NULL"
            ).first?.int(0) ?? 0
        }
    }

    public func statistics() async throws(StoreError) -> StoreStatistics {
        try await pool.run(isRepeatable: true) { connection in
            let rows = try connection.execute(
                """
                SELECT COUNT(*) FILTER (WHERE status = 'pending' AND awaits IS NULL),
                    COUNT(*) FILTER (WHERE status = 'running'),
                    COUNT(*) FILTER (WHERE status = 'pending' AND awaits IS NOT NULL),
                    COUNT(*) FILTER (WHERE status NOT IN ('pending', 'running')),
                    EXTRACT(EPOCH FROM clock_timestamp() - MIN(stored_at) FILTER (WHERE status = 'pending' AND awaits IS NULL)),
                    COALESCE(SUM(\(Self.bytes)), 0)
                FROM incidents
                """)
            guard let row = rows.first else { return StoreStatistics() }
            return StoreStatistics(
                queued: row.int(0), running: row.int(1), awaiting: row.int(2), finished: row.int(3),
                oldestQueuedSeconds: max(0, row.double(4) ?? 0), bytes: row.int(5))
        }
    }

    public func prune(_ retention: Retention) async throws(StoreError) -> Int {
        var deleted = 0
        while true {
            let count = try await pruneBatch(retention)
            deleted += count
            if count < Self.pruneBatchSize { return deleted }
        }
    }

    /// So many at once, that no statement takes long.
    private static let pruneBatchSize = 1_000

    private func pruneBatch(_ retention: Retention) async throws(StoreError) -> Int {
        try await pool.run { connection in
            // Newest first, everything counts; what is final goes from where a bound is passed.
            try connection.execute(
                """
                DELETE FROM incidents WHERE sequence IN (
                    SELECT sequence FROM incidents WHERE status NOT IN ('pending', 'running')
                        AND (stored_at < clock_timestamp() - make_interval(secs => $1::double precision) OR sequence IN (
                            SELECT sequence FROM (
                                SELECT sequence, ROW_NUMBER() OVER newest AS number, SUM(\(Self.bytes)) OVER newest AS bytes
                                FROM incidents WINDOW newest AS (ORDER BY sequence DESC)) AS counted
                            WHERE number > $2::bigint OR bytes > $3::bigint))
                    ORDER BY sequence LIMIT \(Self.pruneBatchSize))
                RETURNING sequence
                """,
                [
                    retention.seconds.map { .double($0) } ?? .null, retention.count.map { .int($0) } ?? .null,
                    retention.bytes.map { .int($0) } ?? .null,
                ]
            ).count
        }
    }

    public func check() async throws(StoreError) {
        _ = try await pool.run(isRepeatable: true) { try $0.execute("SELECT sequence FROM incidents WHERE sequence = 0").count }
    }
}
