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
        return migrator
    }
}
