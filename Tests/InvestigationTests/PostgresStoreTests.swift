import Foundation
import IncidentModel
import Investigation
import Synchronization
import TestSupport
import Testing

@testable import PostgresStore

/// What only a server that many share can do, or suffer.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct PostgresStoreTests {
    @Test func `replicas that start at once migrate once`() async throws {
        try await PostgresFixture.withSchema { address in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...6 { group.addTask { try await PostgresIncidentStore(address, options: .init(connections: 1)).close() } }
                try await group.waitForAll()
            }
            let names = try await PostgresFixture.execute(address, "SELECT name FROM schema_migrations").map { $0.text(0) }
            #expect(names == PostgresSchema.migrations.map(\.name))
        }
    }

    @Test func `a schema of a newer version is refused`() async throws {
        try await PostgresFixture.withSchema { address in
            try await PostgresIncidentStore(address).close()
            try await PostgresFixture.execute(address, "INSERT INTO schema_migrations (name) VALUES ('v99 from the future')")
            await #expect { try await PostgresIncidentStore(address) } throws: { error in
                if case StoreError.corrupt(let text) = error { text.contains("newer version; upgrade this one") } else { false }
            }
        }
    }

    @Test func `one replica hears what another does`() async throws {
        try await PostgresFixture.withSchema { address in
            let (here, there) = (try await PostgresIncidentStore(address), try await PostgresIncidentStore(address))
            defer {
                here.close()
                there.close()
            }
            var changes = here.changes.subscribe { $0 != .work }.makeAsyncIterator()
            try await PostgresFixture.waitForListeners(2, address)
            let incident = Incident.sample()
            try await there.insert(incident)
            let claim = try #require(try await there.claim(by: "b", leaseSeconds: 30))
            try await there.save(StepProgress(claim.incident, after: 0), under: claim.lease)
            #expect(await changes.next() == .incident(incident.id))
            _ = try await here.cancel(incident.id, journal: JournalDraft(time: moment, step: "runner", message: "cancelled"))
            #expect(await changes.next() == .cancelled(incident.id))
        }
    }

    @Test func `connections that the server cut are made anew`() async throws {
        try await PostgresFixture.withSchema { address in
            let store = try await PostgresIncidentStore(address, options: .init(connections: 2))
            defer { store.close() }
            try await PostgresFixture.waitForListeners(1, address)
            let incident = Incident.sample()
            try await store.insert(incident)
            for _ in 1...3 {
                try await PostgresFixture.execute(
                    address,
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE pid <> pg_backend_pid() AND application_name = current_setting('application_name')
                    """)
                #expect(try await store.incident(incident.id) == incident)
            }
            // The listener is back by itself, and tells everybody to look.
            var changes = store.changes.subscribe { $0 == .work }.makeAsyncIterator()
            #expect(await changes.next() == .work)
        }
    }

    @Test func `what may be done twice is done again when the connection is cut in its middle, nothing else is`() async throws {
        try await PostgresFixture.withSchema { address async throws in
            let pool = PostgresPool(address, size: 1, statementSeconds: 5)
            defer { pool.close() }
            let calls = Mutex(0)
            let work: @Sendable (PostgresConnection) throws -> Int = { connection in
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                if call == 1 { try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
                return call
            }
            #expect(try await pool.run(isRepeatable: true, work) == 2)
            calls.withLock { $0 = 0 }
            await #expect(throws: StoreError.self) { _ = try await pool.run(work) }
            #expect(calls.withLock { $0 } == 1)
        }
    }

    @Test func `a replica that is frozen in the middle of a transaction does not hold its incident for good`() async throws {
        try await PostgresFixture.withSchema { address in
            let store = try await PostgresIncidentStore(address, options: .init(connections: 1))
            defer { store.close() }
            let incident = Incident.sample()
            try await store.insert(incident)
            let frozen = try PostgresConnection(address, statementSeconds: 1)
            try frozen.execute("BEGIN")
            try frozen.execute("SELECT id FROM incidents FOR UPDATE")
            // Whoever claims passes locked rows over.
            #expect(try await store.claim(by: "a", leaseSeconds: 30) == nil)
            let claim = try await Fixture.wait { try await store.claim(by: "a", leaseSeconds: 30) }
            #expect(claim.incident.id == incident.id)
            #expect(throws: PostgresError.self) { try frozen.execute("COMMIT") }
        }
    }

    @Test func `a server that is gone is said so at once, and used again when it is back`() async throws {
        let server = try PostgresServer()
        let store = try await PostgresIncidentStore(server.address())
        defer { store.close() }
        let incident = Incident.sample()
        try await store.insert(incident)
        let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
        try server.stop("immediate")
        await #expect { try await store.check() } throws: { error in
            if case StoreError.unavailable(let text) = error { text.hasPrefix("PostgreSQL: ") } else { false }
        }
        await #expect(throws: StoreError.self) { try await store.renew(claim.lease, leaseSeconds: 30) }
        try server.start()
        try await store.renew(claim.lease, leaseSeconds: 30)
        #expect(try await store.incident(incident.id)?.status == .running)
    }

    @Test func `a server that stops answering is given up within the time of a statement`() async throws {
        let server = try PostgresServer()
        let store = try await PostgresIncidentStore(server.address(), options: .init(connections: 1, statementSeconds: 1))
        defer { store.close() }
        try await store.check()
        let backends = try await PostgresFixture.execute(server.address(), "SELECT pid FROM pg_stat_activity WHERE datname IS NOT NULL")
            .map { Int32($0.int(0)) }
        for pid in backends { kill(pid, SIGSTOP) }
        defer { for pid in backends { kill(pid, SIGCONT) } }
        let start = ContinuousClock.now
        await #expect(throws: StoreError.self) { try await store.check() }
        #expect(start.duration(to: .now) < .seconds(5))
        // A new connection gets a process of its own.
        try await store.check()
    }

    @Test func `text is never part of a statement`() async throws {
        try await PostgresFixture.withSchema { address in
            let store = try await PostgresIncidentStore(address)
            defer { store.close() }
            let evil = "x'; DROP TABLE incidents; -- \u{1B}[31m"
            var incident = Incident.sample(evil, namespace: evil)
            incident.cluster = evil
            #expect(try await store.open(incident, under: OpeningTerms(idempotencyKey: evil)) == .opened)
            #expect(try await store.incidents(IncidentFilter(namespace: evil)).incidents.map(\.description) == [evil])
            #expect(try await store.claim(by: evil, leaseSeconds: 30)?.lease.owner == evil)
        }
    }

    @Test(arguments: [
        "postgresql://user:hunter2@127.0.0.1:1/db", "postgresql://user:hunter2@/db?host=/nonexistent",
        "postgresql://user:hunter2/x@127.0.0.1/db",
        "postgresql://user:p@hunter2@127.0.0.1/db", "postgresql://user:hunter2%zz@127.0.0.1/db",
    ])
    func `an error never tells the password`(_ address: String) async {
        await #expect { try await PostgresIncidentStore(address) } throws: { error in
            if case StoreError.unavailable(let text) = error { !text.contains("hunter2") && text.count > 20 } else { false }
        }
    }

    @Test func `hints are read as they are written, and what is none is passed over`() {
        let id = UUID()
        for change in [StoreChange.work, .incident(id), .cancelled(id)] {
            #expect(PostgresListener.change(PostgresListener.payload(change)) == change)
        }
        for text in ["", "incident", "incident x", "drop \(id)", "cancelled \(id) more"] { #expect(PostgresListener.change(text) == nil) }
    }
}
