import Foundation
import IncidentModel
import IncidentRecords
import Investigation

extension PostgresIncidentStore {
    /// Takes `values(lease)` as its first three parameters.
    static let isHeld = "id = $1 AND lease_owner = $2 AND lease_token = $3 AND status = 'running'"
    /// What an incident takes, its journal included.
    static let bytes = "LENGTH(payload) + COALESCE(LENGTH(checkpoint), 0) + journal_bytes"

    static func values(_ lease: Lease) -> [PostgresValue] {
        [.text(IncidentRecord.key(lease.incident)), .text(lease.owner), .int(lease.token)]
    }

    /// Marks the incident that was stored first of those that can be claimed as running under a lease, and gives its row. Rows that
    /// another replica is claiming at this moment are passed over, so that claimers never wait for one another.
    static func claimRow(_ connection: PostgresConnection, by owner: String, leaseSeconds: Double) throws -> PostgresRow? {
        try connection.execute(
            """
            UPDATE incidents SET status = 'running', lease_owner = $1, lease_token = lease_token + 1,
                lease_expires = clock_timestamp() + make_interval(secs => $2), attempts = attempts + 1
            WHERE sequence = (
                SELECT sequence FROM incidents
                WHERE status IN ('pending', 'running')
                    AND ((status = 'pending' AND awaits IS NULL) OR (status = 'running' AND lease_expires <= clock_timestamp()))
                ORDER BY sequence LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, status, payload, lease_token, checkpoint, journal_length, attempts
            """, [.text(owner), .double(leaseSeconds)]
        ).first
    }

    static func notify(_ change: StoreChange, _ connection: PostgresConnection) throws {
        try connection.execute("SELECT pg_notify($1, $2)", [.text(PostgresListener.channel), .text(PostgresListener.payload(change))])
    }

    /// The incident that stands for a new one. Equal keys and requests wait for one another, so that two replicas do not open both.
    static func existing(
        _ terms: OpeningTerms, _ fingerprints: [Data], _ connection: PostgresConnection
    ) throws -> Opening? {
        if let key = terms.idempotencyKey {
            try connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", [.text(key)])
            let rows = try connection.execute(
                "SELECT id, request_fingerprint FROM incidents WHERE idempotency_key = $1", [.text(key)])
            if let row = rows.first {
                return row.bytes(1).map(fingerprints.contains) == true ? try opening(row) : .keyReused
            }
        }
        guard terms.idempotencyKey == nil, let seconds = terms.foldingSeconds, let newest = fingerprints.first else { return nil }
        try connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 2))", [.bytes(newest)])
        for fingerprint in fingerprints {
            let rows = try connection.execute(
                """
                SELECT id FROM incidents
                WHERE request_fingerprint = $1 AND stored_at > clock_timestamp() - make_interval(secs => $2)
                    AND status NOT IN ('failed', 'cancelled')
                ORDER BY sequence DESC LIMIT 1
                """, [.bytes(fingerprint), .double(seconds)])
            if let row = rows.first { return try opening(row) }
        }
        return nil
    }

    private static func opening(_ row: PostgresRow) throws(StoreError) -> Opening {
        guard let id = row.text(0).flatMap(UUID.init(uuidString:)) else { throw .corrupt("a row has no incident id") }
        return .existing(id)
    }

    /// Of columns that begin with `id, status, payload`.
    static func incident(_ row: PostgresRow, _ cipher: RecordCipher) throws(StoreError) -> Incident {
        try IncidentRecord.incident(row.text(0) ?? "", status: row.text(1) ?? "", payload: row.bytes(2) ?? Data(), cipher)
    }

    static func fetch(
        _ id: UUID, _ connection: PostgresConnection, _ cipher: RecordCipher, lock: Bool = false
    ) throws -> (incident: Incident, journalLength: Int)? {
        let rows = try connection.execute(
            "SELECT id, status, payload, journal_length FROM incidents WHERE id = $1" + (lock ? " FOR UPDATE" : ""),
            [.text(IncidentRecord.key(id))])
        return try rows.first.map { (try incident($0, cipher), $0.int(3)) }
    }

    /// Whether this very save was made before and only its answer was lost.
    static func isDone(_ progress: StepProgress, under lease: Lease, _ connection: PostgresConnection) throws -> Bool {
        guard !progress.journal.isEmpty else { return false }
        return try !connection.execute(
            "SELECT 1 FROM incidents WHERE id = $1 AND lease_token = $2 AND journal_length = $3 AND status = $4",
            [
                .text(IncidentRecord.key(lease.incident)), .int(lease.token), .int(progress.journalLength + progress.journal.count),
                .text(progress.incident.status.rawValue),
            ]
        ).isEmpty
    }

    static func append(
        _ journal: [JournalDraft], to id: UUID, after length: Int, _ connection: PostgresConnection, _ cipher: RecordCipher
    ) throws {
        guard !journal.isEmpty else { return }
        var bytes = 0
        for (offset, draft) in journal.enumerated() {
            let sequence = length + 1 + offset
            let message = try IncidentRecord.sealMessage(draft.message, of: id, sequence, cipher)
            bytes += message.count
            try connection.execute(
                "INSERT INTO journal (incident_id, sequence, time, step, message) VALUES ($1, $2, $3, $4, $5)",
                [
                    .text(IncidentRecord.key(id)), .int(sequence), .double(draft.time.timeIntervalSince1970), .text(draft.step),
                    .bytes(message),
                ])
        }
        try connection.execute(
            "UPDATE incidents SET journal_length = $2, journal_bytes = journal_bytes + $3 WHERE id = $1",
            [.text(IncidentRecord.key(id)), .int(length + journal.count), .int(bytes)])
    }
}
