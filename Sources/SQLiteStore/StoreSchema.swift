import GRDB

/// The schema, as named steps. Steps are only ever appended.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1 incidents and journal") { db in
            try db.execute(
                sql: """
                    CREATE TABLE incidents (
                        id TEXT PRIMARY KEY NOT NULL,
                        status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
                        created_at REAL NOT NULL,
                        payload BLOB NOT NULL,
                        checkpoint BLOB,
                        lease_owner TEXT,
                        lease_token INTEGER NOT NULL DEFAULT 0,
                        lease_expires REAL,
                        attempts INTEGER NOT NULL DEFAULT 0
                    );
                    CREATE INDEX incidents_by_age ON incidents (created_at);
                    CREATE INDEX incidents_open ON incidents (created_at) WHERE status IN ('pending', 'running');
                    CREATE TABLE journal (
                        incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                        sequence INTEGER NOT NULL CHECK (sequence > 0),
                        time REAL NOT NULL,
                        step TEXT NOT NULL,
                        message TEXT NOT NULL,
                        PRIMARY KEY (incident_id, sequence)
                    ) WITHOUT ROWID;
                    """)
        }
        // Incidents get a number of their own, which is their place in the queue and in lists; what lists filter by becomes columns.
        migrator.registerMigration("v2 order, filters, reviews, repeated requests") { db in
            try db.execute(
                sql: """
                    CREATE TABLE incidents_v2 (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        id TEXT NOT NULL UNIQUE,
                        status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
                        created_at REAL NOT NULL,
                        namespace TEXT,
                        cause TEXT,
                        awaits TEXT,
                        payload BLOB NOT NULL,
                        checkpoint BLOB,
                        journal_length INTEGER NOT NULL DEFAULT 0,
                        journal_bytes INTEGER NOT NULL DEFAULT 0,
                        lease_owner TEXT,
                        lease_token INTEGER NOT NULL DEFAULT 0,
                        lease_expires REAL,
                        attempts INTEGER NOT NULL DEFAULT 0,
                        idempotency_key TEXT UNIQUE,
                        request_fingerprint BLOB
                    );
                    INSERT INTO incidents_v2 (
                        id, status, created_at, namespace, cause, payload, checkpoint, journal_length, journal_bytes, lease_owner,
                        lease_token, lease_expires, attempts)
                    SELECT id, status, created_at,
                        COALESCE(
                            json_extract(CAST(payload AS TEXT), '$.namespace'),
                            json_extract(CAST(payload AS TEXT), '$.extracted_entities.namespace')),
                        json_extract(CAST(payload AS TEXT), '$.report.root_causes[0].cause'),
                        payload, checkpoint,
                        (SELECT COUNT(*) FROM journal WHERE incident_id = id),
                        (SELECT COALESCE(SUM(LENGTH(CAST(message AS BLOB))), 0) FROM journal WHERE incident_id = id),
                        lease_owner, lease_token, lease_expires, attempts
                    FROM incidents ORDER BY created_at, rowid;
                    CREATE TABLE journal_v2 (
                        incident_id TEXT NOT NULL REFERENCES incidents_v2 (id) ON DELETE CASCADE,
                        sequence INTEGER NOT NULL CHECK (sequence > 0),
                        time REAL NOT NULL,
                        step TEXT NOT NULL,
                        message BLOB NOT NULL,
                        PRIMARY KEY (incident_id, sequence)
                    ) WITHOUT ROWID;
                    INSERT INTO journal_v2 SELECT incident_id, sequence, time, step, CAST(message AS BLOB) FROM journal;
                    DROP TABLE journal;
                    DROP TABLE incidents;
                    ALTER TABLE incidents_v2 RENAME TO incidents;
                    ALTER TABLE journal_v2 RENAME TO journal;
                    CREATE INDEX incidents_open ON incidents (sequence) WHERE status IN ('pending', 'running');
                    CREATE INDEX incidents_by_request ON incidents (request_fingerprint, created_at);
                    CREATE INDEX incidents_by_age ON incidents (created_at);
                    """)
        }
        return migrator
    }
}
