import Investigation

/// The schema, as named steps. Steps are only ever appended.
enum PostgresSchema {
    /// Any number; all replicas that migrate at once wait for one another under it.
    private static let lock = 7_300_119
    /// Longest time of a step, and of waiting for another replica that migrates: large tables take their time.
    private static let stepSeconds = 600.0

    static let migrations: [(name: String, statements: [String])] = [
        (
            "v1 incidents and journal",
            [
                """
                CREATE TABLE incidents (
                    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    id UUID NOT NULL CONSTRAINT incidents_id UNIQUE,
                    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
                    created_at DOUBLE PRECISION NOT NULL,
                    stored_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
                    namespace TEXT,
                    cause TEXT,
                    awaits TEXT,
                    payload BYTEA NOT NULL,
                    checkpoint BYTEA,
                    journal_length INTEGER NOT NULL DEFAULT 0,
                    journal_bytes INTEGER NOT NULL DEFAULT 0,
                    lease_owner TEXT,
                    lease_token BIGINT NOT NULL DEFAULT 0,
                    lease_expires TIMESTAMPTZ,
                    attempts INTEGER NOT NULL DEFAULT 0,
                    idempotency_key TEXT CONSTRAINT incidents_idempotency_key UNIQUE,
                    request_fingerprint BYTEA
                )
                """,
                "CREATE INDEX incidents_open ON incidents (sequence) WHERE status IN ('pending', 'running')",
                "CREATE INDEX incidents_by_request ON incidents (request_fingerprint, stored_at)",
                "CREATE INDEX incidents_by_age ON incidents (stored_at)",
                """
                CREATE TABLE journal (
                    incident_id UUID NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
                    sequence INTEGER NOT NULL CHECK (sequence > 0),
                    time DOUBLE PRECISION NOT NULL,
                    step TEXT NOT NULL,
                    message BYTEA NOT NULL,
                    PRIMARY KEY (incident_id, sequence)
                )
                """,
            ]
        )
    ]

    /// Brings the schema up to date; does nothing where it is. Safe while other replicas do the same.
    static func migrate(_ connection: PostgresConnection, _ policy: StoreSchemaPolicy = .bringUpToDate) throws {
        try connection.transaction {
            try connection.execute("SET LOCAL statement_timeout = 0")
            try connection.execute("SELECT pg_advisory_xact_lock($1)", [.int(lock)], within: stepSeconds)
            // A role that may not create tables is enough where they exist.
            let exists = try connection.execute("SELECT 1 WHERE to_regclass('schema_migrations') IS NOT NULL").count == 1
            if !exists {
                guard policy == .bringUpToDate else { throw StoreError.older("the database") }
                try connection.execute(
                    "CREATE TABLE schema_migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp())")
            }
            let done = Set(try connection.execute("SELECT name FROM schema_migrations").compactMap { $0.text(0) })
            guard done.isSubset(of: migrations.map(\.name)) else {
                throw StoreError.corrupt("the database was written by a newer version; upgrade this one, or give another database")
            }
            if policy == .leave, done.count < migrations.count { throw StoreError.older("the database") }
            for migration in migrations where !done.contains(migration.name) {
                for statement in migration.statements { try connection.execute(statement, within: stepSeconds) }
                try connection.execute("INSERT INTO schema_migrations (name) VALUES ($1)", [.text(migration.name)])
            }
        }
    }
}
